"""The grader itself, as it is installed where an archive is built."""

from collections.abc import Iterator
from pathlib import Path

import grader
from grader.errors import InputError
from grader.zip_writing import Member

_CACHES = {".pyc", ".pyo"}


def package_files() -> Iterator[Member]:
    """Every file of the package, named from the folder that it lies in, but for caches and what is hidden.

    Raises:
        InputError: the package is not installed as files.
    """
    if not grader.__file__ or not Path(grader.__file__).is_file():
        raise InputError("the grader is not installed as files, which go into the archive; install it with pip")
    package = Path(grader.__file__).resolve().parent
    for file in sorted(package.rglob("*")):
        name = file.relative_to(package.parent)
        hidden = "__pycache__" in name.parts or any(part.startswith(".") for part in name.parts)
        if file.is_file() and not hidden and file.suffix not in _CACHES:
            yield Member(name.as_posix(), file.read_bytes())

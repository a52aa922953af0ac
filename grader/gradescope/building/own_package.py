"""The grader itself, as it is installed where an archive is built."""

from collections.abc import Iterator
from pathlib import Path

import grader
from grader.errors import InputError
from grader.zip_writing import Member, members_below

_CACHES = (".pyc", ".pyo")


def package_files() -> Iterator[Member]:
    """Every file of the package, named from the folder that it lies in, but for caches and what is hidden.

    Raises:
        InputError: the package is not installed as files.
    """
    if not grader.__file__ or not Path(grader.__file__).is_file():
        raise InputError("the grader is not installed as files, which go into the archive; install it with pip")
    package = Path(grader.__file__).resolve().parent
    files = members_below(package.parent, package.name)
    return (one for one in files if not one.name.endswith(_CACHES))

"""Which file of sealed keys a running notebook is checked against.

Imports the standard library only: where there is no such file, as in a notebook that is graded, nothing else is loaded.
"""

from pathlib import Path

from grader.errors import InputError
from grader.some_of_many import some

PATTERN = "*.seal*.json"
"""A browser that fetches a file again calls it "hw5.seal (1).json"."""
_MOST_TOLD = 5
"""Of the names of files."""


def key_files(folder: Path) -> tuple[Path, ...]:
    """The files of sealed keys in a folder, by name.

    Raises:
        InputError: there is none, or the folder cannot be looked into.
    """
    try:
        found = tuple(sorted(path for path in folder.glob(PATTERN) if path.is_file()))
    except OSError as error:
        raise InputError(f"Nothing is checked: this folder cannot be looked into ({error.strerror}).") from error
    if not found:
        raise InputError(
            "Nothing is checked: there are no sealed keys here, no file *.seal.json in this folder. "
            'Put the one that your course gives you beside the notebook, or name it: check.use("path/to/it.seal.json").'
        )
    return found


def named_file(path: object) -> Path:
    """The file that a student names.

    Raises:
        InputError: there is none of this name, or it is no name.
    """
    if not isinstance(path, str | Path):
        raise InputError('check.use takes the name of a file in quotes: check.use("path/to/it.seal.json").')
    try:
        file = Path(path).expanduser().resolve()
        is_there = file.is_file()
    except (OSError, RuntimeError, ValueError):  # too long, a home that is nowhere, a NUL
        is_there = False
    if not is_there:
        raise InputError(f"There is no file {path} here. {_there_is()}")
    return file


def _there_is() -> str:
    try:
        names = [file.name for file in key_files(Path())]
    except InputError as error:
        return str(error)
    return f"In this folder there is: {some(names, _MOST_TOLD)}."

"""Notebooks in a folder: one per student, directly in it or in a folder per student."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.errors import InputError
from grader.records import Record, Submission

# Folder names below OUT come from student names; 80 characters leave room below every file system's 255 bytes.
LONGEST_NAME = 80
_IGNORED_FOLDERS = {".ipynb_checkpoints", "__pycache__", "__MACOSX"}


class Intake(Record):
    """What was found."""

    submissions: tuple[Submission, ...]
    left_out: tuple[Path, ...] = ()
    """Files that are no notebooks by their name, listed so that nothing is lost silently."""


def collect(paths: Sequence[Path]) -> Intake:
    """Submissions in files and folders, sorted by student.

    A student is named after the notebook's file, or after the folder when it holds the only notebook of one student.

    Args:
        paths: notebooks and folders.

    Raises:
        InputError: a path does not exist, or there is no notebook at all.
    """
    found: list[tuple[str, Path]] = []
    left_out: list[Path] = []
    for path in paths:
        if not path.exists():
            raise InputError(f"{path} does not exist; give a notebook or a folder of notebooks")
        for file in [path] if path.is_file() else _files(path):
            if file.suffix == ".ipynb" or file == path:
                found.append((_name(file, path), file))
            else:
                left_out.append(file)
    if not found:
        places = ", ".join(map(str, paths))
        raise InputError(f"there is no notebook (.ipynb) in {places}; give the folder that holds the submissions")
    return Intake(submissions=tuple(_submissions(found)), left_out=tuple(left_out))


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        hidden = any(part.startswith(".") or part in _IGNORED_FOLDERS for part in inside)
        if path.is_file() and not hidden:
            yield path


def _name(file: Path, given: Path) -> str:
    """The folder names the student when it is not the given one and holds no second notebook."""
    alone = given not in {file, file.parent} and len(list(file.parent.glob("*.ipynb"))) == 1
    return file.parent.name if alone else file.stem


def _submissions(found: list[tuple[str, Path]]) -> Iterator[Submission]:
    """Names made safe and unique; a second notebook of one name becomes name-2."""
    taken: set[str] = set()
    for name, path in sorted(found, key=lambda pair: (pair[0].casefold(), str(pair[1]))):
        student = wanted = safe_name(name)
        count = 1
        while student.casefold() in taken:
            count += 1
            student = f"{wanted}-{count}"
        taken.add(student.casefold())
        yield Submission(student=student, path=path, digest=_digest(path))


def safe_name(name: str) -> str:
    """A name that is safe as a folder on every system, in a web page and in a spreadsheet.

    Letters of every script are kept; everything else becomes a hyphen.
    """
    kept = re.sub(r"[^\w.@+-]+", "-", unicodedata.normalize("NFC", name)).strip("-.+@")
    return kept[:LONGEST_NAME] or "unnamed"


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); check its permissions") from error
    return digest.hexdigest()

"""Notebooks in a folder: one per student, directly in it or in a folder per student."""

import hashlib
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, count
from pathlib import Path

from grader.errors import InputError
from grader.records import MAXIMUM, Record, Submission

# Folder names below OUT come from student names; this leaves room for a number and for Windows' 260 characters of a path.
LONGEST_NAME_BYTES = 120
# Three times the largest notebook that is read, so that a sparse file of a terabyte holds up nobody.
MOST_BYTES_HASHED = 64 * 1024**2
_IGNORED_FOLDERS = {"__pycache__", "__MACOSX"}  # besides hidden ones
_RESERVED_BY_WINDOWS = re.compile(r"(con|prn|aux|nul|(com|lpt)[\d¹²³])(\..*)?", re.IGNORECASE)


class Intake(Record):
    """What was found."""

    submissions: tuple[Submission, ...]
    left_out: tuple[Path, ...] = ()
    """Everything else: files that are no notebooks by their name, links, unreadable folders. Nothing is lost silently."""
    troubles: tuple[str, ...] = ()
    """Given paths in which there is no notebook, in words."""


def collect(paths: Sequence[Path], reports: Path | None = None) -> Intake:
    """Submissions in files and folders, sorted by student.

    A student is named after the topmost folder that holds no second notebook, or else after the notebook's file. Where
    several would have one name, the folder of each comes before it. A file that is given twice counts once. Links are
    followed when they are given, and left out when they are found: a handed-in link may lead to another student's work.

    Args:
        paths: notebooks and folders.
        reports: a folder that is not searched, since it holds notebooks of an earlier run.

    Raises:
        InputError: there is no notebook in any of the paths.
    """
    names: dict[str, tuple[str, Path]] = {}
    left_out: list[Path] = []
    troubles: list[str] = []
    for path in paths:
        try:
            notebooks, others = _look(path, reports)
        except InputError as error:
            troubles.append(str(error))
            continue
        left_out += others
        if not notebooks:
            troubles.append(f"there is no notebook (.ipynb) in {path}; give the folder that holds the submissions")
        for name, file in zip(_names(path, notebooks), notebooks, strict=True):
            names.setdefault(os.path.realpath(file), (name, file))
    if not names:
        raise InputError("; ".join(troubles))
    submissions = tuple(_submissions(list(names.values())))
    return Intake(submissions=submissions, left_out=tuple(left_out), troubles=tuple(troubles))


def _look(path: Path, reports: Path | None) -> tuple[list[Path], list[Path]]:
    """The notebooks at a given path, sorted, and what is none."""
    try:
        path.stat()
    except OSError as error:
        raise InputError(
            f"{path} cannot be opened ({error.strerror}); give a notebook or a folder of notebooks"
        ) from error
    if path.is_file():
        return [path], []
    files, others = _walk(path, reports)
    notebooks = sorted(file for file in files if file.suffix.lower() == ".ipynb")
    return notebooks, sorted([*others, *(file for file in files if file.suffix.lower() != ".ipynb")])


def _walk(top: Path, reports: Path | None) -> tuple[list[Path], list[Path]]:
    """Regular files below a folder, and what is neither file nor folder. Without recursion: folders may be nested deeply."""
    files, others, waiting = [], [], [top]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as inside:
                entries = [entry for entry in inside if not _ignored(entry.name)]
        except OSError:
            others.append(folder)
            continue
        for entry in entries:
            path = folder / entry.name
            if entry.is_dir(follow_symlinks=False):
                if reports is None or not _same(path, reports):
                    waiting.append(path)
            elif entry.is_file(follow_symlinks=False):
                files.append(path)
            else:
                others.append(path)
    return files, others


def _ignored(name: str) -> bool:
    return name.startswith(".") or name in _IGNORED_FOLDERS


def _same(folder: Path, other: Path) -> bool:
    return folder.name == other.name and os.path.realpath(folder) == os.path.realpath(other)


def _names(given: Path, notebooks: Sequence[Path]) -> Iterator[str]:
    """For each notebook the topmost folder that holds no second one, or else its file."""
    # Without the last parent, which is the given folder itself.
    around = [list(notebook.relative_to(given).parents)[-2::-1] for notebook in notebooks]
    notebooks_in = Counter(chain.from_iterable(around))
    for notebook, folders in zip(notebooks, around, strict=True):
        yield next((folder.name for folder in folders if notebooks_in[folder] == 1), notebook.stem)


def _submissions(found: list[tuple[str, Path]]) -> Iterator[Submission]:
    """Names made safe and unique, whatever the file system takes for equal."""
    bearers = Counter(safe_name(name).casefold() for name, _ in found)
    taken = {MAXIMUM}
    for name, path in sorted(found, key=lambda pair: (pair[0].casefold(), str(pair[1]))):
        wanted = safe_name(name)
        if bearers[wanted.casefold()] > 1:
            wanted = safe_name(f"{path.parent.name}-{name}")
        numbered = (f"{wanted}-{number}" for number in count(2))
        student = next(free for free in chain([wanted], numbered) if free.casefold() not in taken)
        taken.add(student.casefold())
        yield Submission(student=student, path=path, digest=_digest(path))


def safe_name(name: str) -> str:
    """A name that is safe as a folder on every system, in a web page, on a terminal and in a spreadsheet.

    Letters, marks and digits of every script are kept; everything else becomes a hyphen.
    """
    kept = (
        c if unicodedata.category(c)[0] in "LMN" or c in "_.@+-" else " " for c in unicodedata.normalize("NFC", name)
    )
    hyphened = re.sub("[ -]+", "-", "".join(kept)).lstrip("-.+@")
    cut = hyphened.encode()[:LONGEST_NAME_BYTES].decode(errors="ignore").rstrip("-.+@")
    return f"_{cut}" if _RESERVED_BY_WINDOWS.fullmatch(cut) else cut or "unnamed"


def _digest(path: Path) -> str:
    """Of the first bytes of a file; empty when it cannot be read, which reading it as a notebook reports."""
    try:
        with path.open("rb") as file:
            return hashlib.sha256(file.read(MOST_BYTES_HASHED)).hexdigest()
    except OSError:
        return ""

"""The files below a folder."""

import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO

from grader.errors import InputError
from grader.intake.names import well_formed
from grader.intake.values import Entry

_IGNORED = {"__pycache__", "__macosx", "thumbs.db", "desktop.ini"}  # besides hidden ones


def ignored(name: str) -> bool:
    """Whether a file or folder of this name is passed over without a word."""
    return name.startswith(".") or name.casefold() in _IGNORED


def _open(path: Path) -> IO[bytes]:
    return path.open("rb")


def check_exists(path: Path) -> None:
    """Raises InputError, with the reason and the remedy, where a given path cannot be opened."""
    try:
        path.stat()
    except OSError as error:
        words = f"{path} cannot be opened ({error.strerror}); give a notebook or a folder of notebooks"
        raise InputError(words) from error
    except ValueError as error:
        raise InputError(f"{str(path)!r} is no path; give a notebook or a folder of notebooks") from error


def one_file(path: Path) -> Entry:
    """A file that was given itself: a notebook, whatever its name."""
    return Entry(
        names_of((path.name,)),
        well_formed(str(path)),
        partial(_open, path),
        path,
        given=True,
        raw=(well_formed(path.name),),
    )


def walk(top: Path, reports: Sequence[Path]) -> tuple[list[Entry], frozenset[tuple[str, ...]]]:
    """What is below a folder, sorted, and which folders are clones of a git repository.

    Without recursion: folders may be nested deeply. Links are not followed: one may lead to another student's work.

    Args:
        top: the folder.
        reports: folders side by side that are not searched, since an earlier run has written them.
    """
    found: list[Entry] = []
    clones = set()
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as inside:
                entries = list(inside)
        except OSError as error:
            found.append(_entry(top, folder, f"cannot be opened ({error.strerror or 'not permitted'})"))
            continue
        if any(entry.name == ".git" for entry in entries):
            clones.add(names_of(folder.relative_to(top).parts))
        for entry in entries:
            path = folder / entry.name
            if ignored(entry.name) or any(_same(path, one) for one in reports):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path)
            else:
                found.append(_entry(top, path, _trouble(entry)))
    if out := _folder_of_reports(top, reports):
        found = [replace(entry, ours=True) if entry.parts[: len(out)] == out else entry for entry in found]
    return sorted(found, key=lambda entry: entry.parts), frozenset(clones)


def _folder_of_reports(top: Path, reports: Sequence[Path]) -> tuple[str, ...]:
    """The folder around reports of an earlier run, as seen from one in which it lies; empty if it does not."""
    whole, out = Path(os.path.realpath(top)), Path(os.path.realpath(reports[0] if reports else "/")).parent
    return names_of(out.relative_to(whole).parts) if out.is_relative_to(whole) else ()


def names_of(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Names of files as text that is equal for equal names, whatever system wrote them."""
    return tuple(unicodedata.normalize("NFC", well_formed(part)) for part in parts)


def _entry(top: Path, path: Path, trouble: str) -> Entry:
    parts = path.relative_to(top).parts or (path.name,)
    raw = tuple(map(well_formed, parts))
    return Entry(names_of(parts), well_formed(str(path)), partial(_open, path), path, trouble, raw=raw)


def _trouble(entry: "os.DirEntry[str]") -> str:
    if entry.is_symlink():
        return "is a link, which may lead to another student's work"
    return "" if entry.is_file(follow_symlinks=False) else "is no regular file"


def _same(folder: Path, other: Path) -> bool:
    return folder.name == other.name and os.path.realpath(folder) == os.path.realpath(other)


def expanded(paths: Sequence[Path]) -> Iterator[Path]:
    """The given paths; one that does not exist and has a wildcard stands for what it matches, sorted, hidden files apart."""
    for path in paths:
        pattern = str(path)[len(path.anchor) :]
        if any(c in pattern for c in "*?[") and not os.path.lexists(path):
            yield from _matches(Path(path.anchor), pattern) or [path]
        else:
            yield path


def _matches(top: Path, pattern: str) -> list[Path]:
    try:
        return sorted(path for path in top.glob(pattern) if not ignored(path.name))
    except (ValueError, OSError):
        return []  # "**x" is no pattern; that nothing is there is reported like for any path

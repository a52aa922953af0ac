"""Folders named after homeworks: each is a class of its own."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from grader.intake.walking import expanded
from grader.records import Record


class ClassFolder(Record):
    """What is graded together."""

    homework: str | None
    """The homework after which the folder is named; None where no folder says so."""
    paths: tuple[Path, ...]
    alone: bool = False
    """Whether it was given itself and nothing else was, so that its results need no folder of their own."""


def class_folders(paths: Sequence[Path], homeworks: Collection[str]) -> tuple[list[ClassFolder], list[Path]]:
    """The classes in the given paths, and what lies beside folders of classes and so belongs to none.

    A folder named after a homework is a class, and one that holds such folders is as many; everything else is one.

    Args:
        paths: notebooks, folders, archives and patterns, as given.
        homeworks: the names to look for.
    """
    named: dict[str, list[Path]] = {}
    plain, beside = [], []
    for path in expanded(paths):
        inside = _entries(path)
        found = [entry for entry in inside if entry.name in homeworks and entry.is_dir() and not entry.is_symlink()]
        own_name = path.absolute().name
        if own_name in homeworks and not found and path.is_dir():
            named.setdefault(own_name, []).append(path)
            continue
        for folder in found:
            named.setdefault(folder.name, []).append(folder)
        if found:
            beside += [entry for entry in inside if entry not in found and not entry.name.startswith(".")]
        else:
            plain.append(path)
    alone = list(named.values()) == [list(paths)] and not plain
    classes = [ClassFolder(homework=name, paths=tuple(named[name]), alone=alone) for name in sorted(named)]
    if plain:
        classes.append(ClassFolder(homework=None, paths=tuple(plain)))
    return classes, beside


def _entries(path: Path) -> Iterable[Path]:
    """What is in a folder, sorted; nothing if it is none, or cannot be opened, which collecting from it reports."""
    try:
        return sorted(path.iterdir())
    except OSError:
        return []

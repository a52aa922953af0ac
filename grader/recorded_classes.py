"""The classes that have a record below a folder, for commands that work on results and run nothing."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.course import Course, Homework
from grader.database.opening import sqlite_file
from grader.errors import InputError
from grader.reports.places import students_folder
from grader.reports.writing import homework_in
from grader.store import FILE, Store, open_store


@dataclass(frozen=True)
class RecordedClass:
    """A class with its record."""

    homework: Homework
    out: Path
    """The folder of its reports."""
    store: Store


@dataclass(frozen=True)
class Where:
    """The classes that somebody looks at."""

    out: Path
    """The folder that was given to `grader grade` with -o, or one class in it."""
    course: Path
    """The folder with problems/ and reference/."""
    store: str | None = None
    """URL of the database that has their record; by default it is a file of each class."""
    homework: str | None = None
    """Only this one."""


@contextmanager
def recorded_classes(course: Course, where: Where) -> Iterator[list[RecordedClass]]:
    """The classes below a folder, sorted by homework.

    Args:
        course: whose homeworks they are.
        where: which classes.

    Raises:
        InputError: there is none, or its homework is not in the course.
    """
    with ExitStack() as stack:
        opened = [(folder, stack.enter_context(open_store(folder, where.store))) for folder in _folders(where)]
        found = [
            RecordedClass(course.homework(name), out, record)
            for folder, record in opened
            for name in record.homeworks()
            if where.homework in {None, name} and (out := _reports_of(folder, name, where)) is not None
        ]
        if not found:
            names = ", ".join(dict.fromkeys(name for _, record in opened for name in record.homeworks()))
            which = (
                f" of {where.homework}"
                if where.homework
                else f", but of {names}; name one with --homework"
                if names
                else ""
            )
            raise InputError(
                f"there is no record in {where.out}{which}; give the folder into which grader grade has written, or name its database with --store"
            )
        yield sorted(found, key=lambda one: one.homework.name)


@contextmanager
def the_recorded_class(course: Course, where: Where) -> Iterator[RecordedClass]:
    """The one class; InputError if there are several, or as `recorded_classes` does."""
    with recorded_classes(course, where) as found:
        if len(found) > 1:
            names = ", ".join(one.homework.name for one in found)
            raise InputError(f"{where.out} has several classes ({names}); name one with --homework")
        yield found[0]


def _folders(where: Where) -> list[Path]:
    out = where.out
    if where.store:
        file = sqlite_file(where.store)
        if file is not None and not file.is_file():
            raise InputError(f"there is no record {file}; look at --store")
        return [out]
    if (out / FILE).is_file():
        return [out]
    try:
        return sorted(file.parent for file in out.glob(f"*/{FILE}"))
    except OSError as error:
        raise InputError(f"{out} cannot be opened ({error.strerror}); give the folder of the results") from error


def _reports_of(folder: Path, homework: str, where: Where) -> Path | None:
    """The folder of a class's reports; None if nothing says which it is."""
    if not where.store:
        return folder
    # A database may have the records of several classes, which were graded into a folder each.
    own = folder / homework
    if students_folder(own).is_dir():
        return own
    return folder if homework_in(folder) in {homework, ""} else None

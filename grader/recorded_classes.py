"""The classes that have a record below a folder, for commands that work on results and run nothing."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.course import Course, Homework
from grader.errors import InputError
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
        homework, out = where.homework, where.out
        opened = [(folder, stack.enter_context(open_store(folder, where.store))) for folder in _folders(where)]
        found = [
            RecordedClass(course.homework(name), _reports_of(folder, name), record)
            for folder, record in opened
            for name in record.homeworks()
            if homework in {None, name}
        ]
        if not found:
            which = f" of {homework}" if homework else ""
            raise InputError(f"there is no record{which} in {out}; give the folder into which grader grade has written")
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
    if where.store or (out / FILE).is_file():
        return [out]
    try:
        return sorted(file.parent for file in out.glob(f"*/{FILE}"))
    except OSError as error:
        raise InputError(f"{out} cannot be opened ({error.strerror}); give the folder of the results") from error


def _reports_of(folder: Path, homework: str) -> Path:
    """The folder of a class's reports: one named after its homework, where several classes were graded together."""
    own = folder / homework
    return own if own.is_dir() else folder

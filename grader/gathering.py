"""The classes in some paths: collected, looked at, and one notebook chosen for each student."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path
from stat import S_ISDIR
from tempfile import TemporaryDirectory, gettempdir

from grader.course import Course, Homework
from grader.errors import InputError
from grader.grades import Handed
from grader.intake import ClassFolder, Intake, LeftOut, Roster, choose, class_folders, collect, read_rosters
from grader.pipeline import choose_homework, read_all
from grader.reports.places import CLASS_PAGE, GRADEBOOK, staff_folder, students_folder
from grader.reports.writing import CHANGES, is_running
from grader.store import FILE

_PREFIX = "grader-intake-"
"""Of temporary folders, before the number of the process."""


@dataclass(frozen=True)
class Asked:
    """What whoever grades says about where submissions come from."""

    paths: Sequence[Path]
    """Notebooks, folders, archives."""
    out: Path
    homework: str | None = None
    """By default the one that most notebooks answer."""
    rosters: Sequence[Path] = ()
    form: str | None = None
    """Which platform's download it is; by default it is recognised."""
    only: Sequence[str] = ()
    """The students that are graded; all if there are none."""


@dataclass(frozen=True)
class Class_:  # noqa: N801 - class is a keyword
    """What is graded together, looked at and ready to run."""

    homework: Homework
    out: Path
    intake: Intake
    handed: list[Handed]
    """One of each student, sorted by student."""
    left_out: list[LeftOut]
    """Everything that is graded for nobody, and why."""


@dataclass(frozen=True)
class Gathered:
    """All classes in the paths."""

    classes: list[Class_]
    troubles: list[str]
    """In words, to be shown as warnings."""
    unpacked: Path
    """Where notebooks of archives are, as long as the command lasts."""


@contextmanager
def gathered(course: Course, asked: Asked) -> Iterator[Gathered]:
    """Every class in the paths, before any of them is graded. What was unpacked is removed afterwards.

    Raises:
        InputError: there is nothing to grade, or a roster cannot be read, or a student is not there.
    """
    wanted = [course.homework(asked.homework).name] if asked.homework else list(course.homeworks)
    roster = read_rosters(asked.rosters) if asked.rosters else None
    folders, beside = class_folders(asked.paths, wanted)
    troubles = [f"left out, since it lies beside folders named after homeworks: {path}" for path in beside]
    _clear_up()
    with TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-") as temporary:
        classes, empty = [], []
        for number, folder in enumerate(folders):
            place = Path(temporary, str(number))
            place.mkdir(mode=0o700)
            try:
                classes.append(_class(course, folder, asked, roster, place))
            except InputError as error:
                empty.append(str(error))
        if not classes:
            raise InputError("; ".join(empty))
        troubles += empty + [trouble for one in classes for trouble in one.intake.troubles]
        yield Gathered(_only(classes, asked.only), troubles, Path(temporary))


def _clear_up() -> None:
    """Removes what graders of this user that were killed had unpacked."""
    for folder in Path(gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            status, process = folder.lstat(), folder.name.removeprefix(_PREFIX).partition("-")[0]
            own = S_ISDIR(status.st_mode) and status.st_uid == os.geteuid()
            if own and process.isdigit() and not is_running(int(process)):
                shutil.rmtree(folder)


def _class(course: Course, folder: ClassFolder, asked: Asked, roster: Roster | None, unpacked: Path) -> Class_:
    out = asked.out / folder.homework if folder.homework and not folder.alone else asked.out
    intake = collect(
        folder.paths, unpacked, reports=(students_folder(out), staff_folder(out)), roster=roster, form=asked.form
    )
    handed, name = read_all(intake.submissions, course), folder.homework or asked.homework
    homework = course.homework(name) if name else choose_homework(handed, course)
    chosen, others = choose(handed, homework.name)
    left_out = [one for one in intake.left_out if not _is_ours(Path(one.path), out)]
    return Class_(homework, out, intake, chosen, [*left_out, *others])


def _is_ours(path: Path, out: Path) -> bool:
    """Whether an earlier run has left this in a folder of results that lies among the submissions."""
    ours = any(fnmatch(path.name, name) for name in (FILE, GRADEBOOK, CLASS_PAGE, CHANGES.format("*")))
    return ours and path.absolute().parent == out.absolute()


def _only(classes: list[Class_], students: Sequence[str]) -> list[Class_]:
    """The classes with these students alone, and without those that have none of them."""
    if not students:
        return classes
    wanted = {student.casefold() for student in students}
    there = {one.submission.student.casefold() for class_ in classes for one in class_.handed}
    if missing := [student for student in students if student.casefold() not in there]:
        raise InputError(
            f"--only {missing[0]}: there is no such student; grader intake shows who is there and under which name"
        )
    kept = (
        replace(class_, handed=[one for one in class_.handed if one.submission.student.casefold() in wanted])
        for class_ in classes
    )
    return [class_ for class_ in kept if class_.handed]

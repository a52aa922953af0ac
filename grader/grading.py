"""`grader grade`: reads what is in some paths, runs and marks it class by class, and writes and prints the results."""

import logging
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from grader.console import err_console, inert, out_console, warn
from grader.course import Course, Homework
from grader.errors import GraderError, InputError
from grader.intake import ClassFolder, class_folders, collect
from grader.kernel_choice import Isolation, kernels_for
from grader.kernels.choosing import named
from grader.kernels.limits import Limits
from grader.loading import check_course, read_course
from grader.pipeline import Graded, Handed, Run, choose_homework, read_all
from grader.records import Grade, Status
from grader.reports.standing import Standing, standing
from grader.reports.writing import prepare, students_folder, write_gradebook, write_student
from grader.terminal import class_table, progress

# Of what lies beside the notebooks: a data set may have thousands of files.
MOST_SHOWN = 10

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Order:
    """What whoever grades asks for."""

    paths: Sequence[Path]
    """Notebooks, or folders of notebooks."""
    out: Path
    """For gradebook.csv and students/."""
    homework: str | None
    """By default the one that most notebooks answer."""
    course: Path
    """The folder with problems/ and reference/."""
    jobs: int
    """Notebooks that run at a time."""
    limits: dict[str, float | None]
    """In place of the homework's own, where they are not None."""
    isolation: Isolation


def grade_all(order: Order) -> bool:
    """Grades every class in the paths; whether there was a fault of ours.

    Raises:
        GraderError: nothing was graded, or nothing more.
        KeyboardInterrupt: somebody has interrupted it, and knows what is written.
    """
    course = read_course(order.course)
    flags = _flags(order.limits)
    if order.isolation.unsafe and order.isolation.tier:
        raise InputError("--isolation and --unsafe-no-sandbox exclude each other; give one")
    if order.isolation.tier:
        named(order.isolation.tier)
    classes = _classes(course, order.paths, order.homework, order.out)
    for one in classes:
        prepare(one.out)
    if order.isolation.unsafe:
        warn("kernels are NOT ISOLATED: student code runs with your rights on this machine. Grade only work you trust.")
        if ignored := flags.keys() & {"memory_bytes", "disk_bytes", "processes"}:
            warn(f"without a sandbox nothing keeps notebooks within {', '.join(sorted(ignored))}")
    # What no notebook may read, besides the course: other students' work and everybody's results.
    secret = [*order.paths, *(one.out for one in classes)]
    faults = []
    with ThreadPoolExecutor(max_workers=1) as background:
        # While kernels start, which takes as long and keeps another processor busy.
        checked = background.submit(check_course, course)
        for one in classes:
            limits = _limits(one.homework, flags)
            err_console.print(inert(f"{one.homework.name}: starting kernels"))
            with kernels_for(course, one.homework, limits, order.isolation, secret) as kernels:
                checked.result()
                faults.append(_grade_class(Run(course, one.homework, kernels, limits), one, order.jobs))
    return any(faults)


@dataclass(frozen=True)
class _Class:
    """What is graded together, read and ready to run."""

    homework: Homework
    handed: list[Handed]
    left_out: Sequence[Path]
    out: Path


def _classes(course: Course, paths: Sequence[Path], homework: str | None, out: Path) -> list[_Class]:
    """Every class in the paths, before any of them is graded."""
    wanted = [course.homework(homework).name] if homework else list(course.homeworks)
    folders, beside = class_folders(paths, wanted)
    if beside:
        warn(f"left out, since they lie beside folders named after homeworks: {_some(beside)}")
    classes, troubles = [], []
    for folder in folders:
        try:
            classes.append(_class(course, folder, homework, out))
        except InputError as error:
            troubles.append(str(error))
    if not classes:
        raise InputError("; ".join(troubles))
    for trouble in troubles:
        warn(trouble)
    return classes


def _class(course: Course, folder: ClassFolder, homework: str | None, out: Path) -> _Class:
    own_out = out / folder.homework if folder.homework and not folder.alone else out
    intake = collect(folder.paths, reports=students_folder(own_out))
    for trouble in intake.troubles:
        warn(trouble)
    handed, name = read_all(intake.submissions, course), folder.homework or homework
    return _Class(course.homework(name) if name else choose_homework(handed, course), handed, intake.left_out, own_out)


def _grade_class(run: Run, one: _Class, jobs: int) -> bool:
    """Grades a class and writes its results; whether there was a fault of ours."""
    homework, handed = one.homework, one.handed
    err_console.print(
        inert(
            f"{homework.name}: {homework.title}, {len(handed)} submission{'s' * (len(handed) != 1)}, isolation {run.kernels.isolation}"
        )
    )
    class_ = _grade_students(run, handed, jobs, one.out)
    if kept := write_gradebook(one.out, [student.row for student in class_], homework):
        warn(
            f"the gradebook keeps {len(kept)} student{'s' * (len(kept) != 1)} of earlier runs into {one.out}: {_some(kept)}"
        )
    _summary(class_, one.out, one.left_out)
    return any(student.status is Status.FAULT for student in class_)


def _flags(limits: dict[str, float | None]) -> dict[str, float]:
    """The limits that flags set in place of the homework's own."""
    changed = {name: value for name, value in limits.items() if value is not None}
    if not all(map(math.isfinite, changed.values())):
        raise InputError("--timeout and --notebook-timeout are numbers of seconds, such as 60")
    return changed


def _limits(homework: Homework, flags: dict[str, float]) -> Limits:
    """The limits of a homework with those of flags in their place."""
    try:
        return Limits.model_validate(homework.limits.model_dump() | flags)
    except ValidationError as error:
        detail = error.errors()[0]
        raise InputError(f"{detail['loc'][0]} = {detail['input']}: {detail['msg']}; give more") from error


def _grade_students(run: Run, handed: Sequence[Handed], jobs: int, out: Path) -> list[Standing]:
    """Grades the class, sorted by student; each one's report is written as soon as it is there."""
    class_: list[Standing] = []
    try:
        with progress(err_console, len(handed)) as advance, closing(run.grade_all(handed, jobs)) as graded:
            for one in graded:
                grade = _written(out, one, run.homework)
                class_.append(standing(grade, run.homework))
                advance(grade)
    except KeyboardInterrupt:
        warn(f"interrupted; the reports of {len(class_)} of {len(handed)} students are written, the gradebook is not")
        raise
    return sorted(class_, key=lambda one: one.student.casefold())


def _written(out: Path, graded: Graded, homework: Homework) -> Grade:
    """Writes one student's report; one that cannot be written is our fault and does not stop the class."""
    try:
        write_student(out, graded.grade, graded.execution, homework)
    except Exception as error:
        known = isinstance(error, GraderError)
        log.error("%s: no report: %s", graded.grade.student, error, exc_info=not known)  # noqa: TRY400 - only what nobody foresaw needs its traceback
        note = str(error) if known else "The report could not be written; grade again."
        return graded.grade.model_copy(update={"status": Status.FAULT, "note": note})
    return graded.grade


def _summary(class_: Sequence[Standing], out: Path, left_out: Sequence[Path]) -> None:
    out_console.print(class_table(class_))
    for one in class_:
        if one.note:
            warn(f"{one.student}: {one.note}")
    if left_out:
        warn(f"left out, since they are no notebooks or are links: {_some(left_out)}")
    out_console.print(
        f"\nreports in {inert(str(students_folder(out)))}, gradebook in {inert(str(out / 'gradebook.csv'))}",
        soft_wrap=True,
    )


def _some(names: Sequence[object]) -> str:
    """The first of many names."""
    more = f" and {len(names) - MOST_SHOWN} more" if len(names) > MOST_SHOWN else ""
    return ", ".join(map(str, names[:MOST_SHOWN])) + more

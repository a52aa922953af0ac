"""`grader regrade`: marks a class again from its record, after the files of the course have changed. Nothing is run."""

import os
from dataclasses import dataclass, field

from rich.text import Text

from grader.changes import changes_csv, changes_table, changes_words
from grader.console import Shown, err_console, inert, out_console, warn
from grader.course import Course
from grader.json_output import ChangedStudent, RegradedClass
from grader.loading import course_hash, load_course
from grader.marking_again import Again, Job, marked_again
from grader.progress import progress
from grader.recorded_classes import RecordedClass, Where, recorded_classes
from grader.reports.writing import CHANGES, prepare, write_class, write_text
from grader.some_of_many import some
from grader.terminal import warn_of_lapsed

_COMMAND = "regrade"


@dataclass(frozen=True)
class Order:
    """What whoever marks again asks for."""

    where: Where
    by: str
    dry_run: bool = False
    """Only show what would change."""
    jobs: int = os.cpu_count() or 1
    """Processes that mark at a time."""
    shown: Shown = field(default_factory=Shown)
    """What is printed."""


def regrade(order: Order) -> list[RegradedClass]:
    """Marks every class of a folder again.

    Raises:
        GraderError: nothing was marked, or nothing more.
    """
    course = load_course(order.where.course)
    with recorded_classes(course, order.where) as found:
        return [_regrade_class(course, one, order) for one in found]


def _regrade_class(course: Course, class_: RecordedClass, order: Order) -> RegradedClass:
    homework, store = class_.homework, class_.store
    students = store.students(homework.name)
    number = len(students)
    order.shown.tell(f"{homework.name}: {homework.title}, {number} student{'s' * (number != 1)} from the record")
    run, since = None, store.unfinished(_COMMAND, homework.name)
    noted = (_COMMAND, homework.name, course_hash(course.root), order.by)
    if not order.dry_run:
        prepare(class_.out, homework)
        run = store.begin(*noted)
    job = Job(class_.out, course.root, homework.name, order.where.store, run, since)
    done: list[Again] = []
    console = err_console if order.shown.progress else None
    with progress(console, number, title=homework.name, each=False) as advance:
        for batch in marked_again(job, course, store, students, order.jobs):
            for one in batch:
                advance(one.standing)
            done += batch
    if not order.dry_run:
        write_class(class_.out, [one.standing for one in done], homework)
    regraded = _concluded(class_, order, done, run)
    if not order.dry_run:
        store.finish(*noted)
    return regraded


def _concluded(class_: RecordedClass, order: Order, done: list[Again], run: int | None) -> RegradedClass:
    """Writes the table of the changes, and tells what is not as usual."""
    changes = [one.change for one in done if one.change is not None]
    order.shown.show(changes_table(changes, out_console.width), Text(changes_words(changes, len(done))))
    if to_run := [one.standing.student for one in done if one.to_run]:
        warn(f"kept as they were, since their notebooks have not run yet; grader grade runs them: {some(to_run)}")
    if overtaken := [one.standing.student for one in done if one.overtaken]:
        warn(f"not marked again, since they were graded meanwhile by somebody else: {some(overtaken)}")
    warn_of_lapsed([lapsed for one in done for lapsed in one.lapsed])
    file = None if order.dry_run or not changes else class_.out / CHANGES.format(run)
    if file:
        write_text(file, changes_csv(changes))
        order.shown.show(f"\nall changes in {inert(str(file))}")
    elif order.dry_run:
        order.shown.show("\nnothing is recorded; without --dry-run it is")
    return RegradedClass.of(
        class_.homework,
        class_.out,
        [one.standing for one in done],
        changes_file=file.name if file else None,
        changes=tuple(map(ChangedStudent.of, changes)),
        not_run=tuple(to_run),
        overtaken=tuple(overtaken),
    )

"""`grader regrade`: marks a class again from its record, after the files of the course have changed. Nothing is run."""

import os
from dataclasses import dataclass

from grader.changes import changes_csv, changes_table, changes_words
from grader.console import err_console, inert, out_console, some, warn
from grader.course import Course
from grader.loading import course_hash, load_course
from grader.marking_again import Again, Job, marked_again
from grader.recorded_classes import RecordedClass, Where, recorded_classes
from grader.records import Status
from grader.reports.writing import CHANGES, prepare, write_gradebook, write_text
from grader.terminal import progress, warn_of_lapsed

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


def regrade(order: Order) -> bool:
    """Marks every class of a folder again; whether there was a fault of ours.

    Raises:
        GraderError: nothing was marked, or nothing more.
    """
    course = load_course(order.where.course)
    with recorded_classes(course, order.where) as found:
        faults = [_regrade_class(course, one, order) for one in found]
    return any(faults)


def _regrade_class(course: Course, class_: RecordedClass, order: Order) -> bool:
    homework, store = class_.homework, class_.store
    students = store.students(homework.name)
    number = len(students)
    err_console.print(
        inert(f"{homework.name}: {homework.title}, {number} student{'s' * (number != 1)} from the record")
    )
    run, since = None, store.unfinished(_COMMAND, homework.name)
    noted = (_COMMAND, homework.name, course_hash(course.root), order.by)
    if not order.dry_run:
        prepare(class_.out, homework)
        run = store.begin(*noted)
    job = Job(class_.out, course.root, homework.name, order.where.store, run, since)
    done: list[Again] = []
    with progress(err_console, number, lines=False) as advance:
        for batch in marked_again(job, course, store, students, order.jobs):
            for one in batch:
                advance(one.standing)
            done += batch
    if not order.dry_run:
        write_gradebook(class_.out, [one.standing.row for one in done], homework)
    _tell(class_, order, done, run)
    if not order.dry_run:
        store.finish(*noted)
    return any(one.standing.status is Status.FAULT for one in done)


def _tell(class_: RecordedClass, order: Order, done: list[Again], run: int | None) -> None:
    changes = [one.change for one in done if one.change is not None]
    out_console.print(changes_table(changes), changes_words(changes, len(done)), sep="\n")
    if to_run := [one.standing.student for one in done if one.to_run]:
        warn(f"kept as they were, since their notebooks have not run yet; grader grade runs them: {some(to_run)}")
    if overtaken := [one.standing.student for one in done if one.overtaken]:
        warn(f"not marked again, since they were graded meanwhile by somebody else: {some(overtaken)}")
    warn_of_lapsed([lapsed for one in done for lapsed in one.lapsed])
    if order.dry_run:
        out_console.print("\nnothing is recorded; without --dry-run it is", soft_wrap=True)
        return
    if changes:
        file = class_.out / CHANGES.format(run)
        write_text(file, changes_csv(changes))
        out_console.print(f"\nall changes in {inert(str(file))}", soft_wrap=True)

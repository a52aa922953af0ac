"""`grader regrade`: marks a class again from its record, after the files of the course have changed. Nothing is run."""

from collections.abc import Iterator
from dataclasses import dataclass

from grader.changes import Change, changes_csv, changes_table, changes_words
from grader.console import err_console, inert, out_console, some, warn
from grader.course import Course
from grader.grades import Grades, Handed
from grader.keeping import Keeper
from grader.loading import course_hash, load_course
from grader.recorded import Marked, from_record, looked_again
from grader.recorded_classes import RecordedClass, Where, recorded_classes
from grader.records import Grade, Status
from grader.reports.writing import prepare, write_text
from grader.results import final
from grader.review.edits import apply_edits
from grader.store import Landed, Latest, Ran, batches
from grader.terminal import progress

LISTING = "changes.csv"
"""Below OUT: what the last regrade changed, part by part."""
BATCH = 50
"""Students that are recorded together: each transaction waits for the disk, and each run may have put out much."""


@dataclass(frozen=True)
class Order:
    """What whoever marks again asks for."""

    where: Where
    by: str
    dry_run: bool = False
    """Only show what would change."""


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
    number = len(store.students(homework.name))
    err_console.print(
        inert(f"{homework.name}: {homework.title}, {number} student{'s' * (number != 1)} from the record")
    )
    keeper = None
    if not order.dry_run:
        prepare(class_.out)
        run = store.begin("regrade", homework.name, course_hash(course.root), order.by)
        keeper = Keeper(store, run, homework, class_.out)
    changes, to_run, fault = [], [], False
    with progress(err_console, number, lines=False) as advance:
        for one in _marked_again(class_, Grades(course, homework), keeper):
            advance(one.after)
            fault |= one.after.status is Status.FAULT
            if one.change is not None:
                changes.append(one.change)
            if one.to_run:
                to_run.append(one.after.student)
    out_console.print(changes_table(changes), changes_words(changes, number), sep="\n")
    if to_run:
        warn(f"kept as they were, since their notebooks have not run yet; grader grade runs them: {some(to_run)}")
    if keeper is not None:
        write_text(class_.out / LISTING, changes_csv(changes))
        keeper.gradebook()
        out_console.print(f"\nall changes in {inert(str(class_.out / LISTING))}", soft_wrap=True)
    else:
        out_console.print("\nnothing is recorded; without --dry-run it is", soft_wrap=True)
    return fault


@dataclass(frozen=True)
class _Again:
    """One student marked again."""

    after: Grade
    change: Change | None
    to_run: bool
    """Whether nothing could be marked, since the notebook has not run."""


def _marked_again(class_: RecordedClass, grades: Grades, keeper: Keeper | None) -> Iterator[_Again]:
    ran = class_.store.ran(class_.homework.name)
    for batch in batches(class_.store.latest(class_.homework.name), BATCH):
        by_student = {one.submission.student: one for one in batch}
        looked = looked_again(class_.store, grades, [one.submission for one in batch])
        ready = [one for one in looked if not _is_to_run(one, grades, ran)]
        marked = {one.graded.submission.student: one for one in from_record(class_.store, grades, ready, ran)}
        if keeper is not None:
            keeper.store.land(keeper.run, [_landed(one) for one in marked.values()])
        for student, latest in by_student.items():
            yield _again(latest, marked.get(student), keeper)


def _is_to_run(handed: Handed, grades: Grades, ran: dict[str, Ran]) -> bool:
    return grades.without_run(handed) is None and handed.submission.digest not in ran


def _landed(marked: Marked) -> Landed:
    return Landed(marked.graded.submission, marked.graded.grade, ran=marked.ran)


def _again(latest: Latest, marked: Marked | None, keeper: Keeper | None) -> _Again:
    before = final(latest).result.grade
    if marked is None:
        return _Again(before, None, to_run=True)
    after, _ = apply_edits(marked.graded.grade, latest.submission, latest.edits)
    if keeper is not None:
        after = keeper.report(after, marked.graded.execution)
    return _Again(after, Change.between(before, after), to_run=False)

"""What needs no run: results made again from the record."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from grader.conditions import Conditions, stands
from grader.errors import InfrastructureError
from grader.grades import Grades, Handed
from grader.notebooks import notebook_in
from grader.pipeline import Graded
from grader.records import Execution
from grader.store import Ran, Store, batches

BATCH = 20
"""Runs that are read at a time; each may have put out as much as its limits allow."""


@dataclass(frozen=True)
class Plan:
    """Which notebooks of a class are to be run."""

    to_run: list[Handed]
    recorded: list[Handed]
    """Whose file has run before, so that they are marked from the record."""
    like_others: list[Handed]
    """Whose file is that of one that is to be run, and who are marked from its run."""


def plan(
    handed: Iterable[Handed], ran: Mapping[str, Ran], now: Conditions, *, contained: bool, force: bool = False
) -> Plan:
    """Tells what has run before from what has not.

    Args:
        handed: one of each student.
        ran: the newest recorded run of each file, by its digest.
        now: the conditions of a run that begins now.
        contained: whether notebooks are contained.
        force: run everything, whatever the record has.
    """
    made = Plan([], [], [])
    seen: set[str] = set()
    for one in handed:
        digest = one.submission.digest
        before = None if force else ran.get(digest)
        if before is not None and stands(
            before.conditions, now, isolation=before.isolation, contained=contained, within=before.within_limits
        ):
            made.recorded.append(one)
        elif digest in seen:
            made.like_others.append(one)
        else:
            made.to_run.append(one)
            seen |= {digest} if digest else set()
    return made


@dataclass(frozen=True)
class Marked:
    """A result, and the recorded run that it was made from."""

    graded: Graded
    ran: int | None = None
    """The recorded run that it was made from; None if it is a new one, or there was none."""


def from_record(store: Store, grades: Grades, handed: Iterable[Handed], ran: Mapping[str, Ran]) -> Iterator[Marked]:
    """Marks without running anything, in the order in which it is asked for.

    Args:
        store: the record.
        grades: of the homework.
        handed: whose file the record has.
        ran: the newest run of each file, by its digest; a notebook without one is a fault of ours.
    """
    for batch in batches(handed, BATCH):
        digests = {one.submission.digest for one in batch}
        runs = {digest: ran[digest] for digest in digests if digest in ran}
        contents = store.contents(digests)
        executions = store.executions({one.id for one in runs.values()})
        for one in batch:
            run, content = runs.get(one.submission.digest), contents.get(one.submission.digest)
            execution = executions[run.id] if run else None
            graded = _marked(grades, one, content, execution, run.conditions if run else None)
            yield Marked(graded, run.id if run and graded.execution else None)


def _marked(
    grades: Grades, handed: Handed, content: bytes | None, execution: Execution | None, conditions: Conditions | None
) -> Graded:
    submission = handed.submission
    try:
        grade = grades.without_run(handed)
        if grade is not None:
            return Graded(submission, grade)
        if content is None or execution is None or conditions is None:
            error = InfrastructureError(f"the record has no run of {submission.origin or submission.path}")
            return Graded(submission, grades.fault(submission, error))
        notebook = notebook_in(content, submission.path, pictures=grades.pictures)
        return Graded(submission, grades.of_run(submission, notebook, execution, conditions), execution=execution)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is ours, and is logged
        return Graded(submission, grades.fault(submission, error))

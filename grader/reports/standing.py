"""What the tables of a class say of each student: little, since a class of grades with all that was written fits no memory."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from grader.course import Homework
from grader.records import FailureKind, Grade, Outcome, Status, Verdict
from grader.reports.points import Totals, is_decided, rounded_points, totals

SHORT = 60
"""Of an unexplained answer or the name of an error: enough to count equal ones over a class."""
LATE_UNKNOWN = "late, nobody knows by how much"
STOPPED = {
    FailureKind.ERROR: "stopped with an error",
    FailureKind.TIMEOUT: "ran too long",
    FailureKind.DIED: "ended its kernel",
    FailureKind.NOT_REACHED: "did not run",
}
"""What a cell did that did not run to its end, as every page says it."""
Row = tuple[str, ...]
"""Of gradebook.csv; the student comes first."""


class PartStanding(NamedTuple):
    """One part of one student."""

    outcome: Outcome
    share: float | None
    """Of its points; None while it is pending."""
    finding: str
    """What explains it, without the part's name."""
    unexplained: str = ""
    """How a wrong answer was read that nothing explains."""
    by_person: bool = False
    """Whether a person has marked it."""


class Stopped(NamedTuple):
    """A cell that did not run to its end."""

    kind: FailureKind
    name: str
    """Name of the exception, or the limit that was hit."""
    limit: str
    """The limit that probably stands behind it; else empty."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One student among the others."""

    student: str
    status: Status
    note: str
    totals: Totals
    max_points: Fraction
    outcomes: Mapping[Outcome, int]
    """How many parts came out how."""
    row: Row
    late: str
    """How late, in a word or two for a table; empty if not."""
    seconds: float
    """In which the notebook ran."""
    total: Fraction
    """What is decided, less what lateness costs."""
    parts: tuple[PartStanding | None, ...]
    """In the order of the homework; None for one that was not asked for when the student was marked."""
    stopped: tuple[Stopped, ...]
    isolation: str
    """How the kernel was contained; empty where nothing ran."""

    @property
    def took_part(self) -> bool:
        """Whether a notebook of this homework was marked, so that the student's answers tell something of the questions."""
        return self.status in {Status.GRADED, Status.NEEDS_REVIEW}


def standing(grade: Grade, homework: Homework) -> Standing:
    """What is kept of a grade once the student's own page is written."""
    of_all = totals(grade)
    return Standing(
        student=grade.student,
        status=grade.status,
        note=grade.note,
        totals=of_all,
        max_points=grade.max_points,
        outcomes=Counter(verdict.outcome for verdict in grade.verdicts),
        row=_row(grade, homework, of_all.percent),
        late=_late(grade),
        seconds=grade.seconds,
        total=grade.total,
        parts=_parts(grade, homework),
        stopped=tuple(Stopped(one.kind, one.name[:SHORT], one.limit) for one in grade.failures),
        isolation=grade.isolation,
    )


def _parts(grade: Grade, homework: Homework) -> tuple[PartStanding | None, ...]:
    verdicts = {(verdict.problem, verdict.part): verdict for verdict in grade.verdicts}
    found = (verdicts.get((problem.name, part)) for problem, part in homework.parts)
    return tuple(None if verdict is None else _part(verdict) for verdict in found)


def _part(verdict: Verdict) -> PartStanding:
    finding = verdict.finding.partition(":")[2]
    return PartStanding(
        outcome=verdict.outcome,
        share=None if verdict.points is None else float(verdict.points / verdict.max_points),
        finding=finding,
        unexplained=verdict.read_as[:SHORT] if finding.startswith("unexplained=") else "",
        by_person=bool(verdict.marked_by),
    )


def late_unknown(grade: Grade) -> bool:
    """Whether a submission is late by an unknown time, so that somebody has to say when it came."""
    return grade.late is not None and grade.late.seconds is None


def _late(grade: Grade) -> str:
    if grade.late is None:
        return ""
    return LATE_UNKNOWN if late_unknown(grade) else "late"


def _row(grade: Grade, homework: Homework, percent: str) -> Row:
    points = {(verdict.problem, verdict.part): verdict.points for verdict in grade.verdicts}
    return (
        grade.student,
        *(_points(points.get((problem.name, part))) for problem, part in homework.parts),
        "?" if late_unknown(grade) else _points(-grade.deduction if grade.deduction else None),
        _points(grade.total if is_decided(grade) else None),
        percent,
        _points(grade.pending_points),
        str(grade.status),
    )


def _points(points: Fraction | None) -> str:
    return "" if points is None else str(rounded_points(points))

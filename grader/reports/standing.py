"""What the tables of a class say of each student: little, since a class of grades with all that was written fits no memory."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from grader.course import Homework
from grader.records import Grade, Outcome, Status
from grader.reports.points import Totals, is_decided, rounded_points, totals

Row = tuple[str, ...]
"""Of gradebook.csv; the student comes first."""


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
    )


def late_unknown(grade: Grade) -> bool:
    """Whether a submission is late by an unknown time, so that somebody has to say when it came."""
    return grade.late is not None and grade.late.seconds is None


def _late(grade: Grade) -> str:
    if grade.late is None:
        return ""
    return "late, nobody knows by how much" if late_unknown(grade) else "late"


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

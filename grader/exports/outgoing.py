"""Whose points go out, and whose are held back."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from grader.course import Homework
from grader.exports.difference import Aside, Options
from grader.records import Grade, Result, Status
from grader.reports.points import is_decided, points_text

OUTDATED = "marked before the course changed"


@dataclass(frozen=True)
class Outgoing:
    """A student whose points go out."""

    result: Result
    points: Fraction
    """Exact, in points of the platform."""
    note: str = ""

    @property
    def text(self) -> str:
        """Rounded half up to two decimals, with a point: "8.5"."""
        return points_text(self.points)


def decide(
    results: Iterable[Result], homework: Homework, options: Options
) -> tuple[dict[str, Outgoing], dict[str, str]]:
    """By student what goes out, and why the others are held back."""
    going: dict[str, Outgoing] = {}
    held: dict[str, str] = {}
    for result in results:
        why = _held_back(result.grade, homework, options)
        if why:
            held[result.submission.student] = why
        else:
            points = result.grade.total * (1 if options.scale is None else options.scale)
            going[result.submission.student] = Outgoing(result, points, _note(result.grade))
    return going, held


def asides(words: dict[str, str]) -> tuple[Aside, ...]:
    """In the order in which tables list students."""
    return tuple(Aside(student, words[student]) for student in sorted(words, key=lambda name: (name.casefold(), name)))


def is_outdated(grade: Grade, homework: Homework) -> bool:
    """Whether a grade is of other parts or other points than the homework has now, so that its total is of another sheet."""
    now = {
        (problem.name, part): (problem.parts[part].points, problem.parts[part].extra)
        for problem, part in homework.parts
    }
    then = {(verdict.problem, verdict.part): (verdict.max_points, verdict.extra) for verdict in grade.verdicts}
    return bool(then) and then != now


def _held_back(grade: Grade, homework: Homework, options: Options) -> str:
    """Why a grade does not go out; empty when it does."""
    if grade.status == Status.FAULT:
        return "fault of the grader: grade it again"
    if grade.status == Status.NO_SUBMISSION and not options.missing_as_zero:
        return "no submission"
    if is_outdated(grade, homework):
        return f"{OUTDATED}; grader regrade OUT first"
    if grade.status == Status.NO_SUBMISSION:
        return ""
    if not is_decided(grade):
        return f"no points are decided ({grade.status})"
    return "" if options.pending else _pending_words(grade) or _late_words(grade)


def _note(grade: Grade) -> str:
    if grade.status == Status.NO_SUBMISSION:
        return "no submission"
    late = grade.late.words if grade.late is not None and grade.deduction else _late_words(grade)
    return "; ".join(words for words in (_pending_words(grade), late) if words)


def _pending_words(grade: Grade) -> str:
    if grade.pending_points:
        return f"{points_text(grade.pending_points)} of {points_text(grade.max_points)} points still pending"
    return "extra points still pending" if any(verdict.outcome.pending for verdict in grade.verdicts) else ""


def _late_words(grade: Grade) -> str:
    unknown = grade.late is not None and grade.late.seconds is None
    return "late, nobody knows by how much: nothing taken off yet" if unknown else ""

"""Whose points go out, and whose are held back."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from grader.course import Homework
from grader.exports.difference import Aside, Options
from grader.records import Grade, Result, Status
from grader.reports.points import is_decided, points_text, rounded_points

_LONGEST_NUMBER = 40  # characters; a longer one is no grade, and may take long to read
_NUMBER = re.compile(r"-?[0-9.,]*[0-9][0-9.,]*")


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


def decide(results: Iterable[Result], options: Options) -> tuple[dict[str, Outgoing], dict[str, str]]:
    """By student what goes out, and why the others are held back."""
    going: dict[str, Outgoing] = {}
    held: dict[str, str] = {}
    for result in results:
        why = _held_back(result.grade, options)
        if why:
            held[result.submission.student] = why
        else:
            points = result.grade.total * (1 if options.scale is None else options.scale)
            going[result.submission.student] = Outgoing(result, points, _note(result.grade))
    return going, held


def asides(words: dict[str, str]) -> tuple[Aside, ...]:
    """In the order in which tables list students."""
    return tuple(Aside(student, words[student]) for student in sorted(words, key=lambda name: (name.casefold(), name)))


def full_points(homework: Homework) -> Fraction:
    """The maximum of a homework, extra points left out."""
    parts = (problem.parts[part] for problem, part in homework.parts)
    return sum((part.points for part in parts if not part.extra), Fraction(0))


def number_in(text: str) -> Fraction | None:
    """The number that a platform's cell shows, in any language: the last point or comma is the decimal mark. None if it is none."""
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text.strip()):
        return None
    *whole, last = re.split("[.,]", text.strip())
    return Fraction(f"{''.join(whole)}.{last or 0}" if whole else last)


def same_points(old: str, points: Fraction) -> bool:
    """Whether a cell has these points already; platforms keep two decimals."""
    number = number_in(old)
    return number is not None and rounded_points(number) == rounded_points(points)


def _held_back(grade: Grade, options: Options) -> str:
    """Why a grade does not go out; empty when it does."""
    if grade.status == Status.FAULT:
        return "fault of the grader: grade it again"
    if grade.status == Status.NO_SUBMISSION:
        return "" if options.missing_as_zero else "no submission"
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

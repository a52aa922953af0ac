"""Points as people read them: exact fractions inside, rounded once, here."""

from fractions import Fraction
from typing import NamedTuple

from grader.records import Grade, Verdict

_SCALE = 100


def rounded_points(points: Fraction) -> float:
    """Half up to two decimals, so that 1/8 is 0.13 for everybody."""
    return (2 * _SCALE * points.numerator + points.denominator) // (2 * points.denominator) / _SCALE


def points_text(points: Fraction) -> str:
    """Without decimals that say nothing: "3", "2.5", "0.33"."""
    return f"{rounded_points(points):.2f}".rstrip("0").rstrip(".")


def percent_text(points: Fraction, of: Fraction) -> str:
    """Share of the decided points in percent, with one decimal; empty when nothing is decided."""
    return f"{float(100 * points / of):.1f}" if of else ""


def is_decided(grade: Grade) -> bool:
    """Whether any part has its points."""
    return any(verdict.points is not None for verdict in grade.verdicts)


def points_of(*verdicts: Verdict) -> str:
    """What parts are worth, with extra points apart: "2", "9 + 3 extra", "1 extra"."""
    full = sum((verdict.max_points for verdict in verdicts if not verdict.extra), Fraction(0))
    extra = sum((verdict.max_points for verdict in verdicts if verdict.extra), Fraction(0))
    words = [points_text(full)] if full else []
    return " + ".join(words + ([f"{points_text(extra)} extra"] if extra else []))


def part_points(*verdicts: Verdict) -> str:
    """What parts have earned, of what: "1 of 2", "pending, of 2", "2 of 9 + 3 extra", "0 of 9, 8 pending"."""
    earned = [verdict.points for verdict in verdicts if verdict.points is not None]
    waiting = [verdict for verdict in verdicts if verdict.points is None]
    of = points_of(*verdicts)
    if not earned:
        return f"pending, of {of}"
    words = f"{points_text(sum(earned, Fraction(0)))} of {of}"
    return f"{words}, {points_of(*waiting)} pending" if waiting else words


class Totals(NamedTuple):
    """What a grade comes to, in words."""

    points: str
    """What is decided, less what lateness costs; empty when nothing is."""
    percent: str
    """Of what is decided; empty when nothing is."""
    pending: str
    """Empty when nothing is."""


def totals(grade: Grade) -> Totals:
    """What every table and page says of a grade as a whole."""
    return Totals(
        points=points_text(grade.total) if is_decided(grade) else "",
        percent=percent_text(grade.total, grade.decided_points),
        pending=points_text(grade.pending_points) if grade.pending_points else "",
    )

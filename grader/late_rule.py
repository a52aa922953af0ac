"""How late a submission is, and what that costs: a rule that a course declares once per homework."""

import math
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal

from pydantic import Field

from grader.checks.check import Exact, Options
from grader.records import Lateness, Submission

_SECONDS_OF_AN_HOUR = 3600
_HOURS_OF_A_DAY = 24


class LateRule(Options):
    """What lateness costs: a share of the points for each step of time that has begun, up to a most."""

    share: Exact = Field(ge=0, le=1)
    """Of the points, taken off for each step: 0.1 is ten percent."""
    every_hours: Exact = Field(default=Exact(24), gt=0)
    """The length of a step."""
    of: Literal["earned", "maximum"] = "earned"
    """Which points: those that were earned, or the most that could be."""
    at_most: Exact = Field(default=Exact(1), ge=0, le=1)
    """More is never taken off, unless the time is over."""
    grace_minutes: Exact = Field(default=Exact(0), ge=0)
    """After the due date: who hands in by then is not late."""
    until_hours: Exact | None = Field(default=None, gt=0)
    """After the due date: what is handed in later earns nothing; by default there is no such time."""


def lateness(submission: Submission, due: datetime | None, rule: LateRule | None) -> Lateness | None:
    """How late a submission is; None if it is not, or nobody can tell that it is.

    Args:
        submission: with its time, and its own due date where a roster gives one.
        due: of the homework.
        rule: what lateness costs; without one it costs nothing.
    """
    due = submission.due or due
    if submission.missing:
        return None
    if due is None or submission.submitted is None:
        unknown = "late by the platform's word; by how much is not known here, so that nothing is taken off"
        return Lateness(seconds=None, words=unknown) if submission.late else None
    after = submission.submitted - due
    grace = timedelta(minutes=float(rule.grace_minutes)) if rule else timedelta()
    if after <= grace:
        return None
    share, words = (Fraction(0), "nothing is taken off") if rule is None else _cost(after, rule)
    of = rule.of if rule else "earned"
    return Lateness(seconds=after.total_seconds(), share=share, of=of, words=f"{_how_long(after)} late: {words}")


def _cost(after: timedelta, rule: LateRule) -> tuple[Fraction, str]:
    """The share that is taken off, and the same in words."""
    hours = Fraction(after // timedelta(microseconds=1), 10**6 * _SECONDS_OF_AN_HOUR)
    if rule.until_hours is not None and hours > rule.until_hours:
        return Fraction(
            1
        ), f"it came after the last time, {_hours(rule.until_hours)} past the due date, and earns nothing"
    share = min(rule.share * math.ceil(hours / rule.every_hours), rule.at_most)
    points = "points earned" if rule.of == "earned" else "most points"
    return share, f"{float(100 * share):g} % of the {points} are taken off"


def _how_long(after: timedelta) -> str:
    minutes = max(math.ceil(after.total_seconds() / 60), 1)
    days, rest = divmod(minutes, 60 * _HOURS_OF_A_DAY)
    parts = [(days, "day"), (rest // 60, "hour"), (rest % 60, "minute")]
    shown = [f"{number} {unit}{'s' * (number != 1)}" for number, unit in parts if number]
    return " and ".join(shown[:2])


def _hours(hours: Fraction) -> str:
    return f"{float(hours):g} hour{'s' * (hours != 1)}"

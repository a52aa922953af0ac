"""What a class came to: how totals are distributed, and what each part tells of those who answered it.

Everywhere only students count whose notebook was marked. Who handed in nothing, another homework or no notebook, and whom the
grader failed on, tells nothing of the questions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
import pandas as pd

from grader.course import Homework
from grader.records import Outcome
from grader.reports.standing import Standing

BIN = 10
"""Width of a bar of the distribution, in percent."""
FEWEST = 10
"""Students for a correlation. Of fewer, chance alone makes one of a third (the standard error is 1 / sqrt(n - 1))."""
# Sums of floats that are equal on paper differ less than that.
_DECIMALS = 9


@dataclass(frozen=True)
class Bar:
    """Students whose total lies in one range."""

    low: int
    """In percent, inclusive."""
    high: int | None
    """In percent, exclusive but for 100; None for everything above 100."""
    students: int

    @property
    def range(self) -> str:
        """In words: "> 100", or both ends with a dash between them."""
        return f"> {self.low}" if self.high is None else f"{self.low}\N{EN DASH}{self.high}"


@dataclass(frozen=True)
class Distribution:
    """The totals of a class, less what lateness costs."""

    students: int
    """Of whom anything is decided."""
    bars: tuple[Bar, ...]
    mean: float
    """In points."""
    median: float
    mean_percent: float
    """Of what is decided."""
    median_percent: float


@dataclass(frozen=True)
class PartStatistics:
    """One part over the class."""

    answered: int
    """Students who gave an answer that was taken, read or not."""
    blank: int
    did_not_run: int
    pending: int
    decided: int
    correct: float | None
    """Share of the decided students who have all of the points, from 0 to 1; None when no answer is decided."""
    difficulty: float | None
    """Facility index: mean share of the points, from 0 to 1; None when no answer is decided."""
    discrimination: float | None
    """From -1 to 1; None where too few are decided or they do not differ."""


def distribution(class_: Sequence[Standing]) -> Distribution | None:
    """How the totals are distributed, in percent of what is decided as every table has it; None when nothing is decided.

    The last bar is of those above 100 percent, which extra points allow, and is left out where nobody is.
    """
    decided = [one for one in class_ if one.took_part and one.totals.percent]
    if not decided:
        return None
    percent = pd.Series([float(one.totals.percent) for one in decided])
    points = pd.Series([float(one.total) for one in decided])
    last = 100 // BIN
    places = (percent // BIN).clip(0, last - 1).where(percent <= 100, last).astype(int)  # noqa: PLR2004 - percent
    counts = places.value_counts().reindex(range(last + 1), fill_value=0)
    bars = [Bar(BIN * place, BIN * (place + 1), int(counts[place])) for place in range(last)]
    above = [Bar(100, None, int(counts[last]))] if counts[last] else []
    return Distribution(
        students=len(decided),
        bars=(*bars, *above),
        mean=float(points.mean()),
        median=float(points.median()),
        mean_percent=float(percent.mean()),
        median_percent=float(percent.median()),
    )


def part_statistics(class_: Sequence[Standing], homework: Homework) -> tuple[PartStatistics, ...]:
    """The statistics of every part, in the order of the homework.

    A part that was not asked for when a student was marked does not count for that student. A part that waits for a person
    counts as pending and enters neither difficulty nor discrimination. A blank answer is decided, with no points; but while
    every other answer waits, blank ones alone tell nothing.

    Difficulty is the facility index, the mean of the share of a part's points. Discrimination is the corrected item-total
    correlation: Pearson's between a student's share of this part and the student's share of the points of all other parts that
    are decided, extra points included. The part itself is left out, since it would correlate with itself (J. C. Nunnally and
    I. H. Bernstein, Psychometric Theory, 3rd edition, 1994, chapter 8; Moodle reports the same two for quizzes).
    """
    counted = [one for one in class_ if one.took_part]
    weights = np.array([float(problem.parts[part].points) for problem, part in homework.parts])
    columns = range(len(weights))
    outcomes = pd.DataFrame(([one and one.outcome for one in each.parts] for each in counted), columns=columns)
    shares = pd.DataFrame(([one and one.share for one in each.parts] for each in counted), columns=columns, dtype=float)
    rest = _rest(shares, weights)
    return tuple(_part(outcomes[column], shares[column], rest[column]) for column in columns)


def _rest(shares: pd.DataFrame, weights: np.ndarray) -> pd.DataFrame:
    """Students by parts: the share of the points of all other parts that are decided; NaN where none is."""
    earned, decided = (shares * weights).fillna(0), shares.notna() * weights
    others, of = -earned.sub(earned.sum(axis=1), axis=0), -decided.sub(decided.sum(axis=1), axis=0)
    return (others / of.where(of > 0)).round(_DECIMALS)


def _part(outcomes: pd.Series, shares: pd.Series, rest: pd.Series) -> PartStatistics:
    asked = outcomes.notna().sum()
    blank, did_not_run = ((outcomes == outcome).sum() for outcome in (Outcome.BLANK, Outcome.DID_NOT_RUN))
    decided = shares.notna().sum()
    answered = asked - blank - did_not_run
    pending = asked - decided
    tells = decided and not 0 < answered == pending
    return PartStatistics(
        answered=int(answered),
        blank=int(blank),
        did_not_run=int(did_not_run),
        pending=int(pending),
        decided=int(decided),
        correct=float((outcomes == Outcome.CORRECT).sum() / decided) if tells else None,
        difficulty=float(shares.mean()) if tells else None,
        discrimination=_correlation(shares, rest) if tells else None,
    )


def _correlation(shares: pd.Series, rest: pd.Series) -> float | None:
    """Pearson's correlation; None where it is not defined or says nothing."""
    pairs = pd.DataFrame({"own": shares.round(_DECIMALS), "rest": rest}).dropna()
    if len(pairs) < FEWEST or pairs.nunique().min() < 2:  # noqa: PLR2004 - what does not vary correlates with nothing
        return None
    found = float(pairs["own"].corr(pairs["rest"]))
    return found if isfinite(found) else None

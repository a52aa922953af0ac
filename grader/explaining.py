"""Which known mistake explains a wrong number: one hypothesis or several, or none."""

import itertools
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grader.answers.reading import Reading
from grader.checks.tolerance import is_finite, leading_place
from grader.course import Assignment, Problem
from grader.errors import ProblemError
from grader.hypotheses import Hypotheses
from grader.lookup import Lookup

# Small numbers are hit by luck. Where more than this share of the plausible numbers is some hypothesis or other, an
# explanation is given as a possibility.
MOST_CHANCE = Fraction(1, 20)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Mistakes that lead to the answer that was given."""

    mistakes: tuple[str, ...]
    certain: bool
    """False when so many hypotheses crowd the plausible range that one may fit by chance."""


class Explainer:
    """Explains the wrong answers to one problem."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._hypotheses = Hypotheses(problem)
        self._lookups: dict[tuple[str, int], Lookup] = {}
        self._telling: dict[tuple[str, frozenset[str]], list[tuple[str, ...]]] = {}
        self._distinct: dict[tuple[str, int], int] = {}

    def explain(self, part: str, readings: tuple[Reading, ...]) -> list[Explanation]:
        """All explanations with the fewest mistakes; empty when nothing known leads to the answer."""
        check = self._problem.parts[part].check
        accepted = [self._problem.expected(part, assignment) for assignment in self._problem.assignments]
        if any(check.explains(reading, value) for reading in readings for value in accepted):
            return []  # what was given is right, as far as it goes
        for order in (1, 2):
            fitting = self._lookup(part, order).fitting(readings)
            if fitting:
                coarse = max(reading.unit_in_last_place for reading in readings)
                crowded = self.is_crowded(part, order, coarse)
                if crowded and coarse > self.grain(part):
                    # A rounded answer fits too much to be explained, unless it is some mistake's very number.
                    fitting = [h for h in fitting if any(reading.value == h.value for reading in readings)]
                certain = not crowded and not any(map(check.shows_little, readings))
                return [Explanation(mistakes, certain) for mistakes in dict.fromkeys(h.mistakes for h in fitting)]
        return []

    def explain_after(
        self, part: str, readings: tuple[Reading, ...], own: dict[str, Any], convention: Assignment
    ) -> list[Explanation]:
        """Single mistakes made on top of the student's own earlier values.

        Args:
            part: the part to explain.
            readings: how its answer can be read.
            own: the student's values, by function of the solver.
            convention: the conventions the student keeps to.
        """
        check, found = self._problem.parts[part].check, []
        rightly = self._after(part, (), own, convention)
        for mistakes in self._telling_after(part, frozenset(own)):
            value = self._after(part, mistakes, own, convention)
            if value is None or not any(check.explains(reading, value) for reading in readings):
                continue
            if rightly is None or not check.same(value, rightly):  # else the mistake changes nothing here
                found.append(Explanation(mistakes, certain=False))
        return found

    def _telling_after(self, part: str, own: frozenset[str]) -> list[tuple[str, ...]]:
        """Single mistakes that can still change a part once these functions have the student's own values."""
        if (part, own) not in self._telling:
            self._telling[part, own] = self._hypotheses.bearing_on(part, 1, known=own)
        return self._telling[part, own]

    def _after(self, part: str, mistakes: tuple[str, ...], own: dict[str, Any], convention: Assignment) -> Any:
        """What follows from the student's own values; None when nothing does."""
        problem = self._problem
        try:
            solved = problem.solver.solve(problem.function(part), self._hypotheses.assume(mistakes, convention), own)
            return problem.understood(part, solved)
        except ProblemError:
            return None

    def _lookup(self, part: str, order: int) -> Lookup:
        if (part, order) not in self._lookups:
            check, found = self._problem.parts[part].check, self._hypotheses.of(part, order)
            self._lookups[part, order] = Lookup(check, found)
        return self._lookups[part, order]

    def is_crowded(self, part: str, order: int, coarse: Fraction) -> bool:
        """Whether a number would often be hit by luck among all hypotheses up to this order.

        Args:
            part: the part.
            order: how many mistakes are made at once.
            coarse: one unit of the last digit that was written; each hypothesis is hit by every number so near to it.
        """
        widest = self._widest(part, order)
        return widest is not None and max(coarse, self.grain(part)) > widest

    def coarsest(self, part: str, order: int) -> Fraction | None:
        """The greatest power of ten that, as a unit of the last digit, does not crowd a part; None where every one will do."""
        widest = self._widest(part, order)
        return Fraction(10) ** leading_place(widest) if widest else widest

    def _widest(self, part: str, order: int) -> Fraction | None:
        """How widely numbers may count as one hypothesis before these crowd the part; None where nothing is counted."""
        reference = self._problem.expected(part, self._problem.assignments[0])
        if isinstance(reference, bool) or not isinstance(reference, int | float | Fraction) or not is_finite(reference):
            return None
        plausible = 2 * abs(Fraction(reference))
        if (part, order) not in self._distinct:
            hypotheses = itertools.chain(*(self._hypotheses.of(part, tried) for tried in range(1, order + 1)))
            self._distinct[part, order] = len({h.value for h in hypotheses if abs(h.value) <= plausible})
        distinct = self._distinct[part, order]
        return MOST_CHANCE * plausible / distinct if distinct else None

    def grain(self, part: str) -> Fraction:
        """How near together two exact answers can be."""
        whole = isinstance(self._problem.expected(part, self._problem.assignments[0]), int)
        return Fraction(1) if whole else Fraction(0)

"""Which known mistake explains a wrong number.

A hypothesis is one altered assumption or two, never more, under one of the accepted conventions. All hypotheses of a part
are solved once per problem; a hypothesis that leaves the part's value as it is, is none.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grader.answers.reading import Reading
from grader.course import Assignment, Problem
from grader.errors import ProblemError
from grader.hypotheses import Hypotheses, Hypothesis

# A hypothesis alters one assumption or two.
MOST_ALTERED = 2
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
        self._singles: list[tuple[str, ...]] = [(name,) for name in problem.spec.mistakes]
        self._pairs: list[tuple[str, ...]] = [
            pair for pair in itertools.combinations(problem.spec.mistakes, 2) if self._compatible(pair)
        ]
        self._hypotheses: dict[tuple[str, int], Hypotheses] = {}
        self._telling: dict[tuple[str, frozenset[str]], list[tuple[str, ...]]] = {}
        self._distinct: dict[tuple[str, int], int] = {}

    def explain(self, part: str, readings: tuple[Reading, ...]) -> list[Explanation]:
        """All explanations with the fewest mistakes; empty when nothing known leads to the answer."""
        check = self._problem.parts[part].check
        accepted = [self._problem.expected(part, assignment) for assignment in self._problem.assignments]
        if any(check.explains(reading, value) for reading in readings for value in accepted):
            return []  # what was given is right, as far as it goes
        for order in (1, 2):
            fitting = self._of_order(part, order).fitting(readings)
            if fitting:
                coarse = max(reading.unit_in_last_place for reading in readings)
                crowded = self._is_crowded(part, order, coarse)
                if crowded and coarse > self._grain(part):
                    return []  # a rounded answer fits too much to be explained
                return [Explanation(mistakes, not crowded) for mistakes in dict.fromkeys(h.mistakes for h in fitting)]
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
            problem = self._problem
            left = problem.solver.ancestors(problem.function(part), known=own)
            bearing = {name for name, mistake in problem.spec.mistakes.items() if mistake.assume.keys() & left}
            self._telling[part, own] = [mistakes for mistakes in self._singles if bearing.issuperset(mistakes)]
        return self._telling[part, own]

    def _after(self, part: str, mistakes: tuple[str, ...], own: dict[str, Any], convention: Assignment) -> Any:
        """What follows from the student's own values; None when nothing does."""
        problem = self._problem
        try:
            solved = problem.solver.solve(problem.function(part), self._assume(mistakes, convention), own)
            return problem.understood(part, solved)
        except ProblemError:
            return None

    def _of_order(self, part: str, order: int) -> Hypotheses:
        if (part, order) not in self._hypotheses:
            found = self._solve(part, self._singles if order == 1 else self._pairs)
            self._hypotheses[part, order] = Hypotheses(self._problem.parts[part].check, found)
        return self._hypotheses[part, order]

    def _solve(self, part: str, candidates: list[tuple[str, ...]]) -> Iterator[Hypothesis]:
        problem, seen = self._problem, set()
        relevant = problem.builds_on(part)
        for mistakes, convention in itertools.product(self._bearing_on(part, candidates), problem.assignments):
            assume = self._assume(mistakes, convention)
            key = (mistakes, frozenset((name, value) for name, value in assume.items() if name in relevant))
            if key in seen:
                continue
            seen.add(key)
            try:
                value = problem.expected(part, assume)
                weaker = [problem.expected(part, self._assume(fewer, convention)) for fewer in _weaker(mistakes)]
            except ProblemError:
                continue  # some mistakes lead nowhere: a window that no longer fits, a division by zero
            if all(not problem.parts[part].check.same(value, other) for other in weaker):
                yield Hypothesis(mistakes, value)

    def _bearing_on(self, part: str, candidates: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """Those of which every mistake alters an assumption that the part rests on."""
        relevant = self._problem.builds_on(part)
        bearing = {name for name, mistake in self._problem.spec.mistakes.items() if mistake.assume.keys() & relevant}
        return [mistakes for mistakes in candidates if bearing.issuperset(mistakes)]

    def _assume(self, mistakes: tuple[str, ...], convention: Assignment) -> dict[str, Any]:
        assume = dict(convention)
        for name in mistakes:
            assume |= self._problem.spec.mistakes[name].assume
        return assume

    def _compatible(self, pair: tuple[str, ...]) -> bool:
        """Two altered assumptions and no more; with three, some mistakes or other lead to any number."""
        altered = [name for mistake in pair for name in self._problem.spec.mistakes[mistake].assume]
        return len(altered) == len(set(altered)) <= MOST_ALTERED

    def _is_crowded(self, part: str, order: int, coarse: Fraction) -> bool:
        """Whether a number would often be hit by luck among all hypotheses up to this order.

        Args:
            part: the part.
            order: how many mistakes are made at once.
            coarse: one unit of the last digit that was written; each hypothesis is hit by every number so near to it.
        """
        reference = self._problem.expected(part, self._problem.assignments[0])
        if isinstance(reference, bool) or not isinstance(reference, int | float | Fraction):
            return False
        plausible = 2 * abs(Fraction(reference))
        if (part, order) not in self._distinct:
            hypotheses = itertools.chain(*(self._of_order(part, tried).all for tried in range(1, order + 1)))
            self._distinct[part, order] = len({h.value for h in hypotheses if abs(h.value) <= plausible})
        return self._distinct[part, order] * max(coarse, self._grain(part)) > MOST_CHANCE * plausible

    def _grain(self, part: str) -> Fraction:
        """How near together two exact answers can be."""
        whole = isinstance(self._problem.expected(part, self._problem.assignments[0]), int)
        return Fraction(1) if whole else Fraction(0)


def _weaker(mistakes: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every smaller set of the same mistakes, none at all included."""
    for size in range(len(mistakes)):
        yield from itertools.combinations(mistakes, size)

"""What a part's answer would be after known mistakes.

A hypothesis is one altered assumption or two, never more, under one of the accepted conventions. All hypotheses of a part
are solved once per problem; a hypothesis that leaves the part's value as it is, is none.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from grader.course import Assignment, Problem
from grader.errors import ProblemError

# A hypothesis alters one assumption or two.
MOST_ALTERED = 2


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What a part's answer would be after one or two mistakes, under one of the accepted conventions."""

    mistakes: tuple[str, ...]
    value: Any


class Hypotheses:
    """The hypotheses on every part of a problem."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._candidates: dict[int, list[tuple[str, ...]]] = {
            1: [(name,) for name in problem.spec.mistakes],
            2: [pair for pair in itertools.combinations(problem.spec.mistakes, 2) if self._compatible(pair)],
        }
        self._solved: dict[tuple[str, int], list[Hypothesis]] = {}
        self._failures: dict[str, dict[str, ProblemError]] = {}

    def of(self, part: str, order: int) -> list[Hypothesis]:
        """The hypotheses of so many mistakes at once, 1 or 2; solved when they are first asked for."""
        if (part, order) not in self._solved:
            self._solved[part, order] = list(self._solve(part, order))
        return self._solved[part, order]

    def failures(self, part: str) -> dict[str, ProblemError]:
        """The single mistakes under which a part has no value, under one convention at least, and the first reason of each."""
        self.of(part, 1)
        return self._failures.get(part, {})

    def bearing_on(self, part: str, order: int, known: frozenset[str] = frozenset()) -> list[tuple[str, ...]]:
        """So many mistakes at once, of which every one alters an assumption that the part rests on.

        Args:
            part: the part.
            order: how many mistakes, 1 or 2.
            known: functions whose values are given, so that nothing behind them matters.
        """
        problem = self._problem
        relevant = problem.solver.ancestors(problem.function(part), known) if known else problem.builds_on(part)
        bearing = {name for name, mistake in self._problem.spec.mistakes.items() if mistake.assume.keys() & relevant}
        return [mistakes for mistakes in self._candidates[order] if bearing.issuperset(mistakes)]

    def assume(self, mistakes: tuple[str, ...], convention: Assignment) -> dict[str, Any]:
        """The assumptions of whoever makes these mistakes and keeps to these conventions otherwise."""
        assume = dict(convention)
        for name in mistakes:
            assume |= self._problem.spec.mistakes[name].assume
        return assume

    def _solve(self, part: str, order: int) -> Iterator[Hypothesis]:
        problem, seen = self._problem, set()
        relevant = problem.builds_on(part)
        for mistakes, convention in itertools.product(self.bearing_on(part, order), problem.assignments):
            assume = self.assume(mistakes, convention)
            key = (mistakes, frozenset((name, value) for name, value in assume.items() if name in relevant))
            if key in seen:
                continue
            seen.add(key)
            try:
                value = problem.expected(part, assume)
                weaker = [problem.expected(part, self.assume(fewer, convention)) for fewer in _weaker(mistakes)]
            except ProblemError as error:
                # Some mistakes lead nowhere: a window that no longer fits, a division by zero.
                if order == 1:
                    self._failures.setdefault(part, {}).setdefault(mistakes[0], error)
                continue
            if all(not problem.parts[part].check.same(value, other) for other in weaker):
                yield Hypothesis(mistakes, value)

    def _compatible(self, pair: tuple[str, ...]) -> bool:
        """Two altered assumptions and no more; with three, some mistakes or other lead to any number."""
        altered = [name for mistake in pair for name in self._problem.spec.mistakes[mistake].assume]
        return len(altered) == len(set(altered)) <= MOST_ALTERED


def _weaker(mistakes: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every smaller set of the same mistakes, none at all included."""
    for size in range(len(mistakes)):
        yield from itertools.combinations(mistakes, size)

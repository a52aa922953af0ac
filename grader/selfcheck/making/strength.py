"""How well a part is sealed: what it takes to find its answer by trying."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement
from math import prod
from time import perf_counter
from typing import Any

from grader.checks.check import Check
from grader.checks.clues import Clue
from grader.course import Homework, Problem
from grader.selfcheck.keys.locking import fresh_salt, stretched
from grader.selfcheck.keys.sealed import Cost, SealedHomework, SealedPart

WEAK = 10_000
"""Guesses up to which somebody finds an answer over lunch."""
_TIMED = 3
_MOST_FACTORS = 4
"""Of a product that somebody tries: filters, channels and both sides of a kernel."""
_MOST_NUMBERS = 20
"""Of a sheet."""


@dataclass(frozen=True)
class Strength:
    """How well one part is sealed."""

    part: SealedPart
    guesses: int | None
    """About as many answers there are to try; None where nothing is sealed."""

    @property
    def is_weak(self) -> bool:
        """Whether its answer is soon found by trying."""
        return self.guesses is not None and self.guesses <= WEAK


def strengths(sealed: SealedHomework, homework: Homework) -> list[Strength]:
    """How well each part is sealed, in the order of the sheet.

    Args:
        sealed: the keys.
        homework: what they were made of.
    """
    parts = zip(sealed.parts, homework.parts, strict=True)
    return [Strength(one, _tries(problem, part) if one.entries else None) for one, (problem, part) in parts]


def _tries(problem: Problem, part: str) -> int:
    """Of whoever tries all answers of this length, or products of the numbers on the sheet if that is quicker."""
    check: Check = problem.parts[part].check
    values = [problem.expected(part, assignment) for assignment in problem.accepted(part)]
    by_length, products = min(map(check.guesses, values)), _products(problem, part)
    single = (one for value in values for one in (value.values() if isinstance(value, dict) else [value]))
    return min(by_length, len(products)) if any(type(one) is int and one in products for one in single) else by_length


def _products(problem: Problem, part: str) -> set[int]:
    """Of some numbers that are given with a part, each as often as one likes."""
    text = f"{problem.introduction} {problem.sections[part].title} {problem.sections[part].text}"
    given = {*_numbers(problem.spec.given), *(int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", text))}
    factors = sorted(given - {0, 1})[:_MOST_NUMBERS]
    return {prod(one) for size in range(1, _MOST_FACTORS + 1) for one in combinations_with_replacement(factors, size)}


def _numbers(given: Any) -> Iterator[int]:
    if isinstance(given, dict | list):
        for one in given.values() if isinstance(given, dict) else given:
            yield from _numbers(one)
    elif type(given) is int and given > 0:
        yield given


def seconds_of_a_guess(cost: Cost) -> float:
    """How long one guess takes here, on one processor."""
    before = perf_counter()
    for number in range(_TIMED):
        stretched(Clue(str(number)), fresh_salt(), cost)
    return (perf_counter() - before) / _TIMED

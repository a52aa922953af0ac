"""How well a part is sealed: what it takes to find its answer by trying."""

from dataclasses import dataclass
from time import perf_counter

from grader.check_level import CheckLevel
from grader.checks.check import Check
from grader.checks.clues import Clue
from grader.course import Homework
from grader.selfcheck.keys.locking import fresh_salt, stretched
from grader.selfcheck.keys.sealed import Cost, SealedHomework, SealedPart

WEAK = 10_000
"""Guesses below which somebody finds an answer over lunch."""
_TIMED = 3


@dataclass(frozen=True)
class Strength:
    """How well one part is sealed."""

    part: SealedPart
    guesses: int | None
    """About as many answers there are to try; None where nothing is sealed."""

    @property
    def is_weak(self) -> bool:
        """Whether its answer is soon found by trying."""
        return self.guesses is not None and self.guesses < WEAK


def strengths(sealed: SealedHomework, homework: Homework) -> list[Strength]:
    """How well each part is sealed, in the order of the sheet.

    Args:
        sealed: the keys.
        homework: what they were made of.
    """
    parts = ((problem, part) for problem, part in homework.parts)
    found = []
    for one, (problem, part) in zip(sealed.parts, parts, strict=True):
        check: Check = problem.parts[part].check
        has_keys = one.level is not CheckLevel.FORM and not one.form_only and check.secret
        values = [problem.expected(part, assignment) for assignment in problem.accepted(part)] if has_keys else []
        found.append(Strength(one, min(map(check.guesses, values)) if values else None))
    return found


def seconds_of_a_guess(cost: Cost) -> float:
    """How long one guess takes here, on one processor."""
    before = perf_counter()
    for number in range(_TIMED):
        stretched(Clue(str(number)), fresh_salt(), cost)
    return (perf_counter() - before) / _TIMED

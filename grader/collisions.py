"""Which mistakes a part marks right, and which it cannot tell from one another.

Every mistake and every pair of mistakes is solved, handed in as an answer, and held against what is accepted and against
what the other mistakes give.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from grader.answers.reading import Reading
from grader.course import Assignment, Problem
from grader.errors import ProblemError
from grader.handing_in import readings_of_value
from grader.hypotheses import Hypotheses, Hypothesis
from grader.shortened import shortened
from grader.solver import SolveError


@dataclass(frozen=True)
class Accepted:
    """A value that a part accepts, and the first assignment of conventions that leads to it."""

    value: Any
    assignment: Assignment


@dataclass(frozen=True)
class Mistaken:
    """A value that a part takes after one mistake or two."""

    mistakes: tuple[str, ...]
    value: Any
    readings: tuple[Reading, ...]
    """How it is read when it is handed in."""
    taken_for: Accepted | None
    """The accepted value for which it is marked right."""


class Collisions:
    """All values of a problem's parts, accepted and mistaken, and which of them meet."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._hypotheses = Hypotheses(problem)
        self._mistaken: dict[tuple[str, int], tuple[Mistaken, ...]] = {}

    def accepted(self, part: str) -> tuple[Accepted, ...]:
        """What a part accepts, each value once."""
        found: list[Accepted] = []
        for assignment in self.problem.accepted(part):
            value = self.problem.expected(part, assignment)
            if not any(self.problem.parts[part].check.same(value, one.value) for one in found):
                found.append(Accepted(value, assignment))
        return tuple(found)

    def mistaken(self, part: str, order: int = 1) -> tuple[Mistaken, ...]:
        """What so many mistakes at once, 1 or 2, make of a part; those that leave it as it is are left out."""
        if (part, order) not in self._mistaken:
            self._mistaken[part, order] = tuple(self._distinct(part, order))
        return self._mistaken[part, order]

    def unmoved_by(self, part: str) -> list[str]:
        """Mistakes that alter what a part rests on and still leave its value as it is, such as a bias in the size of a map."""
        moving, failing = self._moving(part), self.failures(part)
        return [name for (name,) in self._hypotheses.bearing_on(part, 1) if name not in moving | failing.keys()]

    def failures(self, part: str) -> dict[str, ProblemError]:
        """The mistakes under which the part has no value, under one convention at least, and why."""
        return self._hypotheses.failures(part)

    def leading_nowhere(self, part: str) -> list[str]:
        """Those of them that give the part no other value under any convention."""
        return [name for name in self.failures(part) if name not in self._moving(part)]

    def _moving(self, part: str) -> set[str]:
        return {one.mistakes[0] for one in self.mistaken(part)}

    def hidden(self, part: str) -> dict[str, Mistaken]:
        """The mistakes that a part marks right, each with such a value."""
        return {one.mistakes[0]: one for one in self.mistaken(part) if one.taken_for}

    def alike(self, part: str, one: Mistaken, order: int = 1) -> tuple[tuple[str, ...], ...]:
        """Other mistakes, so many at once, that a value is explained by as well."""
        check = self.problem.parts[part].check
        others = (other for other in self.mistaken(part, order) if other.mistakes != one.mistakes)
        meeting = (o.mistakes for o in others if any(check.explains(reading, o.value) for reading in one.readings))
        return tuple(dict.fromkeys(meeting))

    def _distinct(self, part: str, order: int) -> Iterator[Mistaken]:
        """Each value of the same mistakes once, whatever the convention."""
        check, before = self.problem.parts[part].check, dict[tuple[str, ...], list[Any]]()
        for one in self._hypotheses.of(part, order):
            values = before.setdefault(one.mistakes, [])
            if not any(check.same(one.value, value) for value in values):
                values.append(one.value)
                yield self._held(part, one)

    def _held(self, part: str, one: Hypothesis) -> Mistaken:
        """A value with the accepted one that it is marked right for."""
        check = self.problem.parts[part].check
        readings = readings_of_value(check, one.value)
        right = (a for a in self.accepted(part) if any(check.compare(r, a.value).right for r in readings))
        return Mistaken(one.mistakes, one.value, readings, next(right, None))


def check_mistakes_show(problem: Problem) -> None:
    """No part marks a mistake right unless the file says why, and every mistake shows somewhere.

    Raises:
        ProblemError: the first one that does not.
    """
    collisions, shown = Collisions(problem), set[str]()
    for part, spec in problem.parts.items():
        for one in collisions.mistaken(part):
            name = one.mistakes[0]
            if one.taken_for and name not in spec.indistinguishable:
                raise ProblemError(problem.file, f"parts.{part}", _marked_right(name, one.value, one.taken_for.value))
            if one.readings and not one.taken_for:
                shown.add(name)
    if unseen := [name for name in problem.spec.mistakes if name not in shown]:
        raise ProblemError(problem.file, f"mistakes.{unseen[0]}", _shows_nowhere(collisions, unseen[0]))


def _shows_nowhere(collisions: Collisions, name: str) -> str:
    """Why a mistake shows in no part: the solver fails under it, or nothing comes of it."""
    for part in collisions.problem.parts:
        if error := collisions.failures(part).get(name):
            failure = f"{error.place} {error.trouble}" if isinstance(error, SolveError) else f"{part}: {error.trouble}"
            return (
                f"shows in no part, since the solver fails under it: {failure}; mend the solver, or remove the mistake"
            )
    return "shows in no part: each one's value stays as it is, or counts as right; remove it, or change the numbers"


def _marked_right(name: str, value: Any, right: Any) -> str:
    """What is wrong when a mistake is marked right, and what would mend it."""
    return (
        f"marks the mistake {name!r} right: it gives {shortened(value)}, which counts as {shortened(right)}; change the"
        f' numbers, tighten the tolerance, or declare indistinguishable = {{ {name} = "why" }}'
    )

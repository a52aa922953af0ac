"""The points that an optimiser visits, step by step."""

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from grader.answers.paths import Point, read_path
from grader.answers.reading import Reading
from grader.answers.values import Plain
from grader.checks.check import Match
from grader.checks.clues import Clue, Lock
from grader.checks.exactness import WithinTolerance
from grader.checks.tolerance import BEYOND, FLOAT_NOISE, near
from grader.records import Drawing, Item

Points = tuple[Point, ...]
_START = "start"


class Trajectory(WithinTolerance):
    """A path of `steps` steps, as (steps + 1) points with the start or (steps) points without it. Each step is marked."""

    kind: Literal["path"]
    dimensions: int = Field(default=2, ge=1)
    """Coordinates of a point."""
    continuation: str = ""
    """The solver's function that takes the path itself and gives, per step, the points that may follow from the point
    before (shape (steps, alternatives, dimensions)); with it, a slip costs only its own step."""

    def expect(self, solved: Any) -> Points:
        """The solver's array of shape (steps + 1, dimensions), the start first."""
        points = _array(solved)
        if points.ndim != 2 or points.shape[1] != self.dimensions or len(points) < 2:  # noqa: PLR2004 - a start and a step
            raise ValueError(
                f"points of shape (steps + 1, {self.dimensions}) are expected of the solver, not {points.shape}"
            )
        if np.isnan(points).any():
            raise ValueError("the reference has a coordinate NaN, which no answer can equal")
        return tuple(tuple(point) for point in points.tolist())

    def check_continuation(self, solved: Any, expected: Points) -> None:
        """ValueError unless `solved` continues the reference path, step by step, to the reference path itself.

        Args:
            solved: what the function `continuation` returned for the reference.
            expected: the reference, shape (steps + 1, dimensions).
        """
        nexts, shape = _array(solved), (len(expected) - 1, "alternatives", self.dimensions)
        if nexts.ndim != 3 or (nexts.shape[0], nexts.shape[2]) != (shape[0], shape[2]):  # noqa: PLR2004 - as `shape`
            raise ValueError(f"points of shape {shape} are expected of the continuation, not {nexts.shape}")
        for step, (allowed, point) in enumerate(zip(nexts, expected[1:], strict=True), start=1):
            if not any(self._near(point, other) for other in allowed):
                raise ValueError(f"the continuation of the reference itself is another at step {step}")

    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """Arrays, lists, frames and text."""
        return read_path(answer, self.dimensions)

    def compare(self, reading: Reading, expected: Points) -> Match:
        """Step by step against the reference."""
        return self.compare_continued(reading, expected, ())

    def compare_continued(self, reading: Reading, expected: Points, nexts: Sequence[Sequence[Any]]) -> Match:
        """Step by step, each also right when it follows from the student's own point before it.

        The first step follows from the given start alone, and nothing follows where the rule itself rests: else a path of
        zeros at the bottom of a bowl would follow from itself.

        Args:
            reading: the student's path.
            expected: the reference, shape (steps + 1, dimensions).
            nexts: per step the points that may follow, shape (steps, alternatives, dimensions); may be shorter.
        """
        points = self.with_start(reading.value, expected)
        items = []
        for step in range(1, len(expected)):
            if step >= len(points):
                items.append(Item(name=f"step {step}", read_as="missing", right=False))
                continue
            follows = nexts[step - 1] if 1 < step <= len(nexts) else ()
            allowed = [expected[step], *(point for point in follows if not self._near(points[step - 1], point))]
            right = any(self._near(points[step], point) for point in allowed)
            if step == 1:
                right = right and self._near(points[0], expected[0])
            items.append(Item(name=f"step {step}", read_as=_point_text(points[step]), right=right))
        wrong = [item.name for item in items if not item.right]
        credit = Fraction(len(items) - len(wrong), len(items))
        if not wrong:
            beyond = len(reading.value) > len(expected)
            words = f"Only the first {len(items)} steps were looked at; no more are asked for." if beyond else ""
            return Match(credit, tuple(items), message=words)
        note = wrong[0].replace(" ", "=")
        words = f"The first step to look at is {wrong[0]}."
        given = Fraction(min(len(points), len(expected)) - 1, len(items))
        return Match(credit, tuple(items), note, words, given=given)

    def explains(self, reading: Reading, expected: Points) -> bool:
        """Every step agrees; over several steps that is no accident."""
        points = self.with_start(reading.value, expected)
        return len(points) == len(expected) and all(map(self._near, points, expected))

    def same(self, one: Points, other: Points) -> bool:
        """Equal but for the noise of floats."""
        pairs = ((a, b) for p, q in zip(one, other, strict=False) for a, b in zip(p, q, strict=True))
        return len(one) == len(other) and all(near(a, b, rtol=FLOAT_NOISE, atol=FLOAT_NOISE) for a, b in pairs)

    def upstream(self, reading: Reading, expected: Points) -> Any:
        """As an array with its start, shape (points, dimensions)."""
        return np.array(self.with_start(reading.value, expected), dtype=np.float64)

    def with_start(self, points: Points, expected: Points) -> Points:
        """The path with its start, which may be left out, and without steps that nobody asked for."""
        completed = (expected[0], *points)
        if len(points) >= len(expected):
            return points[: len(expected)]
        if not self._near(points[0], expected[0]):
            return completed
        # It ends early, or its first step is so small that it looks like the start.
        return max(points, completed, key=lambda path: sum(map(self._near, path, expected)))

    def _near(self, point: Sequence[float], reference: Sequence[float]) -> bool:
        return all(
            near(float(s), float(r), atol=self.tolerance(float(r))) for s, r in zip(point, reference, strict=True)
        )

    def drawing(self, reading: Reading, expected: Points, match: Match) -> Drawing:
        """Both paths, with the steps that are not right."""
        wrong = tuple(step for step, item in enumerate(match.items, start=1) if not item.right)
        return Drawing(student=self.with_start(reading.value, expected), reference=expected, wrong_steps=wrong)

    @property
    def sealable(self) -> bool:
        """Step by step, by cells about as wide as its tolerance."""
        return True

    def items_of(self, expected: Points) -> tuple[str, ...]:
        """The steps."""
        return tuple(f"step {step}" for step in range(1, len(expected)))

    def clues(self, reading: Reading, items: Sequence[str]) -> Iterator[Clue]:
        """The cells of each point, which is one step where the start is there and the next where it is left out."""
        steps = (_START, *items)
        for place, point in enumerate(reading.value[: len(steps)]):
            for step in steps[place : place + 2]:
                yield from (Clue(text, step) for text in _joined([self.cells_at(number) for number in point]))

    def locks(self, expected: Points) -> Iterator[Lock]:
        """As `clues`; each piece is the start of the path and its own point."""
        for step, point in zip((_START, *self.items_of(expected)), expected, strict=True):
            for text in _joined([self.cells_around(number) for number in point]):
                yield Lock(Clue(text, step), (expected[0], point))

    @property
    def continues(self) -> bool:
        """Step by step, where it is said how."""
        return bool(self.continuation)

    def guesses(self, expected: Points) -> int:
        """As its easiest step, in all coordinates at once."""
        return min(math.prod(map(self.cells, point)) for point in expected[1:])

    def pieced(self, pieces: Mapping[str, Any], items: Sequence[str]) -> Points:
        """The path, with points that no answer is near to in place of those that were not opened."""
        nowhere = (math.nan,) * self.dimensions
        start = next((tuple(first) for first, _ in pieces.values()), nowhere)
        return (start, *(tuple(pieces[step][1]) if step in pieces else nowhere for step in items))

    def right_answers(self, expected: Points) -> Sequence[Any]:
        """With the start and without it, and the last point at both ends of the tolerance."""
        return [
            list(expected),
            list(expected[1:]),
            *(self._moved(expected, sign * Fraction(999, 1000)) for sign in (-1, 1)),
        ]

    def wrong_answers(self, expected: Points) -> Sequence[Any]:
        """The last point just beyond the tolerance, and the path without it."""
        return [list(expected[:-1]), *(self._moved(expected, sign * BEYOND) for sign in (-1, 1))]

    def _moved(self, expected: Points, share: Fraction) -> list[Point]:
        """The path with the first coordinate of its last point off by a share of the tolerance."""
        *before, (first, *others) = expected
        if not math.isfinite(first):
            return [*before, (first if abs(share) < 1 else 0.0, *others)]
        off = float(share * self.tolerance(first))
        return [*before, (first + off, *others)]


def _joined(coordinates: Sequence[Iterator[str]]) -> Iterator[str]:
    """Every choice of a cell for each coordinate."""
    yield from map(", ".join, product(*map(list, coordinates)))


def _point_text(point: Point) -> str:
    return f"({', '.join(f'{coordinate:.6g}' for coordinate in point)})"


def _array(solved: Any) -> NDArray[np.float64]:
    """What a solver returned, as an array of numbers; ValueError when it is none."""
    try:
        return np.asarray(solved, dtype=np.float64)
    except TypeError as error:
        raise ValueError(f"an array of numbers is expected of the solver, not {solved!r}") from error

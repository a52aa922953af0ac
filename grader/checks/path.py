"""The points that an optimiser visits, step by step."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from grader.answers.paths import Point, read_path
from grader.answers.reading import Reading
from grader.answers.values import Plain
from grader.checks.check import Check, Match
from grader.checks.tolerance import FLOAT_NOISE, near
from grader.records import Item

Points = tuple[Point, ...]


class Path(Check):
    """A path of `steps` steps, as (steps + 1) points with the start or (steps) points without it. Each step is marked."""

    kind: Literal["path"]
    dimensions: int = Field(default=2, ge=1)
    """Coordinates of a point."""
    rtol: float = Field(default=0, ge=0, lt=1)
    """Tolerance of a coordinate relative to the reference."""
    atol: float = Field(default=0, ge=0)
    """Tolerance of a coordinate, in its unit."""
    continuation: str = ""
    """The solver's function that takes the path itself and gives, per step, the points that may follow from the point
    before (shape (steps, alternatives, dimensions)); with it, a slip costs only its own step."""

    @model_validator(mode="after")
    def _has_a_tolerance(self) -> "Path":
        if not (self.rtol or self.atol):
            raise ValueError("a path needs rtol or atol; none is set")
        return self

    def expect(self, solved: Any) -> Points:
        """The solver's array of shape (steps + 1, dimensions), the start first."""
        points = np.asarray(solved, dtype=np.float64)
        if points.ndim != 2 or points.shape[1] != self.dimensions or len(points) < 2:  # noqa: PLR2004 - a start and a step
            raise ValueError(
                f"points of shape (steps + 1, {self.dimensions}) are expected of the solver, not {points.shape}"
            )
        return tuple(tuple(point) for point in points.tolist())

    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """Arrays, lists, frames and text."""
        return read_path(answer, self.dimensions)

    def compare(self, reading: Reading, expected: Points) -> Match:
        """Step by step against the reference."""
        return self.compare_steps(reading, expected, ())

    def compare_steps(self, reading: Reading, expected: Points, nexts: Sequence[Sequence[Any]]) -> Match:
        """Step by step, each also right when it follows from the student's own point before it.

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
            allowed = [expected[step], *(nexts[step - 1] if step <= len(nexts) else ())]
            right = any(self._near(points[step], point) for point in allowed)
            items.append(Item(name=f"step {step}", read_as=_point_text(points[step]), right=right))
        wrong = [item.name for item in items if not item.right]
        credit = Fraction(len(items) - len(wrong), len(items))
        if not wrong:
            return Match(credit, tuple(items))
        note = wrong[0].replace(" ", "=")
        return Match(credit, tuple(items), note, f"The first step to look at is {wrong[0]}.")

    def explains(self, reading: Reading, expected: Points) -> bool:
        """Every step agrees; over several steps that is no accident."""
        points = self.with_start(reading.value, expected)
        return len(points) == len(expected) and all(map(self._near, points, expected))

    def same(self, one: Points, other: Points) -> bool:
        """Equal but for the noise of floats."""
        pairs = ((a, b) for p, q in zip(one, other, strict=True) for a, b in zip(p, q, strict=True))
        return all(near(a, b, rtol=FLOAT_NOISE, atol=FLOAT_NOISE) for a, b in pairs)

    def upstream(self, reading: Reading, expected: Points) -> Any:
        """As an array with its start, shape (points, dimensions)."""
        return np.array(self.with_start(reading.value, expected), dtype=np.float64)

    def show(self, expected: Points) -> str:
        """The points in a row."""
        return " ".join(map(_point_text, expected))

    def with_start(self, points: Points, expected: Points) -> Points:
        """The path with its start, which may be left out."""
        if len(points) < len(expected) and not (points and self._near(points[0], expected[0])):
            return (expected[0], *points)
        return points

    def _near(self, point: Sequence[float], reference: Sequence[float]) -> bool:
        return all(
            near(float(s), float(r), rtol=self.rtol, atol=self.atol) for s, r in zip(point, reference, strict=True)
        )


def _point_text(point: Point) -> str:
    return f"({', '.join(f'{coordinate:.6g}' for coordinate in point)})"

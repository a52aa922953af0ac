"""A real number within a declared tolerance."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from pydantic import Field

from grader.answers.numbers import read_real
from grader.answers.reading import Reading
from grader.answers.values import Plain
from grader.checks.check import RIGHT, WRONG, Match
from grader.checks.clues import Clue, Lock
from grader.checks.exactness import MOST_DIGITS, WithinTolerance, half_a_unit
from grader.checks.numeric import Numeric
from grader.checks.tolerance import (
    BEYOND,
    EXPLAINING_RTOL,
    FLOAT_NOISE,
    Number,
    as_computed,
    is_finite,
    is_the_value,
    leading_place,
    near,
)


class Real(WithinTolerance, Numeric):
    """A real number. A tolerance has to be declared: there is no default that would not hide some mistake."""

    kind: Literal["real"]
    sigfigs: int | None = Field(default=None, ge=1, le=MOST_DIGITS)
    """A tolerance of half a unit of this significant digit of the reference, counted from 1."""
    decimals: int | None = Field(default=None, ge=0, le=MOST_DIGITS)
    """A tolerance of half a unit of this digit behind the point."""

    def tolerance(self, expected: Number) -> Fraction:
        """The greatest of those that are declared."""
        allowed = super().tolerance(expected)
        if self.sigfigs and expected and is_finite(expected):
            allowed = max(allowed, Fraction(10) ** (leading_place(expected) - self.sigfigs + 1) / 2)
        return allowed

    @property
    def fixed_tolerance(self) -> Fraction:
        """Of `atol` and `decimals` the greater."""
        return max(self.atol, Fraction(1, 2 * 10**self.decimals) if self.decimals is not None else self.atol)

    @property
    def relative_tolerance(self) -> Fraction:
        """Of `rtol` and `sigfigs` the greater."""
        return max(self.rtol, half_a_unit(self.sigfigs))

    def expect(self, solved: Any) -> float | Fraction:
        """The solver's number; zero needs `atol` or `decimals`."""
        if isinstance(solved, bool) or not isinstance(solved, int | float | Fraction | np.floating):
            raise ValueError(f"a number is expected of the solver, not {solved!r}")
        if solved != solved:  # noqa: PLR0124 - only NaN differs from itself
            raise ValueError("the reference is NaN, which no answer can equal")
        if solved == 0 and not self.tolerance(0):
            raise ValueError("the reference is 0, so that rtol and sigfigs allow nothing; set atol or decimals")
        return solved if isinstance(solved, int | Fraction) else float(solved)

    @property
    def read_by(self) -> frozenset[str]:
        """What K, M and B stand for."""
        return frozenset({"K"})

    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """Numbers in any spelling."""
        return read_real(answer)

    def compare(self, reading: Reading, expected: float | Fraction) -> Match:
        """Within the tolerance."""
        return Match(RIGHT if near(as_computed(reading), expected, atol=self.tolerance(expected)) else WRONG)

    def explains(self, reading: Reading, expected: float | Fraction) -> bool:
        """Equal as far as written."""
        return is_the_value(reading, expected, rtol=EXPLAINING_RTOL)

    def same(self, one: float | Fraction, other: float | Fraction) -> bool:
        """Equal but for the noise of floats."""
        return near(one, other, rtol=FLOAT_NOISE)

    @property
    def sealable(self) -> bool:
        """By cells about as wide as its tolerance."""
        return True

    def clues(self, reading: Reading, items: Sequence[str]) -> Iterator[Clue]:  # noqa: ARG002 - a number has none
        """The cells that it lies in."""
        yield from map(Clue, self.cells_at(as_computed(reading)))

    def locks(self, expected: float | Fraction) -> Iterator[Lock]:
        """As `clues`."""
        yield from (Lock(Clue(text), expected) for text in self.cells_around(expected))

    def guesses(self, expected: float | Fraction) -> int:
        """Every cell."""
        return self.cells(expected)

    def right_answers(self, expected: float | Fraction) -> Sequence[Any]:
        """The number, and both ends of the tolerance."""
        if not is_finite(expected):
            return (expected,)
        return expected, *(Fraction(expected) + sign * self.tolerance(expected) for sign in (-1, 1))

    def wrong_answers(self, expected: float | Fraction) -> Sequence[Any]:
        """Just beyond both ends."""
        if not is_finite(expected):
            return (0,)
        return [Fraction(expected) + sign * BEYOND * self.tolerance(expected) for sign in (-1, 1)]

"""A real number within a declared tolerance."""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from grader.answers.numbers import read_real
from grader.answers.reading import Reading
from grader.answers.values import Plain
from grader.checks.check import RIGHT, WRONG, Check, Exact, Match, Span
from grader.checks.slips import numeric_slip
from grader.checks.tolerance import (
    BEYOND,
    EXPLAINING_RTOL,
    FLOAT_NOISE,
    as_computed,
    as_float,
    is_the_value,
    near,
    of_one_order,
    span_of,
)


class Real(Check):
    """A real number. A tolerance has to be declared: there is no default that would not hide some mistake."""

    kind: Literal["real"]
    rtol: Exact = Field(default=Fraction(0), ge=0, lt=1)
    """Tolerance relative to the reference."""
    atol: Exact = Field(default=Fraction(0), ge=0)
    """Tolerance in the unit of the answer."""

    @model_validator(mode="after")
    def _has_a_tolerance(self) -> "Real":
        if not (self.rtol or self.atol):
            raise ValueError("a real number needs rtol or atol; none is set")
        return self

    def expect(self, solved: Any) -> float | Fraction:
        """The solver's number; zero needs `atol`."""
        if isinstance(solved, bool) or not isinstance(solved, int | float | Fraction | np.floating):
            raise ValueError(f"a number is expected of the solver, not {solved!r}")
        if solved != solved:  # noqa: PLR0124 - only NaN differs from itself
            raise ValueError("the reference is NaN, which no answer can equal")
        if solved == 0 and not self.atol:
            raise ValueError("the reference is 0, so that rtol allows nothing; set atol")
        return solved if isinstance(solved, int | Fraction) else float(solved)

    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """Numbers in any spelling."""
        return read_real(answer)

    def compare(self, reading: Reading, expected: float | Fraction) -> Match:
        """Within max(atol, rtol * |expected|)."""
        return Match(RIGHT if near(as_computed(reading), expected, rtol=self.rtol, atol=self.atol) else WRONG)

    def explains(self, reading: Reading, expected: float | Fraction) -> bool:
        """Equal as far as written."""
        return is_the_value(reading, expected, rtol=EXPLAINING_RTOL)

    def same(self, one: float | Fraction, other: float | Fraction) -> bool:
        """Equal but for the noise of floats."""
        return near(one, other, rtol=FLOAT_NOISE)

    def plausible(self, value: float | Fraction, expected: float | Fraction) -> bool:
        """Of the same order."""
        return of_one_order(value, expected)

    def slip(self, reading: Reading, expected: float | Fraction) -> str:
        """A sign, a power of ten, a prefix, bits for bytes."""
        return numeric_slip(reading, expected)

    def span(self, reading: Reading) -> Span:
        """Around the number that was given."""
        return span_of(reading)

    def landmark(self, value: float | Fraction, item: str) -> float:  # noqa: ARG002 - a number has no items
        """The number itself."""
        return as_float(value)

    def right_answers(self, expected: float | Fraction) -> Sequence[Any]:
        """The number, and both ends of the tolerance."""
        if not math.isfinite(expected):
            return (expected,)
        return expected, *(Fraction(expected) + sign * self._tolerance(expected) for sign in (-1, 1))

    def wrong_answers(self, expected: float | Fraction) -> Sequence[Any]:
        """Just beyond both ends."""
        if not math.isfinite(expected):
            return (0,)
        return [Fraction(expected) + sign * BEYOND * self._tolerance(expected) for sign in (-1, 1)]

    def _tolerance(self, expected: float | Fraction) -> Fraction:
        return max(self.atol, self.rtol * abs(Fraction(expected)))

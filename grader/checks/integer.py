"""A whole number, such as a count of parameters: exact, unless rounded answers are allowed."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field

from grader.answers.numbers import read_integer
from grader.answers.reading import Reading
from grader.answers.shapes import read_square
from grader.answers.values import Plain
from grader.checks.check import RIGHT, Check, Exact, Match, Span
from grader.checks.slips import numeric_slip
from grader.checks.tolerance import as_float, is_the_value, of_one_order, rounded, span_of


class Integer(Check):
    """A whole number. "163,696", 163696 and 160K (where `rounding` allows it) are ways to write one."""

    kind: Literal["integer"]
    rounding: Exact = Field(default=Fraction(0), ge=0, lt=0.5)
    """Greatest relative distance at which a correctly rounded answer ("160K") still counts; 0 asks for the exact number."""
    square: bool = False
    """Whether the side of a square may also be given as a size: "9x9" or (9, 9) for 9."""

    def expect(self, solved: Any) -> int:
        """The solver's whole number."""
        if isinstance(solved, bool) or not isinstance(solved, int):
            raise ValueError(f"an integer is expected of the solver, not {solved!r}")
        return solved

    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """Whole numbers in any spelling."""
        if self.square and (reading := read_square(answer)):
            return (reading,)
        return read_integer(answer)

    def compare(self, reading: Reading, expected: int) -> Match:
        """Equal, or the rounding of it where that is allowed."""
        if reading.value == expected:
            return Match(RIGHT)
        return rounded(reading, expected, at_most=self.rounding)

    def explains(self, reading: Reading, expected: int) -> bool:
        """Equal as far as written."""
        return is_the_value(reading, expected)

    def plausible(self, value: int, expected: int) -> bool:
        """Of the same order."""
        return of_one_order(value, expected)

    def slip(self, reading: Reading, expected: int) -> str:
        """A sign, a power of ten, a prefix, bits for bytes."""
        return numeric_slip(reading, expected)

    def span(self, reading: Reading) -> Span:
        """Around the number that was given."""
        return span_of(reading)

    def landmark(self, value: int, item: str) -> float:  # noqa: ARG002 - a number has no items
        """The number itself."""
        return as_float(value)

    def right_answers(self, expected: int) -> Sequence[Any]:
        """The number itself."""
        return (expected,)

    def wrong_answers(self, expected: int) -> Sequence[Any]:
        """Its neighbours."""
        return expected - 1, expected + 1

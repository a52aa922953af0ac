"""An amount of memory: a number with a unit of bytes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field

from grader.answers.quantities import in_other_units, read_bytes
from grader.answers.reading import Reading
from grader.answers.values import Plain
from grader.checks.check import RIGHT, Check, Exact, Match, Span
from grader.checks.slips import numeric_slip
from grader.checks.tolerance import BEYOND, FLOAT_NOISE, as_float, is_the_value, near, of_one_order, rounded, span_of

# A bare number is taken in bytes; the reader marks such a reading so that "unit missing" can be told from "wrong".
_BARE = ("unit", "assumed")


class Quantity(Check):
    """An amount of memory, in any unit of bytes. A plain number is taken as bytes."""

    kind: Literal["quantity"]
    unit: Literal["byte"] = "byte"
    """The unit in which the solver answers, and in which a plain number is taken."""
    rtol: Exact = Field(default=Fraction(0), ge=0, lt=1)
    """Tolerance relative to the reference, for every answer."""
    rounding: Exact = Field(default=Fraction(0), ge=0, lt=0.5)
    """Greatest relative distance at which a correctly rounded answer ("600 MB") still counts; numbers written in full are
    held to `rtol`."""
    unit_credit: Exact = Field(default=Fraction(1, 2), ge=0, le=1)
    """Share of the points for the right number without its unit."""

    def expect(self, solved: Any) -> int | Fraction:
        """The solver's number of bytes."""
        if isinstance(solved, bool) or not isinstance(solved, int | Fraction):
            raise ValueError(f"an exact number of bytes is expected of the solver, not {solved!r}")
        return solved

    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """Amounts in any unit of bytes."""
        return read_bytes(answer)

    def compare(self, reading: Reading, expected: int | Fraction) -> Match:
        """The right amount, or the right number without its unit."""
        match = self._amount(reading, expected)
        if match.credit:
            return match
        if _BARE not in reading.tags:
            if any(self._amount(other, expected).right for other in _in_wrong_units(reading)):
                words = "The number is right in another unit; look at the unit again."
                return Match(self.unit_credit, note="unit-wrong", message=words, told=True)
            return match
        for other in in_other_units(reading):
            if self._amount(other, expected).right:
                words = f"The number is right as {other.text}, but its unit is missing."
                return Match(self.unit_credit, note="unit-missing", message=words, told=True)
        return match

    def _amount(self, reading: Reading, expected: int | Fraction) -> Match:
        if near(reading.value, expected, rtol=max(self.rtol, _noise(reading))):
            return Match(RIGHT)
        return rounded(reading, expected, at_most=self.rounding)

    def explains(self, reading: Reading, expected: int | Fraction) -> bool:
        """Equal as far as written."""
        return is_the_value(reading, expected, rtol=_noise(reading))

    def plausible(self, value: int | Fraction, expected: int | Fraction) -> bool:
        """Of the same order."""
        return of_one_order(value, expected)

    def slip(self, reading: Reading, expected: int | Fraction) -> str:
        """A sign, a power of ten, a prefix, bits for bytes."""
        return numeric_slip(reading, expected)

    def span(self, reading: Reading) -> Span:
        """Around the number that was given."""
        return span_of(reading)

    def landmark(self, value: int | Fraction, item: str) -> float:  # noqa: ARG002 - a number has no items
        """The number itself."""
        return as_float(value)

    def right_answers(self, expected: int | Fraction) -> Sequence[Any]:
        """The bare number and the number with its unit, at both ends of the tolerance if there is one."""
        return expected, f"{expected} {self.unit}", *self._at(expected, Fraction(1))

    def wrong_answers(self, expected: int | Fraction) -> Sequence[Any]:
        """Just beyond the tolerance."""
        return self._at(expected, BEYOND) or (expected - 1, expected + 1)

    def _at(self, expected: int | Fraction, share: Fraction) -> tuple[Fraction, ...]:
        """Both ends of a share of the tolerance."""
        return tuple(expected * (1 + sign * share * self.rtol) for sign in (-1, 1)) if self.rtol else ()


def _in_wrong_units(reading: Reading) -> Iterator[Reading]:
    """What the amount would be, had another unit been written behind the number."""
    for factor in (Fraction(base) ** power for base in (1000, 1024) for power in (-3, -2, -1, 1, 2, 3)):
        scaled = {"value": reading.value * factor, "unit_in_last_place": reading.unit_in_last_place * factor}
        yield replace(reading, **scaled)


def _noise(reading: Reading) -> Fraction:
    """What a number may be off by for having been a float; a whole number of bytes never was one."""
    return FLOAT_NOISE if reading.unit_in_last_place else Fraction(0)

"""An amount of memory, of operations or of time, or a ratio: a number with a unit."""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field

from grader.answers.quantities import AMOUNTS, ASSUMED, in_confused_units, in_other_units, read_quantity
from grader.answers.reading import Reading
from grader.answers.values import Plain
from grader.checks.check import RIGHT, Exact, Match
from grader.checks.clues import Clue, Lock
from grader.checks.exactness import RoundedOrExact
from grader.checks.slips import WORDS, numeric_slip
from grader.checks.tolerance import BEYOND, FLOAT_NOISE, is_the_value, near

# What is computed by dividing; bytes and operations are counted.
_MEASURED = {"second", "ratio"}


class Quantity(RoundedOrExact):
    """An amount in any unit of its kind. A plain number is taken in the unit that is asked for."""

    kind: Literal["quantity"]
    unit: Literal["byte", "flop", "mac", "second", "ratio"] = "byte"
    """The unit in which the solver answers, and in which a plain number is taken."""
    rtol: Exact = Field(default=Fraction(0), ge=0, lt=1)
    """Tolerance relative to the reference, for every answer."""
    unit_credit: Exact = Field(default=Fraction(1, 2), ge=0, le=1)
    """Share of the points for the right number without its unit, or with a wrong one."""

    def expect(self, solved: Any) -> float | Fraction:
        """The solver's number in the unit, exact if it is one of bytes or operations."""
        if isinstance(solved, float) and math.isfinite(solved) and self.unit in _MEASURED:
            return float(solved)
        if isinstance(solved, bool) or not isinstance(solved, int | Fraction):
            raise ValueError(f"an exact number in the unit {self.unit} is expected of the solver, not {solved!r}")
        return solved

    def slip(self, reading: Reading, expected: float | Fraction) -> str:
        """Of bytes also a prefix, and bits for bytes."""
        return numeric_slip(reading, expected, WORDS if self.unit == "byte" else ("sign", "power-of-ten"))

    @property
    def read_by(self) -> frozenset[str]:
        """What prefixes of bytes stand for, or how many operations a multiply-add is."""
        return frozenset(
            {"byte": ("prefix",), "flop": ("flops_per_mac",), "mac": ("flops_per_mac",)}.get(self.unit, ())
        )

    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """Amounts in any unit."""
        return read_quantity(answer, self.unit)

    def compare(self, reading: Reading, expected: float | Fraction) -> Match:
        """The right amount, or the right number without its unit."""
        match = self._amount(reading, expected)
        if match.credit:
            return match
        if ASSUMED not in reading.tags:
            if any(self._amount(other, expected).right for other in in_confused_units(reading, self.unit)):
                words = "The number is right in another unit; look at the unit again."
                return Match(self.unit_credit, note="unit-wrong", message=words, told=True)
            return match
        for other in in_other_units(reading, self.unit):
            if self._amount(other, expected).right:
                words = "The number would be right in some unit, but its unit is missing."
                return Match(self.unit_credit, note="unit-missing", message=words, told=True)
        return match

    def _amount(self, reading: Reading, expected: float | Fraction) -> Match:
        if near(reading.value, expected, rtol=max(self.rtol, _noise(reading))):
            return Match(RIGHT)
        return self.rounded(reading, expected)

    def explains(self, reading: Reading, expected: float | Fraction) -> bool:
        """Equal as far as written."""
        return is_the_value(reading, expected, rtol=_noise(reading))

    def same(self, one: float | Fraction, other: float | Fraction) -> bool:
        """Equal, but for the noise of floats where they are measured."""
        return near(one, other, rtol=FLOAT_NOISE if self.unit in _MEASURED else 0)

    @property
    def sealable(self) -> bool:
        """By its leading digits, since an amount may come from computing with floats."""
        return True

    @property
    def cell_share(self) -> Fraction:
        """At least some times the noise of floats."""
        return max(super().cell_share, self.rtol, 2 * FLOAT_NOISE)

    def clues(self, reading: Reading, items: Sequence[str]) -> Iterator[Clue]:  # noqa: ARG002 - an amount has none
        """The cell that it lies in."""
        yield from map(Clue, self.cells_at(reading.value))

    def remark(self, readings: Sequence[Reading]) -> str:
        """In which unit a bare number was taken."""
        is_bare = any(ASSUMED in reading.tags for reading in readings)
        return f"No unit was given, so it is taken in the unit {self.unit}." if is_bare else ""

    def further_clues(self, reading: Reading) -> Iterator[Clue]:
        """The same in units that it may have been meant in."""
        others = in_other_units if ASSUMED in reading.tags else in_confused_units
        for other in others(reading, self.unit):
            yield from self.clues(other, ())

    def locks(self, expected: float | Fraction) -> Iterator[Lock]:
        """As `clues`."""
        yield from (Lock(Clue(text), expected) for text in self.cells_around(expected))

    def right_answers(self, expected: float | Fraction) -> Sequence[Any]:
        """The bare number and the number with its unit, rounded as far as it may be, and at both ends of the tolerance."""
        unit = AMOUNTS[self.unit].dimension.suffix
        rounded = [f"{number}{unit}" for number in self.rounded_answers(expected)[0]]
        return expected, f"{expected}{unit}", *self._at(expected, Fraction(1)), *rounded

    def wrong_answers(self, expected: float | Fraction) -> Sequence[Any]:
        """Just beyond the tolerance, and wrongly rounded."""
        unit = AMOUNTS[self.unit].dimension.suffix
        beside = expected * FLOAT_NOISE * 2 if isinstance(expected, float) else 1
        rounded = [
            f"{number}{unit}" for number in self.rounded_answers(expected)[1] if not self._is_within(number, expected)
        ]
        neighbours = [n for n in (expected - beside, expected + beside) if not self._is_rounded(n, expected)]
        return *(self._at(expected, BEYOND) or neighbours), *rounded

    def _is_rounded(self, number: float | Fraction, expected: float | Fraction) -> bool:
        """Whether it ends in zeros, and so is a rounding of the expected one."""
        return bool(self.rounded(Reading(number, ""), expected).credit)

    def _at(self, expected: float | Fraction, share: Fraction) -> tuple[Fraction, ...]:
        """Both ends of a share of the tolerance."""
        return (
            tuple(Fraction(expected) * (1 + sign * share * self.rtol) for sign in (-1, 1))
            if self.rtol and expected
            else ()
        )

    def _is_within(self, number: str, expected: float | Fraction) -> bool:
        return near(Fraction(number), Fraction(expected), rtol=max(self.rtol, FLOAT_NOISE))


def _noise(reading: Reading) -> Fraction:
    """What a number may be off by for having been a float; a whole number of bytes never was one."""
    return FLOAT_NOISE if reading.unit_in_last_place else Fraction(0)

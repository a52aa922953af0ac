"""How exactly a number has to agree, as a problem file declares it: exactly but for rounding, or within a tolerance."""

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from pydantic import Field, model_validator

from grader.answers.reading import Reading
from grader.checks.check import Check, Exact, Match
from grader.checks.numeric import Numeric
from grader.checks.numeric_cells import (
    MARGIN,
    all_leading,
    all_within,
    digits_for,
    leading,
    leading_cells,
    length,
    within,
)
from grader.checks.tolerance import Number, is_finite, leading_place, rounded

# More digits than a float holds are nothing that anybody rounds to.
MOST_DIGITS = 15


def half_a_unit(sigfigs: int | None) -> Fraction:
    """Of the last of so many significant digits, relative to a number that begins with 1, where it is most; 0 without digits."""
    return Fraction(10) ** (1 - sigfigs) / 2 if sigfigs else Fraction(0)


class RoundedOrExact(Numeric):
    """A check of exact numbers, of which answers with few digits may count."""

    rounding: Exact = Field(default=Fraction(0), ge=0, lt=0.5)
    """Greatest relative distance at which a correctly rounded answer ("160K") still counts; 0 asks for the exact number."""
    sigfigs: int | None = Field(default=None, ge=1, le=MOST_DIGITS)
    """Significant digits from which a correctly rounded answer counts; without it, and without `rounding`, none does."""

    @model_validator(mode="after")
    def _rounds_in_one_way(self) -> "RoundedOrExact":
        if self.rounding and self.sigfigs:
            raise ValueError("rounding and sigfigs both say which rounded answers count; set one of them")
        return self

    def rounded(self, reading: Reading, expected: Number) -> Match:
        """Judges an answer with few digits, where it may count; zeros at the end of a whole number may be such rounding."""
        return rounded(with_zeros(reading), expected, at_most=self.rounding, sigfigs=self.sigfigs)

    @property
    def _rounded_share(self) -> Fraction:
        """How far a rounded answer that counts may be off, relative to it."""
        return self.rounding or half_a_unit(self.sigfigs)

    @property
    def cell_share(self) -> Fraction:
        """The share of a number that its cell is about as wide as; 0 where only the exact number counts."""
        return self._rounded_share

    def cells_at(self, number: Number) -> Iterator[str]:
        """The cell that an answer lies in, see `numeric_cells`; none where only the exact number counts."""
        if self.cell_share:
            yield leading(number, digits_for(self.cell_share))

    def cells_around(self, expected: Number) -> Iterator[str]:
        """The cells of all answers that a number may be right by."""
        if not self.cell_share:
            return
        digits = digits_for(self.cell_share)
        if not is_finite(expected):
            yield leading(expected, digits)
            return
        # Of one digit, 1 counts as 1.99 cut off, and 2 as 1.5 rounded; of more digits it is less.
        unit = 2 * self._rounded_share if self.sigfigs else Fraction(0)
        exact, room = Fraction(expected), self.cell_share + MARGIN
        ends = (exact / (1 + unit), exact / (1 - unit / 2), exact * (1 - room), exact * (1 + room))
        yield from all_leading(min(ends), max(ends), digits)

    def guesses(self, expected: Number) -> int:
        """Every number of its length, or every cell, of which several are right."""
        if not self.cell_share:
            return int(10 ** length(expected))
        cells = leading_cells(expected, digits_for(self.cell_share))
        return min(cells // len(list(self.cells_around(expected))), int(10 ** length(expected)))

    def rounded_answers(self, expected: Number) -> tuple[list[str], list[str]]:
        """Answers with as few digits as may count: such as are right, and such as are wrong by a unit or a digit."""
        if not expected or not (self.rounding or self.sigfigs) or not is_finite(expected):
            return [], []
        exact = Fraction(expected)
        for digits in range(self.sigfigs or 1, MOST_DIGITS + 1):
            right = [n for n in _rounded_to(exact, digits) if self.sigfigs or self._is_near(n, exact)]
            if right:
                fewer = [n for n in _rounded_to(exact, digits - 1) if self.sigfigs or not self._is_near(n, exact)]
                wrong = [*_beside(exact, digits), *fewer]
                return [_spelled(n) for n in right], [_spelled(n) for n in wrong if n[0] * n[1] != exact]
        return [], []

    def _is_near(self, number: "Digits", exact: Fraction) -> bool:
        return abs(number[0] * number[1] - exact) <= self.rounding * abs(exact)


class WithinTolerance(Check):
    """A check of numbers that may be off by a declared tolerance; the greatest one counts."""

    rtol: Exact = Field(default=Fraction(0), ge=0, lt=1)
    """Tolerance relative to the reference."""
    atol: Exact = Field(default=Fraction(0), ge=0)
    """Tolerance in the unit of the answer."""

    def tolerance(self, expected: Number) -> Fraction:
        """How far an answer may be off; nothing, if the reference is not finite."""
        return max(self.fixed_tolerance, self.rtol * abs(Fraction(expected))) if is_finite(expected) else Fraction(0)

    @property
    def fixed_tolerance(self) -> Fraction:
        """What holds whatever the reference is, in the unit of the answer."""
        return self.atol

    @property
    def relative_tolerance(self) -> Fraction:
        """The most that holds relative to the reference."""
        return self.rtol

    def cells_at(self, number: Number) -> Iterator[str]:
        """The cells that an answer lies in, see `numeric_cells`: one for each sort of tolerance that is declared."""
        if self.fixed_tolerance:
            yield within(number, 2 * self.fixed_tolerance)
        if self.relative_tolerance:
            yield leading(number, digits_for(self.relative_tolerance))

    def cells_around(self, expected: Number) -> Iterator[str]:
        """The cells of all answers that a number may be right by."""
        allowed = self.tolerance(expected)
        room = allowed * (1 + MARGIN) + abs(Fraction(expected)) * MARGIN if is_finite(expected) else 0
        if self.fixed_tolerance >= allowed and self.fixed_tolerance:
            yield from all_within(expected - room, expected + room, 2 * self.fixed_tolerance)
        else:
            yield from all_leading(expected - room, expected + room, digits_for(self.relative_tolerance))

    def cells(self, expected: Number) -> int:
        """How many cells numbers have that are no longer than this one, for each in which it may be."""
        by_share = leading_cells(expected, digits_for(self.relative_tolerance)) if self.relative_tolerance else None
        by_width = int(10 ** length(expected) / (2 * self.fixed_tolerance)) + 1 if self.fixed_tolerance else None
        return max(2, min(count for count in (by_share, by_width) if count) // len(list(self.cells_around(expected))))

    @model_validator(mode="after")
    def _has_a_tolerance(self) -> "WithinTolerance":
        if not self.tolerance(1):
            names = [name for name in ("rtol", "atol", "sigfigs", "decimals") if name in type(self).model_fields]
            raise ValueError(f"needs {' or '.join(names)}, since there is no tolerance that fits every answer")
        return self


def with_zeros(reading: Reading) -> Reading:
    """164000 as what was rounded to 164 thousand."""
    if reading.unit_in_last_place or not isinstance(reading.value, int) or reading.value == 0:
        return reading
    zeros = len(str(reading.value)) - len(str(reading.value).rstrip("0"))
    return replace(reading, unit_in_last_place=Fraction(10) ** zeros) if zeros else reading


# A whole number of units, and the unit: a power of ten.
Digits = tuple[int, Fraction]


def _rounded_to(exact: Fraction, digits: int) -> Iterator[Digits]:
    """The number rounded to so many digits; both ways if it is halfway between two."""
    if digits:
        unit = _unit(exact, digits)
        for count in dict.fromkeys(
            (math.ceil(exact / unit - Fraction(1, 2)), math.floor(exact / unit + Fraction(1, 2)))
        ):
            # 99.6 has two digits as 100, of which one is the unit of the next place
            yield (count // 10, unit * 10) if abs(count) == 10**digits else (count, unit)


def _beside(exact: Fraction, digits: int) -> Iterator[Digits]:
    """The numbers of so many digits that are next to a rounded one and are none."""
    unit = _unit(exact, digits)
    yield math.ceil(exact / unit - Fraction(1, 2)) - 1, unit
    yield math.floor(exact / unit + Fraction(1, 2)) + 1, unit


def _unit(exact: Fraction, digits: int) -> Fraction:
    return Fraction(10) ** (leading_place(exact) - digits + 1)


def _spelled(number: Digits) -> str:
    """With an exponent, so that no more digits are written than there are."""
    count, unit = number
    return f"{count}e{leading_place(unit)}"

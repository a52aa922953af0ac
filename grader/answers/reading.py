"""What an answer is read as: an exact value, the words that say so, and the conventions that the reading rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction
from typing import Any

TIMES = "\N{MULTIPLICATION SIGN}"
# From here on digits no longer help a reader, and the number is shown as a power of ten.
LONGEST_NUMBER = 10**36
# Digits after the point that are written out; what needs more is shown as a ratio, or rounded.
DECIMALS = 12
# Digits of a number that is rounded, and all those of one that is written out: 36 before the point and 12 behind it.
ROUNDED = 10
WRITTEN_OUT = 48


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read an answer. An answer such as "159K" has several, told apart by their tags."""

    value: Any
    """Exact: int, Fraction, tuple, bool, str or Expression; a float only where it is not finite, or in a path."""
    text: str
    """For the report: "159 x 1024 = 162 816", with a real multiplication sign."""
    tags: tuple[tuple[str, str], ...] = ()
    """Conventions that this reading rests on: (("K", "1024"),)."""
    unit_in_last_place: Fraction = Fraction(0)
    """One unit of the last digit written, in the value's own unit; 0 where the value is exact."""
    significant_digits: int | None = None
    """Digits written, without leading zeros; None where the value is exact or the digits are unknown."""

    def agrees(self, conventions: Mapping[str, Any]) -> bool:
        """Whether it rests on no other than these conventions; what they leave open may be read in any way."""
        return all(conventions.get(name, value) == value for name, value in self.tags)


def digits_of(value: int | Fraction, unit_in_last_place: Fraction) -> int:
    """How many significant digits a number has that was written down to this unit of its last digit, which is not 0."""
    return len(str(int(abs(Fraction(value)) / unit_in_last_place)))


def number_text(value: float | Fraction) -> str:
    """The number as a report shows it: "162 816", "0.75", "1/3", "1.5e+40".

    Whole numbers are grouped in threes; a fraction is written out where that takes no more than 12 decimals.
    """
    if isinstance(value, float):
        return repr(value)
    if value.denominator == 1 and abs(value.numerator) < LONGEST_NUMBER:
        return f"{value.numerator:,}".replace(",", " ")
    number = Fraction(value)
    if abs(number) >= LONGEST_NUMBER:
        return _rounded(number)
    if (number * 10**DECIMALS).denominator == 1:
        return f"{_divided(number, WRITTEN_OUT).normalize(_reaching(WRITTEN_OUT)):,f}".replace(",", " ")
    return str(number) if max(abs(number.numerator), number.denominator) < 10**6 else _rounded(number)


def _rounded(number: Fraction) -> str:
    """Ten digits, by a Decimal, whose exponents reach further than a float's."""
    return f"{_divided(number, ROUNDED).normalize(_reaching(ROUNDED)):g}"


def _divided(number: Fraction, digits: int) -> Decimal:
    return _reaching(digits).divide(Decimal(number.numerator), Decimal(number.denominator))


def _reaching(digits: int) -> Context:
    """A context that no number which fits into memory is too large or too small for."""
    return Context(prec=digits, Emax=MAX_EMAX, Emin=MIN_EMIN)

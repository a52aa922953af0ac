"""Whole and real numbers in any spelling: 163696, "163,696", "163 696", "159K", "2^20", "3/4", "45%", "64*3 + 1"."""

import math
import re
from decimal import Decimal
from fractions import Fraction

from grader.answers.calculations import EXPECTED, scan_calculation
from grader.answers.dimensions import COUNT, Dimension, Scale
from grader.answers.reading import TIMES, Reading, number_text
from grader.answers.terms import Term
from grader.answers.text import (
    EXPRESSION_LENGTH,
    NUMBER_LENGTH,
    normalise,
    place,
    sides,
    skip_blanks,
    too_long,
    unexpected,
)
from grader.answers.values import Plain, kind_of, only_element
from grader.errors import Unreadable

TYPED_DIGITS = 10  # a float with more was computed, and its last digits are noise
LARGEST = 10**100  # far beyond any answer, and far below what a float can hold

# What makes a number a calculation, which may be longer.
_CALCULATES = re.compile(rf"[-+*/^({TIMES}xX]")


def read_integer(plain: Plain) -> tuple[Reading, ...]:
    """All readings as a whole number, each with an exact int.

    A rounded answer may be a Fraction: "159.9K" with K = 1024. No reading is Unreadable, and so is a bool.
    """
    readings = read_real(plain)
    whole = tuple(reading for reading in readings if _is_whole(reading))
    if not whole:
        raise Unreadable(f"{readings[0].text} is not a whole number", expected="a whole number such as 4096")
    return whole


def _is_whole(reading: Reading) -> bool:
    """Whether it is whole, or was written with no digit finer than one."""
    return isinstance(reading.value, int) or (isinstance(reading.value, Fraction) and reading.unit_in_last_place >= 1)


def read_real(plain: Plain) -> tuple[Reading, ...]:
    """All readings as a number: an int where it is whole, else a Fraction, or the float nan or inf.

    No reading is Unreadable, and so is a bool.
    """
    return read_number(plain, COUNT)


def read_number(plain: Plain, dimension: Dimension) -> tuple[Reading, ...]:
    """All readings of a number with one of the units of the dimension behind it; without any it is Unreadable."""
    plain = only_element(plain)
    readings = _read_text(plain, dimension) if isinstance(plain, str) else _read_value(plain, dimension)
    if any(LARGEST < abs(reading.value) < math.inf for reading in readings):
        raise Unreadable("a number beyond 10^100", expected=EXPECTED)
    return readings


def _read_value(plain: Plain, dimension: Dimension) -> tuple[Reading, ...]:
    """The readings of a Python number."""
    if isinstance(plain, bool) or not isinstance(plain, int | float | Fraction | Decimal):
        raise Unreadable(kind_of(plain), expected=f"one number, {EXPECTED}")
    if isinstance(plain, float) and not math.isfinite(plain):
        return (Reading(plain, repr(plain)),)
    if "" not in dimension.units:
        raise Unreadable("a number without a unit", expected=dimension.expected)
    return scaled(_term(plain), "", dimension)


def _term(number: float | Fraction | Decimal) -> Term:
    """A Python number with what is known of its last digit."""
    # A float stands for what the student sees of it; the binary number behind it may have fifty digits.
    is_short = isinstance(number, float) and not number.is_integer()
    value = Fraction(repr(number)) if is_short else Fraction(number)
    shown = number_text(value)
    match number:
        case float():
            return Term(value, _last_digit(number), None, in_full=False, shown=shown)
        case Decimal():
            _, digits, exponent = number.as_tuple()
            return Term(value, Fraction(10) ** int(exponent), len(digits), in_full=exponent == 0, shown=shown)
        case _:
            return Term(value, Fraction(0), None, in_full=True, shown=shown)


def _last_digit(number: float) -> Fraction:
    """One unit of a float's last digit: as it was typed, if it has few digits, else of its last bit."""
    typed = Decimal(repr(number)).normalize()  # 600.4e6 is shown as 600400000.0, and was typed with four digits
    exponent = int(typed.as_tuple().exponent)
    if exponent == 0 or len(typed.as_tuple().digits) > TYPED_DIGITS:
        return Fraction(math.ulp(number))
    return Fraction(10) ** exponent


def scaled(term: Term, unit: str, dimension: Dimension) -> tuple[Reading, ...]:
    """The readings of a number of a known unit."""
    return tuple(_scaled(term, scale, dimension.suffix) for scale in dimension.units[unit])


def _scaled(term: Term, scale: Scale, suffix: str) -> Reading:
    is_alone = scale.factor == 1
    value = term.value if is_alone else term.value * scale.factor
    exact = term.in_full and is_alone
    written = f"{term.shown} {TIMES} {scale.shown}" if scale.shown else term.shown
    result = number_text(value)
    return Reading(
        value=value.numerator if value.denominator == 1 else value,
        text=(result if written == result else f"{written} = {result}") + suffix,
        tags=scale.tags,
        unit_in_last_place=Fraction(0) if exact else term.unit_in_last_place * scale.factor,
        significant_digits=None if exact else term.digits,
    )


def _read_text(text: str, dimension: Dimension) -> tuple[Reading, ...]:
    """The readings of a text; of an equation, those of its most exact side ("163696 = 160K") that all sides agree on."""
    read = [_read_side(side, dimension) for side in sides(normalise(text, EXPRESSION_LENGTH))]
    exact = min(read, key=lambda readings: min(reading.unit_in_last_place for reading in readings))
    agreed = tuple(one for one in exact if all(any(_agree(one, other) for other in side) for side in read))
    if not agreed:
        raise Unreadable("two different numbers with an equals sign between them", expected="one of them")
    return agreed


def _agree(exact: Reading, other: Reading) -> bool:
    """Whether they differ by less than a unit of the last digit written, as after rounding or cutting off."""
    return bool(exact.value == other.value or abs(exact.value - other.value) < other.unit_in_last_place)


# What many write for the sign of an approximation.
_ABOUT = re.compile(r" *(?:about|approximately|approx\.?|around|roughly|ca\.?)(?= *[-+.0-9])", re.IGNORECASE)


def _read_side(text: str, dimension: Dimension) -> tuple[Reading, ...]:
    """The readings of "~160K parameters"."""
    if dimension.ignored:
        text = dimension.ignored.sub("", text).rstrip()
    if len(text.strip()) > NUMBER_LENGTH and not _CALCULATES.search(text):
        raise too_long(text.strip(), NUMBER_LENGTH)
    if about := _ABOUT.match(text):
        text = "~".rjust(about.end()) + text[about.end() :]  # what follows keeps its place
    start = skip_blanks(text, 0)
    term, end = scan_calculation(text, start + text.startswith("~", start))
    unit = _unit(text[end:], dimension)
    if unit not in dimension.units:
        raise _no_unit(text, skip_blanks(text, end), dimension)
    if term.is_sum and any(scale.factor != 1 for scale in dimension.units[unit]):
        trouble = f"{unit!r} behind a sum may belong to its last number alone"
        raise Unreadable(trouble, place=place(skip_blanks(text, end)), expected="parentheses around the sum")
    return scaled(term, unit, dimension)


def _unit(text: str, dimension: Dimension) -> str:
    """What stands behind a number, as the dimension may spell it; a full stop ends the sentence."""
    unit = "".join(text.split()).removesuffix(".")
    return unit.casefold() if dimension.any_case else unit


def _no_unit(text: str, position: int, dimension: Dimension) -> Unreadable:
    """What is wrong with the text behind a number."""
    word = text[position:].strip()
    if word and not word[0].isalpha():
        return unexpected(text, position, EXPECTED)
    trouble = f"an unknown unit {word!r}" if word else "a number without a unit"
    return Unreadable(trouble, place=place(position), expected=dimension.expected)

"""Slips of the pen: what a wrong number is beside the right one. They are said and earn nothing."""

import math
from collections.abc import Collection
from fractions import Fraction
from itertools import permutations
from math import prod

from grader.answers.reading import Reading
from grader.checks.tolerance import Number, as_float, is_finite, is_the_value

# With fewer digits, a number is some power of ten times another by chance.
FEWEST_DIGITS = 3
# Powers that people slip by: a million for a thousand, GiB for GB.
POWERS_OF_TEN = (*range(-12, 0), *range(1, 13))
POWERS_OF_PREFIX = (-4, -3, -2, -1, 1, 2, 3, 4)
# More orders than these are not tried: a shape has three or four sizes.
MOST_SIZES = 5

_FACTORS: dict[str, tuple[Fraction, ...]] = {
    "sign": (Fraction(-1),),
    "power-of-ten": tuple(Fraction(10) ** power for power in POWERS_OF_TEN),
    "prefix": tuple(Fraction(1024, 1000) ** power for power in POWERS_OF_PREFIX),
    "bits": (Fraction(8), Fraction(1, 8)),
}
WORDS = {
    "rounded": "This is the right number, rounded; the exact one is asked for.",
    "sign": "The number is right but for its sign.",
    "power-of-ten": "The digits are right, the power of ten is not.",
    "prefix": "This is off by a power of 1024/1000. Which of the two does each of your prefixes mean?",
    "bits": "This is off by a factor of 8. Did you count bits or bytes?",
    "axes": "The sizes are right, but in another order. Which axis comes first?",
}


def numeric_slip(reading: Reading, expected: Number, names: Collection[str]) -> str:
    """The name of the slip, out of these, that leads from the right number to the one that was given, or ""."""
    if isinstance(reading.value, float) or not is_finite(expected) or reading.value == 0:
        return ""  # what is no number has no slip
    right, ratio = Fraction(expected), as_float(reading.value) / (as_float(expected) or math.inf)
    is_coarse = reading.unit_in_last_place * 10 ** (FEWEST_DIGITS - 1) > abs(reading.value)
    for name, factors in _FACTORS.items():
        if name not in names:
            continue
        if name != "sign" and (_digits(right) < FEWEST_DIGITS or is_coarse):
            continue
        if any(is_the_value(reading, right * factor) for factor in factors if _roughly(ratio, factor)):
            return name
    return ""


def _roughly(ratio: float, factor: Fraction) -> bool:
    """Whether it is worth to look more closely."""
    return abs(ratio - float(factor)) <= abs(float(factor)) / 10


def axes_slip(shape: tuple[int, ...], expected: tuple[int, ...]) -> str:
    """As `numeric_slip`, for the sizes of a shape in another order."""
    if shape == expected or len(shape) > MOST_SIZES or prod(shape) != prod(expected):
        return ""
    return "axes" if shape in permutations(expected) else ""


def _digits(number: Fraction) -> int:
    """Significant digits of a number; many for one without an end."""
    decimals = number * 10**12
    return len(str(abs(decimals.numerator)).strip("0")) if decimals.denominator == 1 else FEWEST_DIGITS

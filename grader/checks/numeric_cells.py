"""Cells of numbers: an answer and all numbers that it is right by lie in one of a few, whose names can be sealed as clues."""

import math
from collections.abc import Iterator
from fractions import Fraction

from grader.checks.tolerance import Number, is_finite, leading_place

FEWEST_DIGITS = 2
"""Of a cell. With one, cells that are two units wide would reach beyond 5, where wider ones begin."""
MARGIN = Fraction(1, 10**9)
"""Beyond the edge of a tolerance, relative to it and to the number: wider than what the noise of floats lets count."""


def within(number: Number, width: Fraction) -> str:
    """The cell of a fixed width in which a number lies; an infinity or NaN lies in one of its own.

    Args:
        number: of an answer.
        width: of every cell, in the unit of the number.
    """
    return f"{math.floor(Fraction(number) / width)} by {width}" if is_finite(number) else str(number)


def all_within(low: Number, high: Number, width: Fraction) -> Iterator[str]:
    """The cells of all numbers from low to high, both included."""
    if not is_finite(low):
        yield str(low)
        return
    for number in range(math.floor(Fraction(low) / width), math.floor(Fraction(high) / width) + 1):
        yield f"{number} by {width}"


def leading(number: Number, digits: int) -> str:
    """The cell, about one unit of so many leading digits wide, in which a number lies.

    Cells are a unit wide where the first digit is 1, two from 2 on, five from 5 on, so that all are about as wide beside their numbers:
    0.4 to 1 times 10^(1 - digits).
    """
    if not is_finite(number):
        return str(number)
    exact = Fraction(number)
    return f"{'-' if exact < 0 else ''}{_start(abs(exact), digits)} to {digits}"


def all_leading(low: Number, high: Number, digits: int) -> Iterator[str]:
    """The cells of all numbers from low to high, both included; both are of one sign, or 0."""
    if not is_finite(low):
        yield str(low)
        return
    sign = "-" if low < 0 else ""
    least, most = sorted((abs(Fraction(low)), abs(Fraction(high))))
    start = _start(least, digits)
    while start <= most:
        yield f"{sign}{start} to {digits}"
        if not start:
            return
        start += _width(start, digits)


def digits_for(share: Fraction) -> int:
    """The leading digits whose cells are about as wide as a share of their numbers, which is less than 1, or wider; at least two."""
    place = leading_place(share)
    return max(FEWEST_DIGITS, 1 - place if share == Fraction(10) ** place else -place)


def leading_cells(number: Number, digits: int) -> int:
    """How many cells of leading digits numbers have that are no longer than this one."""
    return int((7 * 10 ** (digits - 1) + 1) // 2 * length(number))


def length(number: Number) -> int:
    """Digits before the point, or behind it down to the first that counts; of an infinity or 0 one."""
    return abs(leading_place(number)) + 1 if is_finite(number) and number else 1


def _start(size: Fraction, digits: int) -> Fraction:
    """The least number of the cell."""
    if not size:
        return size
    width = _width(size, digits)
    return math.floor(size / width) * width


def _width(size: Fraction, digits: int) -> Fraction:
    place = leading_place(size)
    unit = Fraction(10) ** (place - digits + 1)
    first = size / Fraction(10) ** place
    return unit * (1 if first < 2 else 2 if first < 5 else 5)  # noqa: PLR2004 - as the words above say

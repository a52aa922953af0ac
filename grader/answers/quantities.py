"""Amounts of memory, of operations and of time, and ratios: a number with a unit, read in the unit that a part asks for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from grader.answers.dimensions import ONE, Dimension
from grader.answers.numbers import read_number, scaled
from grader.answers.reading import Reading, number_text
from grader.answers.terms import Term
from grader.answers.text import EXPRESSION_LENGTH, normalise
from grader.answers.units import BYTES, FLOPS, MACS, PERCENT, RATIOS, SECONDS
from grader.answers.values import Plain, only_element

# A bare number is taken in the unit that is asked for; the tag tells a missing unit from a wrong number.
ASSUMED = ("unit", "assumed")

_THOUSANDS = tuple(Fraction(1000) ** power for power in (1, 2, 3, 4))
_KIBIS = tuple(Fraction(1024) ** power for power in (1, 2, 3))


@dataclass(frozen=True, slots=True)
class Amount:
    """What a number of one unit may have been written in."""

    dimension: Dimension
    """All units, with that of a bare number."""
    forgotten: tuple[str, ...] = ()
    """Units that a bare number may have been meant in."""
    confused: tuple[Fraction, ...] = ()
    """Factors between units that are written for each other, each also the other way round."""


def _with_bare(dimension: Dimension) -> Dimension:
    """With a bare number in the unit of the dimension itself."""
    return replace(dimension, units={**dimension.units, "": (replace(ONE, tags=(ASSUMED,)),)})


_FORGOTTEN_BYTES = ("b", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB")
AMOUNTS: Mapping[str, Amount] = {
    "byte": Amount(_with_bare(BYTES), _FORGOTTEN_BYTES, (*_THOUSANDS[:3], *_KIBIS)),
    "flop": Amount(_with_bare(FLOPS), ("kflop", "mflop", "gflop", "tflop"), _THOUSANDS),
    "mac": Amount(_with_bare(MACS), ("kmac", "mmac", "gmac", "tmac"), _THOUSANDS),
    "second": Amount(
        _with_bare(SECONDS), ("ms", "us", "ns", "min", "h"), (*_THOUSANDS[:3], Fraction(60), Fraction(3600))
    ),
    "ratio": Amount(_with_bare(RATIOS), ("%",), (Fraction(100),)),
    "percent": Amount(PERCENT),
}

_NAMED_RATIO = re.compile(r"(?:an? |one |1 )?(?P<name>[a-z][a-z -]*[a-z])\.?")
_RATIOS = {
    **dict.fromkeys(["half"], Fraction(1, 2)),
    **dict.fromkeys(["third"], Fraction(1, 3)),
    **dict.fromkeys(["two thirds", "two-thirds"], Fraction(2, 3)),
    **dict.fromkeys(["quarter", "fourth"], Fraction(1, 4)),
    **dict.fromkeys(["three quarters", "three-quarters", "three fourths"], Fraction(3, 4)),
    **dict.fromkeys(["eighth"], Fraction(1, 8)),
    **dict.fromkeys(["twice", "double", "two times"], Fraction(2)),
}


def read_quantity(plain: Plain, unit: str) -> tuple[Reading, ...]:
    """All readings as an amount in a unit; values are an int where whole, else a Fraction.

    Args:
        plain: a number, whose reading is tagged ("unit", "assumed"), or text such as "600 MB" or "1.2 GFLOPs".
        unit: one of `AMOUNTS`, in which the amounts are given.
    """
    if unit == "ratio" and isinstance(text := only_element(plain), str):
        text = normalise(text, EXPRESSION_LENGTH)
        if ratio := _named_ratio(text):
            return (Reading(ratio.numerator if ratio.denominator == 1 else ratio, number_text(ratio)),)
        plain = text.replace(":", "/") if text.count(":") == 1 else text
    return read_number(plain, AMOUNTS[unit].dimension)


def _named_ratio(text: str) -> Fraction | None:
    """The ratio of "a half" or "three quarters"."""
    found = _NAMED_RATIO.fullmatch(text.casefold())
    return _RATIOS.get(found["name"]) if found else None


def in_other_units(bare: Reading, unit: str) -> tuple[Reading, ...]:
    """What a bare number would be, had its unit been forgotten: of bytes in bits, KB, MB ... KiB, MiB ..., each tagged.

    A whole number is taken as rounded to its last digit.
    """
    if isinstance(bare.value, float):
        return ()
    amount = AMOUNTS[unit]
    last_place = bare.unit_in_last_place or Fraction(isinstance(bare.value, int))
    term = Term(Fraction(bare.value), last_place, bare.significant_digits, in_full=False, shown=number_text(bare.value))
    return tuple(
        replace(scaled(term, other, amount.dimension)[0], tags=(("unit", other),)) for other in amount.forgotten
    )


def in_confused_units(reading: Reading, unit: str) -> Iterator[Reading]:
    """What an amount would be, had another unit been written behind the number."""
    for factor in AMOUNTS[unit].confused:
        for by in (factor, 1 / factor):
            yield replace(reading, value=reading.value * by, unit_in_last_place=reading.unit_in_last_place * by)

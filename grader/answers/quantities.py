"""Numbers with a unit: amounts of memory.

A dimension is a table of units, each with all its meanings. "GB" has two, since makers of memory count in powers of 1024
and makers of disks in powers of 1000; "GiB" has one.
"""

from dataclasses import replace
from fractions import Fraction
from functools import cache

from grader.answers.numbers import ONE, Dimension, Scale, read_number, scaled
from grader.answers.products import Term
from grader.answers.reading import Reading, number_text
from grader.answers.values import Plain

_BIT = Scale(Fraction(1, 8), "1/8")
_PREFIXES = {
    "K": ("kilo", "kibi", "thousand"),
    "M": ("mega", "mebi", "million"),
    "G": ("giga", "gibi", "billion"),
    "T": ("tera", "tebi", "trillion"),
}
_ASSUMED = ("unit", "assumed")


def _power(base: int, power: int, *tags: tuple[str, str]) -> Scale:
    return Scale(Fraction(base) ** power, f"{base}^{power}" if power > 1 else f"{base}", tags)


def _prefixed(power: int, letter: str, decimal: str, binary: str, word: str) -> dict[str, tuple[Scale, ...]]:
    """All spellings of one prefix. "Gb" is none of them: it may be bits."""
    both = _power(1000, power, ("prefix", "decimal")), _power(1024, power, ("prefix", "binary"))
    one = (_power(1024, power),)
    small = letter.lower()
    return {
        **dict.fromkeys([f"{letter}B", f"{small}B", f"{small}b", letter, small], both),
        **dict.fromkeys([f"{letter}bytes", f"{decimal}byte", f"{decimal}bytes"], both),
        **dict.fromkeys([f"{letter}iB", f"{small}iB", f"{small}ib", f"{letter}IB", f"{letter}i"], one),
        **dict.fromkeys([f"{binary}byte", f"{binary}bytes"], one),
        f"{word}bytes": (_power(1000, power),),
    }


_UNITS: dict[str, tuple[Scale, ...]] = {
    **dict.fromkeys(["B", "byte", "bytes", "Byte", "Bytes"], (ONE,)),
    **dict.fromkeys(["b", "bit", "bits", "Bit", "Bits"], (_BIT,)),
}
for _power_of, (_letter, _names) in enumerate(_PREFIXES.items(), start=1):
    _UNITS |= _prefixed(_power_of, _letter, *_names)

BYTES = Dimension(_UNITS, expected="a number with B, KB, MB, GB, TB, KiB, MiB, GiB, TiB or bits", suffix=" bytes")
# What a bare number may have been meant in, each unit with one meaning.
OTHER_UNITS = ("b", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB")


def read_bytes(plain: Plain, bare_unit: str | None = "byte") -> tuple[Reading, ...]:
    """All readings as an amount of memory, in bytes; values are an int where whole, else a Fraction.

    Args:
        plain: a number, or text such as "600 MB" or "1.2 GiB".
        bare_unit: the unit of a number without one, whose readings are tagged ("unit", "assumed"); None refuses it.

    """
    return read_number(plain, _bytes_or(bare_unit))


@cache
def _bytes_or(bare_unit: str | None) -> Dimension:
    """The units of memory, with that of a bare number among them."""
    if bare_unit is None:
        return BYTES
    assumed = tuple(replace(scale, tags=(*scale.tags, _ASSUMED)) for scale in _UNITS[bare_unit])
    return replace(BYTES, units={**_UNITS, "": assumed})


def in_other_units(bare: Reading) -> tuple[Reading, ...]:
    """What a number of bytes would be, had its unit been forgotten: bits, KB, MB ... KiB, MiB ..., each tagged.

    A whole number is taken as rounded to its last digit.
    """
    if isinstance(bare.value, float):
        return ()
    last_place = bare.unit_in_last_place or Fraction(isinstance(bare.value, int))
    term = Term(Fraction(bare.value), last_place, bare.significant_digits, in_full=False, shown=number_text(bare.value))
    return tuple(replace(scaled(term, unit, BYTES)[0], tags=(("unit", unit),)) for unit in OTHER_UNITS)

"""Numbers in the cells of a platform, in whatever language it writes them."""

import re
from collections.abc import Iterable
from fractions import Fraction

from grader.reports.points import points_text, rounded_points

_LONGEST = 40  # characters; a longer one is no grade, and may take long to read
_NUMBER = re.compile(r"-?[0-9.,]*[0-9][0-9.,]*")
_MILLIONS = re.compile(r"-?[0-9]{1,3}([.,])[0-9]{3}(\1[0-9]{3})+")
_EITHER = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")
_THOUSAND = 1000


def readings(text: str) -> tuple[Fraction, ...]:
    """What a cell may say; nothing where it is no number.

    The last point or comma is the decimal mark, unless it divides millions: "1,234.50", "1.234,5", "1,000,000". Only "1,000" and
    its like can be read as two numbers: as 1, which comes first, and as 1000.
    """
    plain = text.strip()
    if len(text) > _LONGEST or not _NUMBER.fullmatch(plain):
        return ()
    *whole, last = re.split("[.,]", plain)
    joined = Fraction("".join((*whole, last)))
    if not whole or _MILLIONS.fullmatch(plain):
        return (joined,)
    decimal = Fraction(f"{''.join(whole)}.{last or 0}")
    return (decimal, joined) if _EITHER.fullmatch(plain) else (decimal,)


def number_in(text: str, most: Fraction | None) -> Fraction | None:
    """The number that a cell shows; None if it is none, or could be another one as well.

    Args:
        text: of the cell.
        most: the points that can be had; less than 1000 of them tell that "4.125" is no four thousand.
    """
    found = readings(text)
    certain = len(found) == 1 or (most is not None and most < _THOUSAND)
    return found[0] if found and certain else None


def same_points(old: str, points: Fraction, most: Fraction | None) -> bool:
    """Whether a cell has these points already; platforms keep two decimals."""
    number = number_in(old, most)
    return number is not None and rounded_points(number) == rounded_points(points)


def either(numbers: Iterable[Fraction]) -> str:
    """What a cell may say, in words: "1 or 1000"."""
    return " or ".join(map(points_text, numbers))

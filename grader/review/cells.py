"""Cells of a table that goes through spreadsheets: made harmless on the way out, and themselves again on the way in.

A spreadsheet runs what begins like a formula (OWASP, "CSV injection"), and takes a student named 007 for the number 7.
"""

import re
from fractions import Fraction

# The wide forms of the four are formulas in East Asian settings.
_SIGNS = "=+@\uff1d\uff0b\uff0d\uff20"
_TAKEN_FOR_ELSE = re.compile(rf"'*(?:[{_SIGNS}\t\r\n-]|[\d.,:/eE+ -]+\Z)", re.ASCII)
# Where a spreadsheet splits at semicolons, a line or a half of a text becomes a cell. The dash of a list is left alone.
_WITHIN = re.compile(rf"(^|[;\t])([ \t]*)(?=[{_SIGNS}]|-(?! [^|!(\n]*$))", re.MULTILINE)
_MOST_DIGITS = 9
DECIMALS = 3
_DECIMAL = re.compile(rf"(-?)(\d{{0,{_MOST_DIGITS}}})(?:[.,](\d{{0,{_MOST_DIGITS}}}))?", re.ASCII)
_FRACTION = re.compile(rf"(-?\d{{1,{_MOST_DIGITS}}}) ?/ ?(\d{{1,{DECIMALS}}})", re.ASCII)


def guarded(text: str) -> str:
    """A text that is read again: with an apostrophe in front where a spreadsheet would take it for something else."""
    return f"'{text}" if _TAKEN_FOR_ELSE.match(text) else text


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell.startswith("'") and _TAKEN_FOR_ELSE.match(cell) else cell


def shown(text: str) -> str:
    """A student's text, which is only looked at: with an apostrophe before whatever may come to stand first in a cell."""
    return _WITHIN.sub(r"\1\2'", guarded(one_kind_of_line_ends(text)))


def one_kind_of_line_ends(text: str) -> str:
    """Whatever system or spreadsheet wrote them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decimal_text(points: Fraction) -> str:
    """Points as a table has them, rounded to three decimals: "2.5"; a fraction would be taken for a date."""
    return f"{float(round(points, DECIMALS)):.{DECIMALS}f}".rstrip("0").rstrip(".")


def read_points(cell: str) -> Fraction:
    """The number of a cell: "2.5", "2,5" or "1/2".

    Raises:
        ValueError: it is none, or has more than three decimals; with the remedy.
    """
    text = cell.strip()
    if (found := _FRACTION.fullmatch(text)) and int(found[2]):
        return Fraction(int(found[1]), int(found[2]))
    if not (found := _DECIMAL.fullmatch(text)) or not (found[2] or found[3]):
        raise ValueError(f"{text[:40]!r} is no number (a spreadsheet may have made it a date); write it like 2.5")
    sign, whole, decimals = found[1], found[2] or "0", (found[3] or "").rstrip("0")
    if len(decimals) > DECIMALS:
        raise ValueError(f"{text!r} has more than {DECIMALS} decimals; round it, or write it like 1/3")
    return Fraction(f"{sign}{whole}.{decimals or 0}")

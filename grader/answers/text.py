"""One spelling for the many ways to type a number or formula, and the numerals in it.

Everything here takes time in proportion to the length of the text, which is capped.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from grader.answers.reading import TIMES
from grader.errors import Unreadable

NUMBER_LENGTH = 64  # characters of an answer that is one number
EXPRESSION_LENGTH = 200  # characters of a formula or a calculation
SIDES = 8  # of an equation: a calculation in steps
EXPONENT = 30  # of ten: more than the operations of any training run

_SPELLINGS = {
    "-": "\N{MINUS SIGN}",
    TIMES: "\N{MULTIPLICATION X}\N{HEAVY MULTIPLICATION X}\N{VECTOR OR CROSS PRODUCT}",
    "*": "\N{MIDDLE DOT}\N{DOT OPERATOR}\N{BULLET OPERATOR}\N{ASTERISK OPERATOR}",
    "/": "\N{DIVISION SIGN}\N{DIVISION SLASH}\N{FRACTION SLASH}",
    "'": "\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}",
    "~": "\N{ALMOST EQUAL TO}\N{ASYMPTOTICALLY EQUAL TO}\N{TILDE OPERATOR}",
}
_ONE_SPELLING = {other: one for one, others in _SPELLINGS.items() for other in others}
# Blanks of all widths and line ends; dashes; zero-width characters, which come with text copied from web pages.
_BY_CATEGORY = {"Zs": " ", "Zl": " ", "Zp": " ", "Cc": " ", "Pd": "-", "Cf": ""}
_FULL_WIDTH = range(0xFF01, 0xFF5F)  # ASCII as East Asian keyboards write it
_FULL_WIDTH_OFFSET = 0xFF01 - ord("!")

_UNGROUPED = r"(?=\.?[0-9])(?P<whole>[0-9]*)(?P<decimals>\.[0-9]*)?(?:[eE](?P<exponent>[+-]?[0-9]+))?"
_GROUPED = _UNGROUPED.replace(
    "[0-9]*)", r"[1-9][0-9]{0,2}(?P<separator>[ ,_'])[0-9]{3}(?:(?P=separator)[0-9]{3})*(?![0-9])|[0-9]*)", 1
)
_NUMERAL = {True: re.compile(_GROUPED), False: re.compile(_UNGROUPED)}
_NAME = re.compile(r"[^\W\d][\w ]*")

_ONE = Fraction(1)

_SLIPS = {
    ",": ("a comma that does not set apart three digits", "a decimal point (1.5) or groups of three (1,500)"),
    ".": ("a second decimal point", "one decimal point, as in 1.5"),
    "^": ("a power other than one of a number to a whole number", "one such as 2^20"),
}


def normalise(text: str, limit: int) -> str:
    """The text with one kind of minus, times, space, digit and so on, without blanks around it.

    Longer than `limit` characters it is Unreadable.
    """
    text = text.strip()
    if len(text) > limit:
        raise too_long(text, limit)
    return "".join(map(_plain_character, text)).strip()


def too_long(text: str, limit: int) -> Unreadable:
    """The finding that a text has more characters than are read."""
    return Unreadable(f"a text of {len(text)} characters", expected=f"at most {limit}")


def _plain_character(character: str) -> str:
    if character in _ONE_SPELLING:
        return _ONE_SPELLING[character]
    if ord(character) in _FULL_WIDTH:
        return chr(ord(character) - _FULL_WIDTH_OFFSET)
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return _BY_CATEGORY.get(category, character)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number without sign, as written."""

    value: Fraction
    unit_in_last_place: Fraction
    digits: int
    """Significant digits written."""
    in_full: bool
    """Whether it is an integer typed digit by digit, without point and exponent."""
    end: int
    """Where the text goes on."""


def scan_numeral(text: str, start: int, *, grouped: bool = True) -> Numeral | None:
    """The numeral that begins at `start` of a normalised text; None if there is none.

    It may be `grouped` in threes, "163,696", unless commas and blanks stand between numbers. An exponent beyond 30 is
    Unreadable.
    """
    found = _NUMERAL[grouped].match(text, start)
    if found is None:
        return None
    whole = found["whole"] if found["whole"].isdigit() else re.sub(r"[^0-9]", "", found["whole"])
    if found["decimals"] is None and found["exponent"] is None:  # much the most frequent
        return Numeral(Fraction(int(whole)), _ONE, len(whole.lstrip("0")) or 1, in_full=True, end=found.end())
    decimals = (found["decimals"] or "")[1:]
    exponent = int(found["exponent"] or 0)
    if abs(exponent) > EXPONENT:
        raise Unreadable(
            f"an exponent of {exponent}", place=place(found.start("exponent")), expected=f"at most {EXPONENT}"
        )
    place_of_last = exponent - len(decimals)
    last_place = Fraction(10**place_of_last) if place_of_last >= 0 else Fraction(1, 10**-place_of_last)
    return Numeral(
        value=int(whole + decimals) * last_place,
        unit_in_last_place=last_place,
        digits=len((whole + decimals).lstrip("0")) or 1,
        in_full=False,
        end=found.end(),
    )


def sides(text: str, symbols: Collection[str] = ()) -> list[str]:
    """What stands between the equals signs, each at its old place; a name in front ("r = n + 8") is dropped.

    More than 8 are Unreadable.
    """
    parts = [" " * part.start() + part[0] for part in re.finditer("[^=]+", text)] or [text]
    if len(parts) > SIDES:
        raise Unreadable(f"an equation with {len(parts)} sides", expected=f"at most {SIDES}")
    first = parts[0].strip()
    return parts[1:] if len(parts) > 1 and _NAME.fullmatch(first) and first not in symbols else parts


def skip_blanks(text: str, start: int) -> int:
    """The first place from `start` on that is no blank, or the end."""
    while start < len(text) and text[start] == " ":
        start += 1
    return start


def place(position: int) -> str:
    """How a report names a place in the text, counted from 1."""
    return f"character {position + 1}"


def unexpected(text: str, position: int, expected: str) -> Unreadable:
    """The finding that the text cannot go on as it does, in words for the slips that are common."""
    if position >= len(text):
        return Unreadable("the text ends too early", place=place(position), expected=expected)
    character = "^" if text.startswith("**", position) else text[position]
    trouble, wanted = _SLIPS.get(character, (f"unexpected {character!r}", expected))
    return Unreadable(trouble, place=place(position), expected=wanted)

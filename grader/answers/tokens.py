"""Formulas in pieces: numerals, declared symbols, functions and operators."""

import re
from dataclasses import dataclass
from fractions import Fraction

from grader.answers.reading import TIMES
from grader.answers.text import place, scan_numeral
from grader.errors import Unreadable

FUNCTIONS = {"floor": "floor", "ceil": "ceil", "ceiling": "ceil", "max": "max", "min": "min"}
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"

# Other spellings of an operator; square brackets are how many write the parentheses around parentheses.
_SAME = {"**": "^", "[": "(", "]": ")"}
_OPERATOR = re.compile(r"\*\*|//|.", re.DOTALL)
_NAME = re.compile(rf"[^\W\d{_SUPERSCRIPTS}][^\W{_SUPERSCRIPTS}]*")
_SUPERSCRIPT = re.compile(f"[{_SUPERSCRIPTS}]+")
_TIMES_A_NUMBER = re.compile(r"[xX](?=[0-9.])")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: a numeral, a function, a symbol, or an operator under its own text. The end is "" ."""

    kind: str
    text: str
    position: int
    value: Fraction = Fraction(0)


def tokens_of(text: str, symbols: tuple[str, ...]) -> list[Token]:
    """A normalised text in pieces, the end included; a name that is no symbol or function is Unreadable."""
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        if text[position] == " ":
            position += 1
            continue
        new, position = _scan(text, position, symbols)
        tokens += new
    return [*tokens, Token("", "", len(text))]


def _scan(text: str, start: int, symbols: tuple[str, ...]) -> tuple[list[Token], int]:
    """The token that begins at `start`, or two for a superscript, and where it ends."""
    if numeral := scan_numeral(text, start, grouped=False):
        return [Token("numeral", text[start : numeral.end], start, numeral.value)], numeral.end
    if superscript := _SUPERSCRIPT.match(text, start):
        exponent = "".join(str(_SUPERSCRIPTS.index(digit)) for digit in superscript[0])
        power = [Token("^", "^", start), Token("numeral", exponent, start, Fraction(int(exponent)))]
        return power, superscript.end()
    if name := _NAME.match(text, start):
        if _TIMES_A_NUMBER.match(text, start) and not _known(name[0], symbols):
            return [Token(TIMES, text[start], start)], start + 1
        return [_name(name[0], start, symbols)], name.end()
    operator = _OPERATOR.match(text, start)
    sign = operator[0] if operator else ""
    return [Token(_SAME.get(sign, sign), sign, start)], start + len(sign)


def _known(name: str, symbols: tuple[str, ...]) -> list[str]:
    """The symbols that a name may mean: itself, or those that differ in case alone."""
    return [name] if name in symbols else [symbol for symbol in symbols if symbol.casefold() == name.casefold()]


def _name(name: str, start: int, symbols: tuple[str, ...]) -> Token:
    known = _known(name, symbols)
    if len(known) == 1:
        return Token("symbol", known[0], start)
    if name.casefold() in FUNCTIONS:
        return Token("function", FUNCTIONS[name.casefold()], start)
    if name in {"x", "X"}:
        return Token(TIMES, name, start)
    trouble = f"{name!r}, which may be {' or '.join(known)}" if known else f"an unknown name {name!r}"
    raise Unreadable(trouble, place=place(start), expected=f"one of {', '.join(symbols)}")

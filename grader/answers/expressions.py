"""Formulas that students write: "n + 8", "r = 2(n-1) + 9 pixels", "(n+8) x (n+8)", or a number."""

import re
from fractions import Fraction

from grader.answers.dimensions import without_counted
from grader.answers.equivalence import seem_alike
from grader.answers.formulas import Constant
from grader.answers.formulas import Expression as Expression
from grader.answers.grammar import EXPECTED, parse_normalised
from grader.answers.grammar import parse as parse
from grader.answers.numbers import read_real
from grader.answers.reading import TIMES, Reading
from grader.answers.text import EXPRESSION_LENGTH, normalise, sides
from grader.answers.values import Plain, only_element
from grader.errors import Unreadable


def read_expression(plain: Plain, symbols: tuple[str, ...]) -> tuple[Reading, ...]:
    """All readings as a formula in the declared symbols; none is Unreadable.

    A number is a constant. A square written as a size, "(n+8) x (n+8)", is read as its side, n + 8, and as the product.
    """
    plain = only_element(plain)
    if not isinstance(plain, str):
        return _constants(plain)
    text = normalise(plain, EXPRESSION_LENGTH)
    if not any(symbol.casefold() in text.casefold() for symbol in symbols):
        try:
            return _constants(text)
        except Unreadable:
            pass  # the grammar of formulas reads more, and says better what is missing in one
    return _formulas(text, symbols)


def _constants(plain: Plain) -> tuple[Reading, ...]:
    """The readings of a number, as formulas."""
    readings = read_real(plain)
    if any(isinstance(reading.value, float) for reading in readings):
        raise Unreadable(f"{readings[0].text} is no number to compute with", expected=EXPECTED)
    return tuple(Reading(Constant(Fraction(reading.value)), reading.text, reading.tags) for reading in readings)


def _formulas(text: str, symbols: tuple[str, ...]) -> tuple[Reading, ...]:
    """The readings of "r = n + 8 pixels"; all sides of an equation have to be the same."""
    parts = [_without_counted(part, symbols) for part in sides(text, symbols)]
    first, *others = [parse_normalised(part, symbols) for part in parts]
    if not seem_alike((first, *others)):
        raise Unreadable("two different formulas with an equals sign between them", expected="one of them")
    readings = (Reading(first, str(first)),)
    if side := _side(parts[0], symbols):
        return (Reading(side, f"{side}, as a square of this side", (("notation", "size"),)), *readings)
    return readings


def _without_counted(text: str, symbols: tuple[str, ...]) -> str:
    """Without "pixels" at its end, unless that is a symbol."""
    shorter = without_counted(text)
    return text if text[len(shorter) :].strip(" .").casefold() in {s.casefold() for s in symbols} else shorter


def _side(text: str, symbols: tuple[str, ...]) -> Expression | None:
    """The formula that stands on both sides of the only sign of a size, a times sign or the letter x, if there is one."""
    is_symbol = any(symbol.casefold() == "x" for symbol in symbols)
    halves = re.split(TIMES if is_symbol else rf"{TIMES}|(?<![^\W\d])[xX](?![^\W\d])", text)
    if len(halves) != 2:  # noqa: PLR2004 - a square has two sides
        return None
    try:
        left, right = (parse_normalised(half, symbols) for half in halves)
    except Unreadable:
        return None
    return left if left == right and not isinstance(left, Constant) else None

"""Formulas that students write, "n + 8" or "floor((W-F+2P)/S) + 1", and whether two are the same."""

import itertools
import random
import re
from collections.abc import Iterator
from fractions import Fraction

from grader.answers.dimensions import without_counted
from grader.answers.formulas import SYMBOL_BITS, Constant, Symbol
from grader.answers.formulas import Expression as Expression
from grader.answers.grammar import EXPECTED, parse_normalised
from grader.answers.grammar import parse as parse
from grader.answers.numbers import read_real
from grader.answers.reading import TIMES, Reading
from grader.answers.text import EXPRESSION_LENGTH, normalise, sides
from grader.answers.values import Plain, only_element
from grader.errors import Unreadable

# A formula of floors repeats with its divisors, so that all small values tell apart what large ones may not.
SWEEP = range(64, 1025)  # least and greatest number of small points; between them twice the largest constant
LARGE_POINTS = 32
MIXED_POINTS = 128  # of several symbols, some small and some large

Point = dict[str, int]


def equivalent(left: Expression, right: Expression) -> bool:
    """Whether two formulas have the same value for all positive whole numbers, as far as trying tells.

    They are evaluated exactly at all small points and at large ones from a fixed seed. Where one divides by zero, so must
    the other.
    """
    if left == right:
        return True
    nodes = [*_nodes(left), *_nodes(right)]
    names = sorted({node.name for node in nodes if isinstance(node, Symbol)})
    largest = max((abs(node.value) for node in nodes if isinstance(node, Constant)), default=Fraction(0))
    small = min(max(SWEEP[0], int(2 * largest) + 2), SWEEP[-1])
    return all(_value(left, point) == _value(right, point) for point in _points(names, small))


def _nodes(expression: Expression) -> Iterator[Expression]:
    yield expression
    for part in expression.parts:
        yield from _nodes(part)


def _value(expression: Expression, point: Point) -> int | Fraction | None:
    """None where it divides by zero."""
    try:
        return expression.value_at(point)
    except ZeroDivisionError:
        return None


def _points(names: list[str], small: int) -> Iterator[Point]:
    """Large points first, since most formulas that differ do so everywhere; then small ones, all of one symbol."""
    chance = random.Random(0)  # noqa: S311 - the same points for everyone, nothing to be guessed
    large = 2**SYMBOL_BITS - 1
    for _ in range(LARGE_POINTS):
        yield {name: chance.randint(1, large) for name in names}
    side = small if len(names) == 1 else int(small ** (1 / max(len(names), 1)))
    for values in itertools.product(range(1, side + 1), repeat=len(names)):
        yield dict(zip(names, values, strict=True))
    for _ in range(MIXED_POINTS if len(names) > 1 else 0):
        yield {name: chance.randint(1, chance.choice((small, large))) for name in names}


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
    if not all(equivalent(first, other) for other in others):
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
    try:
        left, right = (parse_normalised(half, symbols) for half in halves)
    except (Unreadable, ValueError):  # no formula, or not two
        return None
    return left if left == right and not isinstance(left, Constant) else None

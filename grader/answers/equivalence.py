"""Whether two formulas are the same, by exact evaluation at whole numbers."""

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

from grader.answers.formulas import SYMBOL_BITS, Constant, Expression, Operation, Symbol

# A formula of floors repeats with its divisors, so that all small values tell apart what large ones may not.
SWEEP = range(64, 1025)  # least and greatest number of small points; between them twice the largest constant
LARGE_POINTS = 32  # more than the roots of any difference that 200 characters can spell
MIXED_POINTS = 128  # of several symbols, some small and some large
EVALUATED = 40_000  # parts of formulas at all small points together: some 30 ms
KEPT = 10_000  # pairs whose comparison is remembered, since hypotheses share values and students share answers
QUICK_POINTS = 8  # large ones, for the sides of one equation

Point = Mapping[str, int]


@lru_cache(maxsize=KEPT)
def equivalent(left: Expression, right: Expression) -> bool:
    """Whether two formulas have the same value for all positive whole numbers, as far as trying tells.

    They are evaluated exactly at large points from a fixed seed, and at all small ones unless they are polynomials, which
    few points tell apart. Where one divides by zero, so must the other.
    """
    if left == right:
        return True
    nodes = [*_nodes(left), *_nodes(right)]
    names = _names(nodes)
    points = _large(names, LARGE_POINTS)
    if not all(map(_is_smooth, nodes)):
        points = itertools.chain(points, _small_and_mixed(names, _sweep(nodes)))
    return all(_value(left, point) == _value(right, point) for point in points)


def seem_alike(formulas: Sequence[Expression]) -> bool:
    """Whether formulas have the same value at a few large points. It takes no longer than reading them."""
    if len(formulas) == 1:
        return True
    names = _names([node for formula in formulas for node in _nodes(formula)])
    points = _large(names, QUICK_POINTS)
    return all(len({_value(formula, point) for formula in formulas}) == 1 for point in points)


def _nodes(expression: Expression) -> Iterator[Expression]:
    yield expression
    for part in expression.parts:
        yield from _nodes(part)


def _names(nodes: Sequence[Expression]) -> list[str]:
    return sorted({node.name for node in nodes if isinstance(node, Symbol)})


def _is_smooth(node: Expression) -> bool:
    """Whether it keeps a polynomial one: no steps, no corners, and no division but by a number."""
    if not isinstance(node, Operation):
        return True
    by_number = (
        node.operator == "/" and not _names(list(_nodes(node.operands[1]))) and bool(_value(node.operands[1], {}))
    )
    return node.operator in {"+", "-", "*", "^", "negative"} or by_number


def _sweep(nodes: Sequence[Expression]) -> int:
    """How many small points are tried: enough for every residue of the divisors, but fewer of a very long formula."""
    largest = max((abs(node.value) for node in nodes if isinstance(node, Constant)), default=Fraction(0))
    return max(SWEEP[0], min(int(2 * largest) + 2, SWEEP[-1], EVALUATED // len(nodes)))


def _value(expression: Expression, point: Point) -> int | Fraction | None:
    """None where it divides by zero."""
    try:
        return expression.value_at(point)
    except ZeroDivisionError:
        return None


def _large(names: Sequence[str], points: int) -> Iterator[Point]:
    """Most formulas that differ do so everywhere."""
    chance = random.Random(0)  # noqa: S311 - the same points for everyone, nothing to be guessed
    for _ in range(points):
        yield {name: chance.randint(1, 2**SYMBOL_BITS - 1) for name in names}


def _small_and_mixed(names: Sequence[str], small: int) -> Iterator[Point]:
    """All small points of one symbol, or as many of several; then some of several symbols where some are large."""
    side = small if len(names) == 1 else int(small ** (1 / max(len(names), 1)))
    for values in itertools.product(range(1, side + 1), repeat=len(names)):
        yield dict(zip(names, values, strict=True))
    chance = random.Random(1)  # noqa: S311 - as above
    for _ in range(MIXED_POINTS if len(names) > 1 else 0):
        yield {name: chance.randint(1, chance.choice((small, 2**SYMBOL_BITS - 1))) for name in names}

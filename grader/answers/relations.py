"""Relations between numbers, "half <= full + 0.5" or "0 < a < 2*b", held exactly. The sides are formulas; nothing is evaluated
but what the grammar of formulas read.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from grader.answers.formulas import Expression, Symbol
from grader.answers.grammar import parse_normalised
from grader.answers.text import EXPRESSION_LENGTH, normalise, place
from grader.errors import Unreadable

EXPECTED = 'a relation such as "half <= full + 0.5"'

_SIGN = re.compile("<=|>=|==|!=|[<>=\N{LESS-THAN OR EQUAL TO}\N{GREATER-THAN OR EQUAL TO}\N{NOT EQUAL TO}]")
_ONE_SPELLING = {
    "=": "==",
    "\N{LESS-THAN OR EQUAL TO}": "<=",
    "\N{GREATER-THAN OR EQUAL TO}": ">=",
    "\N{NOT EQUAL TO}": "!=",
}
_MEANING: Mapping[str, Callable[[int | Fraction, int | Fraction], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}

Number = int | Fraction


@dataclass(frozen=True, slots=True)
class Relation:
    """Two formulas or more, with a sign between each and the next. Prints as text that `parse_relation` reads back."""

    sides: tuple[Expression, ...]
    signs: tuple[str, ...]

    @property
    def names(self) -> frozenset[str]:
        """The names that occur."""
        return frozenset(name for side in self.sides for name in _names(side))

    def holds(self, values: Mapping[str, Number]) -> bool:
        """Whether every sign is true for these values; not, where a side divides by zero.

        Raises:
            ValueError: a name has no value.
        """
        if missing := sorted(self.names - values.keys()):
            raise ValueError(f"{self} cannot be decided without {missing[0]}")
        try:
            numbers = [side.value_at(values) for side in self.sides]
        except ZeroDivisionError:
            return False
        return all(_MEANING[sign](*pair) for sign, pair in zip(self.signs, pairwise(numbers), strict=True))

    def __str__(self) -> str:
        """With a blank around every sign."""
        first, *others = self.sides
        return str(first) + "".join(f" {sign} {side}" for sign, side in zip(self.signs, others, strict=True))


def parse_relation(text: str, names: tuple[str, ...]) -> Relation:
    """The relation that a text of at most 200 characters spells in the declared names.

    Without a sign it is Unreadable, and so is whatever else the grammar of formulas does not know, with its place.
    """
    text = normalise(text, EXPRESSION_LENGTH)
    signs = list(_SIGN.finditer(text))
    if not signs:
        raise Unreadable("no comparison", place=place(len(text)), expected=EXPECTED)
    starts, ends = [0, *(sign.end() for sign in signs)], [*(sign.start() for sign in signs), len(text)]
    # Every side keeps its place in the text, so that what is wrong in it is found.
    sides = (parse_normalised(" " * start + text[start:end], names) for start, end in zip(starts, ends, strict=True))
    return Relation(tuple(sides), tuple(_ONE_SPELLING.get(sign[0], sign[0]) for sign in signs))


def _names(expression: Expression) -> Iterator[str]:
    if isinstance(expression, Symbol):
        yield expression.name
    for part in expression.parts:
        yield from _names(part)

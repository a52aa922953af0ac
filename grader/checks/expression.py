"""A formula in declared symbols."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field, field_validator

from grader.answers.equivalence import equivalent
from grader.answers.expressions import Expression, parse, read_expression
from grader.answers.formulas import Symbol
from grader.answers.reading import Reading
from grader.answers.tokens import FUNCTIONS
from grader.answers.values import Plain
from grader.checks.check import RIGHT, WRONG, Check, Match, Span
from grader.checks.clues import Clue, Lock
from grader.checks.tolerance import as_float
from grader.errors import Unreadable

# Formulas are looked up by their value where the first symbol is this and each further one larger by one: a prime, beyond
# the constants that formulas have.
LANDMARK = 7919
# The same for what is sealed: two points, since nobody compares any further before it is opened.
SEALED_FROM = (LANDMARK, 104_729)


class Formula(Check):
    """A formula such as "n + 8", compared by exact evaluation at whole numbers and never by its spelling.

    It is made of numbers, the declared symbols, + - * / //, powers with a whole number up to 30 as exponent, parentheses,
    floor, ceil, max and min. The solver's own formula is read by the same grammar.
    """

    kind: Literal["expression"]
    symbols: tuple[str, ...] = Field(min_length=1)
    """The symbols that may occur; they stand for whole numbers from 1."""

    @field_validator("symbols")
    @classmethod
    def _are_symbols(cls, symbols: tuple[str, ...]) -> tuple[str, ...]:
        """Each is read as itself, so that a formula can be written in it."""
        if odd := [symbol for symbol in symbols if symbol.casefold() in FUNCTIONS or not _is_read(symbol)]:
            raise ValueError(f"{odd[0]!r} is no symbol, which is a letter or a name such as n or W_in, and no function")
        if len(set(symbols)) < len(symbols):
            raise ValueError(f"{max(symbols, key=symbols.count)!r} stands there twice")
        return symbols

    def expect(self, solved: Any) -> Expression:
        """The solver's formula, as text in the students' own grammar or as a number."""
        if not isinstance(solved, str | int | Fraction):
            raise ValueError(f"a formula as text is expected of the solver, not {solved!r}")
        return parse(str(solved), self.symbols)

    @property
    def read_by(self) -> frozenset[str]:
        """What K, M and B stand for."""
        return frozenset({"K"})

    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """Formulas as text, and plain numbers."""
        return read_expression(answer, self.symbols)

    def compare(self, reading: Reading, expected: Expression) -> Match:
        """Equal at every tried point."""
        return Match(RIGHT if equivalent(reading.value, expected) else WRONG)

    def same(self, one: Expression, other: Expression) -> bool:
        """Equal at every tried point."""
        return equivalent(one, other)

    def upstream(self, reading: Reading, expected: Expression) -> str:  # noqa: ARG002 - the signature of all checks
        """As text, the form in which solvers hand formulas on."""
        return str(reading.value)

    def span(self, reading: Reading) -> Span | None:
        """At the value of the formula at one point."""
        number = self.landmark(reading.value, "")
        return None if number is None else Span(number, number)

    def landmark(self, value: Expression, item: str) -> float | None:  # noqa: ARG002 - a formula has no items
        """Its value at one point, the same for all; None where it has none there."""
        at_one_point = self._value_from(value, LANDMARK)
        return None if at_one_point is None else as_float(at_one_point)

    def _value_from(self, formula: Expression, first: int) -> int | Fraction | None:
        """The value where the first symbol is this and each further one larger by one; None where it divides by zero."""
        try:
            return formula.value_at({name: place for place, name in enumerate(self.symbols, start=first)})
        except ZeroDivisionError:
            return None

    @property
    def sealable(self) -> bool:
        """By its values at fixed points, which all spellings share."""
        return True

    def _clue(self, formula: Expression) -> Clue:
        return Clue(" ".join(str(self._value_from(formula, first)) for first in SEALED_FROM))

    def clues(self, reading: Reading, items: Sequence[str]) -> Iterator[Clue]:  # noqa: ARG002 - a formula has none
        """Its values."""
        yield self._clue(reading.value)

    def locks(self, expected: Expression) -> Iterator[Lock]:
        """As `clues`."""
        yield Lock(self._clue(expected), str(expected))

    def guesses(self, expected: Expression) -> int:
        """Every formula of this form, with other digits and signs."""
        return int(10 ** (sum(map(str.isdigit, str(expected))) + 1))

    def right_answers(self, expected: Expression) -> Sequence[Any]:
        """As text."""
        return (str(expected),)

    def wrong_answers(self, expected: Expression) -> Sequence[Any]:
        """One more."""
        return (f"({expected}) + 1",)


def _is_read(symbol: str) -> bool:
    """Whether a symbol is read as one."""
    try:
        return parse(symbol, (symbol,)) == Symbol(symbol)
    except Unreadable:
        return False

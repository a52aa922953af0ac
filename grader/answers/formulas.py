"""Formulas as trees, evaluated exactly and printed in one form."""

import math
import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

SYMBOL_BITS = 20  # of the whole numbers that stand for symbols when formulas are compared
CONSTANT_DECIMALS = 12  # digits behind the point that a constant is printed with, before it becomes a ratio

# How tightly a form binds when it is printed.
_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(5)


class Expression(ABC):
    """A formula in whole numbers and symbols. Prints as text that `parse` reads back."""

    __slots__ = ()

    @abstractmethod
    def value_at(self, values: Mapping[str, int | Fraction]) -> int | Fraction:
        """The exact value with these values of its symbols, whole numbers as int; ZeroDivisionError where it has none."""

    @property
    def parts(self) -> tuple["Expression", ...]:
        """The formulas that it is made of."""
        return ()

    @property
    @abstractmethod
    def bits(self) -> int:
        """An upper bound for the size of its value while symbols have 20 bits."""

    @property
    def binding(self) -> int:
        """How tightly its printed form binds."""
        return _ATOM

    def within(self, binding: int) -> str:
        """Its text inside a form that binds so tightly, in parentheses where they are needed."""
        return str(self) if self.binding >= binding else f"({self})"


@dataclass(frozen=True, slots=True)
class Constant(Expression):
    """A number."""

    value: Fraction

    def value_at(self, values: Mapping[str, int | Fraction]) -> int | Fraction:  # noqa: ARG002 - it has no symbols
        """The number."""
        return self.value.numerator if self.value.denominator == 1 else self.value

    @property
    def bits(self) -> int:
        """Of numerator and denominator."""
        return self.value.numerator.bit_length() + self.value.denominator.bit_length()

    @property
    def binding(self) -> int:
        """That of a ratio, a sign or a numeral, as it is printed."""
        if "/" in str(self):
            return _PRODUCT
        return _SIGN if self.value < 0 else _ATOM

    def __str__(self) -> str:
        """A numeral, "0.5", or a ratio, "1/3"."""
        shifted = self.value * 10**CONSTANT_DECIMALS
        if self.value.denominator == 1 or shifted.denominator > 1:
            return str(self.value)
        sign = "-" if shifted < 0 else ""
        whole, decimals = divmod(abs(shifted.numerator), 10**CONSTANT_DECIMALS)
        return f"{sign}{whole}.{decimals:0{CONSTANT_DECIMALS}}".rstrip("0")


@dataclass(frozen=True, slots=True)
class Symbol(Expression):
    """A declared symbol, in its declared spelling."""

    name: str

    def value_at(self, values: Mapping[str, int | Fraction]) -> int | Fraction:
        """The value that stands for it."""
        return values[self.name]

    @property
    def bits(self) -> int:
        """As assumed of all symbols."""
        return SYMBOL_BITS

    def __str__(self) -> str:
        """Its name."""
        return self.name


def _quotient(dividend: int | Fraction, divisor: int | Fraction) -> Fraction:
    return Fraction(dividend) / divisor


_MEANING: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _quotient,
    "^": operator.pow,
    "negative": operator.neg,
    "floor": math.floor,
    "ceil": math.ceil,
    "max": max,
    "min": min,
}
_BINDING = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "negative": _SIGN, "^": _POWER}


@dataclass(frozen=True, slots=True)
class Operation(Expression):
    """An operator or function on its operands: two, but one of "negative", "floor" and "ceil", and any of "max", "min"."""

    operator: str
    operands: tuple[Expression, ...]

    def value_at(self, values: Mapping[str, int | Fraction]) -> int | Fraction:
        """The operator on the values of its operands."""
        value: int | Fraction = _MEANING[self.operator](*[operand.value_at(values) for operand in self.operands])
        return value

    @property
    def parts(self) -> tuple[Expression, ...]:
        """Its operands."""
        return self.operands

    @property
    def bits(self) -> int:
        """No operator makes more than all bits of its operands together, and one of a carry."""
        if self.operator == "^":
            base, exponent = self.operands
            return base.bits * int(exponent.value_at({}))
        return sum(operand.bits for operand in self.operands) + 1

    @property
    def binding(self) -> int:
        """That of its operator; functions are atoms."""
        return _BINDING.get(self.operator, _ATOM)

    def __str__(self) -> str:
        """Infix with as few parentheses as can be, or a function with its arguments."""
        if self.operator == "negative":
            return "-" + self.operands[0].within(_SIGN)
        if self.binding == _ATOM:
            return f"{self.operator}({', '.join(map(str, self.operands))})"
        blank = " " if self.binding == _SUM else ""
        left, right = self.operands
        left_binding = self.binding + (self.operator == "^")
        return f"{left.within(left_binding)}{blank}{self.operator}{blank}{right.within(self.binding + 1)}"

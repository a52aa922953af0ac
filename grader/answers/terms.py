"""Numbers with what their last written digits are worth, and how that goes on through a calculation."""

from dataclasses import dataclass, replace
from fractions import Fraction

from grader.answers.reading import TIMES, digits_of

_EXACT = Fraction(0)
_SIGNS = frozenset(f"+-{TIMES}/^")


@dataclass(frozen=True, slots=True)
class Term:
    """An exact value and how it was written."""

    value: Fraction
    unit_in_last_place: Fraction
    """Of an integer typed in full: 1 while it stands alone, since a unit behind it ("159K") makes it a rounded number."""
    digits: int | None
    in_full: bool
    """Whether nothing but integers typed in full went into it."""
    shown: str
    is_sum: bool = False
    """Whether it is a sum without parentheses around it, so that what follows may belong to its last number alone."""

    @property
    def error(self) -> Fraction:
        """One unit in the last place, in so far as it is in doubt."""
        return _EXACT if self.in_full else self.unit_in_last_place

    def times(self, other: "Term", sign: str = TIMES) -> "Term":
        """The product."""
        value, shown = self.value * other.value, f"{self.shown} {sign} {other.shown}"
        if self.in_full and other.in_full:
            return Term(value, _EXACT, None, in_full=True, shown=shown)
        error = self.error * abs(other.value) + other.error * abs(self.value)
        digits = [term.digits for term in (self, other) if term.digits is not None and not term.in_full]
        return Term(value, error, min(digits, default=None), in_full=False, shown=shown)

    def plus(self, other: "Term", sign: str) -> "Term":
        """The sum, or with the sign "-" the difference."""
        value = self.value + other.value if sign == "+" else self.value - other.value
        shown = f"{self.shown} {sign} {other.shown}"
        if self.in_full and other.in_full:
            return Term(value, _EXACT, None, in_full=True, shown=shown, is_sum=True)
        error = self.error + other.error
        return Term(value, error, digits_of(value, error) if error else None, in_full=False, shown=shown, is_sum=True)

    def inverse(self) -> "Term":
        """One over it, shown as the divisor that it was."""
        error = self.error / self.value**2 if self.error else _EXACT
        return Term(1 / self.value, error, self.digits, self.in_full, self.shown)

    def to_the(self, exponent: int) -> "Term":
        """A power."""
        error = abs(exponent * self.value ** (exponent - 1)) * self.error if self.error else self.error
        return Term(self.value**exponent, error, self.digits, self.in_full, f"{self.shown}^{exponent}")

    def negative(self) -> "Term":
        """With the other sign."""
        return replace(self, value=-self.value, shown=f"-{self.shown}")

    def in_parentheses(self) -> "Term":
        """The same, held together; a number alone is shown without them."""
        is_alone = not _SIGNS & set(self.shown)
        return replace(self, shown=self.shown if is_alone else f"({self.shown})", is_sum=False)

"""Products of numerals, "64 x 64 x 3" or "1.2 * 10^6 / 4", with what their last written digits are worth."""

import re
from dataclasses import dataclass
from fractions import Fraction

from grader.answers.reading import TIMES, number_text
from grader.answers.text import EXPONENT, place, scan_numeral, skip_blanks, unexpected
from grader.errors import Unreadable

EXPECTED = "a number such as 163,696 or 1.2e6"
LARGEST_POWER = 10**EXPONENT

_POWER = re.compile(r" *(?:\^|\*\*) *(?P<exponent>[+-]?[0-9]{1,3})(?![0-9.])")
# A letter x is a sign only where a number follows, so that words stay words.
_OPERATOR = re.compile(rf" *(?P<sign>[*/{TIMES}](?!\*)|[xX](?= *[-+.0-9]))")


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

    @property
    def error(self) -> Fraction:
        """One unit in the last place, in so far as it is in doubt."""
        return Fraction(0) if self.in_full else self.unit_in_last_place

    def times(self, other: "Term", sign: str) -> "Term":
        """The product."""
        digits = [term.digits for term in (self, other) if term.digits is not None and not term.in_full]
        return Term(
            value=self.value * other.value,
            unit_in_last_place=self.error * abs(other.value) + other.error * abs(self.value),
            digits=min(digits, default=None),
            in_full=self.in_full and other.in_full,
            shown=f"{self.shown} {sign} {other.shown}",
        )

    def inverse(self) -> "Term":
        """One over it, shown as the divisor that it was."""
        error = self.error / self.value**2
        return Term(1 / self.value, error, self.digits, self.in_full, self.shown)

    def to_the(self, exponent: int) -> "Term":
        """A power."""
        error = abs(exponent * self.value ** (exponent - 1)) * self.error if self.error else self.error
        return Term(self.value**exponent, error, self.digits, self.in_full, f"{self.shown}^{exponent}")


def scan_product(text: str, start: int = 0) -> tuple[Term, int]:
    """The product that begins at `start` of a normalised text, and where the text goes on behind it.

    What is no number, a division by zero and a power beyond 10^30 are Unreadable.
    """
    product, position = _scan_factor(text, start)
    while operator := _OPERATOR.match(text, position):
        factor, position = _scan_factor(text, operator.end())
        if operator["sign"] != "/":
            product = product.times(factor, TIMES)
        elif factor.value:
            product = product.times(factor.inverse(), "/")
        else:
            raise Unreadable("a division by zero", place=place(operator.end()), expected=EXPECTED)
    return product, position


def _scan_factor(text: str, start: int) -> tuple[Term, int]:
    """A signed numeral, raised to a power or not."""
    start = skip_blanks(text, start)
    signed = text[start : start + 1] in {"+", "-"}
    numeral = scan_numeral(text, skip_blanks(text, start + signed))
    if numeral is None:
        raise unexpected(text, start, EXPECTED)
    term = Term(numeral.value, numeral.unit_in_last_place, numeral.digits, numeral.in_full, number_text(numeral.value))
    end = numeral.end
    if power := _POWER.match(text, end):
        term, end = _raise(term, int(power["exponent"]), start), power.end()
    if text[start] == "-":
        term = Term(-term.value, term.unit_in_last_place, term.digits, term.in_full, f"-{term.shown}")
    return term, end


def _raise(term: Term, exponent: int, start: int) -> Term:
    """A power whose size is known to be bearable before it is computed."""
    parts = term.value.numerator, term.value.denominator
    if not term.value and exponent <= 0:
        raise Unreadable("a power of zero", place=place(start), expected=EXPECTED)
    if any(part > 1 and part ** min(abs(exponent), 100) > LARGEST_POWER for part in parts):
        raise Unreadable("a power beyond 10^30", place=place(start), expected=EXPECTED)
    return term.to_the(exponent)

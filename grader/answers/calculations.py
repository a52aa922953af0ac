"""Calculations with numbers, "64 x 64 x 3" or "(1*1*192 + 1)*64 + 368", read by recursive descent. Nothing is evaluated
but what was read, and its size and depth are bounded.

calculation = product { ("+" | "-") product }
product     = factor { ("*" | "x" | "/") factor }
factor      = [ "+" | "-" ] ( numeral | "(" calculation ")" ) [ ("^" | "**") whole number ]
"""

import re
from collections.abc import Callable

from grader.answers.reading import TIMES, number_text
from grader.answers.terms import Term
from grader.answers.text import EXPONENT, place, scan_numeral, skip_blanks, unexpected
from grader.errors import Unreadable

EXPECTED = "a number such as 163,696 or 1.2e6"
LARGEST_POWER = 10**EXPONENT
BITS = 1_000  # of what a calculation goes through on its way: three times those of the largest number that is read
NESTING = 25  # parentheses in parentheses; the depth of the recursion

_POWER = re.compile(r" *(?:\^|\*\*) *(?P<exponent>[+-]?[0-9]{1,3})(?![0-9.])")
# A letter x is a sign only where a number follows, so that words stay words.
_PRODUCT_SIGN = re.compile(rf" *(?P<sign>[*/{TIMES}](?!\*)|[xX](?= *[-+.0-9(]))")
# Two signs together are no sum: 5 +- 1 tells how sure the 5 is. Nor is a hyphen before a word: 4-fold.
_SUM_SIGN = re.compile(r" *(?P<sign>[+-])(?= *[.0-9(])")
# "88-94" is a difference to some and a range to others.
_RANGE = re.compile(r"[0-9.,_' ]+(?:- *[0-9][0-9.,_' ]*)+")

Scanned = tuple[Term, int]


def scan_calculation(text: str, start: int = 0) -> Scanned:
    """The calculation that begins at `start` of a normalised text, and where the text goes on behind it.

    What is no number, a division by zero and a power beyond 10^30 are Unreadable, and so are numbers with nothing but
    hyphens between them.
    """
    start = skip_blanks(text, start)
    term, end = _scan_sum(text, start, nesting=0)
    if term.is_sum and _RANGE.fullmatch(text, start, end):
        trouble = "a hyphen between two numbers, which may be a range or a difference"
        raise Unreadable(trouble, place=place(text.index("-", start)), expected="one number")
    return term, end


def _scan_sum(text: str, start: int, nesting: int) -> Scanned:
    total, position = _scan_product(text, start, nesting)
    while operator := _SUM_SIGN.match(text, position):
        product, position = _scan_product(text, operator.end(), nesting)
        total = _bounded(total.plus(product, operator["sign"]))
    return total, position


def _scan_product(text: str, start: int, nesting: int) -> Scanned:
    product, position = _scan_factor(text, start, nesting)
    while operator := _PRODUCT_SIGN.match(text, position):
        factor, position = _scan_factor(text, operator.end(), nesting)
        if operator["sign"] != "/":
            product = _bounded(product.times(factor))
        elif factor.value:
            product = _bounded(product.times(factor.inverse(), "/"))
        else:
            raise Unreadable("a division by zero", place=place(operator.end()), expected=EXPECTED)
    return product, position


def _scan_factor(text: str, start: int, nesting: int) -> Scanned:
    """A signed numeral or calculation in parentheses, raised to a power or not."""
    start = skip_blanks(text, start)
    inside = skip_blanks(text, start + (text[start : start + 1] in {"+", "-"}))
    scan: Callable[[str, int, int], Scanned] = _scan_parentheses if text.startswith("(", inside) else _scan_numeral
    term, end = scan(text, inside, nesting)
    if power := _POWER.match(text, end):
        term, end = _raise(term, int(power["exponent"]), start), power.end()
    return term.negative() if text[start] == "-" else term, end


def _scan_numeral(text: str, start: int, nesting: int) -> Scanned:  # noqa: ARG001 - the signature of all factors
    numeral = scan_numeral(text, start)
    if numeral is None:
        raise unexpected(text, start, EXPECTED)
    shown = number_text(numeral.value)
    return Term(numeral.value, numeral.unit_in_last_place, numeral.digits, numeral.in_full, shown), numeral.end


def _scan_parentheses(text: str, start: int, nesting: int) -> Scanned:
    if nesting == NESTING:
        raise Unreadable(f"more than {NESTING} parentheses in each other", place=place(start), expected=EXPECTED)
    term, end = _scan_sum(text, start + 1, nesting + 1)
    end = skip_blanks(text, end)
    if not text.startswith(")", end):
        raise unexpected(text, end, "')'")
    return term.in_parentheses(), end + 1


def _bounded(term: Term) -> Term:
    """The term, unless it has grown beyond what any answer needs on its way."""
    parts = term.value.numerator, term.value.denominator, term.unit_in_last_place.denominator
    if max(part.bit_length() for part in parts) > BITS:
        raise Unreadable("a calculation with numbers beyond 10^100", expected=EXPECTED)
    return term


def _raise(term: Term, exponent: int, start: int) -> Term:
    """A power whose size is known to be bearable before it is computed."""
    parts = term.value.numerator, term.value.denominator
    if not term.value and exponent <= 0:
        raise Unreadable("a power of zero", place=place(start), expected=EXPECTED)
    if any(_exceeds(abs(part), abs(exponent)) for part in parts):
        raise Unreadable("a power beyond 10^30", place=place(start), expected=EXPECTED)
    return term.to_the(exponent)


def _exceeds(part: int, exponent: int) -> bool:
    """Whether a power is beyond the largest one; it is only computed where its bits do not tell already."""
    if (part.bit_length() - 1) * exponent >= LARGEST_POWER.bit_length():
        return True
    return bool(part**exponent > LARGEST_POWER)

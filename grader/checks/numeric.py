"""What single numbers have in common, whatever their tolerance."""

from grader.answers.reading import Reading
from grader.checks.check import Check, Span
from grader.checks.slips import numeric_slip
from grader.checks.tolerance import Number, as_float, of_one_order, span_of


class Numeric(Check):
    """A check of one number."""

    def plausible(self, value: Number, expected: Number) -> bool:
        """Of the same order."""
        return of_one_order(value, expected)

    def slip(self, reading: Reading, expected: Number) -> str:
        """A sign or a power of ten."""
        return numeric_slip(reading, expected, ("sign", "power-of-ten"))

    def span(self, reading: Reading) -> Span:
        """Around the number that was given."""
        return span_of(reading)

    def landmark(self, value: Number, item: str) -> float:  # noqa: ARG002 - a number has no items
        """The number itself."""
        return as_float(value)

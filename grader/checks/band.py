"""Between what bounds a measured number usually is."""

from fractions import Fraction
from typing import Any, Literal

from pydantic import model_validator

from grader.answers.numbers import read_real
from grader.answers.quantities import read_quantity
from grader.answers.reading import Reading, number_text
from grader.answers.values import Plain
from grader.checks.check import Exact, Options

_SUFFIX = {"percent": " %", "second": " s", "number": ""}


class Band(Options):
    """The bounds of one measured number, both inclusive."""

    low: Exact
    """The least that is usual, in the unit."""
    high: Exact
    """The most that is usual, in the unit."""
    unit: Literal["percent", "second", "number"] = "number"
    """What is measured. A share such as 0.91 is read as 91 percent where only that is usual."""

    @model_validator(mode="after")
    def _is_ordered(self) -> "Band":
        if self.low > self.high:
            raise ValueError(f"low is {number_text(self.low)}, which is more than high, {number_text(self.high)}")
        return self

    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """A number in the unit, which may be left out."""
        return read_real(answer) if self.unit == "number" else read_quantity(answer, self.unit)

    def best(self, readings: tuple[Reading, ...]) -> Reading:
        """The reading that is usual, else the one as it was written."""
        return next((reading for reading in readings if self.includes(reading.value)), readings[0])

    def includes(self, value: float | Fraction) -> bool:
        """Whether the number is usual; NaN never is."""
        return self.low <= value <= self.high

    def unusual(self, reading: Reading) -> str:
        """What is unusual about a number outside of the bounds, without telling them."""
        side = "lower" if reading.value < self.low else "higher" if reading.value > self.high else "other"
        return f"{reading.text} is {side} than usual"

    def spelled(self, value: Fraction) -> Any:
        """A number as a student may give it, with its unit."""
        return f"{value}{_SUFFIX[self.unit]}" if self.unit != "number" else value

    def __str__(self) -> str:
        """The bounds, for whoever marks."""
        return f"{number_text(self.low)} to {number_text(self.high)}{_SUFFIX[self.unit]}"

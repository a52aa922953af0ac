"""A whole number, such as a count of parameters: exact, unless rounded answers are allowed."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from pydantic import StrictBool

from grader.answers.numbers import read_integer
from grader.answers.reading import Reading
from grader.answers.shapes import read_square
from grader.answers.values import Plain
from grader.checks.check import RIGHT, Match
from grader.checks.clues import Clue, Lock
from grader.checks.exactness import RoundedOrExact, with_zeros
from grader.checks.tolerance import Number, is_the_value, rounded

# Digits from which a rounded number is surely meant to be the right one.
FEWEST_OF_ROUNDED = 2


class Integer(RoundedOrExact):
    """A whole number. "163,696", 163696 and 160K (where `rounding` or `sigfigs` allows it) are ways to write one."""

    kind: Literal["integer", "count"]
    square: StrictBool = False
    """Whether the side of a square may also be given as a size: "9x9" or (9, 9) for 9."""

    def expect(self, solved: Any) -> int:
        """The solver's whole number."""
        if isinstance(solved, bool) or not isinstance(solved, int):
            raise ValueError(f"an integer is expected of the solver, not {solved!r}")
        return solved

    @property
    def read_by(self) -> frozenset[str]:
        """What K, M and B stand for."""
        return frozenset({"K"})

    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """Whole numbers in any spelling."""
        reading = read_square(answer) if self.square else None
        return (reading,) if reading else read_integer(answer)

    def compare(self, reading: Reading, expected: int) -> Match:
        """Equal, or the rounding of it where that is allowed."""
        if reading.value == expected:
            return Match(RIGHT)
        return self.rounded(reading, expected)

    def explains(self, reading: Reading, expected: int) -> bool:
        """Equal as far as written."""
        return is_the_value(reading, expected)

    def slip(self, reading: Reading, expected: Number) -> str:
        """A rounded answer where the exact one is asked for, or what is a slip of every number."""
        as_rounded = rounded(with_zeros(reading), expected, sigfigs=FEWEST_OF_ROUNDED)
        return "rounded" if as_rounded.right else super().slip(reading, expected)

    @property
    def sealable(self) -> bool:
        """By its digits, or its leading ones where rounded answers count."""
        return True

    def clues(self, reading: Reading, items: Sequence[str]) -> Iterator[Clue]:  # noqa: ARG002 - a number has none
        """The number itself, and the cell that it lies in."""
        yield from map(Clue, (f"= {reading.value}", *self.cells_at(reading.value)))

    def locks(self, expected: int) -> Iterator[Lock]:
        """As `clues`."""
        yield from (Lock(Clue(text), expected) for text in (f"= {expected}", *self.cells_around(expected)))

    def right_answers(self, expected: int) -> Sequence[Any]:
        """The number itself, and rounded as far as it may be."""
        return expected, *(_whole(self.rounded_answers(expected)[0]))

    def wrong_answers(self, expected: int) -> Sequence[Any]:
        """Its neighbours, also those of its roundings."""
        beside = [n for n in (expected - 1, expected + 1) if not self.rounded(Reading(n, str(n)), expected).credit]
        return *beside, *_whole(self.rounded_answers(expected)[1])


def _whole(spelled: Sequence[str]) -> list[str]:
    """Without those that have digits behind the point."""
    return [number for number in spelled if "e-" not in number]

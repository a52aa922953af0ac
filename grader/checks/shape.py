"""The shape of an array."""

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any, Literal

from pydantic import StrictBool

from grader.answers.reading import Reading
from grader.answers.shapes import read_shape, read_shape_of_either_order
from grader.answers.values import Plain
from grader.checks.check import RIGHT, WRONG, Check, Match, Span
from grader.checks.clues import Clue, Lock
from grader.checks.slips import axes_slip
from grader.checks.tolerance import as_float, of_one_order


class Shape(Check):
    """The shape of an array, channels first and without the batch: (64, 56, 56), "64x56x56"."""

    kind: Literal["shape"]
    channels_last: StrictBool = False
    """Whether three sizes may also be given with the channels last: (56, 56, 64)."""

    def expect(self, solved: Any) -> tuple[int, ...]:
        """The solver's shape."""
        if not isinstance(solved, tuple) or not all(isinstance(size, int) for size in solved):
            raise ValueError(f"a tuple of integers is expected of the solver, not {solved!r}")
        return solved

    @property
    def read_by(self) -> frozenset[str]:
        """Which axis comes first, where that may be either."""
        return frozenset({"axes"} if self.channels_last else ())

    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """Tuples, lists, torch.Size and text."""
        return read_shape_of_either_order(answer) if self.channels_last else read_shape(answer)

    def compare(self, reading: Reading, expected: tuple[int, ...]) -> Match:
        """Equal up to sizes of 1 at the end, since 4096x1x1 is the feature map 4096, and to a batch of one in front.

        A row of values may have 1s before it, too: 1x1x4096 with the channels last.
        """
        value = reading.value
        while value[:1] == (1,) and (len(expected) == 1 < len(value) or len(value) == len(expected) + 1):
            value = value[1:]
        return Match(RIGHT if _trimmed(value) == _trimmed(expected) else WRONG)

    def plausible(self, value: tuple[int, ...], expected: tuple[int, ...]) -> bool:
        """As many sizes, and as many values but for a factor."""
        return len(value) == len(expected) and of_one_order(prod(value), prod(expected))

    def slip(self, reading: Reading, expected: tuple[int, ...]) -> str:
        """The axes in another order."""
        return axes_slip(reading.value, expected)

    def span(self, reading: Reading) -> Span:
        """At the number of values, which sizes of 1 do not change."""
        return Span(*2 * (as_float(prod(reading.value)),))

    def landmark(self, value: tuple[int, ...], item: str) -> float:  # noqa: ARG002 - a shape has no items
        """The number of values."""
        return as_float(prod(value))

    @property
    def sealable(self) -> bool:
        """By its sizes without the 1s at both ends."""
        return True

    def clues(self, reading: Reading, items: Sequence[str]) -> Iterator[Clue]:  # noqa: ARG002 - a shape has none
        """The sizes."""
        yield _sizes(reading.value)

    def locks(self, expected: tuple[int, ...]) -> Iterator[Lock]:
        """As `clues`."""
        yield Lock(_sizes(expected), expected)

    def guesses(self, expected: tuple[int, ...]) -> int:
        """Every size of its length."""
        return prod(10 ** len(str(size)) for size in expected)

    def right_answers(self, expected: tuple[int, ...]) -> Sequence[Any]:
        """The shape itself, and with its channels last where they may be."""
        is_image = self.channels_last and len(expected) == 3  # noqa: PLR2004 - channels, height, width
        return (expected, (*expected[1:], expected[0])) if is_image else (expected,)

    def wrong_answers(self, expected: tuple[int, ...]) -> Sequence[Any]:
        """Each size larger by one."""
        return [tuple(size + (axis == one) for axis, size in enumerate(expected)) for one in range(len(expected))]


def _sizes(shape: tuple[int, ...]) -> Clue:
    return Clue("x".join(map(str, _trimmed(_trimmed(shape)[::-1])[::-1])))


def _trimmed(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape without the 1s at its end."""
    while shape[-1:] == (1,):
        shape = shape[:-1]
    return shape

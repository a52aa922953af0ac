"""What is inside the sealed boxes."""

from fractions import Fraction

from pydantic import Field

from grader.records import JsonValue, Record
from grader.selfcheck.keys.sealed import Base64


class Meaning(Record):
    """What a value of a convention means."""

    words: str
    changes: bool
    """Whether the right answer is another one than by the sheet's own value."""


class Piece(Record):
    """A piece of an expected value: the whole of it, a cell of a table, or a step of a path."""

    item: str = ""
    value: JsonValue
    """In the tagged encoding of the capture code."""
    cases: tuple[str, ...] = ()
    """What it is the value of: "a0" is the sheet's own convention, "m3" the fourth known mistake."""
    words: dict[str, dict[str, Meaning]] = Field(default_factory=dict)
    """By case and convention."""
    keys: dict[str, Base64] = Field(default_factory=dict)
    """By case, the key of its hint."""


class Contents(Record):
    """All that one clue opens."""

    pieces: tuple[Piece, ...]


class Hint(Record):
    """What a known mistake is, for a student who made it."""

    what: str
    """What was done, as a clause."""
    hint: str
    """The question that leads on."""
    certain: bool
    """Whether no other number is hit so often by luck that it is only possible."""
    grain: int
    """How near together two exact answers can be: 1 for whole numbers, else 0."""
    coarsest: Fraction | None
    """The greatest power of ten that, as a unit of the last digit, is hit by no luck, and does not reach from the mistake to a right
    answer; None where every one will do."""

    def weighed(self, coarse: Fraction) -> bool | None:
        """Whether it is certain that this is the mistake; None where so coarse an answer fits too much to be explained.

        It says no more than grading does, which knows the very unit from which luck begins (see `grader.explaining`).

        Args:
            coarse: one unit of the last digit that was written.
        """
        if coarse <= self.grain or self.coarsest is None:
            return self.certain
        return True if coarse <= self.coarsest else None

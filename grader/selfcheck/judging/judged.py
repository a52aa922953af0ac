"""What the self-check says of each part."""

from enum import StrEnum

from grader.records import Record


class Standing(StrEnum):
    """How one answer stands."""

    RIGHT = "right"
    NOT_RIGHT = "not right"
    READABLE = "readable"
    """It can be read. Whether it is right is not told, or cannot be."""
    BLANK = "blank"
    UNREADABLE = "unreadable"
    DID_NOT_RUN = "did not run"
    NOT_HERE = "not here"
    """It stands in a text cell or a picture, which a running notebook cannot see."""
    FAULT = "fault of the check"

    @property
    def sign(self) -> str:
        """A sign to tell it from the others at a glance."""
        return _SIGNS[self]

    @property
    def is_readable(self) -> bool:
        """Whether there is an answer that can be read."""
        return self in {Standing.RIGHT, Standing.NOT_RIGHT, Standing.READABLE}


_SIGNS = {
    Standing.RIGHT: "✓",
    Standing.NOT_RIGHT: "✗",
    Standing.READABLE: "•",
    Standing.BLANK: "–",
    Standing.UNREADABLE: "?",
    Standing.DID_NOT_RUN: "!",
    Standing.NOT_HERE: "○",
    Standing.FAULT: "?",
}


class CheckedItem(Record):
    """One row of a table, or one step of a path."""

    name: str
    read_as: str
    right: bool | None = None
    """None where it is not told."""


class Judgement(Record):
    """What the self-check says of one part. Texts that hold a student's answer are not escaped."""

    problem: str
    part: str
    variable: str
    title: str
    standing: Standing
    read_as: str = ""
    """How the answer was read: "159 x 1000 = 159 000"."""
    message: str = ""
    """What there is to say: why it cannot be read, what is wrong with it, why it is not judged."""
    hint: str = ""
    """The question that leads on from a known mistake."""
    convention: str = ""
    """The accepted convention under which it is right, where that is not the sheet's own."""
    items: tuple[CheckedItem, ...] = ()
    cell: int | None = None
    """The cell it was taken from, from 0; None in a running notebook."""

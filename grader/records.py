"""The values that travel between the stages, in the order in which they come to be.

    Submission -> Execution -> Answer per part -> Verdict per part -> Grade

Every record is frozen, prints well, and goes to JSON and back unchanged.
"""

from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

JsonValue = Any  # plain JSON: None, bool, int, float, str, list, dict

# The MIME type under which a kernel hands over answers, and with it the version of their encoding.
ANSWERS_MIME = "application/vnd.homework-answers.v1+json"


# The first row of the gradebook has this name, so that no student may.
MAXIMUM = "maximum"


class Record(BaseModel):
    """Base of all records: frozen, and closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")


class Asked(Record):
    """What is watched for one part while a notebook runs and when its answers are taken."""

    cell_id: str
    """The id that the part's answer cell has in the released notebook."""
    written: bool = False
    """Whether the answer may stand in a Markdown cell."""
    drawn: bool = False
    """Whether only a picture is an answer."""
    model_input: tuple[int, ...] = ()
    """For a network: the shape of one example that it is described with, without the batch."""


class Submission(Record):
    """One file handed in by one student."""

    student: str
    """Safe as a folder name, and unique in a run."""
    path: Path
    digest: str
    """SHA-256 of the file's first 64 MiB, hexadecimal; empty when it cannot be read."""


class Captured(Record):
    """A watched variable as it stood after one cell. A claim made by student code, to be read with care."""

    variable: str
    cell: int
    """Position of the cell in the notebook, from 0."""
    data: JsonValue
    """The tagged encoding that the capture code writes (see `grader.answers.plain`)."""
    without: tuple[int, ...] = ()
    """The cells that were left out of the run in which it was seen, since they had ended the kernel."""


class FailureKind(StrEnum):
    """How a cell failed to run to its end."""

    ERROR = "error"
    TIMEOUT = "timeout"
    DIED = "died"
    NOT_REACHED = "not reached"


class CellFailure(Record):
    """A cell that did not run to its end, and why."""

    cell: int
    kind: FailureKind
    name: str = ""
    """Name of the exception, or the limit that was hit."""
    message: str = ""
    traceback: str = ""
    """Plain text, without terminal colours; for staff and for the student's own page."""
    without: tuple[int, ...] = ()
    """The cells that were left out of the run in which it failed, since they had ended the kernel."""

    @property
    def place(self) -> str:
        """The cell in words: "cell 5", or "cell 5, run without cell 3"."""
        words = " and ".join(f"cell {cell + 1}" for cell in self.without)
        return f"cell {self.cell + 1}, run without {words}" if words else f"cell {self.cell + 1}"


class Execution(Record):
    """What running one notebook left behind."""

    notebook: JsonValue
    """The executed notebook as JSON (nbformat 4.5), student metadata dropped; it carries its own answers."""
    captured: tuple[Captured, ...] = ()
    failures: tuple[CellFailure, ...] = ()
    left_out: tuple[int, ...] = ()
    """Cells that ended the kernel, in that order. After each, the notebook ran again without it; what had been seen of the
    cells before it stays as it was."""
    cut: tuple[int, ...] = ()
    """Cells that put out more than is kept, by their own account or by ours: the executed notebook has the beginning and a note."""
    isolation: str
    """How the kernel was contained, in a word that every report repeats ("none")."""
    seconds: float = 0.0
    """In which its cells ran, without those in which kernels started."""


class Picture(Record):
    """A picture that belongs to an answer. Only formats that run no code, with the first bytes that prove the format."""

    mime: Literal["image/png", "image/jpeg"]
    data: str
    """Base64 text."""


class Answer(Record):
    """What a student gave for one part, before it is read."""

    variable: str
    data: JsonValue = None
    """Tagged encoding, as captured; None when nothing was captured."""
    cell: int | None = None
    """The cell in which the answer was taken."""
    did_not_run: str = ""
    """Why there is none although the notebook tried ("cell 5 stopped with NameError"); else empty."""
    lost: str = ""
    """Why there is none although its cell was changed ("cell 5 does not set resnet50"); else empty."""
    elsewhere: str = ""
    """Where there is text that may be meant for it, which counts only when it is blank; else empty."""
    pictures: tuple[Picture, ...] = ()
    """What the answer's own cell shows or has attached."""


class Outcome(StrEnum):
    """What became of one part. Pending outcomes are neither zero nor full until a person has looked."""

    CORRECT = "correct"
    PARTIAL = "partial"
    INCORRECT = "incorrect"
    BLANK = "blank"
    UNREADABLE = "unreadable"
    DID_NOT_RUN = "did-not-run"
    AWAITS_REVIEW = "awaits-review"
    PROBLEM_FAULT = "problem-fault"
    GRADER_FAULT = "grader-fault"

    @property
    def pending(self) -> bool:
        """Whether a person must look before this part has points."""
        return self in _PENDING


_PENDING = {Outcome.UNREADABLE, Outcome.AWAITS_REVIEW, Outcome.PROBLEM_FAULT, Outcome.GRADER_FAULT}


class Item(Record):
    """One cell of a table or one step of a path."""

    name: str
    read_as: str
    right: bool


class Drawing(Record):
    """A student's path and the reference's, to be drawn over each other; the start first in both."""

    student: tuple[tuple[float, ...], ...]
    reference: tuple[tuple[float, ...], ...]
    wrong_steps: tuple[int, ...]
    """Steps that are not right, from 1."""


class Verdict(Record):
    """The mark of one part, and what explains it."""

    problem: str
    part: str
    outcome: Outcome
    points: Fraction | None
    """None while pending."""
    max_points: Fraction
    answer: str = ""
    """What the student gave, as text; hostile."""
    read_as: str = ""
    """How it was read."""
    finding: str
    """Stable id of what explains the verdict: "training_bytes:gradients_forgotten"."""
    message: str = ""
    """Words for the student."""
    cell: int | None = None
    items: tuple[Item, ...] = ()
    drawing: Drawing | None = None
    extra: bool = False
    """Whether the points come on top of the homework's maximum."""
    suggestion: str = ""
    """For whoever marks a part that waits for a person; never for the student."""
    pictures: tuple[Picture, ...] = ()


class Status(StrEnum):
    """What is to be done with one student's row of the gradebook."""

    GRADED = "graded"
    NEEDS_REVIEW = "needs review"
    NOT_A_NOTEBOOK = "not a notebook"
    OTHER_HOMEWORK = "other homework"
    FAULT = "fault of the grader"


class Grade(Record):
    """Everything that is known about one student's homework."""

    student: str
    homework: str
    status: Status
    note: str = ""
    """Why, in words, when the status is not plainly "graded"."""
    verdicts: tuple[Verdict, ...]
    failures: tuple[CellFailure, ...] = ()
    cut: tuple[int, ...] = ()
    """As in `Execution`."""
    isolation: str = ""
    seconds: float = 0.0

    @property
    def points(self) -> Fraction:
        """Points that are decided."""
        return sum((v.points for v in self.verdicts if v.points is not None), Fraction(0))

    @property
    def max_points(self) -> Fraction:
        """Points that could be had, extra points left out."""
        return sum((v.max_points for v in self.verdicts if not v.extra), Fraction(0))

    @property
    def pending_points(self) -> Fraction:
        """Points that wait for a person, extra points left out."""
        return sum((v.max_points for v in self.verdicts if v.outcome.pending and not v.extra), Fraction(0))

    @property
    def decided_points(self) -> Fraction:
        """Points that could be had in the parts that are decided."""
        return self.max_points - self.pending_points

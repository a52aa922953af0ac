"""The values that travel between the stages, in the order in which they come to be.

    Submission -> Execution -> Answer per part -> Verdict per part -> Grade

Every record is frozen, prints well, and goes to JSON and back unchanged.
"""

import hashlib
from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

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


class Person(Record):
    """Who a student is, as far as a download or a roster says. Everything is text as it was written, and may be empty."""

    name: str = ""
    """In reading order, or as "Doe, Jane" where that is how it came."""
    email: str = ""
    login: str = ""
    """The user name: Canvas's SIS Login ID, Brightspace's Username, Blackboard's Username, nbgrader's student."""
    number: str = ""
    """The registration number: Canvas's SIS User ID, Gradescope's SID, Brightspace's OrgDefinedId. Text: it may begin with a zero."""
    section: str = ""
    ids: dict[str, str] = {}
    """A platform's own numbers, by platform: {"canvas": "340934", "moodle": "1234567"}."""


class Submission(Record):
    """One file handed in by one student."""

    student: str
    """Safe as a folder name, and unique in a run."""
    path: Path
    """Where the file is now. Of an archive a copy that lasts as long as the command; see `origin`."""
    digest: str
    """SHA-256 of the file's first 64 MiB, hexadecimal; empty when it cannot be read, or when nothing was handed in."""
    person: Person = Person()
    platform: str = ""
    """Whose download it came in: "canvas", "moodle", "gradescope", ...; empty for a plain folder."""
    origin: str = ""
    """Its name in the download as it came, with "/" between folders: "doejane_340934_208490284_hw1.ipynb"."""
    group: str = ""
    """The group that handed it in together; each of its members has a submission with this file."""
    submitted: AwareDatetime | None = None
    """When it was handed in, if the download or a roster says."""
    due: AwareDatetime | None = None
    """Until when this student may hand in, where a roster says so; else what holds for the homework."""
    late: bool = False
    """Whether the platform says that it is late, however late that is."""
    notes: tuple[str, ...] = ()
    """What was decided about it, in words: "the newest of 3 attempts"."""
    trouble: str = ""
    """Why there is no notebook although something was handed in, such as a PDF: a person has to look at it."""
    missing: bool = False
    """Whether the student is known and handed nothing in, so that there is no file."""

    @property
    def has_file(self) -> bool:
        """Whether there is a file that may be a notebook."""
        return not (self.missing or self.trouble)

    @property
    def fingerprint(self) -> str:
        """Of what was handed in: of the file, or of its name and time where there is no file that could be read."""
        if self.digest:
            return self.digest
        return hashlib.sha256(f"{self.origin}\0{self.submitted}".encode(errors="surrogatepass")).hexdigest()


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
    limit: str = ""
    """The limit that probably stands behind an error, as the name of a field of `grader.kernels.limits.Limits`; else empty."""

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

    @property
    def is_fault(self) -> bool:
        """Whether it is ours, or the problem's, and none of the student's."""
        return self in _FAULTS


_FAULTS = {Outcome.PROBLEM_FAULT, Outcome.GRADER_FAULT}
_PENDING = {Outcome.UNREADABLE, Outcome.AWAITS_REVIEW, *_FAULTS}


class Item(Record):
    """One cell of a table or one step of a path."""

    name: str
    read_as: str
    right: bool
    expected: str = ""
    """What is right instead, where the answer is not."""


class Drawing(Record):
    """A student's path and the reference's, to be drawn over each other; the start first in both."""

    student: tuple[tuple[float, ...], ...]
    reference: tuple[tuple[float, ...], ...]
    wrong_steps: tuple[int, ...]
    """Steps that are not right, from 1."""


class Size(Record):
    """One layer of a network, drawn as large as it is."""

    name: str
    given: float | None
    """The student's number; None where there is none that can be drawn."""
    expected: float | None = None
    """The right one."""
    right: bool | None = None
    """Whether the student's number counts as right; None where that is not known."""


class Sizes(Record):
    """The layers of a network, to be drawn: a bar for each, or receptive fields as squares in one another."""

    form: Literal["bars", "squares"]
    unit: str
    """What is counted: "parameters", "values", "pixels"."""
    layers: tuple[Size, ...]


class Verdict(Record):
    """The mark of one part, and what explains it."""

    problem: str
    part: str
    outcome: Outcome
    points: Fraction | None
    """None while pending."""
    max_points: Fraction
    answer: str = ""
    """What the student gave, as text, which may be cut; hostile."""
    given: str = ""
    """Hash of all that the student gave; empty where nothing was taken."""
    read_as: str = ""
    """How it was read."""
    finding: str
    """Stable id of what explains the verdict: "training_bytes:gradients_forgotten"."""
    expected: str = ""
    """The right answer, as it would be read; empty where there is no single one, or only items have one."""
    message: str = ""
    """Words for the student: why there is no mark, or what is to be said of a wrong answer."""
    hint: str = ""
    """A question that leads on from a known mistake."""
    convention: str = ""
    """The accepted convention under which it is right, where that is not the sheet's own: "1 GB is 2^30 bytes"."""
    follows: tuple[str, ...] = ()
    """The earlier parts whose answers, wrong or rounded, were carried forward into this one."""
    cell: int | None = None
    items: tuple[Item, ...] = ()
    drawing: Drawing | None = None
    sizes: tuple[Sizes, ...] = ()
    extra: bool = False
    """Whether the points come on top of the homework's maximum."""
    suggestion: str = ""
    """For whoever marks a part that waits for a person; never for the student."""
    pictures: tuple[Picture, ...] = ()
    marked_by: str = ""
    """The person who gave the points; empty when the grader did."""
    comment: str = ""
    """What that person says to the student."""

    @property
    def fingerprint(self) -> str:
        """Of the answer that is marked, pictures included: equal for equal answers, whoever gave them."""
        parts = (self.answer, self.given, *(picture.data for picture in self.pictures))
        return hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()


class Edit(Record):
    """The mark that a person gave to one part, in place of what the grader says. Edits are added and never changed."""

    student: str
    problem: str
    part: str
    points: Fraction | None
    """None takes the person's earlier mark back, so that what the grader says holds again."""
    comment: str = ""
    """For the student."""
    by: str
    """Who marked."""
    at: AwareDatetime
    why: str = ""
    """For the staff, and for whoever looks at the history later."""
    old_points: Fraction | None
    """What the part had before; None while it was pending."""
    old_outcome: Outcome
    max_points: Fraction
    """Of the part when it was marked. The mark does not hold when that has changed: 4 of 4 is not 4 of 5."""
    digest: str
    """Fingerprint of the submission that was marked (see `Submission.fingerprint`)."""
    answer: str
    """Fingerprint of the answer that was marked (see `Verdict.fingerprint`): it holds for a later submission with the same one."""


class Lateness(Record):
    """How late a submission is, and what that costs by the rule of its homework."""

    seconds: float | None
    """After the due date; None when it is late by an unknown time, which costs nothing until somebody says when it came."""
    share: Fraction = Fraction(0)
    """Of the points that are taken off."""
    of: Literal["earned", "maximum"] = "earned"
    """Which points the share is of."""
    words: str
    """For the student: "2 days late: 20 % off"."""


class Status(StrEnum):
    """What is to be done with one student's row of the gradebook."""

    GRADED = "graded"
    NEEDS_REVIEW = "needs review"
    NOT_A_NOTEBOOK = "not a notebook"
    OTHER_HOMEWORK = "other homework"
    NO_SUBMISSION = "no submission"
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
    late: Lateness | None = None

    @property
    def points(self) -> Fraction:
        """Points that are decided, before anything is taken off for lateness."""
        return _sum(v.points for v in self.verdicts if v.points is not None)

    @property
    def max_points(self) -> Fraction:
        """Points that could be had, extra points left out."""
        return _sum(v.max_points for v in self.verdicts if not v.extra)

    @property
    def pending_points(self) -> Fraction:
        """Points that wait for a person, extra points left out."""
        return _sum(v.max_points for v in self.verdicts if v.outcome.pending and not v.extra)

    @property
    def decided_points(self) -> Fraction:
        """Points that could be had in the parts that are decided."""
        return self.max_points - self.pending_points

    @property
    def deduction(self) -> Fraction:
        """Points taken off for lateness, never more than there are."""
        if self.late is None:
            return Fraction(0)
        whole = self.points if self.late.of == "earned" else self.max_points
        return min(self.late.share * whole, max(self.points, Fraction(0)))

    @property
    def total(self) -> Fraction:
        """Points that are decided, less what lateness costs: what a gradebook has."""
        return self.points - self.deduction


def status_of(verdicts: Iterable[Verdict]) -> Status:
    """What is to be done with a student by the verdicts: after a run, or once a person has given marks."""
    outcomes = {verdict.outcome for verdict in verdicts}
    if any(outcome.is_fault for outcome in outcomes):
        return Status.FAULT
    return Status.NEEDS_REVIEW if any(outcome.pending for outcome in outcomes) else Status.GRADED


def _sum(points: Iterable[Fraction]) -> Fraction:
    """The exact sum. Points have few denominators, and to add whole numbers is many times quicker than to add fractions."""
    numerators: dict[int, int] = {}
    for one in points:
        numerators[one.denominator] = numerators.get(one.denominator, 0) + one.numerator
    return sum((Fraction(numerator, of) for of, numerator in numerators.items()), Fraction(0))


class Result(Record):
    """One student's submission and what it came to, marks of persons included: what is exported and reviewed."""

    submission: Submission
    grade: Grade

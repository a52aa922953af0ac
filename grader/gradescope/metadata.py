"""submission_metadata.json: what Gradescope says about a submission. Read leniently, since it says that it may change."""

from fractions import Fraction

from pydantic import AwareDatetime

from grader.records import JsonValue, Record


class Submitter(Record):
    """One of the students who handed it in."""

    name: str = ""
    email: str = ""
    sid: str = ""
    due: AwareDatetime | None = None
    """Until when this one may hand in, where the metadata says so."""


class Previous(Record):
    """An earlier submission of the same students."""

    submitted: AwareDatetime | None = None
    failed: bool = False
    """Whether Gradescope says that the autograder failed."""
    results: dict[str, JsonValue] | None = None
    """What it handed out; Gradescope has it of the newest only."""


class Metadata(Record):
    """What is known about a submission. Everything may be missing."""

    id: str = ""
    submitted: AwareDatetime | None = None
    title: str = ""
    """Of the assignment."""
    total_points: Fraction | None = None
    """Of the assignment, those of written questions included."""
    due: AwareDatetime | None = None
    """The due date of the assignment, or that of its students, the latest if they have several."""
    submitters: tuple[Submitter, ...] = ()
    previous: tuple[Previous, ...] = ()
    """Oldest first."""
    method: str = ""
    """How it was handed in: "upload", "GitHub", "Bitbucket"."""
    troubles: tuple[str, ...] = ()
    """What could not be read, in words for the staff."""

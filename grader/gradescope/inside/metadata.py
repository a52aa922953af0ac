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
    """Until when this one may hand in, where the metadata says so; an extension only if it is not the assignment's own date."""


class Previous(Record):
    """An earlier submission of the same students."""

    submitted: AwareDatetime
    failed: bool = False
    """Whether Gradescope says that the autograder failed."""
    results: dict[str, JsonValue] | None = None
    """What it handed out; Gradescope has it of the newest only."""


class Metadata(Record):
    """What is known about a submission. Everything may be missing."""

    id: str = ""
    submitted: AwareDatetime | None = None
    total_points: Fraction | None = None
    """Of the assignment, those of written questions included."""
    due: AwareDatetime | None = None
    """The due date of the assignment, for whoever has no other."""
    submitters: tuple[Submitter, ...] = ()
    previous: tuple[Previous, ...] = ()
    """Oldest first."""
    troubles: tuple[str, ...] = ()
    """What could not be read, in words for the staff."""

    @property
    def earlier(self) -> tuple[Previous, ...]:
        """The submissions before this one, oldest first; later ones are there when this one is graded again."""
        now = self.submitted
        return tuple(one for one in self.previous if now and one.submitted < now)

    @property
    def newest_earlier(self) -> Previous | None:
        """The last of them."""
        return self.earlier[-1] if self.earlier else None

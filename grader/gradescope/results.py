"""results.json: what an autograder hands to Gradescope, as its documentation describes it.

Source of names, types and defaults: gradescope-autograders.readthedocs.io, "Autograder specifications".
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from grader.autograder_settings import Visibility
from grader.packing import json_bytes
from grader.records import JsonValue, Record

MOST_CHARACTERS = 90_000
"""Of one output. Gradescope cuts the middle out of what is longer than 100,000 characters, which no markup survives."""
Format = Literal["text", "html", "simple_format", "md", "ansi"]
Output = Annotated[str, StringConstraints(max_length=MOST_CHARACTERS)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class Entry(Record):
    """One line of the results; Gradescope calls it a test."""

    name: str
    name_format: Format = "text"
    number: str
    """Shown, and what entries are sorted by: "2.1"."""
    score: Number | None = None
    """None, together with `max_score`, for what has no points (yet)."""
    max_score: Number | None = None
    status: Literal["passed", "failed"] | None = None
    """Its colour; by default whether the score is the whole."""
    output: Output = ""
    output_format: Format = "html"
    tags: tuple[str, ...] = ()
    visibility: Visibility = "visible"
    extra_data: dict[str, JsonValue] = Field(default_factory=dict)
    """For programs: stored by Gradescope, not shown."""


class Results(Record):
    """All of results.json."""

    score: Number
    """Overrides the sum of the entries, which it equals."""
    output: Output
    """For the student, above all entries, whatever their visibility."""
    output_format: Format = "html"
    visibility: Visibility = "visible"
    stdout_visibility: Visibility = "hidden"
    """Of what was printed, which is for the staff."""
    execution_time: Number | None = None
    """Seconds."""
    tests: tuple[Entry, ...] = ()
    extra_data: dict[str, JsonValue] = Field(default_factory=dict)
    """Comes back with the student's next submission, in its metadata."""

    def as_json(self) -> bytes:
        """As Gradescope reads it: UTF-8 with everything replaced that UTF-8 refuses, and nothing that is not said."""
        return json_bytes(self.model_dump(mode="json", exclude_none=True))


FAULT = "fault"
"""In `Results.extra_data`: true where the grader has failed, so that nothing was graded."""
COUNTED = "counted"
"""In `Results.extra_data`: when the submissions came in that count against the most that are graded, this one included, as ISO 8601."""
LIMITED = "limited"
"""In `Results.extra_data`: what stands above results that are handed out again, since no more are graded yet."""


@dataclass(frozen=True)
class Circumstances:
    """What is said of a submission besides its grade."""

    notebook: str = ""
    """The name of the file that was graded, as it was handed in; empty if there was none."""
    notes: tuple[str, ...] = ()
    """What was decided about it, in words for the student: "the newest of 3 notebooks"."""
    seconds: float = 0.0
    """That grading took."""
    counted: tuple[datetime, ...] = ()
    """See `COUNTED`."""
    course: str = ""
    """Hash of the files that decide marks (`grader.loading.course_hash`)."""
    written: bool = False
    """Whether written parts have been marked before, so that they count with the others instead of as manual questions."""
    group: tuple[str, ...] = ()
    """The names of the students who handed it in together, if they are several."""

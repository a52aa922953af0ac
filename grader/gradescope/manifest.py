"""autograder.json: what an archive is for, read at run time before anything else is."""

from typing import Literal

from pydantic import ConfigDict

from grader import __version__
from grader.course import Homework
from grader.gradescope.points import autograder_points, written_points
from grader.packing import json_bytes
from grader.records import Record
from grader.reports.points import rounded_points

MANIFEST = "autograder.json"


class Points(Record):
    """What is typed into Gradescope's forms."""

    autograder: float
    written: float
    """Of the manual questions; extra points are in neither."""


class Manifest(Record):
    """All of autograder.json."""

    model_config = ConfigDict(extra="ignore")  # a newer grader may say more

    format: Literal[1]
    grader: str
    """The version that the archive was built with, and has."""
    homework: str
    seconds: float
    """The timeout that the assignment is to have."""
    on_fault: Literal["message", "platform"]
    points: Points
    course: str
    """Hash of the course in the archive (`grader.loading.course_hash`)."""

    def as_json(self) -> bytes:
        """As it is in the archive."""
        return json_bytes(self.model_dump(mode="json"))


def manifest_of(homework: Homework, course: str) -> Manifest:
    """What is said of a homework.

    Args:
        homework: in the archive.
        course: its hash.
    """
    settings = homework.autograder
    return Manifest(
        format=1,
        grader=__version__,
        homework=homework.name,
        seconds=settings.seconds,
        on_fault=settings.on_fault,
        points=Points(
            autograder=rounded_points(autograder_points(homework)), written=rounded_points(written_points(homework))
        ),
        course=course,
    )

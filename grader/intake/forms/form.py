"""What the forms of downloads have in common."""

from collections.abc import Sequence
from typing import Protocol

from grader.intake.values import Entry, Read, View

# A few odd files must not hide the form of a download, and a few that fit by chance must not make one.
_MOST = 0.5


class Form(Protocol):
    """One way in which submissions come."""

    @property
    def name(self) -> str:
        """As in `Submission.platform`, and what whoever grades may insist on."""

    @property
    def words(self) -> str:
        """What was recognised, in words."""

    def fits(self, view: View) -> bool:
        """Whether the files are named as in such a download."""

    def read(self, view: View) -> Read:
        """Who handed in which of the files."""


def most(fitting: int, entries: Sequence[object]) -> bool:
    """Whether so many of them are most of them."""
    return fitting > len(entries) * _MOST


def names_no_student(entry: Entry, download: str) -> tuple[Entry, str]:
    """An entry whose name is not of the form."""
    return entry, f"is not named as a file in {download}; nobody knows who handed it in"

"""The values that travel inside the intake: what lies in a download, and who it is said to be from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from grader.records import Person, Record, Submission

NOTEBOOK = ".ipynb"
# Under which `View.known` has the names of the roster's groups.
GROUPS = "groups"
# And by what anybody on the roster may be called; see `rosters.called`.
PEOPLE = "people"
_NOBODY = Person()


class LeftOut(Record):
    """Something that is not graded."""

    path: str
    """Where it is, as a user would find it; of an archive the archive, a colon and the member."""
    why: str
    """In words, with the remedy where there is one."""


class Intake(Record):
    """What was found."""

    submissions: tuple[Submission, ...]
    """Sorted by student. Several may be one student's: `choose` picks the one that is graded."""
    left_out: tuple[LeftOut, ...] = ()
    """Everything else but hidden files. Nothing is lost silently."""
    troubles: tuple[str, ...] = ()
    """What whoever grades has to know, in words."""
    form: str = ""
    """What was recognised, in words: "Canvas's submissions.zip"."""


@dataclass(frozen=True)
class Entry:
    """One file of a folder or an archive. Its names are text to look at and never become a path."""

    parts: tuple[str, ...]
    """Its name below what was given, folders first, in Unicode's composed form (NFC)."""
    shown: str
    """Where it is, as a user would find it."""
    open: Callable[[], IO[bytes]]
    """Opens it for reading; may raise anything where the archive is broken."""
    path: Path | None = None
    """Where it is on the disk, if it is there; else it has to be copied out of its archive."""
    trouble: str = ""
    """Why it is not read, or not a notebook; else empty."""
    inside: tuple[str, ...] = ()
    """Its name inside the archive that `parts` names, if a student handed in an archive."""
    given: bool = False
    """Whether it was given itself, so that it is a notebook whatever its name."""
    raw: tuple[str, ...] = ()
    """`parts` as they came, for feedback that has to bear the same names."""
    ours: bool = False
    """Whether it lies in a folder of reports, so that nobody handed it in."""

    @property
    def notebook(self) -> bool:
        """Whether its name says that it is one, and it can be read."""
        return not self.trouble and (self.given or (self.inside or self.parts)[-1].lower().endswith(NOTEBOOK))

    @property
    def origin(self) -> str:
        """Its name as it came."""
        return "/".join((*(self.raw or self.parts), *self.inside))


@dataclass(frozen=True)
class View:
    """The files among which a form is recognised, named from the folder in which the form would lie."""

    entries: tuple[Entry, ...]
    root: str = ""
    """Name of that folder or archive."""
    clones: frozenset[tuple[str, ...]] = frozenset()
    """Folders that are clones of a git repository."""
    known: dict[str, frozenset[str]] = field(default_factory=dict)
    """By platform, the ids that the roster has, under `GROUPS` the names of its groups, squeezed, and under `PEOPLE` what its students
    may be called; they tell how an ambiguous name is to be read."""


@dataclass(frozen=True)
class Claim:
    """What the name of a file, or a list beside it, says about who handed it in."""

    entry: Entry
    key: str
    """The same for all files of one student of this download."""
    called: str
    """What the student is called where there is no roster."""
    longer: str = ""
    """What the student is called where others are called the same."""
    person: Person = _NOBODY
    free: bool = False
    """Whether `called` was chosen by somebody, so that it may be a login, a number, an address or a name."""
    squeezed: str = ""
    """The name without spaces and commas, family name first, in lower case: Canvas's "doejane"."""
    platform: str = ""
    """Whose download it came in."""
    group: str = ""
    submitted: datetime | None = None
    late: bool = False
    notes: tuple[str, ...] = ()
    handed_in: bool = True
    """Whether the student handed it in; else it is the platform's own list about the student."""


@dataclass(frozen=True)
class Read:
    """What a form makes of a view. Every entry is in one of the two."""

    claims: list[Claim]
    left_out: list[tuple[Entry, str]]
    """Files that belong to no student, and why."""
    troubles: list[str] = field(default_factory=list)

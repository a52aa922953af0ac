"""What an export is asked for, what it gives, and what it would change."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal, NamedTuple

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from grader.console import inert


@dataclass(frozen=True)
class Options:
    """How to export."""

    into: Path | None = None
    """The platform's own downloaded file, which is filled in."""
    column: str | None = None
    """Which column or assignment of the platform: its header, its title or its number, where it cannot be told."""
    pending: bool = False
    """Send what is decided of students who have more to come: parts that wait for a person, a lateness that nobody knows."""
    missing_as_zero: bool = False
    """Send no points for students who handed nothing in."""
    scale: Fraction | None = None
    """Points there for one point here; None where both must have the same maximum."""
    decimal_mark: Literal["", ".", ","] = ""
    """Of Moodle's language; empty to do as the file does."""
    comments: bool = False
    """Write what students are told into Moodle's feedback comments."""


class Change(NamedTuple):
    """One cell that gets another value."""

    student: str
    old: str
    """As it stands in the platform's file; empty where there is none."""
    new: str
    note: str = ""


class Aside(NamedTuple):
    """A student who gets no new value."""

    student: str
    why: str


@dataclass(frozen=True)
class Difference:
    """What an import would change. Every student is in one of the lists, or among the unchanged."""

    column: str = ""
    """What gets the points, of which file, in words; empty where the file is not for one column of a platform."""
    changes: tuple[Change, ...] = ()
    unmatched_rows: tuple[str, ...] = ()
    """Rows of the downloaded file which nobody of ours fits, in words."""
    unmatched_students: tuple[Aside, ...] = ()
    """Of ours, those whom the file does not have."""
    out_of_range: tuple[Aside, ...] = ()
    """Points that the platform would not take, or would cut."""
    held_back: tuple[Aside, ...] = ()
    unchanged: int = 0
    """Students who have these points there already."""


@dataclass(frozen=True)
class Export:
    """A file to upload."""

    content: bytes
    name: str
    """A proposal, without a folder."""
    difference: Difference


def difference_table(difference: Difference) -> RenderableType:
    """What would change and what would not, in 80 columns; every text of a student is shown as it is."""
    asides = (
        ("held back", difference.held_back),
        ("out of range, not sent", difference.out_of_range),
        ("not in the file", difference.unmatched_students),
        ("rows of the file that nobody fits", [Aside(row, "") for row in difference.unmatched_rows]),
    )
    counts = f"{len(difference.changes)} to change, {difference.unchanged} unchanged"
    parts: list[RenderableType] = [inert(difference.column)] if difference.column else []
    parts += [_changes(difference.changes)] if difference.changes else []
    parts += [_asides(title, rows) for title, rows in asides if rows]
    return Group(*(piece for part in parts for piece in (part, Text())), Text(counts))


def _changes(changes: tuple[Change, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("student", max_width=28, overflow="fold")
    table.add_column("old", justify="right", max_width=12, overflow="fold")
    table.add_column("new", justify="right", no_wrap=True)
    table.add_column("note", overflow="fold")
    for change in changes:
        table.add_row(*map(inert, change))
    return table


def _asides(title: str, rows: "list[Aside] | tuple[Aside, ...]") -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(f"{title} ({len(rows)})", max_width=38, overflow="fold")
    table.add_column("", overflow="fold")
    for row in rows:
        table.add_row(*map(inert, row))
    return table

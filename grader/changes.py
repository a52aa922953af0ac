"""What marking again has changed: who, by how much, and why."""

import csv
import io
from collections.abc import Sequence
from fractions import Fraction
from typing import Self

from rich.console import RenderableType
from rich.table import Table

from grader.console import WIDTH, inert, name_cell
from grader.records import Grade, Record, Verdict
from grader.reports.points import points_text, rounded_points
from grader.review.cells import guarded, shown

MOST_SHOWN = 60
"""Students on the terminal, about two screens; the file has all."""
_MOST_NAME, _LEAST_NAME = 20, 8
"""Columns of a name, on a terminal of 80 and on a narrow one."""
_COLUMNS = ("student", "part", "old points", "new points", "old finding", "new finding", "old total", "new total")


class PartChange(Record):
    """One part that came out differently."""

    part: str
    old_points: Fraction | None
    new_points: Fraction | None
    old_finding: str
    new_finding: str

    @property
    def words(self) -> str:
        """In a few words: "conv1 0 to 2 (biases_forgotten, now correct)"."""
        findings = self.old_finding
        if self.new_finding != self.old_finding:
            findings = f"{self.old_finding}, now {self.new_finding}"
        return f"{self.part} {_points(self.old_points)} to {_points(self.new_points)} ({findings})"


class Change(Record):
    """One student whose result came out differently."""

    student: str
    old_total: Fraction
    new_total: Fraction
    old_pending: Fraction
    new_pending: Fraction
    parts: tuple[PartChange, ...]

    @classmethod
    def between(cls, before: Grade, after: Grade) -> Self | None:
        """What has changed in points or in their reasons; None if nothing has."""
        old = {(verdict.problem, verdict.part): verdict for verdict in before.verdicts}
        new = {(verdict.problem, verdict.part): verdict for verdict in after.verdicts}
        places = [*new, *(place for place in old if place not in new)]
        parts = tuple(change for place in places if (change := _part(old.get(place), new.get(place))))
        if not parts and before.total == after.total:
            return None
        return cls(
            student=after.student,
            old_total=before.total,
            new_total=after.total,
            old_pending=before.pending_points,
            new_pending=after.pending_points,
            parts=parts,
        )


def _part(old: Verdict | None, new: Verdict | None) -> PartChange | None:
    either = new or old
    if either is None or (old and new and (old.points, old.finding) == (new.points, new.finding)):
        return None
    return PartChange(
        part=f"{either.problem}.{either.part}",
        old_points=old.points if old else None,
        new_points=new.points if new else None,
        old_finding=_finding(old) if old else "not asked for",
        new_finding=_finding(new) if new else "not asked for",
    )


def _finding(verdict: Verdict) -> str:
    return verdict.finding.partition(":")[2] or verdict.finding


def changes_table(changes: Sequence[Change], width: int = WIDTH) -> RenderableType:
    """Who changes by how much and why, at most as wide as this; the largest changes first."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    name_columns = max(_MOST_NAME + (width - WIDTH) // 2, _LEAST_NAME)
    table.add_column("student", no_wrap=True)
    for name in ("old", "new", "change"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("why", overflow="fold")
    for one in sorted(changes, key=lambda one: (-abs(one.new_total - one.old_total), one.student))[:MOST_SHOWN]:
        why = "; ".join(part.words for part in one.parts) or "lateness"
        difference = one.new_total - one.old_total
        sign = "+" if difference > 0 else "-" if difference < 0 else ""
        table.add_row(
            name_cell(one.student, name_columns),
            _total(one.old_total, one.old_pending),
            _total(one.new_total, one.new_pending),
            f"{sign}{points_text(abs(difference))}",
            inert(why),
        )
    return table if changes else "nobody's result changes"


def changes_words(changes: Sequence[Change], students: int) -> str:
    """How many change, in a sentence."""
    up = sum(one.new_total > one.old_total for one in changes)
    down = sum(one.new_total < one.old_total for one in changes)
    more = f"; the table shows the {MOST_SHOWN} largest changes" if len(changes) > MOST_SHOWN else ""
    waiting = sum(one.new_pending > one.old_pending for one in changes)
    pending = f"; of {waiting} more points are pending than before" if waiting else ""
    counts = f"{up} get more, {down} get less, {len(changes) - up - down} the same"
    return f"\n{len(changes)} of {students} students change: {counts}{pending}{more}"


def changes_csv(changes: Sequence[Change]) -> str:
    """All changes, a row for each part, sorted by student."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(_COLUMNS)
    for one in sorted(changes, key=lambda one: one.student.casefold()):
        totals = _cell(one.old_total), _cell(one.new_total)
        if not one.parts:
            rows.writerow((guarded(one.student), "late", "", "", "", "", *totals))
        for part in one.parts:
            points = _cell(part.old_points), _cell(part.new_points)
            findings = shown(part.old_finding), shown(part.new_finding)
            rows.writerow((guarded(one.student), part.part, *points, *findings, *totals))
    return text.getvalue()


def _cell(points: Fraction | None) -> str:
    return "" if points is None else str(rounded_points(points))


def _total(total: Fraction, pending: Fraction) -> str:
    """With what is still to come: "5 + 2?"."""
    return f"{points_text(total)} + {points_text(pending)}?" if pending else points_text(total)


def _points(points: Fraction | None) -> str:
    return "pending" if points is None else points_text(points)

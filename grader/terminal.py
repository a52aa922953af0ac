"""What the commands show on a terminal: how far they are, and the table at the end."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from grader.console import inert, warn
from grader.records import MAXIMUM, Outcome, Status
from grader.reports.points import points_text
from grader.reports.standing import Standing
from grader.review.edits import Lapsed


class Advance(Protocol):
    """Called with each student's standing as it lands."""

    def __call__(self, one: Standing, *, shown: bool = True) -> None:
        """One more student is done; shown, where that is a line of its own, unless nothing was run."""


@contextmanager
def progress(console: Console, total: int, *, lines: bool = True) -> Iterator[Advance]:
    """A bar with the time left on a terminal; where the output goes to a file a line per student, or nothing."""
    if not console.is_terminal:
        yield _Lines(console, total, lines=lines)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("grading", total=total)

        def advance(one: Standing, *, shown: bool = True) -> None:  # noqa: ARG001 - a bar has no lines
            bar.update(task, advance=1, description=f"graded {inert(one.student[:24])}")

        yield advance


class _Lines:
    """Progress as plain lines."""

    def __init__(self, console: Console, total: int, *, lines: bool) -> None:
        self._console, self._total, self._done, self._started = console, total, 0, monotonic()
        self._shown = lines

    def __call__(self, one: Standing, *, shown: bool = True) -> None:
        self._done += 1
        if not (shown and self._shown):  # where students take milliseconds, a line for each says nothing
            return
        left = (monotonic() - self._started) / self._done * (self._total - self._done)
        words = (
            f"[{self._done}/{self._total}] {one.student}: {one.status}, {one.seconds:.1f} s, about {left:.0f} s left"
        )
        self._console.print(inert(words), highlight=False, soft_wrap=True)


def class_table(class_: Sequence[Standing]) -> Table:
    """One row per student, to fit 80 columns."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("student", overflow="ellipsis", max_width=24, no_wrap=True)
    for name in ("total", "%", "pending"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    table.add_column("look at", overflow="fold")
    if class_:
        table.add_row(MAXIMUM, points_text(class_[0].max_points), "100.0", "", "", style="dim")
    for one in class_:
        style = "" if one.status is Status.GRADED else "yellow"
        status = f"[{style}]{one.status}[/]" if style else str(one.status)
        table.add_row(inert(one.student), *one.totals, status, _look_at(one))
    return table


def warn_of_lapsed(lapsed: Sequence[Lapsed]) -> None:
    """Says which marks of persons do not hold any more, and why."""
    for one in lapsed:
        warn(f"{one.edit.student}, {one.edit.part}: the mark of {one.edit.by} does not hold: {one.why}")


def _look_at(one: Standing) -> str:
    """What is unusual about a student, in a few words."""
    if one.status in {Status.NOT_A_NOTEBOOK, Status.OTHER_HOMEWORK, Status.FAULT}:
        return ""
    shown = (Outcome.AWAITS_REVIEW, Outcome.UNREADABLE, Outcome.DID_NOT_RUN, Outcome.BLANK)
    counts = ((one.outcomes.get(outcome, 0), outcome) for outcome in shown)
    words = [f"{count} {outcome.replace('-', ' ')}" for count, outcome in counts if count]
    return ", ".join([one.late, *words] if one.late else words)

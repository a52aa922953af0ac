"""The class on a terminal, once it is graded: those whom whoever grades has to look at, and the whole in a line."""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import fmean

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from grader.console import WIDTH, name_cell, warn
from grader.records import MAXIMUM, Outcome, Status
from grader.reports.places import GRADEBOOK
from grader.reports.points import points_text
from grader.reports.standing import Standing
from grader.review.edits import Lapsed

MOST_STUDENTS = 60
"""Students in a table, about two screens; of a larger class only those who need something, and the gradebook has all."""
_MOST_NAME, _LEAST_NAME = 24, 8
"""Columns of a name, on a terminal of 80 and on a narrow one."""
_URGENT = (Status.FAULT, Status.NOT_A_NOTEBOOK, Status.OTHER_HOMEWORK)
_LOOK_AT = (Outcome.UNREADABLE, Outcome.DID_NOT_RUN)
"""What makes a student one to look at in a large class, where written answers are the rule and are reviewed by question."""


def class_view(class_: Sequence[Standing], width: int = WIDTH) -> Iterator[RenderableType]:
    """What is shown of a graded class, at most as wide as this: a table, whom it leaves out, and a line of summary."""
    chosen = class_ if len(class_) <= MOST_STUDENTS else [one for one in class_ if _needs_something(one)]
    shown = sorted(chosen, key=_urgency)[:MOST_STUDENTS] if len(chosen) > MOST_STUDENTS else chosen
    if shown or not class_:
        yield class_table(shown, width)
    if len(shown) < len(class_):
        yield Text(f"\n{_left_out_words(len(shown), len(chosen))}; {GRADEBOOK} has all {len(class_)} students")
    yield Text(f"\n{class_words(class_)}")


def class_table(class_: Sequence[Standing], width: int = WIDTH) -> Table:
    """One row per student: totals, status, and what is unusual."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    name_columns = max(_MOST_NAME + (width - WIDTH) // 2, _LEAST_NAME)
    table.add_column("student", no_wrap=True)
    for name in ("total", "%", "pending"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("status", overflow="fold")
    if class_:
        table.add_row(MAXIMUM, points_text(class_[0].max_points), "100.0", "", "", style="dim")
    for one in class_:
        table.add_row(name_cell(one.student, name_columns), *one.totals, _status(one))
    return table


def _left_out_words(shown: int, chosen: int) -> str:
    if not chosen:
        return "nobody needs anything"
    return f"only {'those' if shown == chosen else f'the first {shown} of {chosen}'} who need something are shown"


def class_words(class_: Sequence[Standing]) -> str:
    """A class in a line: how many have which status, how they did, and how many wait for a person."""
    number, of_status = len(class_), Counter(one.status for one in class_)
    words = [f"{status} {of_status[status]}" for status in Status if of_status[status]]
    percents = [
        float(one.totals.percent) for one in class_ if one.totals.percent and one.status is not Status.NO_SUBMISSION
    ]
    mean = [f"mean {fmean(percents):.1f} %"] if percents else []
    pending = sum(bool(one.totals.pending) for one in class_)
    waiting = [f"{pending} {'has' if pending == 1 else 'have'} points pending"] if pending else []
    return "; ".join(
        [f"{number} student{'s' * (number != 1)}: {', '.join(words)}" if words else "no students", *mean, *waiting]
    )


def warn_of_lapsed(lapsed: Sequence[Lapsed]) -> None:
    """Says which marks of persons do not hold any more, and why."""
    for one in lapsed:
        warn(f"{one.edit.student}, {one.edit.part}: the mark of {one.edit.by} does not hold: {one.why}")


def _needs_something(one: Standing) -> bool:
    return (
        one.status in {*_URGENT, Status.NO_SUBMISSION}
        or bool(one.late)
        or any(one.outcomes.get(outcome) for outcome in _LOOK_AT)
    )


def _urgency(one: Standing) -> tuple[bool, bool, bool]:
    """What cannot be decided without a person comes first, and keeps its order."""
    return one.status not in _URGENT, not one.outcomes.get(Outcome.UNREADABLE), one.status is Status.NO_SUBMISSION


def _status(one: Standing) -> str:
    """The status, and what is unusual about a student, in a few words."""
    status = str(one.status) if one.status is Status.GRADED else f"[yellow]{one.status}[/]"
    if one.status in {*_URGENT, Status.NO_SUBMISSION}:
        return status
    shown = (Outcome.AWAITS_REVIEW, Outcome.UNREADABLE, Outcome.DID_NOT_RUN, Outcome.BLANK)
    counts = ((one.outcomes.get(outcome, 0), outcome) for outcome in shown)
    words = [one.late] * bool(one.late) + [f"{count} {outcome.replace('-', ' ')}" for count, outcome in counts if count]
    return f"{status}: {', '.join(words)}" if words else status

"""What would be graded, as a terminal shows it: `grader intake`."""

from collections.abc import Sequence
from datetime import timedelta

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from grader.console import inert
from grader.intake import Intake, LeftOut
from grader.intake.choosing import Handed
from grader.records import Submission

# Of what lies beside the notebooks: a data set may have thousands of files.
MOST_SHOWN = 20


def intake_tables(intake: Intake, chosen: Sequence[Handed], left_out: Sequence[LeftOut]) -> RenderableType:
    """A table of what is graded, then what is left out and why, then who handed nothing in; 80 columns wide.

    Args:
        intake: what was collected.
        chosen: one submission for each student.
        left_out: what was not chosen; what the intake left out is told as well, and nothing twice.
    """
    there = [one for one in chosen if not one.submission.missing]
    missing = [one.submission for one in chosen if one.submission.missing]
    every = list(dict.fromkeys([*intake.left_out, *left_out]))
    parts: list[RenderableType] = [_table(there)]
    parts += _left_out(every)
    parts += _missing(missing)
    graded = sum(one.submission.has_file for one in there)
    counts = f"{_count(graded, 'student')} to grade, {len(chosen) - graded} without a notebook"
    parts += ["", f"{counts}, {_count(len(every), 'file')} left out"]
    return Group(*parts)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _table(chosen: Sequence[Handed]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("student", overflow="ellipsis", max_width=18, no_wrap=True)
    table.add_column("file", overflow="fold", max_width=24)
    table.add_column("submitted", no_wrap=True)
    table.add_column("homework", overflow="fold", max_width=14)
    table.add_column("notes", overflow="fold")
    for one in chosen:
        submission = one.submission
        file = submission.origin or submission.path.name
        homework = inert(one.homework or "none known") if not one.trouble else "[yellow]no notebook[/]"
        notes = inert("; ".join(filter(None, [*submission.notes, _group(submission), one.trouble])))
        table.add_row(inert(submission.student), inert(file), _submitted(submission), homework, notes)
    return table


def _group(submission: Submission) -> str:
    return f"group {submission.group}" if submission.group else ""


def _submitted(submission: Submission) -> str:
    """When it was handed in, in local time, and whether it is late by the platform's or the roster's word."""
    at, due = submission.submitted, submission.due
    late = submission.late or (at is not None and due is not None and at - due > timedelta(0))
    when = f"{at.astimezone():%d %b %H:%M}" if at else ""
    return f"{when} [yellow]late[/]".strip() if late else when


def _left_out(left_out: Sequence[LeftOut]) -> list[RenderableType]:
    """The first of each reason, so that a data set hides nothing else."""
    if not left_out:
        return []
    by_reason: dict[str, list[str]] = {}
    for one in left_out:
        by_reason.setdefault(one.why, []).append(one.path)
    lines: list[RenderableType] = ["", "[bold]left out[/]"]
    for why, paths in by_reason.items():
        lines += [Text.from_markup(f"  {inert(path)}", overflow="fold") for path in paths[:MOST_SHOWN]]
        if len(paths) > MOST_SHOWN:
            lines.append(f"  and {len(paths) - MOST_SHOWN} more")
        lines.append(Text.from_markup(f"    {inert(why)}", style="dim"))
    return lines


def _missing(missing: Sequence[Submission]) -> list[RenderableType]:
    if not missing:
        return []
    lines: list[RenderableType] = ["", "[bold]no notebook handed in[/]"]
    for one in missing:
        why = f": {'; '.join(one.notes)}" if one.notes else ""
        lines.append(Text.from_markup(f"  {inert(one.student + why)}", overflow="fold"))
    return lines

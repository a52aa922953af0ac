"""What would be graded, as a terminal shows it: `grader intake`."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from grader.console import inert
from grader.intake import Intake, LeftOut
from grader.intake.choosing import Handed
from grader.records import Submission

# Of what lies beside the notebooks: a data set may have thousands of files.
MOST_SHOWN = 20
# Letters of a name: of a student, so that there is room for the rest, and of anything when there is little.
_MOST_NAME, _LEAST_NAME = 24, 8


def intake_tables(
    intake: Intake, chosen: Sequence[Handed], left_out: Sequence[LeftOut], homework: str = ""
) -> RenderableType:
    """A table of what is graded, then what is left out and why, then who handed nothing in; as wide as the terminal.

    Args:
        intake: what was collected.
        chosen: one submission for each student.
        left_out: what was not chosen; what the intake left out is told as well, and nothing twice.
        homework: the one that is graded, to say which notebooks answer another; empty says nothing.
    """
    there = [one for one in chosen if not one.submission.missing]
    missing = [one.submission for one in chosen if one.submission.missing]
    every = _untold(list(dict.fromkeys([*intake.left_out, *left_out])), there)
    parts: list[RenderableType] = [_table(there, homework)]
    parts += _left_out(every)
    parts += _missing(missing)
    graded = sum(one.submission.has_file for one in there)
    counts = f"{_count(graded, 'student')} to grade, {len(chosen) - graded} without a notebook"
    parts += ["", f"{counts}, {_count(len(every), 'file')} left out"]
    return Group(*parts)


def _untold(left_out: Sequence[LeftOut], chosen: Sequence[Handed]) -> list[LeftOut]:
    """Without the files that the table names already, since they are all that a student handed in."""
    whys = {one.why for one in left_out}
    told = {
        (words.partition(f" {why}")[0], why)
        for trouble in (one.submission.trouble for one in chosen)
        for words in _pieces(trouble)
        for why in whys
        if f" {why}" in words
    }
    return [one for one in left_out if not any((name, one.why) in told for name in _endings(one.path))]


def _pieces(trouble: str) -> Iterator[str]:
    yield from (trouble[found.end() :] for found in re.finditer(r"^|; ", trouble))


def _endings(path: str) -> Iterator[str]:
    """A path without the archive or the folders in which it lies."""
    yield from (path[found.end() :] for found in re.finditer(r"^|/|: ", path))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _table(chosen: Sequence[Handed], homework: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("student", max_width=_MOST_NAME)
    table.add_column("file")
    table.add_column("submitted", no_wrap=True)
    table.add_column("homework", overflow="fold", max_width=14)
    table.add_column("notes", overflow="fold")
    for one in chosen:
        submission = one.submission
        table.add_row(
            _Cut(submission.student, lines=1),
            _Cut(submission.origin or submission.path.name, lines=2),
            _submitted(submission),
            inert(one.homework or "none known") if not one.trouble else "[yellow]no notebook[/]",
            inert("; ".join(filter(None, [*submission.notes, _group(submission), _other(one, homework), one.trouble]))),
        )
    return table


def _other(one: Handed, homework: str) -> str:
    """That it answers another homework than the one that is graded."""
    wrong = homework and one.homework and not one.trouble and one.homework != homework
    return f"answers {one.homework}, not {homework}" if wrong else ""


class _Cut:
    """A name in a cell, as wide as there is room: what it begins and ends with tells it from others, so its middle is cut."""

    def __init__(self, name: str, lines: int) -> None:
        self._name, self._lines = Text.from_markup(inert(name)).plain, lines

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        del console
        whole = cell_len(self._name)
        return Measurement(min(whole, _LEAST_NAME), whole).with_maximum(options.max_width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        del console
        for line in _lines(self._name, options.max_width, self._lines):
            yield Text(line, no_wrap=True, overflow="crop")


def _lines(name: str, width: int, most: int) -> list[str]:
    """A name in one line, or in two, broken between its words where that is enough room."""
    if most == 1 or cell_len(name) <= width:
        return [_without_middle(name, width)]
    between = (at for at in range(len(name) - 1, 0, -1) if name[at - 1] in "/_ -.")
    fitting = (at for at in between if cell_len(name[:at]) <= width and cell_len(name[at:]) <= width)
    at = next(fitting, None)
    if at is None:
        name = _without_middle(name, 2 * width - 1)  # a wide letter may not fit at the end of the first line
        at = next(at for at in range(len(name), -1, -1) if cell_len(name[:at]) <= width)
    return [name[:at], name[at:]]


def _without_middle(name: str, width: int) -> str:
    if cell_len(name) <= width:
        return name
    room = max(width - 1, 0)
    return f"{set_cell_size(name, room - room // 2)}…{set_cell_size(name[::-1], room // 2)[::-1]}"


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

"""What a self-check says, as a student reads it in a terminal."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from grader.console import printable, short_name
from grader.kernels import NOT_CONTAINED
from grader.records import FailureKind
from grader.selfcheck.judging.judged import CheckedItem, Judgement, Standing
from grader.selfcheck.saved.checking import Checked, Compared
from grader.selfcheck.saved.out_of_order import FailedCell
from grader.some_of_many import some

_NAME_COLUMNS = 24
_READING_CHARACTERS, _WORDS_CHARACTERS = 160, 400
"""Shown of a reading, which tells an answer from another one, and of a text, which says what to do."""
_MOST_ITEMS = 8
"""Of a table or a path; its notebook has all."""
_STYLES = {
    Standing.RIGHT: "green",
    Standing.NOT_RIGHT: "red",
    Standing.READABLE: "cyan",
    Standing.FAULT: "bold magenta",
}
_COUNTED = {
    Standing.BLANK: ("is blank", "are blank"),
    Standing.UNREADABLE: ("cannot be read", "cannot be read"),
    Standing.DID_NOT_RUN: ("did not run", "did not run"),
    Standing.NOT_HERE: ("is not here", "are not here"),
    Standing.FAULT: ("was not checked, by a fault that is ours", "were not checked, by a fault that is ours"),
}


def listing(checked: Checked) -> Iterator[RenderableType]:
    """All that is shown: a table of answers, cells that failed, and a line that sums up."""
    second = checked.as_graded
    yield Text(f"{printable(checked.title)}: {printable(checked.notebook)}\n", style="bold")
    yield parts_table(checked.parts, second)
    yield from _cells(checked.failed, "Cells that failed when the notebook ran from top to bottom:")
    if second is not None and _told(second.failed) != _told(checked.failed):
        yield from _cells(second.failed, "Cells that failed as graded:")
    if checked.remark:
        yield Text(f"\n{checked.remark}")
    yield Text(f"\n{summary(checked.parts)}", style="bold")
    if second is not None:
        yield agreement(second)


def parts_table(parts: Sequence[Judgement], second: Compared | None = None) -> Table:
    """A row for each answer, with both readings where there was a second run."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("answer", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("read as", overflow="fold", ratio=1)
    again = second.parts if second is not None else [None] * len(parts)
    for part, other in zip(parts, again, strict=True):
        standing = Text(f"{part.standing.sign} {part.standing}", style=_STYLES.get(part.standing, "yellow"))
        table.add_row(Text(short_name(part.variable, _NAME_COLUMNS)), standing, _said(part, other))
    return table


def _said(part: Judgement, other: Judgement | None) -> Text:
    lines = [Text(one) for one in _readings(part, other)]
    lines += _items(part.items)
    lines += [Text(_cut(words, _WORDS_CHARACTERS))] if (words := _words(part)) else []
    lines += [Text(f"Convention: {_cut(part.convention, _WORDS_CHARACTERS)}")] if part.convention else []
    lines += [Text(f"Hint: {_cut(part.hint, _WORDS_CHARACTERS)}", style="italic")] if part.hint else []
    return Text("\n").join(lines)


def _readings(part: Judgement, other: Judgement | None) -> list[str]:
    """How the answer was read, in both runs where they differ; nothing where there is nothing to read in either."""
    readings = [
        _cut(one.read_as, _READING_CHARACTERS) or f"({one.standing})" for one in (part, other) if one is not None
    ]
    if len(set(readings)) == 1:
        return readings[:1] if part.read_as else []
    return [f"{where}{reading}" for where, reading in zip(("here: ", "as graded: "), readings, strict=True)]


def _words(part: Judgement) -> str:
    """What there is to say beyond what the standing says."""
    if part.standing is Standing.READABLE and not (part.read_as or part.message):
        return "It is there, for a person to look at."
    return "" if part.standing is Standing.BLANK else part.message


def _items(items: Sequence[CheckedItem]) -> list[Text]:
    """The rows that are not right, or all of them where that is not told."""
    shown = [item for item in items if not item.right] if any(item.right is not None for item in items) else list(items)
    lines = [Text(f"  {_item(item)}", style="red" if item.right is False else "") for item in shown[:_MOST_ITEMS]]
    return lines + ([Text(f"  and {len(shown) - _MOST_ITEMS} more")] if len(shown) > _MOST_ITEMS else [])


def _item(item: CheckedItem) -> str:
    wrong = ", not right" if item.right is False else ""
    return f"{short_name(item.name, _NAME_COLUMNS)}: {_cut(item.read_as, _READING_CHARACTERS)}{wrong}"


def _cells(failed: Sequence[FailedCell], head: str) -> Iterator[RenderableType]:
    if not failed:
        return
    yield Text(f"\n{head}", style="bold")
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    for one in failed:
        if one.kind is not FailureKind.NOT_REACHED:
            table.add_row(f"cell {one.cell + 1}", _failure(one))
    if left := [str(one.cell + 1) for one in failed if one.kind is FailureKind.NOT_REACHED]:
        table.add_row("", f"not reached: {some(left)}")
    yield table


def _failure(one: FailedCell) -> Text:
    name = f"{one.name}: " if one.kind is FailureKind.ERROR else ""
    worked = "It had worked when the notebook was saved. " if one.worked_before else ""
    lines = (f"{name}{one.message}", f"{worked}{one.explanation}")
    return Text("\n").join(Text(_cut(line, _WORDS_CHARACTERS)) for line in lines if line)


def _told(failed: Sequence[FailedCell]) -> list[tuple[int, FailureKind, str]]:
    return [(one.cell, one.kind, one.name) for one in failed]


def summary(parts: Sequence[Judgement]) -> str:
    """How many answers can be read, how many of them are right, and what is the matter with the others."""
    of = Counter(part.standing for part in parts)
    number, readable = len(parts), sum(part.standing.is_readable for part in parts)
    words = [f"{f'all {number}' if readable == number else f'{readable} of {number}'} answers can be read"]
    if judged := of[Standing.RIGHT] + of[Standing.NOT_RIGHT]:
        words.append(
            f"{of[Standing.RIGHT]} of the {judged} that are judged {'is' if of[Standing.RIGHT] == 1 else 'are'} right"
        )
    elif readable:
        words.append("whether they are right is not told before you hand in")
    others = [
        f"{of[one]} {several if of[one] > 1 else single}" for one, (single, several) in _COUNTED.items() if of[one]
    ]
    return "; ".join([*words, ", ".join(others)] if others else words)


def agreement(second: Compared) -> Text:
    """Whether the second run read the same."""
    where = (
        "in another fresh kernel" if second.isolation == NOT_CONTAINED else f"as graded, isolation {second.isolation}"
    )
    note = f" ({second.note})" if second.note else ""
    if not second.differing:
        return Text(f"Both runs agree in every answer; the second ran {where}{note}.")
    names = ", ".join(second.differing)
    return Text(f"The runs differ in {names}; the second ran {where}{note}.", style="bold red")


def _cut(text: str, most: int) -> str:
    line = printable(" ".join(text.split()))
    return line if len(line) <= most else f"{line[: most - 1]}…"

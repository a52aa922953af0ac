"""How well a homework is sealed, for the teacher."""

from collections.abc import Sequence

from rich import box
from rich.table import Table

from grader.selfcheck.keys.sealed import SealedPart
from grader.selfcheck.making.strength import Strength
from grader.some_of_many import some

_DURATIONS = (("days", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
_LONG = 1_000
"""Of whichever unit: from here on no number says more."""


def strength_table(strengths: Sequence[Strength], seconds: float) -> Table:
    """A row for each part.

    Args:
        strengths: of the parts, in the order of the sheet.
        seconds: that a guess takes.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("answer", "told"):
        table.add_column(heading)
    for heading in ("tries", "take"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for one in strengths:
        part = one.part
        tries = ("", "") if one.guesses is None else (_count(one.guesses), duration(one.guesses * seconds))
        table.add_row(_name(part), part.told.value, *tries, "weak" if one.is_weak else part.form_only)
    return table


def _name(part: SealedPart) -> str:
    """The variable, and the name of the part in problem.toml where that is another."""
    return part.variable if part.variable == part.part else f"{part.variable}\n  [dim]{part.part}[/]"


def in_words(strengths: Sequence[Strength], seconds: float) -> str:
    """What the numbers mean."""
    if all(one.guesses is None for one in strengths):
        return "Nothing is sealed: of every answer only the form is told."
    return f"A try takes {seconds:.2g} s here on one processor; several share the work. Who knows the field needs fewer tries: see docs/self-check.md."


def weak_in_words(strengths: Sequence[Strength]) -> str:
    """Which answers are soon found, and what is to be done; empty where none is."""
    weak = [one.part.variable for one in strengths if one.is_weak]
    if not weak:
        return ""
    return (
        f"weak, since they are soon found by trying: {some(weak)}. Nobody can seal what has few values; "
        'self_check = "form" in problem.toml leaves a part out'
    )


def _count(number: int) -> str:
    return f"{number:,}".replace(",", " ") if number < 10**9 else f"{number:.0e}".replace("e+0", "e").replace("e+", "e")


def duration(seconds: float) -> str:
    """A time in the largest unit of which it has two: "11 s", "28 h", "over 1000 days"."""
    for unit, length in _DURATIONS:
        amount = seconds / length
        if amount >= 2 or (unit == "s" and amount >= 1):  # noqa: PLR2004 - "28 h" says more than "1 day"
            return f"{amount:.0f} {unit}" if amount < _LONG else f"over {_LONG} {unit}"
    return "under 1 s"

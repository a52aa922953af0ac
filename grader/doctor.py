"""What this machine can contain student code with, as a table: what holds, what is missing, and how to get it."""

import platform
from collections.abc import Sequence

from rich.table import Table

from grader.kernels.choosing import Tried, Wanted, attempt
from grader.kernels.server_process import end_spares
from grader.kernels.tiers import candidates


def examine(wanted: Wanted) -> list[Tried]:
    """Every tier that may be had by whoever asks, started and tested; none is left running.

    Args:
        wanted: what kernels are for.
    """
    try:
        tried = [attempt(tier, wanted) for tier in candidates()]
    finally:
        end_spares()
    for one in tried:
        if one.kernels is not None:
            one.kernels.close()
    return tried


def examined(tried: Sequence[Tried]) -> Table:
    """One row per tier, the best first."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 1, 0))
    for column in ("tier", "holds", "student code is contained by", "what is left, or is missing"):
        table.add_column(column, overflow="fold")
    for one in tried:
        name, words = one.tier.name, one.tier.words
        if one.kernels is not None:
            table.add_row(name, "[green]yes[/]", words, f"left: {one.tier.lacks}")
        else:
            missing = "\n".join(one.troubles)
            table.add_row(name, "[yellow]no[/]", words, f"{missing}\nit needs {one.tier.needs}")
    return table


def verdict(tried: Sequence[Tried]) -> str:
    """What grading on this machine will do, in one line."""
    for one in tried:
        if one.kernels is not None:
            return f"grader grade uses tier {one.tier.name}: {one.tier.words}"
    if not tried:
        return f"{platform.system()} has nothing that contains student code: grade on Linux, or in a container, or see --unsafe-no-sandbox"
    return "no tier holds: grader grade refuses, unless --unsafe-no-sandbox is given"

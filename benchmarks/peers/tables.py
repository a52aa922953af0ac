"""What was measured, as a table: medians, and the smallest and largest beside them."""

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.peers.measuring import Cost

WIDTH = 120


@dataclass
class Measured:
    """A grader's costs, one for each round."""

    name: str
    costs: list[tuple[Cost, int]]
    """Each with the number of notebooks."""
    goal: float | None = None
    """How many times its throughput ours shall have."""

    def add(self, cost: Cost, notebooks: int) -> None:
        """One more round."""
        self.costs.append((cost, notebooks))

    def each(self, what: Callable[[Cost], float]) -> list[float]:
        """Something that adds up, per notebook, by round."""
        return [what(cost) / notebooks for cost, notebooks in self.costs]

    def seconds(self) -> list[float]:
        """Wall clock per notebook, by round."""
        return self.each(lambda cost: cost.seconds)

    def latest(self) -> str:
        """The last round in words."""
        cost, notebooks = self.costs[-1]
        return f"{self.name}: {notebooks} notebooks, {cost.seconds:.1f} s, {cost.processor_seconds:.1f} s of processors"


def machine() -> str:
    """What was measured on, and whether others are using it."""
    model = platform.machine()
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
    load = os.getloadavg()[0]
    busy = f"; {load:.1f} processes of others were running" if load >= 1 else ""
    return f"{os.cpu_count()} cores of {model}, Linux {platform.release()}, Python {platform.python_version()}{busy}"


def table(ours: Measured, all_of_them: Sequence[Measured]) -> list[str]:
    """Prints the table; what missed its goal."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    shown.add_column("grader", no_wrap=True)
    for title in ("notebooks/s", "seconds each", "processor seconds each", "grader grade is faster by", "goal"):
        shown.add_column(title, justify="right")
    missed = []
    for one in all_of_them:
        ratios = [theirs / own for theirs, own in zip(one.seconds(), ours.seconds(), strict=True)]
        shown.add_row(
            one.name,
            spread([1 / seconds for seconds in one.seconds()]),
            spread(one.seconds()),
            spread(one.each(lambda cost: cost.processor_seconds)),
            "" if one is ours else spread(ratios),
            "" if one.goal is None else f"{one.goal:g}",
        )
        if one.goal is not None and median(ratios) < one.goal:
            missed.append(f"{one.name}, {median(ratios):.1f} times instead of {one.goal:g}")
    Console(width=WIDTH, highlight=False).print(shown)
    return missed


def spread(values: Sequence[float]) -> str:
    """Median [smallest..largest], with three digits."""
    return f"{_three(median(values))} [{_three(min(values))}..{_three(max(values))}]"


def _three(value: float) -> str:
    digits = next((digits for digits, below in ((2, 10), (1, 100)) if abs(value) < below), 0)
    return f"{value:.{digits}f}"

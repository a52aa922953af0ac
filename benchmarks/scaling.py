"""What `grader grade` costs with the size of the class: seconds per notebook, and the memory of the grader itself.

Usage: python -m benchmarks.scaling [--jobs N] [SIZE...] [FLAGS OF grader grade...]
"""

import argparse
import os
import tempfile
from itertools import pairwise
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.peers.measuring import Cost
from benchmarks.peers.ours import Ours
from benchmarks.peers.sheets import students
from benchmarks.peers.tables import WIDTH, machine

SIZES = (10, 100, 1000)
# How much more the largest class may take of the grader's memory than the smallest, and how much longer each notebook may take in it.
MOST_MORE_MEMORY, MOST_MORE_TIME = 1.25, 1.1
_MEBIBYTE = 1024**2


def main() -> None:
    """Measures, prints the table, and fails when costs grow."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.scaling", description="Grades classes of several sizes."
    )
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="numbers of notebooks, rising")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="notebooks at a time")
    options, flags = parser.parse_known_args()
    print(machine())
    ours = Ours(options.jobs, flags)
    costs = {size: _cost(ours, size) for size in options.sizes}
    print(f"grader grade, {options.jobs} at a time, isolation {ours.isolation}")
    _table(costs)
    missed = list(_missed(costs))
    raise SystemExit(f"missed: {'; '.join(missed)}" if missed else 0)


def _cost(ours: Ours, size: int) -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        return ours.grade(list(students(size)), Path(folder))


def _table(costs: dict[int, Cost]) -> None:
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for title in (
        "notebooks",
        "seconds",
        "each",
        "each one more",
        "processor seconds each",
        "grader's memory at most, MiB",
    ):
        shown.add_column(title, justify="right")
    before: tuple[int, Cost] | None = None
    for size, cost in costs.items():
        more = (cost.seconds - before[1].seconds) / (size - before[0]) if before else None
        shown.add_row(
            f"{size}",
            f"{cost.seconds:.1f}",
            f"{cost.seconds / size:.3f}",
            "" if more is None else f"{more:.3f}",
            f"{cost.processor_seconds / size:.3f}",
            f"{cost.peak_bytes / _MEBIBYTE:.0f}",
        )
        before = size, cost
    Console(width=WIDTH, highlight=False).print(shown)


def _missed(costs: dict[int, Cost]) -> list[str]:
    """What grows with the class."""
    smallest, largest = costs[min(costs)], costs[max(costs)]
    found = []
    if largest.peak_bytes > MOST_MORE_MEMORY * smallest.peak_bytes:
        found.append(f"memory grows by {largest.peak_bytes / smallest.peak_bytes - 1:.0%}")
    for (fewer, one), (more, other) in pairwise(costs.items()):
        if other.seconds / more > MOST_MORE_TIME * one.seconds / fewer:
            found.append(f"a notebook takes longer among {more} than among {fewer}")
    return found


if __name__ == "__main__":
    main()

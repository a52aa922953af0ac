"""What one kernel costs: the time from asking for it to the first result of a cell that imports torch, and the memory that is its own.

Kernels of the grader's best isolation that this machine offers, warm and contained, beside plain ones: fresh processes without
isolation. Both through the grader's own client, in turns.

Usage: python -m benchmarks.kernels [--times N] [--isolation TIER]
"""

import argparse
import asyncio
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

from rich.console import Console
from rich.table import Table

from benchmarks.peers.tables import WIDTH, machine, spread
from grader.kernels import Kernels
from grader.kernels.choosing import Wanted, contained_kernels
from grader.kernels.client import KernelClient
from grader.kernels.limits import Limits
from grader.kernels.plain import PlainKernels
from grader.kernels.preparation import preparation, seeding

FIRST = "import numpy, torch\nprint(int(torch.arange(4).sum()))"
# Training grows what a kernel has of its own, in either sort alike.
TRAINING = """from torch import nn
net = nn.Sequential(nn.Conv2d(3, 16, 3), nn.ReLU(), nn.Flatten(), nn.Linear(16 * 30 * 30, 10))
for _ in range(3):
    net(torch.rand(32, 3, 32, 32)).square().mean().backward()"""
MEMORY = "print(open('/proc/self/smaps_rollup').read())"
LIMITS = Limits()
PREPARATION = preparation({}, LIMITS)
# The most that the time and the memory of a warm kernel may be of a plain one's.
MOST_OF_TIME, MOST_OF_MEMORY = 1 / 10, 1 / 4
_MEBIBYTE = 1024**2


@dataclass
class Measured:
    """Of one sort of kernels, each time it was measured."""

    first: list[float] = field(default_factory=list)
    """Milliseconds until the first result."""
    own: list[float] = field(default_factory=list)
    """MiB of private memory after the first cell."""
    trained: list[float] = field(default_factory=list)
    """MiB of private memory after a little training."""


def main() -> None:
    """Measures, prints the table, and fails when a goal is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.kernels", description="Compares warm and plain kernels."
    )
    parser.add_argument("--times", type=int, default=15, help="how often each is measured")
    parser.add_argument("--isolation", help="the tier; by default the best")
    options = parser.parse_args()
    print(machine())
    with ExitStack() as stack:
        started = perf_counter()
        warm = stack.enter_context(
            contained_kernels(Wanted(LIMITS, ("numpy", "torch"), PREPARATION, tier=options.isolation))
        )
        print(f"once per run: {perf_counter() - started:.1f} s to start the fork server and test its isolation")
        sorts: dict[str, Kernels] = {f"warm, isolation {warm.isolation}": warm, "plain, not isolated": PlainKernels()}
        measured = {name: Measured() for name in sorts}
        for number in range(options.times + 1):
            for name, kernels in sorts.items():
                asyncio.run(_measure(kernels, measured[name] if number else Measured()))  # the first one warms up
    _table(measured)
    ours, plain = measured.values()
    missed = [
        f"{what} {part:.2f} of a plain kernel's instead of {goal:.2f}"
        for what, part, goal in (
            ("time to the first result", median(ours.first) / median(plain.first), MOST_OF_TIME),
            ("private memory", median(ours.own) / median(plain.own), MOST_OF_MEMORY),
        )
        if part > goal
    ]
    sys.exit(f"missed: {'; '.join(missed)}" if missed else 0)


async def _measure(kernels: Kernels, measured: Measured) -> None:
    """Adds what one kernel costs."""
    first_code = ("" if kernels.prepared == PREPARATION else PREPARATION) + seeding([FIRST])
    started = perf_counter()
    async with kernels.kernel() as kernel:
        client = KernelClient(kernel, LIMITS)
        try:
            await client.connect()
            await _printed(client, first_code)
            result = await _printed(client, FIRST)
            measured.first.append((perf_counter() - started) * 1000)
            measured.own.append(_private_mebibytes(await _printed(client, MEMORY)))
            await _printed(client, TRAINING)
            measured.trained.append(_private_mebibytes(await _printed(client, MEMORY)))
        finally:
            await client.close()
    if result != "6\n":
        sys.exit(f"a kernel printed {result!r} instead of 6")


async def _printed(client: KernelClient, code: str) -> str:
    """Runs some code; what it prints."""
    pieces: list[str] = []
    reply = await client.run(code, lambda message: pieces.append(message.content.get("text", "")))
    if reply.content.get("status") != "ok":
        sys.exit(f"a kernel failed: {reply.content}")
    return "".join(pieces)


def _private_mebibytes(rollup: str) -> float:
    """What no other process shares, of a process's account of its own memory."""
    lines = [line.split() for line in rollup.splitlines() if line.startswith("Private_")]
    return sum(int(line[1]) for line in lines if line[0] != "Private_Hugetlb:") * 1024 / _MEBIBYTE


def _table(measured: dict[str, Measured]) -> None:
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("kernel", "first result, ms", "private memory, MiB", "after a little training, MiB"):
        shown.add_column(title, justify="left" if title == "kernel" else "right")
    for name, one in measured.items():
        shown.add_row(name, spread(one.first), spread(one.own), spread(one.trained))
    ours, plain = measured.values()
    ratios = [
        [theirs / own for own, theirs in zip(getattr(ours, name), getattr(plain, name), strict=True)]
        for name in ("first", "own", "trained")
    ]
    shown.add_row("times as much for a plain one", *map(spread, ratios))
    Console(width=WIDTH, highlight=False).print(shown)


if __name__ == "__main__":
    main()

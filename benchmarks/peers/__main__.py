"""How fast a class is graded by this project, by nbgrader, by otter-grader, and executed by nbclient alone: all in one run, in turns.

Every student of every grader has to get the right points, or nothing is printed. Each round measures every grader once, each time in
another order; a ratio is of two times of the same round.

nbgrader always grades the whole class, since it has a start to spread over it. `otter run` is a program run per student, and nbclient
starts in a moment, so that by default a part of the class tells what one notebook costs. With --full everything is the whole class.

Usage: python -m benchmarks.peers [--full] [--rounds N] [--notebooks N] [--jobs N] [--only NAME] [FLAGS OF grader grade...]
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from benchmarks.peers.floor import Floor
from benchmarks.peers.graders import Grader
from benchmarks.peers.measuring import Cost
from benchmarks.peers.nbgrader import Nbgrader
from benchmarks.peers.otter import Otter
from benchmarks.peers.ours import Ours
from benchmarks.peers.sheets import Student, own_computing, students
from benchmarks.peers.tables import Measured, machine, table

# How many times the throughput of each peer is the goal.
GOALS = {"nbgrader": 15, "otter": 25}
# Of a class of 40, unless --full is given.
PARTS = {"otter": 6, "nbclient": 8, "nbclient-serial": 4}
WARM_UP = 2


def main() -> None:
    """Measures, prints the table, and fails when a goal is missed."""
    options, flags = _options()
    class_ = list(students(options.notebooks))
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(options.jobs, flags)
        graders: dict[str, Grader] = {
            "ours": ours,
            "nbgrader": Nbgrader(Path(folder) / "nbgrader"),
            "otter": Otter(Path(folder) / "otter"),
            "nbclient": Floor(options.jobs),
            "nbclient-serial": Floor(1),
        }
        graders = {name: grader for name, grader in graders.items() if name in {"ours", *(options.only or graders)}}
        for grader in graders.values():
            _grade(grader, class_[:WARM_UP])
        measured = {name: Measured(grader.name, [], GOALS.get(name)) for name, grader in graders.items()}
        for number in range(options.rounds):
            for name in _turned(list(graders), number):
                part = class_ if options.full else _part(class_, PARTS.get(name, len(class_)), number)
                measured[name].add(_grade(graders[name], part), len(part))
                print(f"round {number + 1} of {options.rounds}: {measured[name].latest()}", file=sys.stderr, flush=True)
    print(f"{len(class_)} notebooks, {options.jobs} at a time; isolation of grader grade: {ours.isolation}")
    print(f"the students' own computing without imports: {own_computing(class_[0]):.2f} s each\n")
    missed = table(measured["ours"], list(measured.values()))
    raise SystemExit(f"missed: {', '.join(missed)}" if missed else 0)


def _options() -> tuple[argparse.Namespace, list[str]]:
    """The options, and what is handed on to `grader grade`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description="Compares graders of notebooks.")
    parser.add_argument("--full", action="store_true", help="the whole class for every grader")
    parser.add_argument("--rounds", type=int, default=3, help="how often each grader is measured")
    parser.add_argument("--notebooks", type=int, default=40, help="size of the class")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="notebooks at a time")
    parser.add_argument("--only", action="append", choices=["nbgrader", "otter", "nbclient", "nbclient-serial"])
    return parser.parse_known_args()


def _grade(grader: Grader, class_: Sequence[Student]) -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        return grader.grade(class_, Path(folder))


def _turned(names: Sequence[str], by: int) -> list[str]:
    by %= len(names)
    return [*names[by:], *names[:by]]


def _part(class_: Sequence[Student], size: int, number: int) -> list[Student]:
    """So many students, others in each round."""
    start = number * size % len(class_)
    return list(islice([*class_[start:], *class_[:start]], size))


if __name__ == "__main__":
    main()

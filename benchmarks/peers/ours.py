"""This project's own command."""

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.environments import ROOT
from benchmarks.peers.graders import must_be_right, own_variables
from benchmarks.peers.measuring import Cost, run
from benchmarks.peers.sheets import HOMEWORK, Student


class Ours:
    """`grader grade`, with the isolation that it finds by itself.

    Args:
        jobs: notebooks at a time.
        flags: more options of the command.
    """

    name = "grader grade"

    def __init__(self, jobs: int, flags: Sequence[str] = ()) -> None:
        self._jobs, self._flags = jobs, flags
        self.isolation = ""
        """As the last grade file said."""

    def grade(self, students: Sequence[Student], folder: Path) -> Cost:
        """See `Grader`."""
        handed_in, out = folder / "in", folder / "out"
        handed_in.mkdir()
        for student in students:
            (handed_in / f"{student.name}.ipynb").write_text(json.dumps(student.notebook), encoding="utf-8")
        command: list[str | Path] = [
            sys.executable,
            "-m",
            "grader",
            "grade",
            handed_in,
            "-o",
            out,
            "--homework",
            HOMEWORK,
        ]
        cost = run([*command, "-j", str(self._jobs), *self._flags], ROOT, own_variables())
        with (out / "gradebook.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))[1:]  # the first has the maximum
        must_be_right(self.name, students, {row["student"]: float(row["total"] or "nan") for row in rows})
        first = out / "staff" / students[0].name / "grade.json"
        self.isolation = json.loads(first.read_text(encoding="utf-8"))["isolation"]
        return cost

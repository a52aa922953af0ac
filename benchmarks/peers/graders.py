"""What is compared: each grades a class from the students' files to a number of points for each, and is held to the right points."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from benchmarks.peers.environments import ROOT
from benchmarks.peers.measuring import Cost
from benchmarks.peers.sheets import Student


class Grader(Protocol):
    """A way to grade a class."""

    @property
    def name(self) -> str:
        """As the table calls it."""

    def grade(self, students: Sequence[Student], folder: Path) -> Cost:
        """Grades the class, and says what the grading alone cost, without laying out the files before and checking them after.

        Args:
            students: the class.
            folder: empty; whatever is read and written is in it.

        Raises:
            SystemExit: a student has other points than are right, or none.
        """


def must_be_right(grader: str, students: Sequence[Student], points: Mapping[str, float]) -> None:
    """Ends the program unless these are the points of these students: a grader that did not grade is fast."""
    expected = {student.name: student.points for student in students}
    wrong = {
        name: (points.get(name), expected.get(name))
        for name in {*expected, *points}
        if points.get(name) != expected.get(name)
    }
    if wrong:
        name, (got, right) = min(wrong.items())
        raise SystemExit(
            f"{grader} gave {len(wrong)} of {len(expected)} students other points: {name} {got}, not {right}"
        )


def own_variables() -> dict[str, str]:
    """The variables of a process in this environment that finds this project."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }

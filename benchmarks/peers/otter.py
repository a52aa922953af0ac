"""otter-grader without Docker: an autograder archive made by `otter generate`, and `otter run` for each student.

`otter grade` would start a container for each student around the same program.
"""

import json
from collections.abc import Sequence
from functools import reduce
from operator import add
from pathlib import Path

from benchmarks.peers.environments import environment, variables
from benchmarks.peers.graders import must_be_right
from benchmarks.peers.measuring import Cost, run
from benchmarks.peers.sheets import POINTS, RIGHT, Student

VERSION = "7.0.0"
_TEST = """OK_FORMAT = False

from otter.test_files import test_case

name = "{variable}"
points = {points}


@test_case()
def test_{variable}({variable}):
    assert {variable} == {right}
"""


class Otter:
    """`otter run`, one student after the other.

    Args:
        folder: empty; keeps the autograder archive.
    """

    name = f"otter-grader {VERSION} run"

    def __init__(self, folder: Path) -> None:
        self._programs = environment("otter", [f"otter-grader=={VERSION}"])
        self._home = folder / "home"
        self._home.mkdir(parents=True)
        tests = folder / "tests"
        tests.mkdir()
        for variable, points in POINTS.items():
            test = _TEST.format(variable=variable, points=points, right=RIGHT[variable])
            (tests / f"{variable}.py").write_text(test, encoding="utf-8")
        self._archive = folder / "autograder.zip"
        run(
            [self._programs / "otter", "generate", "-t", tests, "-o", self._archive, "--no-environment"],
            folder,
            variables(self._programs, self._home),
        )

    def grade(self, students: Sequence[Student], folder: Path) -> Cost:
        """See `Grader`."""
        points, costs = {}, []
        for student in students:
            (folder / student.name).mkdir()
            notebook = folder / f"{student.name}.ipynb"
            notebook.write_text(json.dumps(student.notebook), encoding="utf-8")
        for student in students:
            command: list[str | Path] = [
                self._programs / "otter",
                "run",
                f"{student.name}.ipynb",
                "-a",
                self._archive,
                "-o",
                student.name,
            ]
            costs.append(run(command, folder, variables(self._programs, self._home)))
        for student in students:
            results = json.loads((folder / student.name / "results.json").read_text(encoding="utf-8"))
            points[student.name] = sum(test["score"] for test in results["tests"] if "score" in test)
        must_be_right(self.name, students, points)
        return reduce(add, costs)

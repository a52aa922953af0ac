"""nbgrader, as its documentation has it: a course with a gradebook, hidden tests, and `nbgrader autograde` for the whole class.

It has no way to grade several students at once.
"""

import csv
import json
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers.environments import environment, variables
from benchmarks.peers.graders import must_be_right
from benchmarks.peers.measuring import Cost, run
from benchmarks.peers.sheets import HOMEWORK, POINTS, RIGHT, Student
from scripts.sample_class.notebooks import Cell, Notebook, code

VERSION = "0.9.6"
_CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "bench"\n'


class Nbgrader:
    """`nbgrader autograde`.

    Args:
        folder: empty; keeps the course as it is before a student hands in.
    """

    name = f"nbgrader {VERSION} autograde"

    def __init__(self, folder: Path) -> None:
        self._programs = environment("nbgrader", [f"nbgrader=={VERSION}"])
        self._home = folder / "home"
        self._home.mkdir(parents=True)
        self._course: Path | None = None
        self._folder = folder

    def grade(self, students: Sequence[Student], folder: Path) -> Cost:
        """See `Grader`."""
        if self._course is None:
            self._course = self._new_course(students[0])
        course = folder / "course"
        shutil.copytree(self._course, course)
        for student in students:
            _write(course / "submitted" / student.name / HOMEWORK / f"{HOMEWORK}.ipynb", _handed_in(student.notebook))
        cost = self._run(course, "autograde", HOMEWORK)
        self._run(course, "export", "--to", "grades.csv")
        must_be_right(self.name, students, _points(course / "grades.csv"))
        return cost

    def _new_course(self, student: Student) -> Path:
        """A course with the assignment in its gradebook; the student's notebook stands for the teacher's."""
        course = self._folder / "course"
        course.mkdir()
        (course / "nbgrader_config.py").write_text(_CONFIG, encoding="utf-8")
        _write(course / "source" / HOMEWORK / f"{HOMEWORK}.ipynb", _source(student.notebook))
        self._run(course, "generate_assignment", HOMEWORK)
        return course

    def _run(self, course: Path, *arguments: str) -> Cost:
        return run([self._programs / "nbgrader", *arguments], course, variables(self._programs, self._home))


def _source(notebook: Notebook) -> Notebook:
    """The teacher's notebook: solutions, and behind each a cell with a hidden test."""
    return notebook | {"cells": list(_with_tests(notebook["cells"], hidden=True))}


def _handed_in(notebook: Notebook) -> Notebook:
    """The student's notebook, with the test cells as they were released: empty."""
    return notebook | {"cells": list(_with_tests(notebook["cells"], hidden=False))}


def _with_tests(cells: Iterable[Cell], *, hidden: bool) -> Iterable[Cell]:
    for cell in cells:
        variable = cell["id"].removeprefix("answer-")
        if variable not in POINTS:
            yield cell
            continue
        yield cell | {"metadata": {"nbgrader": _metadata(variable, solution=True)}}
        test = f"### BEGIN HIDDEN TESTS\nassert {variable} == {RIGHT[variable]}\n### END HIDDEN TESTS"
        metadata = _metadata(f"test-{variable}", grade=True, locked=True, points=POINTS[variable])
        yield code(test if hidden else "", f"test-{variable}") | {"metadata": {"nbgrader": metadata}}


def _metadata(grade_id: str, **more: Any) -> dict[str, Any]:
    none = {"grade": False, "solution": False, "locked": False, "task": False}
    return none | {"schema_version": 3, "grade_id": grade_id} | more


def _points(grades: Path) -> dict[str, float]:
    with grades.open(encoding="utf-8", newline="") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


def _write(file: Path, notebook: Notebook) -> None:
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(notebook), encoding="utf-8")

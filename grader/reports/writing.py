"""Reports on disk: OUT/students/<student>/ and OUT/gradebook.csv."""

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile

from grader.course import Homework
from grader.errors import InfrastructureError, InputError
from grader.records import Execution, Grade
from grader.reports.grade_json import grade_json, made_from
from grader.reports.gradebook import as_text
from grader.reports.standing import Row
from grader.reports.student_page import student_html

GRADEBOOK = "gradebook.csv"
CHANGES = "changes.csv"
"""What the last regrade changed, part by part."""


def students_folder(out: Path) -> Path:
    """Where the folders of the students are."""
    return out / "students"


def prepare(out: Path) -> None:
    """Makes the folders, and finds out before any notebook runs whether reports can be written.

    Raises:
        InputError: they cannot.
    """
    try:
        students_folder(out).mkdir(parents=True, exist_ok=True)
        for folder in (out, students_folder(out)):
            with TemporaryFile(dir=folder):
                pass
    except OSError as error:
        raise InputError(
            f"reports cannot be written to {out} ({error.strerror}); choose another folder with -o"
        ) from error


def write_student(
    out: Path, grade: Grade, execution: Execution | None, homework: Homework, *, ran_now: bool = True
) -> None:
    """report.html, grade.json, and executed.ipynb if there was a run.

    Args:
        out: the folder of the class.
        grade: what the report is about.
        execution: the run behind it, if there was one.
        homework: what was graded.
        ran_now: whether the run is a new one; if not, an executed.ipynb that is there is the right one.

    Raises:
        InfrastructureError: a file cannot be written.
    """
    folder = students_folder(out) / grade.student
    page = student_html(grade, homework, executed=execution is not None)
    try:
        folder.mkdir(exist_ok=True)
        executed = folder / "executed.ipynb"
        if execution is None:
            executed.unlink(missing_ok=True)  # of an earlier run
        elif ran_now or not executed.is_file():
            _write(executed, json.dumps(execution.notebook) + "\n")
        _write(folder / "report.html", page)
        # The last of the three: where it is not there, the others may not be either.
        _write(folder / "grade.json", grade_json(grade, homework))
    except OSError as error:
        raise InfrastructureError(
            f"{folder} cannot be written ({error.strerror}); make room or choose another folder with -o"
        ) from error


def is_current(out: Path, grade: Grade, homework: Homework, *, executed: bool) -> bool:
    """Whether a student's report says all of this already, so that it need not be written again."""
    folder = students_folder(out) / grade.student
    try:
        written = json.loads((folder / "grade.json").read_text(encoding="utf-8"))
        there = (folder / "report.html").is_file() and (folder / "executed.ipynb").is_file() == executed
        return there and bool(written["made_from"] == made_from(grade, homework))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def write_gradebook(out: Path, rows: Sequence[Row], homework: Homework) -> None:
    """gradebook.csv.

    Raises:
        InfrastructureError: the file cannot be written.
    """
    write_text(out / GRADEBOOK, as_text(homework, rows))


def write_text(file: Path, text: str) -> None:
    """A table for a person.

    Raises:
        InfrastructureError: the file cannot be written.
    """
    try:
        _write(file, text)
    except OSError as error:
        raise InfrastructureError(
            f"{file} cannot be written ({error.strerror}); close it where it is open, and try again"
        ) from error


def _write(file: Path, text: str) -> None:
    """The whole file or none of it, since a run may be interrupted at any time."""
    new = file.with_name(f"{file.name}.new")
    new.write_text(text, encoding="utf-8", errors="replace", newline="\n")
    new.replace(file)

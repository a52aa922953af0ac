"""Reports on disk: OUT/students/<student>/ and OUT/gradebook.csv."""

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile

from grader.course import Homework
from grader.errors import InfrastructureError, InputError
from grader.records import Execution, Grade
from grader.reports.grade_json import grade_json
from grader.reports.gradebook import as_text, from_file
from grader.reports.standing import Row
from grader.reports.student_page import student_html


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


def write_student(out: Path, grade: Grade, execution: Execution | None, homework: Homework) -> None:
    """report.html, grade.json, and executed.ipynb if there was a run.

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
        else:
            _write(executed, json.dumps(execution.notebook) + "\n")
        _write(folder / "report.html", page)
        _write(folder / "grade.json", grade_json(grade))
    except OSError as error:
        raise InfrastructureError(
            f"{folder} cannot be written ({error.strerror}); make room or choose another folder with -o"
        ) from error


def write_gradebook(out: Path, rows: Sequence[Row], homework: Homework) -> list[str]:
    """gradebook.csv, with the rows of earlier runs whose reports are still below `out`; returns their students.

    So a late notebook can be graded alone and joins the class.

    Raises:
        InfrastructureError: the file cannot be read or written.
    """
    file, there = out / "gradebook.csv", {row[0] for row in rows}
    try:
        earlier = (row for row in _earlier(file, homework) if row[0] not in there)
        kept = [row for row in earlier if (students_folder(out) / row[0]).is_dir()]
        _write(file, as_text(homework, [*rows, *kept]))
        return sorted(row[0] for row in kept)
    except OSError as error:
        raise InfrastructureError(
            f"{file} cannot be written ({error.strerror}); close it where it is open, and grade again"
        ) from error


def _earlier(file: Path, homework: Homework) -> list[Row]:
    """The rows of an earlier gradebook of the same homework."""
    try:
        return from_file(homework, file)
    except (FileNotFoundError, ValueError):  # there is none, or somebody has made it something else
        return []


def _write(file: Path, text: str) -> None:
    """The whole file or none of it, since a run may be interrupted at any time."""
    new = file.with_name(f"{file.name}.new")
    new.write_text(text, encoding="utf-8", errors="replace", newline="\n")
    new.replace(file)

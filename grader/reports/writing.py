"""Reports on disk: OUT/students/<student>/ and OUT/gradebook.csv."""

import json
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from tempfile import TemporaryFile

import pandas as pd

from grader.course import Homework
from grader.errors import InfrastructureError, InputError
from grader.records import Execution, Grade
from grader.reports.grade_json import grade_json
from grader.reports.gradebook import gradebook
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
            _write(executed, json.dumps(execution.notebook, indent=1) + "\n")
        _write(folder / "report.html", page)
        _write(folder / "grade.json", grade_json(grade))
    except OSError as error:
        raise InfrastructureError(
            f"{folder} cannot be written ({error.strerror}); make room or choose another folder with -o"
        ) from error


def write_gradebook(out: Path, grades: Iterable[Grade], homework: Homework) -> list[str]:
    """gradebook.csv, with the rows of earlier runs whose reports are still below `out`; returns their students.

    So a late notebook can be graded alone and joins the class.

    Raises:
        InfrastructureError: the file cannot be read or written.
    """
    file, table = out / "gradebook.csv", _as_text(gradebook(grades, homework))
    try:
        earlier = _earlier(file, table)
        present = [name for name in earlier["student"] if (students_folder(out) / name).is_dir()]
        kept = earlier[earlier["student"].isin(present)]
        rows = pd.concat([table[1:], kept]).sort_values("student", key=lambda names: names.str.casefold())
        _write(file, pd.concat([table[:1], rows]).to_csv(index=False))
        return sorted(kept["student"])
    except OSError as error:
        raise InfrastructureError(
            f"{file} cannot be written ({error.strerror}); close it where it is open, and grade again"
        ) from error


def _earlier(file: Path, table: pd.DataFrame) -> pd.DataFrame:
    """The rows of an earlier gradebook of the same homework whose students are not in the new one."""
    try:
        old = pd.read_csv(file, dtype=str, keep_default_na=False)
    except (FileNotFoundError, ValueError):  # there is none, or somebody has made it something else
        return table[:0]
    same = list(old.columns) == list(table.columns) and old[:1].equals(table[:1])
    return old[~old["student"].isin(table["student"])] if same else table[:0]


def _as_text(table: pd.DataFrame) -> pd.DataFrame:
    """The table as a file gives it back, so that rows of earlier runs stay as they were."""
    return pd.read_csv(StringIO(table.to_csv(index=False)), dtype=str, keep_default_na=False)


def _write(file: Path, text: str) -> None:
    """The whole file or none of it, since a run may be interrupted at any time."""
    new = file.with_name(f"{file.name}.new")
    new.write_text(text, encoding="utf-8", errors="replace", newline="\n")
    new.replace(file)

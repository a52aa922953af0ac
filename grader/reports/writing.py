"""Reports on disk: OUT/students/<student>/ and OUT/gradebook.csv."""

import json
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from grader.course import Homework
from grader.errors import InfrastructureError
from grader.records import Execution, Grade
from grader.reports.grade_json import grade_json
from grader.reports.gradebook import gradebook
from grader.reports.student_page import student_html


def write_student(folder: Path, grade: Grade, execution: Execution | None, homework: Homework) -> None:
    """report.html, grade.json, and executed.ipynb if there was a run.

    Raises:
        InfrastructureError: a file cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        executed = folder / "executed.ipynb"
        if execution is None:
            executed.unlink(missing_ok=True)  # of an earlier run
        else:
            executed.write_text(json.dumps(execution.notebook, indent=1) + "\n", encoding="utf-8")
        page = student_html(grade, homework, executed=execution is not None)
        (folder / "report.html").write_text(page, encoding="utf-8")
        (folder / "grade.json").write_text(grade_json(grade), encoding="utf-8")
    except OSError as error:
        raise InfrastructureError(f"{folder} cannot be written ({error.strerror}); choose another -o OUT") from error


def write_gradebook(out: Path, grades: Iterable[Grade], homework: Homework) -> pd.DataFrame:
    """gradebook.csv, and the table that is in it.

    Raises:
        InfrastructureError: the file cannot be written.
    """
    table = gradebook(grades, homework)
    try:
        table.to_csv(out / "gradebook.csv", index=False)
    except OSError as error:
        raise InfrastructureError(f"{out}/gradebook.csv cannot be written ({error.strerror})") from error
    return table

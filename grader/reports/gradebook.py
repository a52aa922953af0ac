"""gradebook.csv: the whole class, one row per student."""

from collections.abc import Iterable

import pandas as pd

from grader.course import Homework
from grader.records import MAXIMUM
from grader.reports.points import rounded_points
from grader.reports.standing import Row


def columns(homework: Homework) -> Row:
    """The names of the columns.

    A column per part holds its points, empty while pending. `late` has what is taken off for lateness, as a negative number, "?" where
    nobody knows how late it is, and is empty where nothing is. `total` counts what is decided and is empty when
    nothing is, `percent` is the total in percent of the decided maximum, and `pending` the points that wait for a person. Extra points count in
    `total` and `percent`, and in no maximum but that of their own column.
    """
    parts = (f"{problem.name}.{part}" for problem, part in homework.parts)
    return ("student", *parts, "late", "total", "percent", "pending", "status")


def maximum(homework: Homework) -> Row:
    """The first row."""
    parts = [problem.parts[part] for problem, part in homework.parts]
    points = (str(rounded_points(part.points)) for part in parts)
    return (MAXIMUM, *points, "", str(rounded_points(homework.max_points)), "100.0", "0.0", "")


def as_text(homework: Homework, rows: Iterable[Row]) -> str:
    """The gradebook as the text of a file: the maximum, then the students' rows, sorted."""
    in_order = sorted(rows, key=lambda row: row[0].casefold())
    text: str = pd.DataFrame([maximum(homework), *in_order], columns=list(columns(homework))).to_csv(index=False)
    return text

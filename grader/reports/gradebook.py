"""gradebook.csv: the whole class, one row per student."""

from collections.abc import Iterable
from fractions import Fraction

import pandas as pd

from grader.course import Homework
from grader.records import MAXIMUM, Grade
from grader.reports.points import is_decided, rounded_points, totals


def gradebook(grades: Iterable[Grade], homework: Homework) -> pd.DataFrame:
    """First a row with the maximum, then one row per student, sorted.

    A column per part holds its points, empty while pending. `total` counts what is decided and is empty when
    nothing is, `percent` is the total in percent of the decided maximum, and `pending` the points that wait for a person. Extra points count in
    `total` and `percent`, and in no maximum but that of their own column.
    """
    parts = {f"{problem.name}.{part}": problem.parts[part].points for problem, part in homework.parts}
    full = sum((p.parts[part].points for p, part in homework.parts if not p.parts[part].extra), Fraction(0))
    rows: list[dict[str, object]] = [
        {
            "student": MAXIMUM,
            **{name: rounded_points(points) for name, points in parts.items()},
            "total": rounded_points(full),
            "percent": "100.0",
            "pending": 0.0,
            "status": "",
        }
    ]
    rows += [_row(grade) for grade in sorted(grades, key=lambda grade: grade.student.casefold())]
    return pd.DataFrame(rows, columns=["student", *parts, "total", "percent", "pending", "status"])


def _row(grade: Grade) -> dict[str, object]:
    points = {f"{v.problem}.{v.part}": None if v.points is None else rounded_points(v.points) for v in grade.verdicts}
    return {
        "student": grade.student,
        **points,
        "total": rounded_points(grade.points) if is_decided(grade) else None,
        "percent": totals(grade).percent,
        "pending": rounded_points(grade.pending_points),
        "status": str(grade.status),
    }

"""gradebook.csv: the whole class, one row per student."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from io import StringIO
from typing import TextIO

from grader.course import Homework
from grader.records import MAXIMUM, Grade
from grader.reports.points import is_decided, rounded_points, totals

Row = dict[str, str]


def columns(homework: Homework) -> list[str]:
    """The names of the columns, in order."""
    parts = [f"{problem.name}.{part}" for problem, part in homework.parts]
    return ["student", *parts, "total", "percent", "pending", "status"]


def gradebook(grades: Iterable[Grade], homework: Homework) -> list[Row]:
    """First a row with the maximum, then one row per student, in no particular order.

    A column per part holds its points, empty while pending. `total` counts what is decided and is empty when
    nothing is, `percent` is the total in percent of the decided maximum, and `pending` the points that wait for a person. Extra points count in
    `total` and `percent`, and in no maximum but that of their own column.
    """
    return [_maximum(homework), *map(_row, grades)]


def as_text(rows: Iterable[Row], names: Sequence[str]) -> str:
    """The rows as the text of a file, the names of their columns first."""
    file = StringIO()
    writer = csv.DictWriter(file, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def from_text(file: TextIO, names: Sequence[str]) -> Iterator[Row]:
    """The rows of such a file; none if it has other columns, and without those that are not whole.

    Raises:
        csv.Error: it is something else.
        ValueError: it is no text.
    """
    reader = csv.DictReader(file)
    if list(reader.fieldnames or ()) == list(names):
        yield from (row for row in reader if None not in row and None not in row.values())


def by_student(row: Row) -> str:
    """What rows are sorted by."""
    return row["student"].casefold()


def _maximum(homework: Homework) -> Row:
    parts = {f"{problem.name}.{part}": problem.parts[part].points for problem, part in homework.parts}
    full = sum((p.parts[part].points for p, part in homework.parts if not p.parts[part].extra), Fraction(0))
    return {
        "student": MAXIMUM,
        **{name: str(rounded_points(points)) for name, points in parts.items()},
        "total": str(rounded_points(full)),
        "percent": "100.0",
        "pending": "0.0",
        "status": "",
    }


def _row(grade: Grade) -> Row:
    points = {
        f"{v.problem}.{v.part}": "" if v.points is None else str(rounded_points(v.points)) for v in grade.verdicts
    }
    return {
        "student": grade.student,
        **points,
        "total": str(rounded_points(grade.points)) if is_decided(grade) else "",
        "percent": totals(grade).percent,
        "pending": str(rounded_points(grade.pending_points)),
        "status": str(grade.status),
    }

"""review.csv as it comes back from whoever marked: read with care, and checked against what is there now."""

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from grader.course import Homework
from grader.errors import InputError
from grader.records import Record, Result, Verdict
from grader.review.cells import DECIMALS, decimal_text, one_kind_of_line_ends, read_points, unguarded
from grader.review.incoming import rows_of
from grader.review.places import place_named
from grader.review.questions import fingerprint_of
from grader.review.table import stamped


class GivenMark(Record):
    """A mark that a person has given in a table."""

    student: str
    problem: str
    part: str
    points: Fraction
    comment: str
    old_points: Fraction | None
    """Before it; None while pending."""
    row: int
    """Of the table, its header being row 1."""


class Marks(Record):
    """What a table says."""

    given: tuple[GivenMark, ...]
    """New marks, in the order of the rows."""
    unchanged: int
    """Rows that say what holds already."""
    empty: int
    """Rows without points."""
    troubles: tuple[str, ...]
    """Rows that cannot be taken, with the column, the reason and the remedy. The other rows do not depend on them."""


@dataclass(frozen=True)
class _Row:
    """A row that has something to say."""

    mark: GivenMark
    changes: bool


class _Trouble(Exception):  # noqa: N818 - becomes words about its row
    """What is wrong in which column, and what would mend it."""

    def __init__(self, column: str, words: str) -> None:
        super().__init__(f"{column}: {words}")


def read_marks(text: str, where: str, results: Mapping[str, Result], homework: Homework) -> Marks:
    """The marks of a table that was exported with `review_csv` or saved from the page.

    Rows and columns may have been sorted, left out and added, delimiters, line ends and quotes be those of a spreadsheet.
    Rows that give one student the same mark of one part twice count once, those that give different ones not at all.

    Args:
        text: the table.
        where: what messages call it, such as the name of its file.
        results: the class as it stands, by student.
        homework: the homework that it is the class of.

    Raises:
        InputError: it is no such table.
    """
    rows: list[_Row] = []
    troubles: list[str] = []
    empty = 0
    for number, cells in rows_of(text, where):
        try:
            row = _read(number, cells, results, homework)
        except _Trouble as trouble:
            troubles.append(f"{where}, row {number}, {trouble}")
            continue
        if row is None:
            empty += 1
        else:
            rows.append(row)
    agreed, contradictions = _agreed(rows, where)
    given = tuple(row.mark for row in agreed if row.changes)
    return Marks(given=given, unchanged=len(agreed) - len(given), empty=empty, troubles=(*troubles, *contradictions))


def _read(number: int, cells: Mapping[str, str], results: Mapping[str, Result], homework: Homework) -> _Row | None:
    """A row; None if it gives no points.

    Raises:
        _Trouble: it cannot be taken.
    """
    if cells[""]:
        raise _Trouble(
            "the end", f"{cells[''][:40]!r} stands beyond the last column; put texts with delimiters in quotes"
        )
    result, verdict = _marked(cells, results, homework)
    comment = unguarded(cells["comment"])
    same_comment = comment == one_kind_of_line_ends(verdict.comment)
    if not cells["points"].strip():
        if comment.strip() and not same_comment:
            raise _Trouble("points", "there is a comment and there are no points; give them, or take the comment out")
        return None
    stamp = cells["fingerprint"].strip()
    if stamp.partition("-")[0] != fingerprint_of(verdict, result.submission):
        raise _Trouble("fingerprint", "the student has handed in another answer since the export; export again")
    points = _points(cells["points"], verdict)
    untouched = stamp == stamped(fingerprint_of(verdict, result.submission), points, comment)
    mark = GivenMark(
        student=result.grade.student,
        problem=verdict.problem,
        part=verdict.part,
        points=points,
        comment=comment,
        old_points=verdict.points,
        row=number,
    )
    return _Row(mark, changes=not (untouched or (same_comment and points == verdict.points)))


def _marked(cells: Mapping[str, str], results: Mapping[str, Result], homework: Homework) -> tuple[Result, Verdict]:
    """Of whom and of what a row speaks."""
    student = unguarded(cells["student"].strip())
    if student not in results:
        close = difflib.get_close_matches(student, results, n=1)
        hint = f"; is it {close[0]}?" if close else "; a spreadsheet may have changed it"
        raise _Trouble("student", f"there is no student {student[:60]!r}{hint}")
    try:
        place = place_named(homework, cells["question"].strip())
    except InputError as error:
        raise _Trouble("question", str(error)) from error
    verdicts = {(verdict.problem, verdict.part): verdict for verdict in results[student].grade.verdicts}
    if place not in verdicts:
        raise _Trouble("question", f"{student} has no part {'.'.join(place)} in the record; regrade, and export again")
    return results[student], verdicts[place]


def _points(cell: str, verdict: Verdict) -> Fraction:
    try:
        points = read_points(cell)
    except ValueError as error:
        raise _Trouble("points", str(error)) from error
    if not 0 <= points <= verdict.max_points:
        full = decimal_text(verdict.max_points)
        raise _Trouble("points", f"{cell.strip()} is not between 0 and {full}, the maximum; correct it")
    # As exported, what the grader gave may be rounded.
    exported = verdict.points is not None and points == round(verdict.points, DECIMALS)
    return verdict.points if exported and verdict.points is not None else points


def _agreed(rows: Iterable[_Row], where: str) -> tuple[list[_Row], list[str]]:
    """The rows of which no other says something else, each once, and words about the others."""
    by_place: dict[tuple[str, str, str], list[_Row]] = defaultdict(list)
    for row in rows:
        by_place[row.mark.student, row.mark.problem, row.mark.part].append(row)
    agreed, troubles = [], []
    for (student, problem, part), same in by_place.items():
        if len({(row.mark.points, row.mark.comment) for row in same}) == 1:
            agreed.append(same[0])
            continue
        numbers = " and ".join(str(row.mark.row) for row in same)
        troubles.append(
            f"{where}, rows {numbers}, points: they give {student} different marks for {problem}.{part}; leave one of them"
        )
    return agreed, troubles

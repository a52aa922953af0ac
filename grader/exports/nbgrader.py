"""nbgrader's table of grades (nbgrader, plugins/export.py), with quotes where cells need them, which nbgrader leaves out."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime

from grader.exports.difference import Export
from grader.exports.filling import Job, without_file
from grader.exports.nbgrader_folders import assignment_of
from grader.exports.outgoing import Outgoing
from grader.exports.own_cells import harmless
from grader.records import Result
from grader.reports.points import points_text

_COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)
_MOST_LISTED = 20


def export(job: Job) -> Export:
    """One row per student who is not held back; times in UTC without a zone, as nbgrader keeps them."""
    assignment, words = _assignment(job)
    sent, difference = without_file(job, {}, words)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_row(assignment, job.homework.due, one) for one in sent)
    return Export(text.getvalue().encode(errors="replace"), f"{job.homework.name}-nbgrader.csv", difference)


def _assignment(job: Job) -> tuple[str, str]:
    """Its name in nbgrader, and where that is from, in words."""
    if job.options.column:
        return job.options.column, f"the assignment is {job.options.column!r}"
    found = _named(job.results)
    if len(found) == 1:
        return found[0], f"the assignment is {found[0]!r}, by the folders of the submissions"
    name = job.homework.name
    if not found:
        return name, f"the assignment is {name!r}, by the homework's name; --column names another"
    several = ", ".join(map(repr, found[:_MOST_LISTED]))
    return name, f"the assignment is {name!r}, since the submissions are of several ({several}); --column names another"


def _named(results: Iterable[Result]) -> list[str]:
    submissions = (result.submission for result in results)
    return sorted({assignment_of(one) for one in submissions if one.platform == "nbgrader"} - {""})


def _row(assignment: str, due: datetime | None, sent: Outgoing) -> tuple[str, ...]:
    submission, grade = sent.result.submission, sent.result.grade
    first, last = split_name(submission.person.name)
    return (
        harmless(assignment),
        _time(submission.due or due),
        _time(submission.submitted),
        *map(harmless, (submission.person.login or submission.student, last, first, submission.person.email)),
        points_text(grade.points),
        points_text(grade.deduction),
        sent.text,
        points_text(grade.max_points),
    )


def split_name(name: str) -> tuple[str, str]:
    """First and last name: "Doe, Jane" says where to split, else the last word is the last name."""
    if "," in name:
        last, _, first = name.partition(",")
        return first.strip(), last.strip()
    first, _, last = name.strip().rpartition(" ")
    return first, last


def _time(when: datetime | None) -> str:
    return "" if when is None else str(when.astimezone(UTC).replace(tzinfo=None))

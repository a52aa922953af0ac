"""nbgrader's table of grades (nbgrader, plugins/export.py), with quotes where cells need them, which nbgrader leaves out."""

import csv
import io
from datetime import UTC, datetime

from grader.exports.difference import Export
from grader.exports.filling import Job, without_file
from grader.exports.outgoing import Outgoing
from grader.exports.own_cells import harmless, one_line
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


def export(job: Job) -> Export:
    """One row per student who is not held back; times in UTC without a zone, as nbgrader keeps them."""
    sent, difference = without_file(job, {})
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_row(job.homework.name, one) for one in sent)
    return Export(text.getvalue().encode(errors="replace"), f"{job.homework.name}-nbgrader.csv", difference)


def _row(homework: str, sent: Outgoing) -> tuple[str, ...]:
    submission, grade = sent.result.submission, sent.result.grade
    first, last = split_name(submission.person.name)
    return (
        one_line(homework),
        _time(submission.due),
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

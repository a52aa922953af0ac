"""Our own table, for people and their spreadsheets."""

import csv
import io
from collections.abc import Iterable
from fractions import Fraction

from grader.course import Homework
from grader.exports.difference import Export
from grader.exports.filling import Job, without_file
from grader.exports.outgoing import OUTDATED, is_outdated
from grader.exports.own_cells import harmless
from grader.records import MAXIMUM, Result
from grader.reports.points import is_decided, percent_text, points_text

_ABOUT = ("student", "name", "email", "login", "number", "section", "group", "submitted")
_SUMS = ("points", "penalty", "total", "maximum", "percent", "pending", "status", "late")


def export(job: Job) -> Export:
    """One row per student, the maximum in the first, UTF-8.

    `points` is what is decided and `total` what of it counts after lateness; `total` is empty for students who are held back. Who
    was marked before the course changed has no points at all, and everything pending.
    Text that a spreadsheet would run as a formula has an apostrophe in front.
    """
    _, difference = without_file(job, {})
    totals = {change.student: change.new for change in difference.changes}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*_ABOUT, *_names(job.homework), *_SUMS))
    writer.writerow(_maximum(job.homework))
    for result in sorted(job.results, key=lambda one: (one.submission.student.casefold(), one.submission.student)):
        total = totals.get(result.submission.student, "")
        writer.writerow((*_about(result), *_points(job.homework, result), *_sums(job.homework, result, total)))
    return Export(text.getvalue().encode(errors="replace"), f"{job.homework.name}.csv", difference)


def _names(homework: Homework) -> Iterable[str]:
    return (f"{problem.name}.{part}" for problem, part in homework.parts)


def _maximum(homework: Homework) -> tuple[str, ...]:
    parts = (points_text(problem.parts[part].points) for problem, part in homework.parts)
    full = points_text(homework.max_points)
    return (MAXIMUM, *[""] * (len(_ABOUT) - 1), *parts, full, "0", full, full, "100.0", "0", "", "")


def _about(result: Result) -> Iterable[str]:
    submission, person = result.submission, result.submission.person
    submitted = submission.submitted.isoformat() if submission.submitted else ""
    texts = (person.name, person.email, person.login, person.number, person.section, submission.group, submitted)
    return map(harmless, (submission.student, *texts))


def _points(homework: Homework, result: Result) -> Iterable[str]:
    if is_outdated(result.grade, homework):
        return [""] * len(list(homework.parts))
    points = {(verdict.problem, verdict.part): verdict.points for verdict in result.grade.verdicts}
    found = (points.get((problem.name, part)) for problem, part in homework.parts)
    return ("" if one is None else points_text(one) for one in found)


def _sums(homework: Homework, result: Result, total: str) -> tuple[str, ...]:
    grade, full = result.grade, points_text(homework.max_points)
    outdated = is_outdated(grade, homework)
    decided = is_decided(grade) and not outdated
    words = grade.late.words if grade.late is not None else "late" if result.submission.late else ""
    sums: tuple[Fraction, ...] = (grade.points, grade.deduction)
    return (
        *(points_text(one) if decided else "" for one in sums),
        total,
        full,
        percent_text(grade.total, grade.decided_points) if decided else "",
        full if outdated else points_text(grade.pending_points),
        f"{grade.status}, {OUTDATED}" if outdated else str(grade.status),
        harmless(words),
    )

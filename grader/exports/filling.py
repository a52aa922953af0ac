"""Points into the rows of a downloaded file: what is the same for every platform that has one."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.course import Homework
from grader.exports.difference import Change, Difference, Options
from grader.exports.matching import Keys, keys_of, match
from grader.exports.numbers import either, number_in, readings, same_points
from grader.exports.outgoing import Outgoing, asides, decide
from grader.records import Result
from grader.reports.points import points_text, rounded_points


@dataclass(frozen=True)
class Job:
    """What is exported."""

    platform: str
    results: tuple[Result, ...]
    """One for each student."""
    homework: Homework
    options: Options


@dataclass(frozen=True)
class Row:
    """What the file says of one student."""

    at: int
    """Its position in the sheet."""
    label: str
    """For people."""
    keys: Keys
    old: str
    """The cell that gets the points, as it is now."""
    maximum: Fraction | None = None
    """The points that can be had there, where they are certain."""
    takes_more: bool = False
    """Whether the platform takes points above the maximum."""
    locked: str = ""
    """Why this row may not be changed; empty when it may."""


@dataclass(frozen=True)
class Filled:
    """What is to be written."""

    new: dict[int, Outgoing]
    """By position in the sheet, only what changes."""
    matched: dict[int, Outgoing]
    """The same, with those who have these points already."""
    difference: Difference


def fill(job: Job, rows: Sequence[Row], order: Sequence[str], column: str) -> Filled:
    """Match, compare and sort out; `order` has the keys, the surest first, and `column` says in words what is filled."""
    going, held = decide(job.results, job.homework, job.options)
    students = {result.submission.student: keys_of(result, job.platform) for result in job.results}
    row_of, nowhere = match([row.keys for row in rows], students, order)
    found = {student: rows[at] for student, at in row_of.items()}
    locked = {student: row.locked for student, row in found.items() if row.locked and student in going}
    sent = {student: row for student, row in found.items() if student in going and student not in locked}
    out = {
        student: words
        for student, row in sent.items()
        if (words := out_of_range(going[student].points, None if row.takes_more else row.maximum))
    }
    matched = {row.at: going[student] for student, row in sent.items() if student not in out}
    there = {row.at: row for row in rows}
    new = {at: one for at, one in matched.items() if not same_points(there[at].old, one.points, there[at].maximum)}
    ours = set(row_of.values())
    difference = Difference(
        column=column,
        changes=_changes(new, there),
        unmatched_rows=tuple(row.label for at, row in enumerate(rows) if at not in ours),
        unmatched_students=asides(nowhere),
        out_of_range=asides(out),
        held_back=asides({student: words for student, words in {**held, **locked}.items() if student in found}),
        unchanged=len(matched) - len(new),
    )
    return Filled(new, matched, difference)


def without_file(job: Job, lacking: dict[str, str], column: str = "") -> tuple[list[Outgoing], Difference]:
    """The same for a file of our own making, in the order of students; `lacking` says whom the platform could not tell."""
    going, held = decide(job.results, job.homework, job.options)
    out = {student: trouble for student, sent in going.items() if (trouble := out_of_range(sent.points, None))}
    kept = sorted(student for student in going if student not in lacking and student not in out)
    difference = Difference(
        column=column,
        changes=tuple(Change(student, "", going[student].text, going[student].note) for student in kept),
        unmatched_students=asides(lacking),
        out_of_range=tuple(aside for aside in asides(out) if aside.student not in lacking),
        held_back=tuple(aside for aside in asides(held) if aside.student not in lacking),
    )
    return [going[student] for student in kept], difference


def out_of_range(points: Fraction, maximum: Fraction | None) -> str:
    """Why a platform would not take some points, in words; empty when it would."""
    if rounded_points(points) < 0:
        return f"{points_text(points)} is less than nothing"
    if maximum is not None and rounded_points(points) > rounded_points(maximum):
        return f"{points_text(points)} is more than the maximum of {points_text(maximum)}"
    return ""


def _changes(new: dict[int, Outgoing], there: dict[int, Row]) -> tuple[Change, ...]:
    changes = (
        Change(sent.result.submission.student, there[at].old, sent.text, _note(sent, there[at]))
        for at, sent in new.items()
    )
    return tuple(sorted(changes, key=lambda change: (change.student.casefold(), change.student)))


def _note(sent: Outgoing, row: Row) -> str:
    """With a word on old points that may be two numbers."""
    found = readings(row.old)
    words = f"what is there may be {either(found)}" if found and number_in(row.old, row.maximum) is None else ""
    return "; ".join(filter(None, (sent.note, words)))

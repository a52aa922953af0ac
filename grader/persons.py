"""`grader mark` and `grader withdraw`: what a person says of one student, whatever the grader says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from grader.console import inert, out_console
from grader.errors import InputError
from grader.given_marks import Marker, record, refuse_older, verdict_of
from grader.keeping import Keeper
from grader.loading import course_hash, load_course
from grader.recorded_classes import RecordedClass, Where, the_recorded_class
from grader.records import Result, Verdict
from grader.reports.points import points_text, totals
from grader.results import results
from grader.review.cells import read_points
from grader.review.places import place_named

TAKE_BACK = "-"
"""In place of points: an earlier mark of a person holds no more."""


@dataclass(frozen=True)
class Mark:
    """One mark as it is given on the command line."""

    student: str
    part: str
    """By its name, or as problem.part."""
    points: str
    """A number, or `TAKE_BACK`."""
    why: str
    comment: str = ""


def mark(where: Where, given: Mark, by: str) -> None:
    """Gives one mark, whatever the grader says.

    Raises:
        InputError: there is no such student or part, or the points are none that the part can have.
    """
    course = load_course(where.course)
    with the_recorded_class(course, where) as class_:
        found = _of_student(class_, given.student)
        refuse_older([found.grade], class_)
        verdict = verdict_of(found.grade, *place_named(class_.homework, given.part))
        points = _points(given.points, verdict)
        edit = Marker(by, datetime.now(UTC)).edit(found, verdict, points, given.comment, given.why)
        after = record(course, class_, "mark", by, [edit])[0].grade
    new = verdict_of(after, verdict.problem, verdict.part)
    out_console.print(
        inert(
            f"{after.student}, {verdict.problem}.{verdict.part}: {_words(verdict)} before, {_words(new)} now; "
            f"total {totals(found.grade).points or 'none'} before, {totals(after).points or 'none'} now"
        )
        + (f", {points_text(after.pending_points)} pending" if after.pending_points else "")
    )


def withdraw(where: Where, students: Sequence[str], by: str) -> None:
    """Takes students out of a class; InputError if one is not in it."""
    course = load_course(where.course)
    with the_recorded_class(course, where) as class_:
        name = class_.homework.name
        there = class_.store.students(name)
        if unknown := [student for student in students if student not in there]:
            raise InputError(f"there is no student {unknown[0]!r} in {where.out}; gradebook.csv has their names")
        run = class_.store.begin("withdraw", name, course_hash(course.root), by)
        class_.store.withdraw(run, name, students)
        Keeper(class_.store, run, class_.homework, class_.out).gradebook()
    out_console.print(inert(f"not in the class any more: {', '.join(students)}; their reports are left where they are"))


def _of_student(class_: RecordedClass, student: str) -> Result:
    there = class_.store.students(class_.homework.name)
    names = [student] if student in there else [name for name in there if name.casefold() == student.casefold()]
    if not names:
        raise InputError(f"there is no student {student!r} in {class_.out}; gradebook.csv has their names")
    if len(names) > 1:
        raise InputError(f"{student!r} may be {' or '.join(names)}; write the name as gradebook.csv does")
    return next(results(class_.store, class_.homework.name, names))


def _points(text: str, verdict: Verdict) -> Fraction | None:
    if text == TAKE_BACK:
        return None
    try:
        points = read_points(text)
    except ValueError as error:
        raise InputError(f"{error}; or {TAKE_BACK} to take an earlier mark back") from error
    if not 0 <= points <= verdict.max_points:
        full = points_text(verdict.max_points)
        raise InputError(f"{text} points are out of range; {verdict.problem}.{verdict.part} has from 0 to {full}")
    return points


def _words(verdict: Verdict) -> str:
    return (
        "pending" if verdict.points is None else f"{points_text(verdict.points)} of {points_text(verdict.max_points)}"
    )

"""`grader review` and `grader mark`: what waits for a person, and the marks that a person gives."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from grader.console import inert, out_console, warn
from grader.course import Course
from grader.errors import InfrastructureError, InputError
from grader.keeping import Keeper, reported
from grader.loading import course_hash, load_course
from grader.recorded_classes import RecordedClass, Where, the_recorded_class
from grader.records import Edit, Grade, Result, Verdict
from grader.reports.points import points_text, totals
from grader.reports.writing import prepare, write_text
from grader.results import Final, final
from grader.review.cells import read_points
from grader.review.marks import read_marks
from grader.review.page import review_html
from grader.review.places import place_named
from grader.review.questions import left_out, waiting
from grader.review.table import review_csv

TAKE_BACK = "-"
"""In place of points: an earlier mark of a person holds no more."""
MOST_TROUBLES = 20
"""That are printed of one file: enough to see what they have in common."""


def export_review(where: Where, file: Path, parts: Sequence[str], *, everything: bool) -> None:
    """Writes what waits for a person, as a CSV or as a page by the file's ending.

    Raises:
        InputError: there is no such part, or the ending is neither, or the file cannot be written.
    """
    if file.suffix.lower() not in {".csv", ".html"}:
        raise InputError(f"{file}: the file has to end in .csv (for a spreadsheet) or .html (for a browser)")
    with the_recorded_class(load_course(where.course), where) as class_:
        results = [one.result for one in _finals(class_)]
        questions = waiting(results, class_.homework, parts, everything)
    text = review_csv(questions) if file.suffix.lower() == ".csv" else review_html(questions, class_.homework.title)
    write_text(file, text)
    if words := left_out(results):
        warn(words)
    all_answers = [answer for one in questions for group in one.groups for answer in group.answers]
    answers, students = len(all_answers), {student for answer in all_answers for student in answer.students}
    out_console.print(
        f"wrote {inert(str(file))}: {_counted(answers, 'different answer')} of {_counted(len(students), 'student')} to "
        f"{_counted(len(questions), 'question')}; give the marks back with\n"
        f"  grader review import {inert(str(where.out))} {inert(str(file.with_suffix('.csv')))} --by NAME",
        soft_wrap=True,
    )


def import_review(where: Where, file: Path, by: str, *, partly: bool) -> None:
    """Takes marks from a file and records the marker.

    Raises:
        InputError: a row is wrong, unless `partly` says that the sound rows are to be taken all the same.
    """
    course = load_course(where.course)
    text = _text(file)
    with the_recorded_class(course, where) as class_:
        finals = {one.result.submission.student: one for one in _finals(class_)}
        results = {student: one.result for student, one in finals.items()}
        _refuse_older([result.grade for result in results.values()], class_)
        marks = read_marks(text, str(file), results, class_.homework)
        for trouble in marks.troubles[:MOST_TROUBLES]:
            warn(trouble)
        if len(marks.troubles) > MOST_TROUBLES:
            warn(f"and {len(marks.troubles) - MOST_TROUBLES} more rows with troubles")
        if marks.troubles and not partly:
            raise InputError(
                f"{file}: nothing was taken; mend the rows above, or take the sound ones with --skip-troubles"
            )
        marker, why = _Marker(by, datetime.now(UTC)), f"review of {file.name}"
        edits = []
        for one in marks.given:
            result = results[one.student]
            verdict = _verdict_of(result.grade, one.problem, one.part)
            edits.append(marker.edit(result, verdict, one.points, one.comment, why))
        _record(course, class_, "review import", by, edits)
    out_console.print(
        f"{len(edits)} marks by {inert(by)} recorded, {marks.unchanged} as they were, {marks.empty} left empty"
    )


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
        _refuse_older([found.result.grade], class_)
        verdict = _verdict_of(found.result.grade, *place_named(class_.homework, given.part))
        points = _points(given.points, verdict)
        edit = _Marker(by, datetime.now(UTC)).edit(found.result, verdict, points, given.comment, given.why)
        after = _record(course, class_, "mark", by, [edit])[0].result.grade
    new = _verdict_of(after, verdict.problem, verdict.part)
    out_console.print(
        inert(
            f"{after.student}, {verdict.problem}.{verdict.part}: {_words(verdict)} before, {_words(new)} now; "
            f"total {totals(found.result.grade).points or 'none'} before, {totals(after).points or 'none'} now"
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


@dataclass(frozen=True)
class _Marker:
    """Who marks, and when."""

    by: str
    at: datetime

    def edit(self, result: Result, verdict: Verdict, points: Fraction | None, comment: str, why: str) -> Edit:
        """The mark of one part."""
        return Edit(
            student=result.submission.student,
            problem=verdict.problem,
            part=verdict.part,
            points=points,
            comment=comment,
            by=self.by,
            at=self.at,
            why=why,
            old_points=verdict.points,
            old_outcome=verdict.outcome,
            max_points=verdict.max_points,
            digest=result.submission.fingerprint,
            answer=verdict.fingerprint,
        )


def _record(course: Course, class_: RecordedClass, command: str, by: str, edits: Sequence[Edit]) -> list[Final]:
    """Adds marks to the record and writes the reports of whom they concern; their results afterwards."""
    prepare(class_.out, class_.homework)
    name = class_.homework.name
    run = class_.store.begin(command, name, course_hash(course.root), by)
    class_.store.add_edits(run, name, edits)
    keeper = Keeper(class_.store, run, class_.homework, class_.out)
    finals, troubles = [], []
    for latest in class_.store.latest(name, {edit.student for edit in edits}):
        one = final(latest)
        runs = class_.store.executions([latest.execution] if latest.execution else [])
        grade = one.result.grade
        after = reported(class_.out, class_.homework, grade, runs.get(latest.execution or 0))
        troubles += [] if after is grade else [after.note]
        finals.append(one)
    keeper.gradebook()
    if troubles:
        raise InfrastructureError(f"the marks are recorded, but not every report is written: {troubles[0]}")
    return finals


def _finals(class_: RecordedClass) -> Sequence[Final]:
    return [final(latest) for latest in class_.store.latest(class_.homework.name)]


def _refuse_older(grades: Iterable[Grade], class_: RecordedClass) -> None:
    """A mark out of points that a part has no more would be none; InputError if the course has changed since it was marked."""
    now = {(problem.name, part): problem.parts[part].points for problem, part in class_.homework.parts}
    for grade in grades:
        if {(one.problem, one.part): one.max_points for one in grade.verdicts} != now:
            raise InputError(
                f"the parts of {class_.homework.name} or their points have changed since {grade.student} was marked; "
                f"run grader regrade {class_.out} first"
            )


def _of_student(class_: RecordedClass, student: str) -> Final:
    there = class_.store.students(class_.homework.name)
    names = [student] if student in there else [name for name in there if name.casefold() == student.casefold()]
    if not names:
        raise InputError(f"there is no student {student!r} in {class_.out}; gradebook.csv has their names")
    if len(names) > 1:
        raise InputError(f"{student!r} may be {' or '.join(names)}; write the name as gradebook.csv does")
    return next(final(latest) for latest in class_.store.latest(class_.homework.name, names))


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


def _verdict_of(grade: Grade, problem: str, part: str) -> Verdict:
    for verdict in grade.verdicts:
        if (verdict.problem, verdict.part) == (problem, part):
            return verdict
    raise InputError(
        f"{grade.student} has no result for {problem}.{part} yet; mark the class again with grader regrade"
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _words(verdict: Verdict) -> str:
    return (
        "pending" if verdict.points is None else f"{points_text(verdict.points)} of {points_text(verdict.max_points)}"
    )


def _text(file: Path) -> str:
    """What is in a file that a spreadsheet has saved, in whatever encoding spreadsheets use."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}); give the CSV with the marks") from error
    for encoding in ("utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{file} is no text; save it as CSV in UTF-8")

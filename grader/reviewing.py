"""`grader review`: what waits for a person, out to a table or a page and back with marks."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from grader.console import inert, out_console, warn
from grader.errors import InputError
from grader.given_marks import Marker, record, refuse_older, verdict_of
from grader.loading import load_course
from grader.recorded_classes import Where, the_recorded_class
from grader.reports.writing import write_text
from grader.results import results
from grader.review.marks import read_marks
from grader.review.page import review_html
from grader.review.questions import left_out, waiting
from grader.review.table import review_csv

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
        class_results = list(results(class_.store, class_.homework.name))
        questions = waiting(class_results, class_.homework, parts, everything)
    text = review_csv(questions) if file.suffix.lower() == ".csv" else review_html(questions, class_.homework.title)
    write_text(file, text)
    if words := left_out(class_results):
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
        by_student = {one.submission.student: one for one in results(class_.store, class_.homework.name)}
        refuse_older([result.grade for result in by_student.values()], class_)
        marks = read_marks(text, str(file), by_student, class_.homework)
        for trouble in marks.troubles[:MOST_TROUBLES]:
            warn(trouble)
        if len(marks.troubles) > MOST_TROUBLES:
            warn(f"and {len(marks.troubles) - MOST_TROUBLES} more rows with troubles")
        if marks.troubles and not partly:
            raise InputError(
                f"{file}: nothing was taken; mend the rows above, or take the sound ones with --skip-troubles"
            )
        marker, why = Marker(by, datetime.now(UTC)), f"review of {file.name}"
        edits = []
        for one in marks.given:
            result = by_student[one.student]
            verdict = verdict_of(result.grade, one.problem, one.part)
            edits.append(marker.edit(result, verdict, one.points, one.comment, why))
        record(course, class_, "review import", by, edits)
    out_console.print(
        f"{len(edits)} marks by {inert(by)} recorded, {marks.unchanged} as they were, {marks.empty} left empty"
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


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

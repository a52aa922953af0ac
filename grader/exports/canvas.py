"""Canvas's gradebook (canvas-lms, lib/gradebook_importer.rb and gradebook_exporter.rb).

What is uploaded has only the rows that change and only this homework's column: the importer takes every other cell for a
wish as well, a blank one for the wish to clear a score, and one that somebody has changed since for the wish to change it back.
"""

import csv
import io
import re
from dataclasses import replace
from fractions import Fraction

from grader.errors import InputError
from grader.exports.columns import Candidate, choose, require
from grader.exports.difference import Export
from grader.exports.filling import Job, Row, fill, without_file
from grader.exports.matching import cleaned
from grader.exports.maxima import above_maximum, agreed_maximum, column_words
from grader.exports.outgoing import Outgoing
from grader.exports.own_cells import one_line
from grader.exports.sheet import Sheet, read_sheet

_NUMBERED = re.compile(r"(.*)\s\((\d+)\)")
_NO_STUDENT = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)
_KEYS = ("id", "number", "login", "email", "name")


def export(job: Job) -> Export:
    """The gradebook to upload under Grades > Import, UTF-8 without a mark, delimited as it came.

    Raises:
        InputError: the file is no gradebook of Canvas, or the column is not certain.
    """
    return _made(job) if job.options.into is None else _filled(job, read_sheet(job.options.into))


def _filled(job: Job, sheet: Sheet) -> Export:
    if sheet.encoding == "latin-1":
        raise InputError(
            f"{sheet.file} is no UTF-8; download it from Canvas again (Grades > Export), or save it as CSV UTF-8"
        )
    last = _last_student_column(sheet)
    notes = [at for at in sheet.rows if _is_no_student(sheet, at)]
    possible = next((at for at in notes if "Points Possible" in sheet.cell(at, 0)), None)
    column = choose(sheet.file, _candidates(sheet, last, possible), job.options.column, job.homework)
    points = "" if possible is None else sheet.cell(possible, column.at)
    maximum = agreed_maximum(job, points, f"{column.header!r} in {sheet.file}")
    words = column_words(column.header, sheet.file, points, maximum)
    filled = fill(job, [_row(sheet, at, column.at, maximum) for at in sheet.rows if at not in notes], _KEYS, words)
    changed = sheet.filled({(at, column.at): sent.text for at, sent in filled.new.items()})
    upload = changed.only({*notes, *filled.new}, {*range(last + 1), column.at})
    difference = above_maximum(filled.difference, maximum)
    return Export(replace(upload, mark=b"", encoding="utf-8").content(), f"{job.homework.name}-canvas.csv", difference)


def _last_student_column(sheet: Sheet) -> int:
    """The position of Section, which ends the columns on the student."""
    header = sheet.header
    split = header[:2] == ("LastName", "FirstName")
    known = len(header) > 3 and (split or "Student" in header[0]) and "ID" in header[2 if split else 1]  # noqa: PLR2004 - as Canvas
    require(sheet.file, {"Student": 0 if known else None, "Section": sheet.column("Section")}, header)
    return header.index(next(name for name in header if name.casefold() == "section"))


def _is_no_student(sheet: Sheet, row: int) -> bool:
    cells = (cell.value for cell in sheet.lines[row].cells)
    return "Points Possible" in sheet.cell(row, 0) or all(_NO_STUDENT.fullmatch(cell) for cell in cells)


def _candidates(sheet: Sheet, last: int, possible: int | None) -> list[Candidate]:
    """Columns of assignments: they have a number and may be written."""
    numbered = ((at, header, _NUMBERED.fullmatch(header)) for at, header in enumerate(sheet.header) if at > last)
    return [
        Candidate(at, header, found[1], found[2])
        for at, header, found in numbered
        if found and (possible is None or "read only" not in sheet.cell(possible, at))
    ]


def _row(sheet: Sheet, at: int, column: int, maximum: Fraction | None) -> Row:
    split = sheet.header[0] == "LastName"
    name = f"{sheet.cell(at, 1)} {sheet.cell(at, 0)}" if split else sheet.cell(at, 0)
    number, login = sheet.cell(at, sheet.column("SIS User ID")), sheet.cell(at, sheet.column("SIS Login ID"))
    own = sheet.cell(at, 2 if split else 1)
    keys = {"id": own, "number": number, "login": login, "email": login if "@" in login else "", "name": name}
    old = sheet.cell(at, column).strip()
    excused = "excused in Canvas" if old.casefold() == "ex" else ""
    old = "" if old == "-" else old
    return Row(at, f"{name} ({own})", cleaned(keys), old, maximum, takes_more=True, locked=excused)


def _made(job: Job) -> Export:
    """The least file that Canvas takes: students by its own numbers, and no row of maximums, which it would set."""
    header = _header(job)
    ids = {result.submission.student: result.submission.person.ids.get("canvas", "") for result in job.results}
    if not any(ids.values()):
        raise InputError(
            "no student's Canvas number is known; download the gradebook (Grades > Export) and give it with --into"
        )
    lacking = {student: "its Canvas number is not known" for student, number in ids.items() if not number}
    sent, difference = without_file(job, lacking, f"fills {header!r}")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("Student", "ID", "SIS User ID", "SIS Login ID", "Section", header))
    writer.writerows(_made_row(one) for one in sent)
    return Export(text.getvalue().encode(errors="replace"), f"{job.homework.name}-canvas.csv", difference)


def _header(job: Job) -> str:
    wanted = job.options.column or ""
    if not _NUMBERED.fullmatch(wanted) and not wanted.isdecimal():
        raise InputError(
            "without --into, give --column with the assignment's title and number as Canvas shows them in an exported "
            "gradebook, such as --column 'Homework 1 (98765)'; a title alone may make a new assignment"
        )
    return wanted if not wanted.isdecimal() else f"{job.homework.title} ({wanted})"


def _made_row(sent: Outgoing) -> tuple[str, ...]:
    person = sent.result.submission.person
    name = person.name or sent.result.submission.student
    return tuple(map(one_line, (name, person.ids["canvas"], person.number, person.login, person.section, sent.text)))

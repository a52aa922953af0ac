"""Brightspace's grades file (community.d2l.com, article 3538: keys, `<item> Points Grade`, end-of-line indicator)."""

import csv
import io
import re
from fractions import Fraction

from grader.exports.columns import Candidate, choose, require
from grader.exports.difference import Difference, Export
from grader.exports.filling import Job, Row, fill, without_file
from grader.exports.matching import cleaned
from grader.exports.maxima import agreed_maximum, column_words
from grader.exports.outgoing import Outgoing
from grader.exports.own_cells import one_line
from grader.exports.sheet import Sheet, read_sheet

_END = "End-of-Line Indicator"
_ITEM = re.compile(r"(?P<title>.*) Points Grade(?P<more>\s*<.*>)?")
_ON_STUDENTS = ("OrgDefinedId", "Username", "Last Name", "First Name", "Email")
_KEYS = ("number", "login", "email", "name")


def export(job: Job) -> Export:
    """The file to upload under Grades > Enter Grades > Import: the rows that change, with this homework's column.

    Raises:
        InputError: the file is none of Brightspace, or the column is not certain.
    """
    content, difference = _made(job) if job.options.into is None else _filled(job, read_sheet(job.options.into))
    return Export(content, f"{job.homework.name}-brightspace.csv", difference)


def _filled(job: Job, sheet: Sheet) -> tuple[bytes, Difference]:
    """What Brightspace exported, with the marks # before numbers and names as they are."""
    student = [at for name in _ON_STUDENTS if (at := sheet.column(name)) is not None]
    known = sheet.column("OrgDefinedId", "Username")
    require(sheet.file, {"OrgDefinedId": known, _END: sheet.column(_END)}, sheet.header)
    column = choose(sheet.file, _candidates(sheet), _title(job.options.column), job.homework)
    possible = _maximum(column.header)
    maximum = agreed_maximum(job, possible, f"{column.header!r} in {sheet.file}")
    words = column_words(column.header, sheet.file, possible, maximum)
    filled = fill(job, [_row(sheet, at, column.at, maximum) for at in sheet.rows], _KEYS, words)
    changed = sheet.filled({(at, column.at): sent.text for at, sent in filled.new.items()})
    upload = changed.only(filled.new.keys(), {*student, column.at, sheet.header.index(_END)})
    return upload.content(), filled.difference


def _title(column: str | None) -> str | None:
    """The item, whether it was named with the words that Brightspace adds or without."""
    found = _ITEM.fullmatch(column.strip()) if column else None
    return found["title"] if found else column


def _candidates(sheet: Sheet) -> list[Candidate]:
    found = ((at, header, _ITEM.fullmatch(header)) for at, header in enumerate(sheet.header))
    return [Candidate(at, header, item["title"]) for at, header, item in found if item]


def _maximum(header: str) -> str:
    """Some exports have it in the header: "HW1 Points Grade <Numeric MaxPoints:10 Weight:5>"."""
    found = re.search(r"MaxPoints:\s*([0-9.,]+)", header)
    return found[1] if found else ""


def _row(sheet: Sheet, at: int, column: int, maximum: Fraction | None) -> Row:
    number, login, last, first, email = (sheet.cell(at, sheet.column(name)).strip() for name in _ON_STUDENTS)
    number, login, name = number.removeprefix("#"), login.removeprefix("#"), f"{first} {last}".strip()
    label = f"{name} ({number or login})".strip()
    keys = cleaned({"number": number, "login": login, "email": email, "name": name})
    return Row(at, label, keys, sheet.cell(at, column).strip(), maximum)


def _made(job: Job) -> tuple[bytes, Difference]:
    """A file of our own making; # before a number keeps spreadsheets from taking its zeros."""
    people = {result.submission.student: result.submission.person for result in job.results}
    lacking = {
        student: "neither its number (OrgDefinedId) nor its login (Username) is known"
        for student, person in people.items()
        if not person.number and not person.login
    }
    item = f"{_title(job.options.column) or job.homework.title} Points Grade"
    sent, difference = without_file(job, lacking, f"fills {item!r}")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("OrgDefinedId", "Username", item, _END))
    writer.writerows((*_marked(one), one.text, "#") for one in sent)
    return text.getvalue().encode(errors="replace"), difference


def _marked(sent: Outgoing) -> tuple[str, str]:
    person = sent.result.submission.person
    number, login = (one_line(text).removeprefix("#") for text in (person.number, person.login))
    return (f"#{number}" if number else "", f"#{login}" if login else "")

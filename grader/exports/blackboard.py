"""Blackboard's offline gradebook (vendor's help, "Work offline with grade data").

A column is known by the number behind the bar in its header: `HW1 [Total Pts: 10 Score] |123456`. One without a number becomes a
new column of text, worth nothing. So the file is never built from scratch.
"""

import re
from fractions import Fraction
from pathlib import PurePath

from grader.errors import InputError
from grader.exports.columns import Candidate, choose, require
from grader.exports.difference import Export
from grader.exports.filling import Job, Row, fill
from grader.exports.matching import cleaned
from grader.exports.maxima import above_maximum, agreed_maximum, column_words
from grader.exports.sheet import Sheet, read_sheet

_NUMBERED = re.compile(r"(?P<title>.*?)\s*(\[(?P<kind>[^\]]*)\])?\s*\|\s*(?P<number>\d+)")
_KEYS = ("login", "number", "name")


def export(job: Job) -> Export:
    """The file to upload under Work Offline > Upload, in the encoding and with the delimiter of the one that was downloaded.

    It has the rows that change, this homework's column, and the columns that are no grades.

    Raises:
        InputError: there is no file, it is none of Blackboard, or the column is not certain.
    """
    if job.options.into is None:
        raise InputError(
            "Blackboard knows a column only by its number, which is in its own file; download that "
            "(Grade Center > Work Offline > Download) and give it with --into"
        )
    sheet = read_sheet(job.options.into)
    require(sheet.file, {"Username": sheet.column("Username")}, sheet.header)
    candidates = _candidates(sheet)
    column = choose(sheet.file, candidates, job.options.column, job.homework)
    found = re.search(r"Total Pts:\s*([0-9.,]+)", column.header)
    possible = found[1] if found else ""
    maximum = agreed_maximum(job, possible, f"{column.header!r} in {sheet.file}")
    words = column_words(column.header, sheet.file, possible, maximum)
    filled = fill(job, [_row(sheet, at, column.at, maximum) for at in sheet.rows], _KEYS, words)
    changed = sheet.filled({(at, column.at): sent.text for at, sent in filled.new.items()})
    others = {at for at, header in enumerate(sheet.header) if _NUMBERED.fullmatch(header) and at != column.at}
    upload = changed.only(filled.new.keys(), set(range(len(sheet.header))) - others)
    ending = PurePath(sheet.file.name).suffix or ".csv"
    difference = above_maximum(filled.difference, maximum)
    return Export(upload.content(), f"{job.homework.name}-blackboard{ending}", difference)


def _candidates(sheet: Sheet) -> list[Candidate]:
    """Columns of scores; those of text and what Blackboard computes take no points."""
    found = ((at, header, _NUMBERED.fullmatch(header)) for at, header in enumerate(sheet.header))
    return [
        Candidate(at, header, column["title"], column["number"])
        for at, header, column in found
        if column and not re.search(r"\bText\b", column["kind"] or "")
    ]


def _row(sheet: Sheet, at: int, column: int, maximum: Fraction | None) -> Row:
    names = ("Username", "Student ID", "Last Name", "First Name")
    login, number, last, first = (sheet.cell(at, sheet.column(name)).strip() for name in names)
    keys = cleaned({"login": login, "number": number, "name": f"{first} {last}"})
    return Row(at, f"{first} {last} ({login})".strip(), keys, sheet.cell(at, column).strip(), maximum, takes_more=True)

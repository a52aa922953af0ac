"""One file with a list of students: our own CSV, or a platform's, known by its header."""

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import AwareDatetime

from grader.errors import InputError
from grader.intake.roster_columns import IDS, PARTICIPANT, columns_of
from grader.intake.times import read_time
from grader.records import Person, Record

# A class of 10,000 whose texts typed in online stand in Moodle's worksheet.
MOST_BYTES = 64 * 1024**2
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}

_SOMEBODY = ("student", "name", "first", "last", "email", "login", "number", "identifier", *IDS)


class Row(Record):
    """What one line says about a student."""

    place: str
    student: str = ""
    person: Person = Person()
    group: str = ""
    submitted: AwareDatetime | None = None
    due: AwareDatetime | None = None


def read_rows(file: Path) -> tuple[list[Row], list[str]]:
    """The students in a file, and what is wrong with single lines, in words.

    Lines of Canvas that are about no student (points possible, the test student), and those of teaching staff where there is a
    column for roles, are passed over.

    Raises:
        InputError: the file cannot be read as CSV, or has no column that says who a student is.
    """
    lines = _lines(file)
    if not lines:
        raise InputError(f"{file} is empty; give a CSV file with a header and a row for each student")
    (_, header), *body = lines
    columns = columns_of(header, [cells for _, cells in body])
    if not any(field in columns for field in _SOMEBODY):
        known = "student, name, email, login, number"
        raise InputError(
            f"{file}, line 1: no column says who a student is ({', '.join(header)[:200]}); it needs one of {known}"
        )
    rows: list[Row] = []
    troubles: list[str] = []
    for number, cells in body:
        fields = {field: cells[at].strip() for field, at in columns.items() if at < len(cells)}
        if any(cells) and not _passed_over(fields):
            place = f"{file.name}, line {number}"
            row = _row(place, fields, troubles)
            if row is None:
                troubles.append(f"{place} is left out: it does not say who the student is")
            else:
                rows.append(row)
    if not rows:
        troubles.append(f"{file} has no students; give the file with a row for each")
    return rows, troubles


def _lines(file: Path) -> list[tuple[int, list[str]]]:
    """The lines of a CSV file as cells, each with its number."""
    text = _text(file)
    first = re.sub(r'"[^"]*"', "", text.partition("\n")[0])
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found: list[tuple[int, list[str]]] = []
    try:
        found.extend((reader.line_num, cells) for cells in reader if cells)
    except csv.Error as error:
        raise InputError(f"{file}, line {reader.line_num}: {error}; save it as CSV again") from error
    return found


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{file} cannot be opened ({error.strerror}); give a CSV file with the students") from error
    if len(content) > MOST_BYTES:
        raise InputError(f"{file} has more than {MOST_BYTES // 1024**2} MiB; give a list of students")
    encoding = next((name for mark, name in _MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding).lstrip("\ufeff")
    except UnicodeError as error:
        raise InputError(
            f"{file} is not in UTF-8 (byte {getattr(error, 'start', 0) + 1}); save it as CSV in UTF-8"
        ) from error


def _passed_over(fields: Mapping[str, str]) -> bool:
    """Whether a line is about nobody, or about teaching staff."""
    name = fields.get("name", "")
    role = fields.get("role", "").casefold()
    about_nobody = "points possible" in name.casefold() or name in {"", "Student, Test", "Test Student"}
    return ("canvas" in fields and about_nobody) or bool(role and "student" not in role and "learner" not in role)


def _row(place: str, fields: Mapping[str, str], troubles: list[str]) -> Row | None:
    """What a line says; None when it says nothing about who it is."""
    said = _identified(dict(fields))
    name = said.get("name") or " ".join(filter(None, [said.get("first"), said.get("last")]))
    if match := PARTICIPANT.fullmatch(said.get("moodle", "")):
        said["moodle"] = match["number"]
    person = Person(
        name=name,
        email=said.get("email", ""),
        login=said.get("login", "").removeprefix("#"),
        number=said.get("number", "").removeprefix("#"),
        section=said.get("section", ""),
        ids={platform: said[platform] for platform in IDS if said.get(platform)},
    )
    student = said.get("student", "")
    if not student and person.model_copy(update={"section": ""}) == Person():
        return None
    times = {}
    for field in ("submitted", "due"):
        text = said.get(field, "")
        times[field] = read_time(text) if text else None
        if text.strip("- ") and times[field] is None:
            troubles.append(f"{place}: the time {text[:60]!r} is not read; write it as 2026-03-01 23:59")
    return Row(place=place, student=student, person=person, group=said.get("group", ""), **times)


def _identified(fields: dict[str, str]) -> dict[str, str]:
    """GitHub Classroom's roster identifier is whatever the teacher chose: an address, a name or a login."""
    identifier = fields.get("identifier", "")
    kind = "email" if "@" in identifier else "name" if " " in identifier else "login"
    if identifier and not fields.get(kind):
        fields[kind] = identifier
    return fields

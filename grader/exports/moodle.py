"""Moodle's offline grading worksheet (moodle, mod/assign/gradingtable.php and feedback/offline/).

It is never built from scratch, since the importer knows its columns by their names in the teacher's language; only the cells
of grades and comments change. The names below are those of Moodle's language packs.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from grader.course import Homework
from grader.errors import InputError
from grader.exports.columns import require
from grader.exports.difference import Change, Difference, Export
from grader.exports.filling import Filled, Job, Row, fill
from grader.exports.matching import cleaned
from grader.exports.maxima import agreed_maximum, column_words
from grader.exports.moodle_comment import comment
from grader.exports.numbers import readings
from grader.exports.sheet import Sheet, read_sheet

_IDENTIFIER = ("Identifier", "ID", "Identifiant", "Identificador")
_GRADE = ("Grade", "Bewertung", "Note", "Calificación")
_CHANGED = (
    "Last modified (grade)",
    "Zuletzt geändert (Bewertung)",
    "Dernière modification (note)",
    "Última modificación (calificación)",
    "Fecha de calificación",
)
_CAN_CHANGE = (
    "Grade can be changed",
    "Bewertung kann geändert werden",
    "La note peut être modifiée",
    "La calificación puede ser cambiada",
)
_COMMENTS = (
    "Feedback comments",
    "Feedback als Kommentar",
    "Feedback par commentaires",
    "Comentarios de retroalimentación",
)
_NAME = ("Full name", "Vollständiger Name", "Nom complet", "Nombre completo", "Name", "Nom", "Nombre")
_EMAIL = (
    "Email address",
    "E-Mail-Adresse",
    "E-Mail",
    "Adresse de courriel",
    "Adresse e-mail",
    "Dirección de correo",
    "Email",
)
_NUMBER = ("ID number", "ID-Nummer", "Numéro d'identification", "Numéro d’identification", "Número de ID")
_LOGIN = ("Username", "Anmeldename", "Nom d'utilisateur", "Nom d’utilisateur", "Nombre de usuario")
_NO = {"no", "nein", "non"}
_KEYS = ("id", "email", "number", "login", "name")


@dataclass(frozen=True)
class Columns:
    """Where things are in a worksheet."""

    identifier: int
    grade: int
    comments: int | None

    @property
    def maximum(self) -> int:
        """Moodle writes the maximum behind the grade, or the words of the scale."""
        return self.grade + 1


def export(job: Job) -> Export:
    """The worksheet to upload under View all submissions > Upload grading worksheet, everything else in it as it was.

    Raises:
        InputError: it is no worksheet, is in a language that is not known here, or is graded with words.
    """
    if job.options.into is None:
        raise InputError(
            "Moodle takes only its own worksheet; download it (View all submissions > Download grading worksheet) "
            "and give it with --into"
        )
    sheet = read_sheet(job.options.into)
    columns = _columns(sheet, job.options.column, comments=job.options.comments)
    mark = job.options.decimal_mark or _decimal_mark(sheet, columns)
    rows = [_row(job, sheet, at, columns) for at in sheet.rows]
    filled = fill(job, rows, _KEYS, _column_words(sheet, columns, rows))
    values = {(at, columns.grade): sent.text.replace(".", mark) for at, sent in filled.new.items()}
    comments = _new_comments(job.homework, sheet, columns, filled)
    values |= {(at, columns.comments): words for at, words in comments.items() if columns.comments is not None}
    difference = _with_comments(filled, sheet, columns, comments)
    return Export(sheet.filled(values).content(), f"{job.homework.name}-moodle.csv", difference)


def _new_comments(homework: Homework, sheet: Sheet, columns: Columns, filled: Filled) -> dict[int, str]:
    """By row, the comments that are not there yet."""
    if columns.comments is None:
        return {}
    # Without a known encoding, only ASCII is sure to mean what it says.
    known = "ascii" if sheet.encoding == "latin-1" else "utf-8"
    comments = {
        at: comment(sent.result, homework).encode(known, "xmlcharrefreplace").decode()
        for at, sent in filled.matched.items()
    }
    return {at: words for at, words in comments.items() if words != sheet.cell(at, columns.comments)}


def _with_comments(filled: Filled, sheet: Sheet, columns: Columns, comments: Mapping[int, str]) -> Difference:
    """What changes, with a word on each comment that does."""
    changes = {change.student: change for change in filled.difference.changes}
    silent = 0
    for at in comments:
        sent = filled.matched[at]
        student, old = sent.result.submission.student, sheet.cell(at, columns.grade).strip()
        words = "replaces a comment" if sheet.cell(at, columns.comments) else "a comment"
        silent += student not in changes
        change = changes.get(student, Change(student, old, old, sent.note))
        changes[student] = change._replace(note="; ".join(filter(None, (change.note, words))))
    in_order = tuple(changes[student] for student in sorted(changes, key=lambda name: (name.casefold(), name)))
    return replace(filled.difference, changes=in_order, unchanged=filled.difference.unchanged - silent)


def _columns(sheet: Sheet, wanted: str | None, *, comments: bool) -> Columns:
    """Where things are; in a language that is not known here when the column of the grade is named."""
    identifier, grade = sheet.column(*_IDENTIFIER), sheet.column(wanted) if wanted else sheet.column(*_GRADE)
    changed, words = sheet.column(*_CHANGED), sheet.column(*_COMMENTS)
    if wanted and grade is not None:
        identifier, changed = 0 if identifier is None else identifier, 0 if changed is None else changed
    named = {"Identifier": identifier, "Grade": grade, "Last modified (grade)": changed}
    require(sheet.file, named | ({"Feedback comments": words} if comments else {}), sheet.header)
    if identifier is None or grade is None:  # for mypy: `require` has seen to it
        raise AssertionError
    unnumbered = next((at for at in sheet.rows if not _participant(sheet.cell(at, identifier))), None)
    if unnumbered is not None:
        line, value = sheet.lines[unnumbered].number, sheet.cell(unnumbered, identifier)
        raise InputError(f"{sheet.file}: line {line}: {value[:40]!r} is no participant such as 'Participant 1234567'")
    return Columns(identifier, grade, words if comments else None)


def _participant(text: str) -> str:
    found = re.search(r"([0-9]+)\s*$", text)
    return found[1] if found else ""


def _decimal_mark(sheet: Sheet, columns: Columns) -> str:
    """A comma where some grade or maximum of the file has one: the mark follows the teacher's language."""
    cells = (sheet.cell(at, column).strip() for at in sheet.rows for column in (columns.grade, columns.maximum))
    return "," if any(re.fullmatch(r"-?\d+,\d+", cell) for cell in cells) else "."


def _column_words(sheet: Sheet, columns: Columns, rows: Sequence[Row]) -> str:
    """All rows have the same maximum, the assignment's."""
    maximum = sheet.cell(rows[0].at, columns.maximum) if rows else ""
    return column_words(sheet.header[columns.grade], sheet.file, maximum, rows[0].maximum if rows else None)


def _row(job: Job, sheet: Sheet, at: int, columns: Columns) -> Row:
    possible = sheet.cell(at, columns.maximum)
    if not readings(possible):
        line, words = sheet.lines[at].number, possible[:40]
        raise InputError(
            f"{sheet.file}: line {line}: behind the grade there is no maximum but {words!r}; an assignment that is graded "
            "with the words of a scale cannot get points: set its grade to points in Moodle"
        )
    maximum = agreed_maximum(job, possible, f"the assignment in {sheet.file}")
    keys = _keys(sheet, at, columns)
    locked = sheet.cell(at, sheet.column(*_CAN_CHANGE)).strip().casefold() in _NO
    label = f"{keys.get('name', '')} (participant {keys['id']})".strip()
    why = "Moodle says that its grade cannot be changed" if locked else ""
    return Row(at, label, cleaned(keys), sheet.cell(at, columns.grade).strip(), maximum, locked=why)


def _keys(sheet: Sheet, at: int, columns: Columns) -> Mapping[str, str]:
    names = {"name": _NAME, "email": _EMAIL, "number": _NUMBER, "login": _LOGIN}
    keys = {key: sheet.cell(at, sheet.column(*columns)) for key, columns in names.items()}
    return {"id": _participant(sheet.cell(at, columns.identifier)), **keys}

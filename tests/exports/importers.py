"""How each platform reads an uploaded file: small re-implementations of what their importers do."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape


class Refused(Exception):  # noqa: N818 - as the platforms say it
    """The platform would not take the file, or would ask about something new."""


@dataclass(frozen=True)
class CanvasStudent:
    """A student whom Canvas knows."""

    number: str = ""
    login: str = ""
    name: str = ""


def canvas(
    content: bytes, students: Mapping[int, CanvasStudent], assignments: Mapping[int, str]
) -> dict[tuple[int, int], str]:
    """lib/gradebook_importer.rb: what each cell asks for, by student and assignment, blanks included."""
    rows = _canvas_rows(content)
    header = [cell or "" for cell in rows[0]]
    if len(header) <= 3 or "Student" not in header[0] or "ID" not in header[1]:
        raise Refused("Invalid header row")
    count, user, login = _canvas_student_columns(header)
    if "Section" not in header[count - 1]:
        raise Refused("Invalid header row")
    columns = {}
    for title in header[count:]:
        found = re.search(r"\s\((\d+)\)$", title)
        known = int(found[1]) if found else next((one for one, name in assignments.items() if name == title), 0)
        if known not in assignments:
            raise Refused(f"new assignment {title}")
        columns[header.index(title)] = known
    asked = {}
    for row in rows[1:]:
        if "Points Possible" in (row[0] or "") or all(
            re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.IGNORECASE) for cell in row if cell is not None
        ):
            continue
        student = _canvas_student(row, students, user, login)
        for column, assignment in columns.items():
            asked[student, assignment] = (row[column] or "").strip()
    return asked


def _canvas_student_columns(header: list[str]) -> tuple[int, int | None, int | None]:
    if re.search(r"SIS\s+Login\s+ID", header[2]):
        return 4, None, 2
    if re.search(r"SIS\s+User\s+ID", header[2]) and re.search(r"SIS\s+Login\s+ID", header[3]):
        integration = bool(re.search(r"Integration\s+ID", header[4]))
        root = bool(re.search(r"Root\s+Account", header[4 + integration]))
        return 5 + integration + root, 2, 3
    return 3, None, None


def _canvas_rows(content: bytes) -> list[list[str | None]]:
    text = content.decode("utf-8")
    counts = {}
    for mark in ";,":
        sizes = {len(next(csv.reader([line], delimiter=mark), [])) for line in text.splitlines()[:3]}
        counts[mark] = sizes.pop() if len(sizes) == 1 else 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if counts[";"] > counts[","] else ",", strict=True)
    return [[_canvas_cell(cell) for cell in row] for row in reader if any(cell.strip(" ") for cell in row)]


def _canvas_cell(cell: str) -> str | None:
    if not cell:
        return None
    if not re.fullmatch(r"-?[0-9.,]+%?", cell):
        return cell
    *whole, last = re.split("[,.]", cell)
    return f"{''.join(whole)}.{last}" if whole else last


def _canvas_student(
    row: list[str | None], students: Mapping[int, CanvasStudent], user: int | None, login: int | None
) -> int:
    number = int((re.match(r"\d+", row[1] or "") or ["0"])[0])
    if number in students:
        return number
    for known, one in students.items():
        if user is not None and row[user] and one.number == row[user]:
            return known
        if login is not None and row[login] and one.login == row[login]:
            return known
    raise Refused(f"new student {row[0]}")


@dataclass(frozen=True)
class MoodleSite:
    """What Moodle knows of an assignment."""

    participants: Mapping[str, str]
    """Their grades, by number; empty where there is none."""
    maximum: float = 5
    mark: str = "."
    words: tuple[str, str, str, str] = ("Identifier", "Grade", "Last modified (grade)", "Feedback comments")
    hidden_user: str = "Participant "
    locked: frozenset[str] = frozenset()
    grades: dict[str, float] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)


def moodle(content: bytes, site: MoodleSite, encoding: str = "utf-8-sig") -> MoodleSite:
    """mod/assign/feedback/offline/importgradesform.php: grades and comments that change."""
    rows = list(csv.reader(io.StringIO(content.decode(encoding), newline="")))
    identifier, grade, modified, comments = site.words
    if not {identifier, grade, modified} <= set(rows[0]):
        raise Refused("invalidgradeimport")
    for row in rows[1:]:
        cells = dict(zip(rows[0], row, strict=True))
        number = cells[identifier][len(site.hidden_user) :]
        if number not in site.participants:
            continue
        new = cells[grade].strip().replace(site.mark, ".") if cells[grade].strip() else None
        if new is not None and number not in site.locked and 0 <= float(new) <= site.maximum:
            old = site.participants[number]
            if not old or float(old) != float(new):
                site.grades[number] = float(new)
        if comments in rows[0][1:] and cells[comments]:
            site.comments[number] = unescape(cells[comments])
    return site


def brightspace(content: bytes, logins: set[str], numbers: set[str], item: str) -> dict[str, float]:
    """By login or number."""
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))
    grades = {}
    for row in rows:
        if list(row)[-1] != "End-of-Line Indicator" or row["End-of-Line Indicator"] != "#":
            raise Refused("end of line")
        points = {name: cell for name, cell in row.items() if name and " Points Grade" in name}
        if [name.split(" Points Grade")[0] for name in points] != [item]:
            raise Refused(f"new item {list(points)}")
        login, number = (row.get(key, "").removeprefix("#") for key in ("Username", "OrgDefinedId"))
        if login not in logins and number not in numbers:
            raise Refused(f"no user {login!r} {number!r}")
        grades[login or number] = float(*points.values())
    return grades


def blackboard(content: bytes, users: set[str], columns: set[str]) -> dict[tuple[str, str], str]:
    """By user and number of the column; one without a number would become a new column of text."""
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    text = content.decode(encoding)
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in text.split("\n")[0] else ","))
    cells = {}
    for row in rows:
        if row["Username"] not in users:
            raise Refused(f"no user {row['Username']}")
        for header, cell in row.items():
            if header in {"Last Name", "First Name", "Username", "Student ID", "Last Access", "Availability"}:
                continue
            found = re.search(r"\|(\d+)$", header)
            if found is None or found[1] not in columns:
                raise Refused(f"new column of text {header}")
            cells[row["Username"], found[1]] = cell
    return cells


def moodle_feedback(names: list[str], participants: set[str]) -> dict[str, str]:
    """mod/assign/feedback/file/importziplib.php: which participant gets which member."""
    got = {}
    for name in names:
        parts = name.split("_", 4)
        base = name.rpartition("/")[2]
        plugin = parts[3].split("/")[0] if len(parts) > 3 else ""
        known = parts[1] in participants and parts[2] == "assignsubmission" and plugin == "file"
        if known and not base.startswith((".", "~")):
            got[parts[1]] = name
    return got


def canvas_feedback(name: str) -> tuple[int, int]:
    """Submission comments by re-upload: the first two tokens that are numbers are student and attachment."""
    numbers = [int(token) for token in re.split(r"[_.]", name) if token.isascii() and token.isdigit()]
    return numbers[0], numbers[1]

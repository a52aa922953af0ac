"""Where reports lie below OUT: students/<student>/, which may be handed out, and staff/<student>/, which may not."""

from pathlib import Path
from urllib.parse import quote

GRADEBOOK, CLASS_PAGE = "gradebook.csv", "class.html"
REPORT, GRADE, EXECUTED = "report.html", "grade.json", "executed.ipynb"
_STUDENTS, _STAFF = "students", "staff"


def students_folder(out: Path) -> Path:
    """Where the folders of the students are: all that is in one may be given to its student."""
    return out / _STUDENTS


def staff_folder(out: Path) -> Path:
    """Where the staff finds the same, with what students are not told."""
    return out / _STAFF


def staff_address(student: str) -> str:
    """The staff's page about a student as a link from OUT; whatever the name is, it leads to a file in that student's folder."""
    return f"{_STAFF}/{_quoted(student)}/{REPORT}"


def executed_address(student: str) -> str:
    """The notebook of a student as it ran, as a link from the staff's page."""
    return f"../../{_STUDENTS}/{_quoted(student)}/{EXECUTED}"


def _quoted(student: str) -> str:
    return quote(student, safe="", errors="replace")

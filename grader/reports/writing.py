"""Reports on disk, each in its place (see `grader.reports.places`), whole or not at all."""

import json
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from grader.course import Homework
from grader.errors import InfrastructureError, InputError
from grader.records import Execution, Grade
from grader.reports.class_page import class_html
from grader.reports.grade_json import grade_json, made_from
from grader.reports.gradebook import as_text
from grader.reports.places import CLASS_PAGE, EXECUTED, GRADE, GRADEBOOK, REPORT, staff_folder, students_folder
from grader.reports.standing import Standing
from grader.reports.student_page import staff_html, student_html
from grader.whole_file import NEW, replacing

CHANGES = "changes-{}.csv"
"""What a regrade has changed, part by part; with its number in the record, so that none overwrites another."""


log = logging.getLogger(__name__)


def prepare(out: Path, homework: Homework) -> None:
    """Makes the folders, and finds out before any notebook runs whether reports can be written.

    Raises:
        InputError: they cannot, or those of another homework are there.
    """
    try:
        # The work and the marks of students are nobody else's on this machine.
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (out, students_folder(out), staff_folder(out)):
            folder.mkdir(exist_ok=True)
            with TemporaryFile(dir=folder):
                pass
        _clear_up(out)
    except OSError as error:
        raise InputError(
            f"reports cannot be written to {out} ({error.strerror}); choose another folder with -o"
        ) from error
    other = homework_in(out)
    if other not in {"", homework.name}:
        raise InputError(f"{out} has the reports of {other}; choose another folder for {homework.name} with -o")


def homework_in(out: Path) -> str:
    """The homework whose reports are in a folder, by the first that can be read; empty if there is none."""
    for file in (*staff_folder(out).glob(f"*/{GRADE}"), *students_folder(out).glob(f"*/{GRADE}")):
        with suppress(OSError, ValueError, KeyError, TypeError):
            return str(json.loads(file.read_text(encoding="utf-8"))["homework"])
    return ""


def write_student(out: Path, grade: Grade, execution: Execution | None, homework: Homework) -> None:
    """For the student report.html, and executed.ipynb if there was a run; for the staff report.html and grade.json.

    Raises:
        InfrastructureError: a file cannot be written.
    """
    folder, staff = students_folder(out) / grade.student, staff_folder(out) / grade.student
    page = student_html(grade, homework, executed=execution is not None)
    for_staff = staff_html(grade, homework, executed=execution is not None)
    try:
        folder.mkdir(exist_ok=True)
        staff.mkdir(exist_ok=True)
        # Without it nothing counts as written: whoever is killed now leaves no page that is taken for another one.
        (staff / GRADE).unlink(missing_ok=True)
        (folder / GRADE).unlink(missing_ok=True)  # where an earlier version had it; it is not for the student
        executed = folder / EXECUTED
        if execution is None:
            executed.unlink(missing_ok=True)  # of an earlier run
        else:
            _write(executed, json.dumps(execution.notebook) + "\n")
        _write(folder / REPORT, page)
        _write(staff / REPORT, for_staff)
        # The last of them: where it is not there, the others may not be either.
        _write(staff / GRADE, grade_json(grade, homework, execution))
    except OSError as error:
        raise InfrastructureError(
            f"{error.filename or folder} cannot be written ({error.strerror}); make room or choose another folder with -o"
        ) from error


def is_current(out: Path, grade: Grade, homework: Homework, execution: Execution | None) -> bool:
    """Whether all that is in a student's folders says this already, so that it need not be written again."""
    folder, staff = students_folder(out) / grade.student, staff_folder(out) / grade.student
    try:
        written = json.loads((staff / GRADE).read_text(encoding="utf-8"))
        there = (folder / REPORT).is_file() and (staff / REPORT).is_file() and not (folder / GRADE).exists()
        there &= (folder / EXECUTED).is_file() == (execution is not None)
        return there and bool(written["made_from"] == made_from(grade, homework, execution))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def write_class(out: Path, class_: Sequence[Standing], homework: Homework) -> None:
    """gradebook.csv and class.html. A fault of ours in the page is told in the log, and keeps nobody from the gradebook.

    Raises:
        InfrastructureError: a file cannot be written.
    """
    write_text(out / GRADEBOOK, as_text(homework, [one.row for one in class_]))
    try:
        page = class_html(class_, homework)
    except Exception:
        log.exception("%s could not be made; the gradebook and the reports of the students are there", out / CLASS_PAGE)
        (out / CLASS_PAGE).unlink(missing_ok=True)  # an earlier one says what is not so any more
    else:
        write_text(out / CLASS_PAGE, page)


def write_text(file: Path, text: str) -> None:
    """A table for a person.

    Raises:
        InfrastructureError: the file cannot be written.
    """
    try:
        _write(file, text)
    except OSError as error:
        raise InfrastructureError(
            f"{file} cannot be written ({error.strerror}); close it where it is open, and try again"
        ) from error


def _write(file: Path, text: str) -> None:
    with replacing(file) as new:
        new.write_text(text, encoding="utf-8", errors="replace", newline="\n")


def _clear_up(out: Path) -> None:
    """Removes what graders that were killed had begun to write."""
    folders = (students_folder(out), staff_folder(out))
    for file in (*out.glob(f"*{NEW}"), *(file for folder in folders for file in folder.glob(f"*/*{NEW}"))):
        writer = file.name.removesuffix(NEW).rpartition(".")[2]
        if writer.isdigit() and not is_running(int(writer)):
            file.unlink(missing_ok=True)


def is_running(process: int) -> bool:
    """Whether there is a process of this number, as far as this system tells without disturbing it."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True

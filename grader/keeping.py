"""Results kept as they land: in the record, and in the reports of the students."""

import logging
from dataclasses import dataclass, field
from pathlib import Path

from grader.conditions import Conditions
from grader.course import Homework
from grader.errors import GraderError
from grader.recorded import Marked
from grader.records import Execution, Grade, Status
from grader.reports.standing import Standing, standing
from grader.reports.writing import is_current, write_class, write_student
from grader.results import results
from grader.review.edits import Lapsed, apply_edits
from grader.store import Landed, Store

log = logging.getLogger(__name__)


@dataclass
class Keeper:
    """Keeps the results of one command about one class."""

    store: Store
    run: int
    """The command's number in the record."""
    homework: Homework
    out: Path
    conditions: Conditions | None = None
    """Of new runs."""
    lapsed: list[Lapsed] = field(default_factory=list)
    """Marks of persons that do not hold any more, as they come up."""

    def keep(self, marked: Marked) -> Grade:
        """Keeps one result, and gives the grade that the student has now, with the marks of persons."""
        graded, submission = marked.graded, marked.graded.submission
        new = None if marked.ran else graded.execution
        self.store.land(self.run, [Landed(submission, graded.grade, graded.content, new, marked.ran)], self.conditions)
        # Read now, since a person may have marked meanwhile.
        edits = self.store.edits(self.homework.name, [submission.student]).get(submission.student, [])
        grade, lapsed = apply_edits(graded.grade, submission, edits)
        self.lapsed += lapsed
        return reported(self.out, self.homework, grade, graded.execution)

    def gradebook(self) -> list[Standing]:
        """Writes the gradebook and the page of the whole class from the record, and gives its students."""
        class_ = [standing(one.grade, self.homework) for one in results(self.store, self.homework.name)]
        write_class(self.out, class_, self.homework)
        return class_


def reported(out: Path, homework: Homework, grade: Grade, execution: Execution | None) -> Grade:
    """Writes a student's report unless it is there, and gives the grade, or another one that says why it could not be written.

    That is our fault and does not stop the class; the result is in the record.

    Args:
        out: the folder of the class.
        homework: what was graded.
        grade: what the report is about.
        execution: the run behind it, if there was one.
    """
    try:
        if not is_current(out, grade, homework, execution):
            write_student(out, grade, execution, homework)
    except Exception as error:
        known = isinstance(error, GraderError)
        log.error("%s: no report: %s", grade.student, error, exc_info=not known)  # noqa: TRY400 - only what nobody foresaw needs its traceback
        note = str(error) if known else "The report could not be written; grade again."
        return grade.model_copy(update={"status": Status.FAULT, "note": note})
    return grade

"""Results kept as they land: in the record, and in the reports of the students."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.conditions import Conditions
from grader.course import Homework
from grader.errors import GraderError
from grader.recorded import Marked
from grader.records import Edit, Execution, Grade, Status
from grader.reports.standing import Standing, standing
from grader.reports.writing import is_current, write_gradebook, write_student
from grader.results import finals
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
    edits: Mapping[str, Sequence[Edit]] = field(default_factory=dict)
    """The marks that persons gave before, by student."""
    lapsed: list[Lapsed] = field(default_factory=list)
    """Marks of persons that do not hold any more, as they come up."""

    def keep(self, marked: Marked) -> Grade:
        """Keeps one result, and gives the grade that the student has now, with the marks of persons."""
        graded, submission = marked.graded, marked.graded.submission
        new = None if marked.ran else graded.execution
        self.store.land(self.run, [Landed(submission, graded.grade, graded.content, new, marked.ran)], self.conditions)
        grade, lapsed = apply_edits(graded.grade, submission, self.edits.get(submission.student, ()))
        self.lapsed += lapsed
        return self.report(grade, graded.execution, anew=new is not None)

    def report(self, grade: Grade, execution: Execution | None, *, anew: bool = False) -> Grade:
        """Writes a student's report; see `reported`."""
        return reported(self.out, self.homework, grade, execution, anew=anew)

    def gradebook(self) -> list[Standing]:
        """Writes the gradebook of the whole class from the record, and gives its rows."""
        class_ = [standing(one.result.grade, self.homework) for one in finals(self.store, self.homework.name)]
        write_gradebook(self.out, [one.row for one in class_], self.homework)
        return class_


def reported(out: Path, homework: Homework, grade: Grade, execution: Execution | None, *, anew: bool = False) -> Grade:
    """Writes a student's report, and gives the grade, or one that says why the report could not be written.

    That is our fault and does not stop the class; the result is in the record.

    Args:
        out: the folder of the class.
        homework: what was graded.
        grade: what the report is about.
        execution: the run behind it, if there was one.
        anew: write it even if it is there already.
    """
    try:
        if anew or not is_current(out, grade, homework, executed=execution is not None):
            write_student(out, grade, execution, homework, ran_now=anew)
    except Exception as error:
        known = isinstance(error, GraderError)
        log.error("%s: no report: %s", grade.student, error, exc_info=not known)  # noqa: TRY400 - only what nobody foresaw needs its traceback
        note = str(error) if known else "The report could not be written; grade again."
        return grade.model_copy(update={"status": Status.FAULT, "note": note})
    return grade

"""From what a notebook left behind to a grade, and the grades of what did not run. None of the latter is zero points."""

import logging
from dataclasses import dataclass
from fractions import Fraction

from grader.conditions import Conditions
from grader.course import Course, Homework
from grader.errors import GraderError
from grader.late_rule import lateness
from grader.marking import Marker
from grader.notebooks import Notebook
from grader.records import Execution, Grade, Lateness, Outcome, Status, Submission, Verdict, status_of
from grader.taking import take_answers

NOT_WATCHED = "This was not asked for when the notebook ran; it is marked when the class is graded again."

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Handed:
    """A submission and what a first look at it told. Its notebook is read again in its turn: a class of them fits no memory."""

    submission: Submission
    homework: str | None = None
    """The homework that it answers; see `grader.pipeline.homework_of`."""
    trouble: str = ""
    """Why it is no notebook; else empty."""
    answers: int = 0
    """Of how many of that homework's variables it speaks."""


class Grades:
    """Gives the grades of one homework. Several threads may use it at once.

    Args:
        course: whose homeworks a notebook may answer.
        homework: the one that is graded.
    """

    def __init__(self, course: Course, homework: Homework) -> None:
        self.course, self.homework = course, homework
        self._markers = [Marker(problem) for problem in homework.problems]

    @property
    def pictures(self) -> bool:
        """Whether notebooks are to be read with their pictures, since an answer may be one."""
        return any(one.written for one in self.homework.asked.values())

    def of_run(self, submission: Submission, notebook: Notebook, execution: Execution, conditions: Conditions) -> Grade:
        """The grade of a notebook that has run.

        Args:
            submission: whose.
            notebook: what was run, with its pictures if any part is written.
            execution: what running it left behind.
            conditions: under which it ran; a part that was not watched then is pending.
        """
        asked = self.homework.asked
        answers = take_answers(execution, notebook, asked)
        verdicts = tuple(verdict for marker in self._markers for verdict in marker.mark(answers))
        unseen = {variable for variable, one in asked.items() if not conditions.watched(variable, one)}
        if unseen:
            verdicts = tuple(
                self._unseen(verdict) if self._variable(verdict) in unseen else verdict for verdict in verdicts
            )
        return Grade(
            student=submission.student,
            homework=self.homework.name,
            status=status_of(verdicts),
            verdicts=verdicts,
            failures=execution.failures,
            cut=execution.cut,
            isolation=execution.isolation,
            seconds=execution.seconds,
            late=self._late(submission),
        )

    def without_run(self, handed: Handed) -> Grade | None:
        """The grade of what is not to be run; None if it is."""
        submission = handed.submission
        if submission.missing:
            return self._alike(submission, Status.NO_SUBMISSION, Outcome.BLANK, "Nothing was handed in.")
        if handed.trouble:
            return self._alike(submission, Status.NOT_A_NOTEBOOK, Outcome.UNREADABLE, handed.trouble)
        own, wanted = handed.homework, self.homework.name
        if own == wanted:
            return None
        note = f"This notebook has no answer to {wanted}; hand in the right one."
        if own is not None:
            note = f"This notebook answers {own}, not {wanted}; hand in the right one."
        return self._alike(submission, Status.OTHER_HOMEWORK, Outcome.AWAITS_REVIEW, note)

    def fault(self, submission: Submission, error: Exception) -> Grade:
        """The grade where the grader has failed: it waits for a person, and the log says why."""
        # A known trouble is told in words; only what nobody foresaw needs its traceback.
        known = isinstance(error, GraderError)
        log.error("%s: not graded: %s", submission.student, error, exc_info=None if known else error)
        note = f"The grader failed ({type(error).__name__}); this costs the student nothing. Grade again."
        return self._alike(submission, Status.FAULT, Outcome.GRADER_FAULT, note)

    def _alike(self, submission: Submission, status: Status, outcome: Outcome, note: str) -> Grade:
        """A grade in which every part has the same outcome."""
        verdicts = tuple(
            Verdict(
                problem=problem.name,
                part=part,
                outcome=outcome,
                points=None if outcome.pending else Fraction(0),
                max_points=problem.parts[part].points,
                finding=f"{part}:{outcome}",
                message=note,
                extra=problem.parts[part].extra,
            )
            for problem, part in self.homework.parts
        )
        return Grade(
            student=submission.student,
            homework=self.homework.name,
            status=status,
            note=note,
            verdicts=verdicts,
            late=self._late(submission),
        )

    def _late(self, submission: Submission) -> Lateness | None:
        return lateness(submission, self.homework.due, self.homework.late)

    def _variable(self, verdict: Verdict) -> str:
        (problem,) = (one for one in self.homework.problems if one.name == verdict.problem)
        return problem.variable(verdict.part)

    @staticmethod
    def _unseen(verdict: Verdict) -> Verdict:
        """The verdict on a part that nobody watched: what is missing is no fault of the student."""
        return Verdict(
            problem=verdict.problem,
            part=verdict.part,
            outcome=Outcome.GRADER_FAULT,
            points=None,
            max_points=verdict.max_points,
            finding=f"{verdict.part}:{Outcome.GRADER_FAULT}",
            message=NOT_WATCHED,
            extra=verdict.extra,
        )

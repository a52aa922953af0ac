"""The arrows in order: from one student's file to a grade, and the same for a class.

    Submission -> Notebook -> Execution -> Answers -> Verdicts -> Grade
                  read        execute      take       mark

Only `execute` runs student code, and only it is slow. Whatever goes wrong ends in a grade that says so: a notebook that
cannot be read, a notebook of another homework, a fault of ours. None of these is zero points.
"""

import logging
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from itertools import islice
from threading import Semaphore

from grader.course import Course, Homework
from grader.errors import BadNotebook, GraderError, InfrastructureError, InputError
from grader.execution import execute
from grader.kernels import Kernels
from grader.kernels.limits import Limits
from grader.kernels.stoppable import StoppableKernels
from grader.labels import labels_in
from grader.marking import Marker
from grader.notebooks import Notebook, clean_text, read_notebook
from grader.records import Execution, Grade, Outcome, Status, Submission, Verdict
from grader.taking import take_answers

# Of a class in which no notebook can be read: enough to see what they have in common.
MOST_TROUBLES = 3
_AHEAD = 2
"""For each job, how many students are run or wait to be taken: a slow disk holds up the runs instead of filling the memory."""
_STARTING = 1
"""Kernels that start, or end, while others run: both are mostly waiting."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Handed:
    """A submission and what a first look at it told. Its notebook is read again in its turn: a class of them fits no memory."""

    submission: Submission
    homework: str | None = None
    """The homework that it answers; see `homework_of`."""
    trouble: str = ""
    """Why it is no notebook; else empty."""


@dataclass(frozen=True)
class Graded:
    """One student's grade, and the run behind it if there was one."""

    submission: Submission
    grade: Grade
    execution: Execution | None = None


@dataclass(frozen=True)
class Run:
    """What is the same for every student of a run."""

    course: Course
    homework: Homework
    kernels: Kernels
    limits: Limits
    turn: AbstractContextManager[object] = field(default_factory=nullcontext)
    """Held by each notebook while its cells run; see `execute`."""
    executor: Callable[[int], Executor] = ThreadPoolExecutor
    """Makes what `grade_all` hands its notebooks to, given how many it has to take at a time. They share this process's kernels."""

    def grade_all(self, handed: Iterable[Handed], jobs: int) -> Generator[Graded]:
        """Grades a class, yielding each student as soon as it is done.

        Whoever does not take all of them closes the iterator, which ends the kernels that still run.

        Args:
            handed: the submissions.
            jobs: how many notebooks run at a time; the results do not depend on it.
        """
        kernels = StoppableKernels(self.kernels)
        run = replace(self, kernels=kernels, turn=Semaphore(jobs))
        markers = [Marker(problem) for problem in self.homework.problems]
        with self.executor(jobs + _STARTING) as pool:
            try:
                turns = iter(handed)
                running = {pool.submit(run.grade, one, markers) for one in islice(turns, _AHEAD * jobs)}
                while running:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    running |= {pool.submit(run.grade, one, markers) for one in islice(turns, len(done))}
                    while done:
                        yield done.pop().result()  # without a name, so that what a student left behind is freed
            finally:
                kernels.stop()
                pool.shutdown(wait=True, cancel_futures=True)

    def grade(self, handed: Handed, markers: list[Marker]) -> Graded:
        """Grades one student. Never raises: a fault of ours becomes a grade that waits for a person."""
        try:
            return self._grade(handed, markers)
        except Exception as error:
            # A known trouble is told in words; only what nobody foresaw needs its traceback.
            known = isinstance(error, GraderError)
            log.error("%s: not graded: %s", handed.submission.student, error, exc_info=not known)  # noqa: TRY400 - see above
            note = f"The grader failed ({type(error).__name__}); this costs the student nothing. Grade again."
            return self._unmarked(handed.submission, Status.FAULT, Outcome.GRADER_FAULT, note)

    def _grade(self, handed: Handed, markers: list[Marker]) -> Graded:
        submission, own = handed.submission, handed.homework
        if handed.trouble:
            return self._unmarked(submission, Status.NOT_A_NOTEBOOK, Outcome.UNREADABLE, handed.trouble)
        if own != self.homework.name:
            note = f"This notebook has no answer to {self.homework.name}; hand in the right one."
            if own is not None:
                note = f"This notebook answers {own}, not {self.homework.name}; grade it with --homework {own}."
            return self._unmarked(submission, Status.OTHER_HOMEWORK, Outcome.AWAITS_REVIEW, note)
        asked = self.homework.asked
        notebook = read_notebook(submission.path, pictures=any(one.written for one in asked.values()))
        if homework_of(notebook, self.course) != own:
            raise InfrastructureError(f"{submission.path} has changed since it was looked at; grade it again")
        execution = execute(notebook, asked, self.kernels, self.limits, self.turn)
        answers = take_answers(execution, notebook, asked)
        verdicts = tuple(verdict for marker in markers for verdict in marker.mark(answers))
        grade = Grade(
            student=submission.student,
            homework=self.homework.name,
            status=_status(verdicts),
            verdicts=verdicts,
            failures=execution.failures,
            cut=execution.cut,
            isolation=execution.isolation,
            seconds=execution.seconds,
        )
        return Graded(submission, grade, execution)

    def _unmarked(self, submission: Submission, status: Status, outcome: Outcome, note: str) -> Graded:
        """A grade without marks: every part waits for a person."""
        verdicts = tuple(
            Verdict(
                problem=problem.name,
                part=part,
                outcome=outcome,
                points=None,
                max_points=problem.parts[part].points,
                finding=f"{part}:{outcome}",
                message=note,
                extra=problem.parts[part].extra,
            )
            for problem, part in self.homework.parts
        )
        name = self.homework.name
        return Graded(
            submission, Grade(student=submission.student, homework=name, status=status, note=note, verdicts=verdicts)
        )


def read_all(submissions: Iterable[Submission], course: Course) -> list[Handed]:
    """Looks at every notebook; one that cannot be read keeps its reason and does not stop the others."""
    return [_looked_at(submission, course) for submission in submissions]


def _looked_at(submission: Submission, course: Course) -> Handed:
    try:
        return Handed(submission, homework_of(read_notebook(submission.path), course))
    except BadNotebook as error:
        # A file's name may be no text.
        return Handed(submission, trouble=clean_text(f"{error.file.name} {error.trouble}"))


def homework_of(notebook: Notebook, course: Course) -> str | None:
    """The homework whose variables a notebook speaks of most; what the file says of itself only breaks ties.

    None when it speaks of no homework's variables and names none.
    """
    words = set(re.findall(r"\w+", "\n".join(cell.source for cell in notebook.cells if cell.kind == "code")))
    for cell in notebook.cells:
        words |= {label.name for label in labels_in(cell.source) if cell.kind != "code" and label.kind == "answer"}
    scores = {
        name: (len(words & homework.asked.keys()), notebook.homework == name)
        for name, homework in course.homeworks.items()
    }
    best = max(scores, key=lambda name: scores[name])
    return best if any(scores[best]) else None


def choose_homework(handed: Sequence[Handed], course: Course) -> Homework:
    """The homework that most of the notebooks answer; InputError when none answers any, or none can be read."""
    if all(one.trouble for one in handed):
        raise InputError("; ".join(one.trouble for one in handed[:MOST_TROUBLES]))
    votes = Counter(one.homework for one in handed if one.homework is not None)
    if votes:
        return course.homework(votes.most_common(1)[0][0])
    if len(course.homeworks) == 1:
        return next(iter(course.homeworks.values()))
    names = ", ".join(course.homeworks)
    raise InputError(f"no notebook says which homework it answers; name it with --homework ({names})")


def _status(verdicts: tuple[Verdict, ...]) -> Status:
    outcomes = {verdict.outcome for verdict in verdicts}
    if outcomes & {Outcome.GRADER_FAULT, Outcome.PROBLEM_FAULT}:
        return Status.FAULT
    return Status.NEEDS_REVIEW if any(outcome.pending for outcome in outcomes) else Status.GRADED

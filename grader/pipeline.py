"""The arrows in order: from one student's file to a grade, and the same for a class.

    Submission -> Notebook -> Execution -> Answers -> Verdicts -> Grade
                  read        execute      take       mark

Only `execute` runs student code, and only it is slow. Whatever goes wrong ends in a grade that says so: a notebook that
cannot be read, a notebook of another homework, a fault of ours. None of these is zero points.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from itertools import islice
from threading import Semaphore

from grader.conditions import Conditions
from grader.course import Course, Homework
from grader.errors import BadNotebook, InfrastructureError, InputError
from grader.execution import execute
from grader.grades import Grades, Handed
from grader.kernels import Kernels
from grader.kernels.stoppable import StoppableKernels
from grader.notebooks import Notebook, clean_text, notebook_in, read_file
from grader.records import Execution, Grade, Submission
from grader.watching import Turn

# Of a class in which no notebook can be read: enough to see what they have in common.
MOST_TROUBLES = 3
_AHEAD = 2
"""For each job, how many students are run or wait to be taken: a slow disk holds up the runs instead of filling the memory."""
_STARTING = 1
"""Kernels that start, or end, while others run: both are mostly waiting."""


@dataclass(frozen=True)
class Graded:
    """One student's grade, and what it was made from."""

    submission: Submission
    grade: Grade
    content: bytes | None = None
    """What the file held when it was graded; None if it could not be read."""
    execution: Execution | None = None
    """The run behind it, if there was one."""


@dataclass(frozen=True)
class Run:
    """What is the same for every student of a run."""

    grades: Grades
    kernels: Kernels
    conditions: Conditions
    turn: AbstractContextManager[object] = field(default_factory=nullcontext)
    """Held by each notebook while its cells run; see `execute`."""
    executor: Callable[[int], Executor] = ThreadPoolExecutor
    """Makes what `grade_all` hands its notebooks to, given how many it has to take at a time. They share this process's kernels."""
    watched: Callable[[str], AbstractContextManager[object]] = nullcontext
    """Makes what is held while the cells of a student run, such as `grader.watching.Watch`; called from several threads at once."""

    def grade_all(self, handed: Iterable[Handed], jobs: int) -> Generator[Graded]:
        """Grades a class, yielding each student as soon as it is done.

        Whoever does not take all of them closes the iterator, which ends the kernels that still run.

        Args:
            handed: the submissions.
            jobs: how many notebooks run at a time; the results do not depend on it.
        """
        kernels = StoppableKernels(self.kernels)
        run = replace(self, kernels=kernels, turn=Semaphore(jobs))
        with self.executor(jobs + _STARTING) as pool:
            try:
                turns = iter(handed)
                running = {pool.submit(run.grade, one) for one in islice(turns, _AHEAD * jobs)}
                while running:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    running |= {pool.submit(run.grade, one) for one in islice(turns, len(done))}
                    while done:
                        yield done.pop().result()  # without a name, so that what a student left behind is freed
            finally:
                kernels.stop()
                pool.shutdown(wait=True, cancel_futures=True)

    def grade(self, handed: Handed) -> Graded:
        """Grades one student. Never raises: a fault of ours becomes a grade that waits for a person."""
        return graded_without_run(self.grades, handed) or _or_fault(self.grades, handed, self._grade)

    def _grade(self, handed: Handed) -> Graded:
        submission = handed.submission
        content = _content(submission)
        if content is None:
            raise InfrastructureError(f"{submission.path} cannot be read any more; grade it again")
        notebook = notebook_in(content, submission.path, pictures=self.grades.pictures)
        turn = Turn(self.turn, self.watched, submission.student)
        execution = execute(notebook, self.grades.homework.asked, self.kernels, self.conditions.limits, turn)
        grade = self.grades.of_run(submission, notebook, execution, self.conditions)
        return Graded(submission, grade, content, execution)


def graded_without_run(grades: Grades, handed: Handed) -> Graded | None:
    """The grade of what is not to be run, such as no notebook; None if it is. Never raises."""
    grade = grades.without_run(handed)
    if grade is None:
        return None
    if not handed.submission.digest:
        return Graded(handed.submission, grade)  # there is no file that could be read
    return _or_fault(grades, handed, lambda one: Graded(one.submission, grade, _content(one.submission)))


def _or_fault(grades: Grades, handed: Handed, grade: Callable[[Handed], Graded]) -> Graded:
    try:
        return grade(handed)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is ours, and is logged
        return Graded(handed.submission, grades.fault(handed.submission, error))


def _content(submission: Submission) -> bytes | None:
    """What the file holds, which has to be what was looked at; None if it cannot be read, as it could not then."""
    try:
        content = read_file(submission.path)
    except BadNotebook:
        return None
    if hashlib.sha256(content).hexdigest() != submission.digest:
        raise InfrastructureError(f"{submission.path} has changed since it was looked at; grade it again")
    return content


def read_all(submissions: Iterable[Submission], course: Course) -> list[Handed]:
    """Looks at every notebook; one that cannot be read keeps its reason and does not stop the others."""
    return [_looked_at(submission, course) for submission in submissions]


def _looked_at(submission: Submission, course: Course) -> Handed:
    if not submission.has_file:
        return Handed(submission, trouble=submission.trouble)
    try:
        return looked_into(submission, read_file(submission.path), course)[0]
    except BadNotebook as error:
        return Handed(submission, trouble=_told(submission, error))


def looked_into(
    submission: Submission, content: bytes, course: Course, *, pictures: bool = False
) -> tuple[Handed, Notebook | None]:
    """A first look at what a file holds: which homework it answers, with the notebook, or why it is none.

    Args:
        submission: whose file it is.
        content: what it holds.
        course: whose homeworks it may answer.
        pictures: whether the notebook is wanted with its pictures.
    """
    try:
        notebook = notebook_in(content, submission.path, pictures=pictures)
    except BadNotebook as error:
        return Handed(submission, trouble=_told(submission, error)), None
    name, answers = _answered(notebook, course)
    return Handed(submission, name, answers=answers), notebook


def _told(submission: Submission, error: BadNotebook) -> str:
    """What is wrong, with the name that the student gave the file; of an archive a copy under another name was read."""
    name = submission.origin.rpartition("/")[2] or submission.path.name
    return clean_text(f"{name} {error.trouble}")  # a file's name may be no text


def homework_of(notebook: Notebook, course: Course) -> str | None:
    """The homework whose variables a notebook speaks of most; what the file says of itself only breaks ties.

    None when it speaks of no homework's variables and names none.
    """
    return _answered(notebook, course)[0]


def _answered(notebook: Notebook, course: Course) -> tuple[str | None, int]:
    """The homework of a notebook, and of how many of its variables it speaks."""
    words = notebook.words
    scores = {
        name: (len(words & homework.asked.keys()), notebook.homework == name)
        for name, homework in course.homeworks.items()
    }
    best = max(scores, key=lambda name: scores[name])
    return (best, scores[best][0]) if any(scores[best]) else (None, 0)


def choose_homework(handed: Sequence[Handed], course: Course) -> Homework:
    """The homework that most of the notebooks answer; InputError when none answers any, or none can be read."""
    if all(one.trouble or one.submission.missing for one in handed):
        troubles = [one.trouble for one in handed if one.trouble] or [
            f"nobody has handed a notebook in; name the homework with --homework ({', '.join(course.homeworks)})"
        ]
        raise InputError("; ".join(troubles[:MOST_TROUBLES]))
    votes = Counter(one.homework for one in handed if one.homework is not None)
    if votes:
        return course.homework(votes.most_common(1)[0][0])
    if len(course.homeworks) == 1:
        return next(iter(course.homeworks.values()))
    names = ", ".join(course.homeworks)
    raise InputError(f"no notebook says which homework it answers; name it with --homework ({names})")

"""A class marked again from its record, in batches that several processes work on.

Each process reads what it marks from the record itself and writes the reports of its students; only the first one writes to the record.
"""

import gc
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread

from grader.changes import Change
from grader.course import Course
from grader.grades import Grades, Handed
from grader.keeping import reported
from grader.loading import read_course
from grader.notebooks import Notebook
from grader.packing import as_json
from grader.pipeline import looked_into
from grader.records import Execution, Grade, Submission
from grader.reports.standing import Standing, standing
from grader.results import final
from grader.review.edits import apply_edits
from grader.store import Landed, Latest, Ran, Store, batches, open_store

BATCH = 50
"""Students that are marked and recorded together: each transaction waits for the disk, and each run may have put out much."""
FEW = 300
"""Students for whom further processes are not worth their start."""


@dataclass(frozen=True)
class Job:
    """What is marked again, in a form that goes to another process."""

    out: Path
    """The folder of the class."""
    course: Path
    homework: str
    store: str | None
    """URL of the database; by default the record is a file in `out`."""
    write: bool
    """Whether reports are written."""


@dataclass(frozen=True)
class Again:
    """One student marked again."""

    standing: Standing
    """With the marks of persons."""
    landed: Landed | None = None
    """What is to be recorded; None if nothing has changed."""
    change: Change | None = None
    to_run: bool = False
    """Whether nothing could be marked, since the notebook has not run."""


def marked_again(
    job: Job, course: Course, store: Store, students: Sequence[str], processes: int
) -> Iterator[list[Again]]:
    """All students, in batches and in their order.

    Args:
        job: what is to be done.
        course: the same as the job's, loaded.
        store: the same, opened.
        students: of the class.
        processes: that work at a time.
    """
    parts = list(batches(students, BATCH))
    if len(students) <= FEW or processes == 1:
        yield from map(_Marking(job, course, store).batch, parts)
        return
    # Started afresh: a copy of this process would share its connections to the database.
    context = get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(job,)) as pool:
        try:
            yield from pool.map(_batch, parts)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


class _Marking:
    """Marks batches of one class."""

    def __init__(self, job: Job, course: Course, store: Store) -> None:
        self._job, self._store, self._homework = job, store, course.homework(job.homework)
        self._grades = Grades(course, self._homework)
        self._ran = store.ran(job.homework)

    def batch(self, students: Sequence[str]) -> list[Again]:
        latest = list(self._store.latest(self._homework.name, students))
        contents = self._store.contents({one.submission.digest for one in latest})
        ids = {self._ran[digest].id for digest in contents if digest in self._ran}
        executions = self._store.executions(ids)
        return [self._again(one, contents, executions) for one in latest]

    def _again(self, latest: Latest, contents: dict[str, bytes], executions: dict[int, Execution]) -> Again:
        submission = latest.submission
        ran = self._ran.get(submission.digest)
        execution = executions.get(ran.id) if ran else None
        grade = self._grade(submission, contents.get(submission.digest), execution, ran)
        if grade is None:
            return Again(standing(final(latest).result.grade, self._homework), to_run=True)
        used = execution if grade.isolation else None  # only a grade that a run is behind tells how it was contained
        after, _ = apply_edits(grade, submission, latest.edits)
        if self._job.write:
            after = reported(self._job.out, self._homework, after, used)
        run = ran.id if ran and used else None
        if run == latest.execution and as_json(grade) == latest.record:  # as with most, which need not be read then
            return Again(standing(after, self._homework))
        change = Change.between(final(latest).result.grade, after)
        return Again(standing(after, self._homework), Landed(submission, grade, ran=run), change)

    def _grade(
        self, submission: Submission, content: bytes | None, execution: Execution | None, ran: Ran | None
    ) -> Grade | None:
        """The grade by the course as it is now; None if the notebook would have to run first, or its file is not there."""
        if not submission.has_file:
            return self._grades.without_run(Handed(submission, trouble=submission.trouble))
        if content is None:
            return None
        handed, notebook = looked_into(submission, content, self._grades.course, pictures=self._grades.pictures)
        without = self._grades.without_run(handed)
        if without is not None or notebook is None or execution is None or ran is None:
            return without
        return self._marked(submission, notebook, execution, ran)

    def _marked(self, submission: Submission, notebook: Notebook, execution: Execution, ran: Ran) -> Grade:
        try:
            return self._grades.of_run(submission, notebook, execution, ran.conditions)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is ours, and is logged
            return self._grades.fault(submission, error)


_own: dict[str, _Marking] = {}
"""Of a process that works along."""


def _begin(job: Job) -> None:
    """Gets a process that works along ready."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever interrupts the command ends this process by ending the first
    Thread(target=_end_with_parent, daemon=True).start()
    course = read_course(job.course)
    stack = ExitStack()  # for as long as the process lasts
    _own["marking"] = _Marking(job, course, stack.enter_context(open_store(job.out, job.store)))
    # What is there stays, and what marking makes has no cycles to look for.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def _end_with_parent() -> None:
    """A first process that was killed can tell nobody to end."""
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def _batch(students: list[str]) -> list[Again]:
    return _own["marking"].batch(students)

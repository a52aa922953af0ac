"""A class marked again from its record, in batches that several processes work on.

Each process reads what it marks from the record itself, records what has changed, and then writes the reports of these students.
"""

import gc
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, replace
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread

from grader.changes import Change
from grader.course import Course
from grader.errors import InfrastructureError
from grader.grades import Grades, Handed
from grader.keeping import reported
from grader.loading import read_course
from grader.notebooks import Notebook
from grader.packing import as_json
from grader.pipeline import looked_into
from grader.records import Execution, Grade, Submission
from grader.reports.standing import Standing, standing
from grader.results import result_of
from grader.review.edits import Lapsed, apply_edits
from grader.store import Landed, Latest, Ran, Store, batches, open_store

BATCH = 25
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
    run: int | None
    """The number of the command, under which is recorded what has changed; None if nothing is written."""
    since: int | None = None
    """The number of an earlier one that did not come to its end: what it has changed is told as well."""


@dataclass(frozen=True)
class Again:
    """One student marked again."""

    standing: Standing
    """With the marks of persons."""
    change: Change | None = None
    to_run: bool = False
    """Whether nothing could be marked, since the notebook has not run."""
    overtaken: bool = False
    """Whether another submission came in meanwhile, so that this one counts no more."""
    lapsed: tuple[Lapsed, ...] = ()
    """Marks of persons that do not hold any more."""


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
        except BrokenProcessPool as error:
            raise InfrastructureError(
                "a process that marks along has ended, perhaps since memory was short; what it had marked is recorded, and the same "
                "command goes on, with --jobs 1 in one process"
            ) from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True)
class _Marked:
    """A student marked again, before anything is recorded."""

    latest: Latest
    """What the record had, before an unfinished command if there was one."""
    grade: Grade | None = None
    """None if the notebook would have to run first."""
    execution: Execution | None = None
    landed: Landed | None = None
    """What is to be recorded; None if nothing has changed."""


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
        since, name = self._job.since, self._homework.name
        before = {} if since is None else self._store.graded_before(name, students, since)
        marked = [self._marked_again(one, contents, executions, before) for one in latest]
        if self._job.run is None:
            return [self._again(one) for one in marked]
        changed = [one.landed for one in marked if one.landed is not None]
        overtaken = self._store.land(self._job.run, changed) if changed else set()
        return [self._again(one, overtaken=one.latest.submission.student in overtaken) for one in marked]

    def _marked_again(
        self, latest: Latest, contents: dict[str, bytes], executions: dict[int, Execution], before: dict[str, bytes]
    ) -> "_Marked":
        submission = latest.submission
        old = replace(latest, record=before.get(submission.student, latest.record))
        ran = self._ran.get(submission.digest)
        execution = executions.get(ran.id) if ran else None
        grade = self._grade(submission, contents.get(submission.digest), execution, ran)
        if grade is None:
            return _Marked(latest)
        used = execution if grade.isolation else None  # only a grade that a run is behind tells how it was contained
        number = ran.id if ran and used else None
        if number == latest.execution and as_json(grade) == latest.record:  # as with most, which need not be read then
            return _Marked(old, grade, used)
        return _Marked(old, grade, used, Landed(submission, grade, ran=number, row=latest.row))

    def _again(self, marked: "_Marked", *, overtaken: bool = False) -> Again:
        """What is told of a student; the report is written after the record, so that none says what is not there."""
        latest = marked.latest
        if marked.grade is None or overtaken:
            now = next(self._store.latest(self._homework.name, [latest.submission.student]), latest)
            before = result_of(now).grade
            if self._job.run is not None and not overtaken:  # a setting of the homework may have changed
                ran = self._store.executions([now.execution]) if now.execution else {}
                before = reported(self._job.out, self._homework, before, ran.get(now.execution or 0))
            return Again(standing(before, self._homework), to_run=not overtaken, overtaken=overtaken)
        after, lapsed = apply_edits(marked.grade, latest.submission, latest.edits)
        # What is recorded already was recorded by this command or by one that did not come to its end.
        same = marked.landed is None and self._job.since is None
        change = None if same else Change.between(result_of(latest).grade, after)
        if self._job.run is not None:
            after = reported(self._job.out, self._homework, after, marked.execution)
        return Again(standing(after, self._homework), change, lapsed=lapsed)

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

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable, Collection
from concurrent.futures import Executor, Future
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Any

import pytest

from grader import pipeline
from grader.conditions import conditions
from grader.course import Course
from grader.errors import InfrastructureError, InputError
from grader.grades import Grades, Handed
from grader.kernels import Kernels
from grader.kernels.limits import Limits
from grader.kernels.plain import PlainKernels
from grader.loading import load_course
from grader.notebooks import Cell, Notebook
from grader.pipeline import Run, choose_homework, homework_of, read_all
from grader.records import Execution, Outcome, Status, Submission
from tests.kernels.test_stoppable import Fake, hold

COURSE = load_course(Path(__file__).parents[1])
SIZES = COURSE.homework("hw5_cnn_sizes")
NOTHING = Notebook(cells=())


def code(*sources: str, homework: str | None = None) -> Notebook:
    return Notebook(tuple(Cell("code", source) for source in sources), homework)


def handed(student: str, homework: str | None = None, trouble: str = "") -> Handed:
    return Handed(Submission(student=student, path=Path(f"{student}.ipynb"), digest=""), homework, trouble)


def handed_in(folder: Path, student: str) -> Handed:
    """A notebook on disk that answers the homework."""
    file = folder / f"{student}.ipynb"
    cell = {"cell_type": "code", "source": "linear_parameters = 1"}
    file.write_text(json.dumps({"nbformat": 4, "cells": [cell]}), encoding="utf-8")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return Handed(Submission(student=student, path=file, digest=digest), "hw5_cnn_sizes", answers=1)


def run(kernels: Kernels | None = None) -> Run:
    return Run(Grades(COURSE, SIZES), kernels or PlainKernels(), conditions(SIZES.asked, Limits(), []))


@pytest.mark.parametrize(
    ("notebook", "expected"),
    [
        (code("linear_parameters = 1"), "hw5_cnn_sizes"),
        (code("after_pool = 1", "drop_path = 1", "linear_parameters = 2"), "hw5_networks"),
        (code("linear_parameters = 1", homework="hw5_networks"), "hw5_cnn_sizes"),
        (code("x = 1", homework="hw5_networks"), "hw5_networks"),
        (code("after_pool = linear_parameters", homework="hw5_cnn_sizes"), "hw5_cnn_sizes"),
        (code("after_pool = linear_parameters", homework="hw5_networks"), "hw5_networks"),
        (code("linear_parameters_of_mine = 1"), None),
        (code("x = 1", homework="another course"), None),
        (Notebook((Cell("markdown", "linear_parameters"),)), None),
        (NOTHING, None),
    ],
)
def test_the_variables_tell_the_homework_and_what_the_file_says_breaks_ties(
    notebook: Notebook, expected: str | None
) -> None:
    assert homework_of(notebook, COURSE) == expected


def test_the_homework_of_a_class_is_the_one_that_most_answer() -> None:
    answered = ["hw5_networks", "hw5_cnn_sizes", "hw5_networks", None]
    class_ = [*(handed(str(n), one) for n, one in enumerate(answered)), handed("z", trouble="is broken")]
    assert choose_homework(class_, COURSE).name == "hw5_networks"


def test_a_course_of_one_homework_needs_no_choice() -> None:
    assert choose_homework([handed("al")], Course(COURSE.root, {"hw5_cnn_sizes": SIZES})) is SIZES


def test_where_no_notebook_tells_the_choice_is_asked_for() -> None:
    with pytest.raises(InputError, match=r"name it with --homework \(hw5_cnn_sizes, hw5_networks, hw6_design\)"):
        choose_homework([handed("al")], COURSE)


def test_where_no_notebook_can_be_read_some_reasons_are_told() -> None:
    with pytest.raises(InputError, match=r"^0 is broken; 1 is broken; 2 is broken$"):
        choose_homework([handed(str(n), trouble=f"{n} is broken") for n in range(9)], COURSE)


def test_a_file_that_is_no_notebook_keeps_its_reason_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "b\udcff.ipynb").write_text("{", encoding="utf-8")
    good = handed_in(tmp_path, "a")
    files = [good.submission, Submission(student="b", path=tmp_path / "b\udcff.ipynb", digest="")]
    first, second = read_all(files, COURSE)
    assert first == good
    assert second.homework is None
    assert "is not JSON" in second.trouble.encode().decode()


@pytest.mark.parametrize("error", [InfrastructureError("no kernel"), RecursionError(), MemoryError(), KeyError("x")])
def test_a_failure_of_ours_is_a_pending_grade_and_never_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def fails(*_: Any) -> Execution:
        raise error

    monkeypatch.setattr(pipeline, "execute", fails)
    with caplog.at_level(logging.ERROR):
        graded = run().grade(handed_in(tmp_path, "al"))
    assert graded.grade.status is Status.FAULT
    assert {verdict.outcome for verdict in graded.grade.verdicts} == {Outcome.GRADER_FAULT}
    assert graded.grade.pending_points == graded.grade.max_points
    assert type(error).__name__ in graded.grade.note
    (record,) = caplog.records
    assert record.getMessage().startswith("al: not graded")
    assert bool(record.exc_info) is not isinstance(error, InfrastructureError)  # words for what is known


@pytest.mark.parametrize(
    ("one", "status", "words"),
    [
        (handed("al", trouble="al.ipynb: is empty"), Status.NOT_A_NOTEBOOK, "al.ipynb: is empty"),
        (handed("al", "hw5_networks"), Status.OTHER_HOMEWORK, "answers hw5_networks, not hw5_cnn_sizes"),
    ],
)
def test_what_cannot_be_marked_is_pending_and_never_zero(one: Handed, status: Status, words: str) -> None:
    graded = run(Fake()).grade(one)
    assert (graded.grade.status, graded.execution) == (status, None)
    assert words in graded.grade.note
    assert all(verdict.points is None for verdict in graded.grade.verdicts)
    assert len(graded.grade.verdicts) == len(list(SIZES.parts))


def test_every_student_is_yielded_once_whatever_the_number_of_jobs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ran(*_: Any) -> Execution:
        sleep(0.01)
        return Execution(notebook={}, isolation="none")

    monkeypatch.setattr(pipeline, "execute", ran)
    for jobs in (1, 3):
        graded = run().grade_all([handed_in(tmp_path, str(n)) for n in range(17)], jobs)
        assert sorted(int(one.grade.student) for one in graded) == list(range(17))


def test_no_more_notebooks_run_at_a_time_than_asked_for_while_another_kernel_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once, most = {"starting": 0, "running": 0}, {"starting": 0, "running": 0}

    lock = Lock()

    def counted(what: str) -> None:
        with lock:
            at_once[what] += 1
            most[what] = max(most[what], at_once[what])
        sleep(0.01)
        with lock:
            at_once[what] -= 1

    def runs(*given: Any) -> Execution:
        counted("starting")
        with given[4]:
            counted("running")
        return Execution(notebook={}, isolation="none")

    monkeypatch.setattr(pipeline, "execute", runs)
    assert len(list(run().grade_all([handed_in(tmp_path, str(n)) for n in range(12)], 2))) == 12
    assert most["running"] == 2
    assert 1 <= most["starting"] <= 3


class Serial(Executor):
    """Another kind of executor: it does at once what it is handed."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@pytest.mark.kernel
def test_another_executor_can_be_plugged_in(tmp_path: Path) -> None:
    plugged = replace(run(), executor=Serial)
    graded = plugged.grade_all([handed_in(tmp_path, str(n)) for n in range(3)], 2)
    assert sorted(one.grade.status for one in graded) == [Status.GRADED] * 3


def test_runs_wait_for_whoever_takes_their_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[object] = []

    def runs(notebook: Notebook, *_: Any) -> Execution:
        ran.append(notebook)
        return Execution(notebook={}, isolation="none")

    monkeypatch.setattr(pipeline, "execute", runs)
    with closing(run().grade_all([handed_in(tmp_path, str(n)) for n in range(50)], 2)) as graded:
        next(graded)
        sleep(0.2)  # long enough for all of them
        assert len(ran) < 10


def test_a_file_that_has_changed_since_it_was_looked_at_is_to_be_graded_again(tmp_path: Path) -> None:
    one = handed_in(tmp_path, "al")
    file = one.submission.path
    file.write_text(file.read_text(encoding="utf-8").replace("linear_parameters", "after_pool"), encoding="utf-8")
    graded = run(Fake()).grade(one)
    assert graded.grade.status is Status.FAULT
    assert all(verdict.points is None for verdict in graded.grade.verdicts)


def test_who_stops_early_waits_for_no_notebook_and_leaves_no_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def runs_long(_notebook: Notebook, _variables: Collection[str], kernels: Kernels, *_: object) -> Execution:
        asyncio.run(hold(kernels, 60))
        raise AssertionError

    monkeypatch.setattr(pipeline, "execute", runs_long)
    fake, started = Fake(), monotonic()
    students = [handed("broken", trouble="is empty"), *(handed_in(tmp_path, str(n)) for n in range(9))]
    with closing(run(fake).grade_all(students, 2)) as graded:
        assert next(graded).grade.student == "broken"
        assert fake.holding.wait(5)
    assert monotonic() - started < 5
    assert fake.started == fake.ended <= 3  # two run while another starts

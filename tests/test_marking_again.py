"""Marking a class again from its record: with one process and with several, and when one of them dies."""

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic, sleep

import pytest

from grader import marking_again
from grader.conditions import conditions
from grader.course import Course
from grader.errors import InfrastructureError
from grader.grades import Grades
from grader.kernels.inside import encode
from grader.kernels.limits import Limits
from grader.loading import load_course
from grader.marking_again import Again, Job, marked_again
from grader.notebooks import notebook_in
from grader.records import Captured, Execution, Submission
from grader.reports.writing import prepare
from grader.store import Landed, open_store
from tests.classes import RIGHT, notebook
from tests.courses import PROBLEM, replaced, write_course

ROOT = Path(__file__).parents[1]
STUDENTS = 12


def recorded(course: Course, out: Path, students: int = STUDENTS) -> Sequence[str]:
    """A class in the record: every third has a volume that a wider tolerance takes for right."""
    homework = course.homework("hw1")
    now = conditions(homework.asked, Limits(), [])
    grades = Grades(course, homework)
    landed = []
    for number in range(students):
        answers = RIGHT if number % 3 else {**RIGHT, "volume": 66.0 + number / 1e6}
        content = notebook(**answers, note=number)
        submission = Submission(
            student=f"s{number:03}",
            path=Path("hw.ipynb"),
            origin="hw.ipynb",
            digest=hashlib.sha256(content).hexdigest(),
        )
        captured = tuple(
            Captured(variable=name, cell=index, data=encode(value))
            for index, (name, value) in enumerate(answers.items())
        )
        run = Execution(notebook={"cells": []}, captured=captured, isolation="A")
        grade = grades.of_run(submission, notebook_in(content, submission.path), run, now)
        landed.append(Landed(submission, grade, content, run))
    out.mkdir()
    prepare(out, course.homework("hw1"))
    with open_store(out) as store:
        store.land(store.begin("grade", "hw1", "", "kim"), landed, now)
    return [one.submission.student for one in landed]


def again(course: Course, out: Path, students: Sequence[str], processes: int, *, record: bool = False) -> list[Again]:
    with open_store(out) as store:
        run = store.begin("regrade", "hw1", "", "kim") if record else None
        job = Job(out, course.root, "hw1", None, run)
        return [one for batch in marked_again(job, course, store, students, processes) for one in batch]


def grades_in(out: Path) -> int:
    with sqlite3.connect(out / "record.sqlite") as database:
        return int(database.execute("SELECT count(*) FROM grades").fetchone()[0])


def widened(root: Path) -> Course:
    (root / "problems/boxes/problem.toml").write_text(replaced(PROBLEM, "rtol = 0.01", "rtol = 0.05"), encoding="utf-8")
    return load_course(root)


def test_what_has_not_changed_is_not_recorded_again(tmp_path: Path) -> None:
    course = load_course(write_course(tmp_path / "course"))
    students = recorded(course, tmp_path / "out")
    found = again(course, tmp_path / "out", students, 1, record=True)
    assert [(one.change, one.to_run) for one in found] == [(None, False)] * STUDENTS
    assert grades_in(tmp_path / "out") == STUDENTS


def test_those_whom_a_change_concerns_are_recorded_and_told(tmp_path: Path) -> None:
    root = write_course(tmp_path / "course")
    students = recorded(load_course(root), tmp_path / "out")
    found = again(widened(root), tmp_path / "out", students, 1, record=True)
    assert [one.change is not None for one in found] == [number % 3 == 0 for number in range(STUDENTS)]
    assert grades_in(tmp_path / "out") == STUDENTS + STUDENTS // 3
    assert {one.change.new_total - one.change.old_total for one in found if one.change} == {1}


@pytest.mark.slow
def test_several_processes_come_to_the_same_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marking_again, "FEW", 0)
    monkeypatch.setattr(marking_again, "BATCH", 5)
    root = write_course(tmp_path / "course")
    students = recorded(load_course(root), tmp_path / "out")
    course = widened(root)
    alone = again(course, tmp_path / "out", students, 1)
    assert again(course, tmp_path / "out", students, 2, record=True) == alone
    assert [one.change for one in again(course, tmp_path / "out", students, 2)] == [None] * STUDENTS  # it is recorded


def test_what_came_in_meanwhile_is_not_overtaken_by_what_was_marked_before(tmp_path: Path) -> None:
    root = write_course(tmp_path / "course")
    students = recorded(load_course(root), tmp_path / "out", 1)
    course = widened(root)
    with open_store(tmp_path / "out") as store:
        (old,) = store.latest("hw1")
        new = old.submission.model_copy(update={"digest": hashlib.sha256(b"new").hexdigest()})
        fault = Grades(course, course.homework("hw1")).fault(new, RuntimeError())
        store.land(store.begin("grade", "hw1", "", "kim"), [Landed(new, fault, b"new")])
        late = [Landed(old.submission, old.grade, ran=old.execution, row=old.row)]
        assert store.land(store.begin("regrade", "hw1", "", "kim"), late) == set(students)
        (newest,) = store.latest("hw1")
    assert newest.submission.digest == new.digest


def test_a_student_whose_notebook_has_not_run_is_kept_as_it_was(tmp_path: Path) -> None:
    course = load_course(write_course(tmp_path / "course"))
    students = recorded(course, tmp_path / "out", 1)
    with open_store(tmp_path / "out") as store:
        (latest,) = store.latest("hw1")
        new = notebook(area=96, other=1)
        unrun = latest.submission.model_copy(update={"digest": hashlib.sha256(new).hexdigest()})
        fault = Grades(course, course.homework("hw1")).fault(unrun, RuntimeError())
        store.land(store.begin("grade", "hw1", "", "kim"), [Landed(unrun, fault, new)])
    (one,) = again(course, tmp_path / "out", students, 1)
    assert one.to_run
    assert one.standing.status == "fault of the grader"


PARENT = """
import sys
from pathlib import Path
from grader import marking_again
from grader.loading import load_course
from grader.store import open_store

if __name__ == "__main__":
    marking_again.FEW = 0
    out, course = Path(sys.argv[1]), load_course(Path(sys.argv[2]))
    job = marking_again.Job(out, course.root, "hw1", None, None)
    with open_store(out) as store:
        for batch in marking_again.marked_again(job, course, store, store.students("hw1"), 2):
            print(len(batch), flush=True)
            sys.stdin.read()
"""


def test_what_a_regrade_that_did_not_end_has_changed_is_told_by_the_next(tmp_path: Path) -> None:
    root = write_course(tmp_path / "course")
    students = recorded(load_course(root), tmp_path / "out")
    course = widened(root)
    with open_store(tmp_path / "out") as store:
        assert store.unfinished("regrade", "hw1") is None
        run = store.begin("regrade", "hw1", "", "kim")
        for batch in marked_again(Job(tmp_path / "out", course.root, "hw1", None, run), course, store, students[:5], 1):
            assert batch
        since = store.unfinished("regrade", "hw1")
        assert since == run
        job = Job(tmp_path / "out", course.root, "hw1", None, store.begin("regrade", "hw1", "", "kim"), since)
        found = [one for batch in marked_again(job, course, store, students, 1) for one in batch]
        assert [one.change is not None for one in found] == [number % 3 == 0 for number in range(STUDENTS)]
        store.finish("regrade", "hw1", "", "kim")
        assert store.unfinished("regrade", "hw1") is None


def children_of(pid: int) -> list[int]:
    return [int(child) for file in Path(f"/proc/{pid}/task").glob("*/children") for child in file.read_text().split()]


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks for processes in /proc")
def test_a_process_that_dies_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marking_again, "FEW", 0)
    monkeypatch.setattr(marking_again, "BATCH", 1)
    course = load_course(write_course(tmp_path / "course"))
    students = recorded(course, tmp_path / "out")
    with open_store(tmp_path / "out") as store:
        batches = marked_again(
            Job(tmp_path / "out", course.root, "hw1", None, None), course, store, [*students] * 50, 2
        )
        next(batches)
        for child in set(children_of(os.getpid())):
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(child, signal.SIGKILL)
        with pytest.raises(InfrastructureError, match=r"has ended, perhaps since memory was short; .* with --jobs 1"):
            list(batches)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks for processes in /proc")
def test_processes_that_mark_along_end_with_the_first_even_when_it_is_killed(tmp_path: Path) -> None:
    course = load_course(write_course(tmp_path / "course"))
    recorded(course, tmp_path / "out")
    (tmp_path / "parent.py").write_text(PARENT, encoding="utf-8")
    command = [sys.executable, str(tmp_path / "parent.py"), str(tmp_path / "out"), str(course.root)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline()
        children = children_of(parent.pid)
        assert len(children) >= 2
        parent.send_signal(signal.SIGKILL)
    began = monotonic()
    while any(map(alive, children)) and monotonic() - began < 10:
        sleep(0.05)
    assert not any(map(alive, children))

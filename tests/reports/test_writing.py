import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.errors import InfrastructureError, InputError
from grader.records import Execution
from grader.reports.writing import is_current, prepare, write_gradebook, write_student
from tests.reports.grades import grade, homework

WARMUP = homework("hw4_warmup")
RUN = Execution(notebook={"cells": []}, isolation="none")


def test_a_student_gets_three_files_and_nothing_else_lies_about(tmp_path: Path) -> None:
    prepare(tmp_path, WARMUP)
    write_student(tmp_path, grade("al"), RUN, WARMUP)
    assert {file.name for file in (tmp_path / "students/al").iterdir()} == {
        "report.html",
        "grade.json",
        "executed.ipynb",
    }


def test_a_notebook_of_an_earlier_run_does_not_stay_beside_a_grade_without_one(tmp_path: Path) -> None:
    prepare(tmp_path, WARMUP)
    write_student(tmp_path, grade("al"), RUN, WARMUP)
    write_student(tmp_path, grade("al"), None, WARMUP)
    assert not (tmp_path / "students/al/executed.ipynb").exists()


def test_text_that_no_file_can_hold_is_replaced(tmp_path: Path) -> None:
    prepare(tmp_path, WARMUP)
    write_student(tmp_path, grade("al", note="\ud800"), None, WARMUP)
    assert '"note"' not in (tmp_path / "students/al/grade.json").read_text(encoding="utf-8")
    assert "?" in (tmp_path / "students/al/report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("place", ["file", "file/out"])
def test_a_place_that_cannot_be_written_is_found_before_anything_runs(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=f"cannot be written to {tmp_path / place} .*; choose another folder"):
        prepare(tmp_path / place, WARMUP)


def test_a_report_that_cannot_be_written_later_is_the_graders_trouble(tmp_path: Path) -> None:
    prepare(tmp_path, WARMUP)
    (tmp_path / "students/al").touch()
    with pytest.raises(InfrastructureError, match=f"{tmp_path / 'students/al'} cannot be written .*; make room"):
        write_student(tmp_path, grade("al"), None, WARMUP)
    (tmp_path / "gradebook.csv").mkdir()
    with pytest.raises(InfrastructureError, match=r"gradebook\.csv cannot be written .*; close it"):
        write_gradebook(tmp_path, [], WARMUP)


def current(out: Path, student: str, execution: Execution | None = RUN, note: str = "") -> bool:
    return is_current(out, grade(student, note=note), WARMUP, execution)


def test_a_report_is_current_as_long_as_it_says_the_same_and_nothing_of_it_is_missing(tmp_path: Path) -> None:
    prepare(tmp_path, WARMUP)
    assert not current(tmp_path, "al")
    write_student(tmp_path, grade("al"), RUN, WARMUP)
    assert current(tmp_path, "al")
    assert not current(tmp_path, "al", None)
    assert not current(tmp_path, "al", Execution(notebook={"cells": [1]}, isolation="none"))
    assert not current(tmp_path, "al", note="another")
    for file in ("executed.ipynb", "report.html", "grade.json"):
        write_student(tmp_path, grade("al"), RUN, WARMUP)
        (tmp_path / "students/al" / file).unlink()
        assert not current(tmp_path, "al")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"made_from": 3}'])
def test_a_grade_that_somebody_has_changed_is_not_current(tmp_path: Path, text: str) -> None:
    prepare(tmp_path, WARMUP)
    write_student(tmp_path, grade("al"), RUN, WARMUP)
    (tmp_path / "students/al/grade.json").write_text(text, encoding="utf-8")
    assert not current(tmp_path, "al")


def test_reports_of_another_homework_are_not_overwritten(tmp_path: Path) -> None:
    prepare(tmp_path, WARMUP)
    write_student(tmp_path, grade("al"), RUN, WARMUP)
    prepare(tmp_path, WARMUP)
    with pytest.raises(InputError, match="has the reports of hw4_warmup; choose another folder for hw5_cnn_sizes"):
        prepare(tmp_path, homework("hw5_cnn_sizes"))


def test_what_a_killed_grader_had_begun_is_cleared_up_and_what_a_running_one_writes_is_not(tmp_path: Path) -> None:
    prepare(tmp_path, WARMUP)
    write_student(tmp_path, grade("al"), RUN, WARMUP)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, written = (tmp_path / f"students/al/report.html.{pid}.new" for pid in (ended.pid, os.getpid()))
    for file in (left, written):
        file.touch()
    prepare(tmp_path, WARMUP)
    assert (left.exists(), written.exists()) == (False, True)

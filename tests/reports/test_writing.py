import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import InfrastructureError, InputError
from grader.records import Execution
from grader.reports.writing import is_current, prepare, write_class, write_student
from grader.reveal import Reveal, Revealed
from tests.reports.grades import grade, homework

WARMUP = homework("hw4_warmup")
RUN = Execution(notebook={"cells": []}, isolation="none")


FILES = {"students/al/report.html", "students/al/executed.ipynb", "staff/al/report.html", "staff/al/grade.json"}


def test_a_students_folder_has_what_may_be_handed_out_and_the_staffs_the_rest(tmp_path: Path) -> None:
    prepare(tmp_path, WARMUP)
    write_student(tmp_path, grade("al"), RUN, WARMUP)
    files = {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()}
    assert files == FILES


def test_a_notebook_of_an_earlier_run_does_not_stay_beside_a_grade_without_one(tmp_path: Path) -> None:
    prepare(tmp_path, WARMUP)
    write_student(tmp_path, grade("al"), RUN, WARMUP)
    write_student(tmp_path, grade("al"), None, WARMUP)
    assert not (tmp_path / "students/al/executed.ipynb").exists()


def test_text_that_no_file_can_hold_is_replaced(tmp_path: Path) -> None:
    prepare(tmp_path, WARMUP)
    write_student(tmp_path, grade("al", note="\ud800"), None, WARMUP)
    assert '"note"' not in (tmp_path / "staff/al/grade.json").read_text(encoding="utf-8")
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
        write_class(tmp_path, [], WARMUP)


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
    for file in FILES:
        write_student(tmp_path, grade("al"), RUN, WARMUP)
        (tmp_path / file).unlink()
        assert not current(tmp_path, "al")


def test_a_report_is_written_anew_when_more_or_less_is_revealed_or_a_question_has_other_words(tmp_path: Path) -> None:
    prepare(tmp_path, WARMUP)
    write_student(tmp_path, grade("al"), RUN, WARMUP)
    told_less = replace(WARMUP, reveal=Revealed(students=Reveal.NOTHING))
    assert not is_current(tmp_path, grade("al"), told_less, RUN)
    (problem,) = WARMUP.problems
    sections = {name: replace(section, text="Another one?") for name, section in problem.sections.items()}
    assert not is_current(tmp_path, grade("al"), replace(WARMUP, problems=(replace(problem, sections=sections),)), RUN)


def test_a_page_that_was_written_when_the_grader_was_killed_is_not_taken_for_what_was_there_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> str:
        raise KeyboardInterrupt

    prepare(tmp_path, WARMUP)
    write_student(tmp_path, grade("al"), RUN, WARMUP)
    monkeypatch.setattr("grader.reports.writing.grade_json", killed)
    with pytest.raises(KeyboardInterrupt):
        write_student(tmp_path, grade("al", note="more"), RUN, WARMUP)
    assert not current(tmp_path, "al")


def test_what_an_earlier_version_left_in_a_students_folder_for_the_staff_goes_away(tmp_path: Path) -> None:
    prepare(tmp_path, WARMUP)
    write_student(tmp_path, grade("al"), RUN, WARMUP)
    old = tmp_path / "students/al/grade.json"
    old.write_text('{"homework": "hw4_warmup"}', encoding="utf-8")
    assert not current(tmp_path, "al")
    write_student(tmp_path, grade("al"), RUN, WARMUP)
    assert not old.exists()


def test_a_class_page_that_cannot_be_made_leaves_the_gradebook_and_no_older_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("ours")

    prepare(tmp_path, WARMUP)
    write_class(tmp_path, [], WARMUP)
    assert (tmp_path / "class.html").is_file()
    monkeypatch.setattr("grader.reports.writing.class_html", broken)
    write_class(tmp_path, [], WARMUP)
    assert not (tmp_path / "class.html").exists()
    assert (tmp_path / "gradebook.csv").is_file()
    assert "class.html could not be made" in caplog.text


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"made_from": 3}'])
def test_a_grade_that_somebody_has_changed_is_not_current(tmp_path: Path, text: str) -> None:
    prepare(tmp_path, WARMUP)
    write_student(tmp_path, grade("al"), RUN, WARMUP)
    (tmp_path / "staff/al/grade.json").write_text(text, encoding="utf-8")
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
    for folder in ("students", "staff"):
        left, written = (tmp_path / f"{folder}/al/report.html.{pid}.new" for pid in (ended.pid, os.getpid()))
        for file in (left, written):
            file.touch()
        prepare(tmp_path, WARMUP)
        assert (left.exists(), written.exists()) == (False, True)

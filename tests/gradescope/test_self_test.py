"""At the end of a build a model answer is graded, and what is wrong is said."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.errors import InfrastructureError
from grader.gradescope.building.course_files import course_files, write_files
from grader.gradescope.inside import self_test as module
from grader.gradescope.inside import within_time
from grader.gradescope.inside.model_answer import model_answer
from grader.gradescope.inside.self_test import main, self_test
from grader.gradescope.manifest import manifest_of
from grader.loading import load_course
from grader.zip_writing import Member
from tests.courses import write_course

Alter = Callable[[dict[str, Any]], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Shaped like /autograder."""
    course = load_course(write_course(tmp_path / "whole"))
    files, digest = course_files(course, course.homework("hw1"))
    write_files(tmp_path, [Member(f"autograder/source/course/{one.name}", one.content) for one in files])
    manifest = manifest_of(course.homework("hw1"), digest)
    (tmp_path / "autograder" / "source" / "autograder.json").write_bytes(manifest.as_json())
    return tmp_path / "autograder"


def right() -> dict[str, Any]:
    tests = [
        {
            "name": part, "number": f"1.{number}", "score": 1, "max_score": 1, "status": "passed",
            "extra_data": {"part": f"boxes.{part}", "outcome": "right"},
        }
        for number, part in enumerate(("area", "volume", "sizes", "trail"), start=1)
    ]  # fmt: skip
    return {"score": 4, "output": "", "tests": tests, "extra_data": {"fault": False, "isolation": "B"}}


def grading(monkeypatch: pytest.MonkeyPatch, alter: Alter = lambda _: None) -> list[Path]:
    """Puts results in the place of grading; where it was done."""
    seen: list[Path] = []

    def graded(trial: Path, _: float) -> str:
        seen.append(trial)
        assert {path.name for path in trial.iterdir()} == {
            "source",
            "submission",
            "results",
            "submission_metadata.json",
        }
        assert not [path for path in trial.rglob("*") if path.is_symlink()]
        assert (trial / "source").stat().st_mode & 0o777 == 0o700
        assert "area = 96" in (trial / "submission" / "model_answer.ipynb").read_text()
        results = right()
        if alter(results) != "nothing":
            (trial / "results" / "results.json").write_text(json.dumps(results))
        return "what it printed"

    monkeypatch.setattr(module, "_graded", graded)
    return seen


def test_a_container_that_grades_is_said_to(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = grading(monkeypatch)
    assert main(folder) == 0
    assert "hw1: 4 of 4 parts have a model answer, and full points for it." in capsys.readouterr().out
    assert not seen[0].exists()


def test_only_parts_that_are_not_right_are_wrong(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    grading(monkeypatch, lambda results: results["tests"][1].update(status="failed", score=0))
    assert main(folder) == 1
    said = capsys.readouterr().err
    assert "boxes.volume: the right answer has 0.0 of 1.0 points (right)" in said
    assert "boxes.area" not in said
    assert "  what it printed" in said


@pytest.mark.parametrize(
    ("alter", "words"),
    [
        (lambda _: "nothing", "left no results.json"),
        (lambda results: results.update(score="many"), "left a results.json that is none"),
        (lambda results: results["extra_data"].update(fault=True), "has failed where a model answer was handed in"),
        (lambda results: results["extra_data"].pop("fault"), "has failed where a model answer was handed in"),
        (lambda results: results["extra_data"].update(isolation="none"), "without isolation"),
        (lambda results: results["tests"].pop(), "boxes.trail: has no entry"),
    ],
)
def test_what_is_wrong_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch, alter: Alter, words: str) -> None:
    grading(monkeypatch, alter)
    with pytest.raises(InfrastructureError, match=words):
        self_test(folder)


def test_grading_that_takes_longer_than_the_timeout_is_said_to(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "command", lambda _: ["/bin/sleep", "10"])
    manifest = folder / "source" / "autograder.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"seconds": 0.1}))
    with pytest.raises(InfrastructureError, match=r"not graded within 0\.1 s"):
        self_test(folder)


LOST = "(setsid sleep 600 & echo $! > lost; cat lost >> $PIDS); trap 'kill $(cat lost); exit' TERM; "
"""What is no child any more, but ended where the program is asked to end, as the supervisor does."""
DEAF = "trap '' TERM; setsid sleep 600 & echo $! >> $PIDS; "


@pytest.mark.parametrize("script", [LOST, DEAF])
def test_nothing_of_grading_is_left_when_its_time_is_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    pids = folder.parent / "pids"
    monkeypatch.setenv("PIDS", str(pids))
    more = "sleep 600 & echo $! >> $PIDS; echo $$ >> $PIDS; while true; do wait; done"
    monkeypatch.setattr(module, "command", lambda _: ["/bin/bash", "-c", script + more])
    monkeypatch.setattr(within_time, "SECONDS_TO_END", 0.5)
    manifest = folder / "source" / "autograder.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"seconds": 1}))
    with pytest.raises(InfrastructureError, match=r"not graded within 1 s"):
        self_test(folder)
    started = pids.read_text().split()
    assert len(started) == 3
    assert not [pid for pid in started if is_running(pid)]


def is_running(pid: str) -> bool:
    """Whether it has not ended, even if nobody has taken leave of it yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_results_without_entries_are_wrong_even_if_nothing_could_be_answered(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grading(monkeypatch, lambda results: results.update(tests=[]))
    monkeypatch.setattr(module, "model_answer", lambda homework: replace(model_answer(homework), answered=()))
    with pytest.raises(InfrastructureError, match="the results have no entries"):
        self_test(folder)


def test_a_folder_without_an_archive_is_no_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(tmp_path) == 1
    assert "The self-test has failed." in capsys.readouterr().err

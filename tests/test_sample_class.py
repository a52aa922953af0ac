"""The sample classes, graded by the command that the README gives, are marked as submissions/<homework>/expected.toml says."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from grader import Answer, Verdict
from grader.notebooks import notebook_in
from grader.selfcheck.judging.judging import judge
from grader.store import open_store
from grader.taking import take_answers
from scripts.take_screenshots import SHOTS, take
from tests.pages import opened_browser
from tests.selfcheck.agreement import all_told, disagreements, homeworks

ROOT = Path(__file__).resolve().parent.parent
SUBMISSIONS = ROOT / "submissions"
CLASSES: dict[str, dict[str, Any]] = {
    file.parent.name: tomllib.loads(file.read_text(encoding="utf-8"))
    for file in sorted(SUBMISSIONS.glob("*/expected.toml"))
}
STUDENTS = [
    pytest.param(homework, student, id=f"{homework}-{student}")
    for homework, expected in CLASSES.items()
    for student in expected["students"]
]
RAN = {"graded", "needs review"}

pytestmark = [pytest.mark.kernel, pytest.mark.slow]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("class") / "reports"
    command = [sys.executable, "-m", "grader", "grade", "submissions/", "-o", str(out)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=250)
    assert run.returncode == 0, run.stderr
    assert "NOT ISOLATED" not in run.stderr
    return out


def _grade(reports: Path, homework: str, student: str) -> dict[str, Any]:
    file = reports / homework / "staff" / student / "grade.json"
    grade: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return grade


def test_every_submission_has_an_expectation_and_every_expectation_a_submission() -> None:
    handed_in = {folder.name for folder in SUBMISSIONS.iterdir() if folder.is_dir()}
    assert handed_in == set(CLASSES)
    for homework, expected in CLASSES.items():
        assert {path.stem for path in (SUBMISSIONS / homework).glob("*.ipynb")} == set(expected["students"])


@pytest.mark.parametrize(("homework", "student"), STUDENTS)
def test_each_part_of_each_student_has_the_expected_finding(reports: Path, homework: str, student: str) -> None:
    expected, by_a_person = CLASSES[homework]["students"][student], CLASSES[homework]["class"]["by_a_person"]
    findings = {part["part"]: part["finding"].partition(":")[2] for part in _grade(reports, homework, student)["parts"]}
    usual = dict.fromkeys(findings, expected["otherwise"])
    usual |= dict.fromkeys(by_a_person, expected["by_a_person"])
    assert findings == usual | expected.get("findings", {})


@pytest.mark.parametrize(("homework", "student"), STUDENTS)
def test_each_student_has_the_expected_points(reports: Path, homework: str, student: str) -> None:
    expected, grade = CLASSES[homework]["students"][student], _grade(reports, homework, student)
    assert (grade["points"], grade["pending_points"]) == (expected["total"], expected.get("pending", 0))
    assert grade["status"] == expected["status"]


@pytest.mark.parametrize("homework", CLASSES)
def test_the_gradebook_has_the_maximum_first_and_then_every_student(reports: Path, homework: str) -> None:
    table = pd.read_csv(reports / homework / "gradebook.csv")
    assert list(table["student"]) == ["maximum", *sorted(CLASSES[homework]["students"])]
    assert table["total"][0] == CLASSES[homework]["class"]["maximum"]


@pytest.mark.parametrize(("homework", "student"), STUDENTS)
def test_every_student_has_a_page_and_every_notebook_that_ran_is_kept(
    reports: Path, homework: str, student: str
) -> None:
    folder = reports / homework / "students" / student
    assert (folder / "report.html").is_file()
    assert (reports / homework / "staff" / student / "report.html").is_file()
    assert (folder / "executed.ipynb").is_file() == (CLASSES[homework]["students"][student]["status"] in RAN)


def _answers_and_verdicts(out: Path, homework: str, student: str) -> tuple[dict[str, Answer], tuple[Verdict, ...]]:
    """From the record of the run."""
    with open_store(out) as store:
        (latest,) = store.latest(homework, [student])
        digest = latest.submission.digest
        execution = store.executions({(ran := store.ran(homework)[digest]).id})[ran.id]
        notebook = notebook_in(store.contents({digest})[digest], latest.submission.path, pictures=True)
    return take_answers(execution, notebook, homeworks()[homework].asked), latest.grade.verdicts


@pytest.mark.parametrize(("homework", "student"), STUDENTS)
def test_the_sealed_check_and_the_grader_agree_on_each_part_of_each_student(
    reports: Path, homework: str, student: str
) -> None:
    if CLASSES[homework]["students"][student]["status"] not in RAN:
        return  # a notebook of another homework or a file that is none has no answers
    answers, verdicts = _answers_and_verdicts(reports / homework, homework, student)
    judged = judge(all_told(homework), answers)
    assert len(judged) == len(verdicts)
    assert not disagreements(homeworks()[homework], judged, verdicts)


@pytest.mark.browser
def test_the_pictures_of_the_docs_can_be_taken_from_these_pages(reports: Path, tmp_path: Path) -> None:
    with opened_browser() as browser:
        files = take(browser, reports, tmp_path)
    assert {file.stem for file in files} == {shot.name for shot in SHOTS}
    assert all(file.stat().st_size > 5_000 for file in files)

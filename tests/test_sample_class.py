"""The sample class, graded by the command that the README gives, is marked as submissions/expected.toml says."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parent.parent
EXPECTED: dict[str, Any] = tomllib.loads((ROOT / "submissions" / "expected.toml").read_text(encoding="utf-8"))

pytestmark = [pytest.mark.kernel, pytest.mark.slow, pytest.mark.xdist_group("sample class")]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("class") / "reports"
    command = [sys.executable, "-m", "grader", "grade", "submissions/", "-o", str(out)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=250)
    assert run.returncode == 0, run.stderr
    assert "NOT ISOLATED" in run.stderr
    return out


def _grade(reports: Path, student: str) -> dict[str, Any]:
    grade: dict[str, Any] = json.loads((reports / "students" / student / "grade.json").read_text(encoding="utf-8"))
    return grade


def test_every_submission_has_an_expectation_and_every_expectation_a_submission() -> None:
    assert {path.stem for path in (ROOT / "submissions").glob("*.ipynb")} == set(EXPECTED)


@pytest.mark.parametrize("student", EXPECTED)
def test_each_part_of_each_student_has_the_expected_finding(reports: Path, student: str) -> None:
    expected = EXPECTED[student]
    findings = {part["part"]: part["finding"].partition(":")[2] for part in _grade(reports, student)["parts"]}
    assert findings == dict.fromkeys(findings, expected["otherwise"]) | expected.get("findings", {})


@pytest.mark.parametrize("student", EXPECTED)
def test_each_student_has_the_expected_points(reports: Path, student: str) -> None:
    expected, grade = EXPECTED[student], _grade(reports, student)
    assert (grade["points"], grade["pending_points"]) == (expected["total"], expected.get("pending", 0))
    assert grade["status"] == expected["status"]


def test_the_gradebook_has_the_maximum_first_and_then_every_student(reports: Path) -> None:
    table = pd.read_csv(reports / "gradebook.csv")
    assert list(table["student"]) == ["maximum", *sorted(EXPECTED)]
    assert table["total"][0] == table.iloc[0, 1:-4].sum() == 46


def test_every_student_has_a_page_and_every_notebook_that_ran_is_kept(reports: Path) -> None:
    for student, expected in EXPECTED.items():
        folder = reports / "students" / student
        assert (folder / "report.html").is_file()
        assert (folder / "executed.ipynb").is_file() == (expected["status"] in {"graded", "needs review"})

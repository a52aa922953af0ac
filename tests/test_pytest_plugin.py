"""`pytest problems/` in a process of its own, as an author runs it."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.courses import HOMEWORKS, PROBLEM, SOLVER, replaced, write_course
from tests.marks import ROOT

EXACT = "from fractions import Fraction\n" + replaced(SOLVER, "side * area / 6", "Fraction(side * area, 6)")
FLAWED = (
    PROBLEM
    + '\n[parts.area.indistinguishable]\nlid_forgotten = "x"\n'
    + '\n[[tests]]\nabout = "the lid"\nanswers = { area = 80 }\npoints = { area = 2 }\n'
)


def pytest_in(folder: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and output of pytest with the plugin."""
    command = [sys.executable, "-m", "pytest", "-p", "grader.pytest_plugin", "-p", "no:cacheprovider", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=120
    )
    return done.returncode, done.stdout + done.stderr


def test_each_proof_of_each_part_is_an_item_that_can_be_run_alone(tmp_path: Path) -> None:
    write_course(tmp_path, solver=EXACT)
    code, out = pytest_in(tmp_path, "problems/boxes/problem.toml::volume", "-v")
    assert code == 0
    names = re.findall(r"^problems/boxes/problem.toml::(\S+) PASSED", out, re.MULTILINE)
    assert names == [f"volume::{name}" for name in ("reference", "edges", "mistakes", "rubbish")]


def test_a_proof_that_fails_is_one_item_with_words_and_no_traceback(tmp_path: Path) -> None:
    write_course(tmp_path, problem=FLAWED, solver=EXACT)
    code, out = pytest_in(tmp_path, "problems")
    assert code == 1
    assert "2 failed, 17 passed" in out
    assert "parts.area.indistinguishable.lid_forgotten: is told apart here, or leaves the part's value" in out
    assert "tests.0.points.area: the lid: points should be 2, but the answer 80 earns 0 of 2 points" in out
    assert "Traceback" not in out
    assert "def runtest" not in out


def test_a_problem_of_no_homework_is_skipped_and_a_problem_file_outside_a_course_left_alone(tmp_path: Path) -> None:
    write_course(tmp_path, solver=EXACT)
    for folder in ("problems/draft", "elsewhere", "elsewhere/problems/odd"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "problem.toml").write_text("this = is no", encoding="utf-8")
    code, out = pytest_in(tmp_path, "problems/draft", "elsewhere", "-rs")
    assert code == 0
    assert "1 skipped" in out
    assert "no homework in problems/homeworks.toml names this problem" in out


def test_a_course_that_cannot_be_loaded_is_an_error_in_words(tmp_path: Path) -> None:
    write_course(tmp_path, homeworks=HOMEWORKS, problem=replaced(PROBLEM, "lid = false", "lod = false"))
    code, out = pytest_in(tmp_path, "problems")
    assert code == 2
    assert "problem.toml: mistakes.lid_forgotten.assume.lod: 'lod' is unknown to the solver" in out
    assert "Traceback" not in out


def test_the_plugin_alone_imports_nothing_of_the_engine() -> None:
    script = "import sys, grader.pytest_plugin; print(*(m for m in sys.modules if m.startswith('grader')), 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert set(done.stdout.split()) == {"grader", "grader.version", "grader.pytest_plugin", "False"}

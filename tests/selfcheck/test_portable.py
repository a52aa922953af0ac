"""That a student's side runs where there is no POSIX, and with nothing of what only grading needs.

The grader's own code sees Windows; the libraries below it see this system, see `as_on_windows`.
"""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from grader.check_level import CheckLevel
from grader.loading import load_course
from grader.selfcheck.keys.sealed import Cost, write_sealed
from grader.selfcheck.making.sealing import seal

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "tests/selfcheck/as_on_windows.py"


def on_windows(folder: Path, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, str(PROGRAM), *map(str, arguments)]
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    homework = replace(load_course(ROOT).homework("hw5_networks"), self_check=CheckLevel.HINT)
    write_sealed(seal(homework, Cost(n=2, r=1)), tmp_path / "hw5_networks.seal.json")
    return tmp_path / "hw5_networks.seal.json"


@pytest.mark.kernel
def test_a_notebook_is_checked_where_there_is_no_posix(key: Path) -> None:
    notebook = ROOT / "submissions/hw5_networks/lena.ipynb"  # one cell never ends, so that it is interrupted
    ran = on_windows(key.parent, "check", notebook, "--timeout", "0.3", "--json", "--as-graded")
    assert ran.returncode == 1, ran.stderr
    checked = json.loads(ran.stdout)
    standings = {part["variable"]: part["standing"] for part in checked["parts"]}
    assert standings["two_convolutions"] == "did not run"
    assert standings["inception_reduced"] == "right"
    assert "only Linux" in checked["as_graded"]["note"]
    assert checked["as_graded"]["differing"] == []


@pytest.mark.parametrize("module", ["grader.kernels.choosing", "grader.reports.student_page"])
def test_what_only_grading_has_is_missed_there(module: str) -> None:
    code = f"import runpy; runpy.run_path({str(PROGRAM)!r})['pretend'](); import {module}"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "which is not here" in ran.stderr or "on this system" in ran.stderr


def without(module: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command where a package is not installed."""
    code = f"import sys; sys.modules[{module!r}] = None; sys.argv = ['grader', *{arguments!r}]; from grader.__main__ import main; main()"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_command_whose_packages_are_not_installed_names_the_extra_that_has_them(tmp_path: Path) -> None:
    for module, arguments in (
        ("typer", ("check", "hw.ipynb")),
        ("pandas", ("grade", "submissions", "-o", str(tmp_path))),
    ):
        ran = without(module, *arguments)
        assert ran.returncode == 2
        assert f"needs {module}, which is not installed" in ran.stderr
        assert "[check]" in ran.stderr
        assert "Traceback" not in ran.stderr

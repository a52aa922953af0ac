"""The two scripts of the archive, run as Gradescope runs them, in folders of their own."""

import json
import os
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path

import pytest

from grader.gradescope.building.archive import build
from grader.gradescope.results import Results
from grader.loading import load_course
from tests.courses import HOMEWORKS, write_course

FILES = Path(__file__).parents[2] / "grader" / "gradescope" / "building" / "files"
SCRIPTS = [FILES / "setup.sh", FILES / "run_autograder"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_sound_bash(script: Path) -> None:
    subprocess.run(["bash", "-n", script], check=True)
    assert script.read_text().startswith("#!/usr/bin/env bash\n")
    if (shellcheck := shutil.which("shellcheck")) is not None:
        subprocess.run([shellcheck, script], check=True)


def ran(folder: Path, python: str, on_fault: str = "message") -> tuple[subprocess.CompletedProcess[str], Path]:
    """run_autograder in a folder like /autograder, with a script in the place of the installed Python."""
    prefix = folder / "prefix" / "bin"
    prefix.mkdir(parents=True)
    (folder / "source").mkdir()
    (folder / "source" / "autograder.json").write_text(json.dumps({"format": 1, "on_fault": on_fault}))
    shutil.copy(FILES / "run_autograder", folder)
    if python:
        (prefix / "python").write_text(f"#!/bin/bash\n{python}\n")
        (prefix / "python").chmod(0o755)
    environment = {**os.environ, "DEEP_LEARNING_GRADER_PREFIX": str(folder / "prefix")}
    done = subprocess.run(
        [folder / "run_autograder"], cwd="/", env=environment, check=False, capture_output=True, text=True
    )
    return done, folder / "results" / "results.json"


def test_results_and_the_exit_code_are_passed_on(tmp_path: Path) -> None:
    done, results = ran(tmp_path, 'mkdir $5/results; echo "$@" > $5/results/results.json; exit 3'.replace("$5", "$4"))
    assert done.returncode == 3
    assert results.read_text() == f"-I -m grader.gradescope.inside.supervising {tmp_path}\n"


@pytest.mark.parametrize(
    ("python", "code", "words"),
    [
        ("exit 0", 1, "The grader has left no results (exit code 1)."),
        ("kill -9 $$", 137, "killed, most likely for lack of memory"),
        ("", 127, "the last build of the autograder has failed"),
    ],
)
def test_a_grader_that_leaves_nothing_costs_nobody_anything(python: str, code: int, words: str, tmp_path: Path) -> None:
    done, file = ran(tmp_path, python)
    results = Results.model_validate_json(file.read_bytes())
    assert done.returncode == code
    assert words in done.stdout
    assert results.extra_data == {"fault": True}
    assert "Not graded yet" in results.output
    assert not list((tmp_path / "results").glob("*.new"))


def test_the_platform_is_told_instead_where_the_homework_wants_it(tmp_path: Path) -> None:
    done, file = ran(tmp_path, "exit 0", on_fault="platform")
    assert done.returncode == 1
    assert not file.exists()


def test_a_build_without_a_python_that_fits_says_what_to_choose(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    for name in ("bash", "dirname"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or name)
    shutil.copy(FILES / "setup.sh", tmp_path)
    environment = {"PATH": str(tmp_path / "bin"), "DEEP_LEARNING_GRADER_PREFIX": str(tmp_path / "prefix")}
    done = subprocess.run(["bash", tmp_path / "setup.sh"], env=environment, check=False, capture_output=True, text=True)
    assert done.returncode != 0
    assert "THE AUTOGRADER WAS NOT BUILT" in done.stderr
    assert "What failed: finding a Python (3.14 3.13 3.12 3.11)" in done.stderr
    assert "Choose another base image in Configure Autograder: Ubuntu 24.04" in done.stderr


@pytest.mark.long
@pytest.mark.kernel
@pytest.mark.skipif(os.geteuid() != 0, reason="a container is built by root")
def test_the_container_is_built_from_the_archive_and_grades_a_model_answer(tmp_path: Path) -> None:
    source = tmp_path / "autograder" / "source"
    course = load_course(write_course(tmp_path / "course", homeworks=HOMEWORKS + 'preload = ["numpy"]\n'))
    with zipfile.ZipFile(build(course, course.homework("hw1"), tmp_path / "autograder.zip").path) as archive:
        archive.extractall(source)
    prefix = Path("/opt") / f"deep-learning-grader-test-{os.getpid()}"  # where every user may read it
    environment = {**os.environ, "DEEP_LEARNING_GRADER_PREFIX": str(prefix)}
    try:
        done = subprocess.run(
            ["bash", source / "setup.sh"], env=environment, check=False, capture_output=True, text=True
        )
        if "installing the pinned packages" in done.stderr:
            pytest.skip(f"no package index can be reached: {done.stdout[-500:]}")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "hw1: 4 of 4 parts have a model answer, and full points for it." in done.stdout
        assert stat.S_IMODE(source.stat().st_mode) == 0o700
        writable = [path for path in prefix.rglob("*") if not path.is_symlink() and path.stat().st_mode & 0o022]
        assert not writable
        assert prefix.stat().st_mode & 0o777 == 0o755
    finally:
        shutil.rmtree(prefix, ignore_errors=True)

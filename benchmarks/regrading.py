"""How long `grader regrade` takes for a large class after a tolerance has changed: everything is marked again and written.

The class is made up, but the record is a real one: each student has a notebook of their own of about 50 KB, and a run of it with
answers that are right, or under another convention, or a known mistake, or nothing that anybody foresaw. Then the course gets
another tolerance, and the command runs as a program of its own. What is timed is all of it, from its start to the gradebook.

Usage: python -m benchmarks.regrading [STUDENTS] [--store URL]
"""

import argparse
import csv
import hashlib
import json
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.marking import sheet_of
from grader import load_course
from grader.conditions import conditions
from grader.course import Homework
from grader.grades import Grades
from grader.kernels.limits import Limits
from grader.loading import course_hash
from grader.notebooks import notebook_in
from grader.records import Captured, Execution, Submission
from grader.release import release
from grader.store import Landed, batches, open_store

ROOT = Path(__file__).resolve().parent.parent
HOMEWORK = "hw5_networks"
MOST_SECONDS, OF_THEM_START = 60.0, 10.0
"""For 10,000 students on two cores, and what of it does not grow with the class."""


def main() -> None:
    """Makes the record, marks it again, prints what that took, and fails if it took too long."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.regrading", description="Marks a large class again.")
    parser.add_argument("students", nargs="?", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder, "course")
        for name in ("problems", "reference"):
            shutil.copytree(ROOT / name, course / name, ignore=shutil.ignore_patterns("__pycache__"))
        out = Path(folder, "out")
        out.mkdir()
        _make_record(course, out, options.students)
        print(f"{options.students} students, each with {_parts(course)} parts; record of {_mebibytes(out):.0f} MiB")
        print(f"all reports and the gradebook written anew: {_timed(course, out):.1f} s")
        _change(course, "momentum_paths", "atol = 0.005", "atol = 0.05")
        seconds = _timed(course, out)
        print(f"marked again after a tolerance has changed: {seconds:.1f} s, {_changed(out)} students changed")
        _change(course, "receptive_field", "points = 2", "points = 3")
        print(f"after a part has other points: {_timed(course, out):.1f} s, {_changed(out)} students changed")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"at most {peak:.0f} MiB of memory in a process")
    most = OF_THEM_START + (MOST_SECONDS - OF_THEM_START) * options.students / 10_000
    raise SystemExit(f"missed: regrading takes {seconds:.1f} s, more than {most:g}" if seconds > most else 0)


def _timed(course: Path, out: Path) -> float:
    started = perf_counter()
    command = [sys.executable, "-m", "grader", "regrade", str(out), "--course", str(course)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return perf_counter() - started


def _change(course: Path, problem: str, old: str, new: str) -> None:
    """Changes the first part of a problem that has a text in it."""
    file = course / "problems" / problem / "problem.toml"
    text = file.read_text(encoding="utf-8")
    if old not in text:
        raise ValueError(f"{file} has no {old!r} any more; change something else")
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def _changed(out: Path) -> int:
    """How many students the last regrade has changed."""
    newest = max(out.glob("changes-*.csv"), key=lambda file: file.stat().st_mtime_ns)
    with newest.open(encoding="utf-8", newline="") as file:
        return len({row["student"] for row in csv.DictReader(file)})


def _parts(course: Path) -> int:
    return len(list(load_course(course).homework(HOMEWORK).parts))


def _mebibytes(out: Path) -> float:
    return (out / "record.sqlite").stat().st_size / 1024**2


def _make_record(course_folder: Path, out: Path, students: int) -> None:
    course = load_course(course_folder)
    homework = course.homework(HOMEWORK)
    now = conditions(homework.asked, Limits(), homework.preload)
    grades = Grades(course, homework)
    with open_store(out) as store:
        run = store.begin("grade", HOMEWORK, course_hash(course_folder), "benchmark")
        for batch in batches(range(students), 200):
            landed = [_landed(homework, grades, number, now) for number in batch]
            store.land(run, landed, now)


def _landed(homework: Homework, grades: Grades, number: int, now: Any) -> Landed:
    released = json.loads(json.dumps(release(homework)))
    answers = sheet_of(homework.problems, number)
    places = {cell["id"]: index for index, cell in enumerate(released["cells"])}
    for variable, data in answers.items():
        cell = released["cells"][places[f"answer-{variable}"]]
        cell["source"] += f"\n{variable} = {json.dumps(data)[:200]!r}"
    content = json.dumps(released, indent=1).encode()
    student = f"student{number:05}"
    submission = Submission(
        student=student, path=Path(f"{student}.ipynb"), origin=f"{student}.ipynb",
        digest=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    captured = tuple(
        Captured(variable=variable, cell=places[f"answer-{variable}"], data=data) for variable, data in answers.items()
    )
    execution = Execution(notebook=released, captured=captured, isolation="A", seconds=0.1)
    grade = grades.of_run(submission, notebook_in(content, submission.path, pictures=True), execution, now)
    return Landed(submission, grade, content, execution)


if __name__ == "__main__":
    main()

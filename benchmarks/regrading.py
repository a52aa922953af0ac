"""How long `grader regrade` takes for a large class after a tolerance has changed: everything is marked again and written.

The class is made up, but the record is a real one: each student has a notebook of their own of about 50 KB, and a run of it with
answers that are right, or under another convention, or a known mistake, or nothing that anybody foresaw. Then the course gets
another tolerance, and the command runs as a program of its own. What is timed is all of it, from its start to the gradebook.

Usage: python -m benchmarks.regrading [STUDENTS] [--store URL]
"""

import argparse
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
MOST_SECONDS = 60.0
"""For 10,000 students on two cores."""


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
        first = _timed(course, out)
        print(f"reports of all {options.students} students and their gradebook written: {first:.1f} s")
        _change(course)
        seconds = _timed(course, out)
        size = (out / "record.sqlite").stat().st_size / 1024**2
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        changed = len({line.partition(",")[0] for line in (out / "changes.csv").read_text().splitlines()[1:]})
        print(f"{options.students} marked again after a change: {seconds:.1f} s, {changed} students changed")
        print(f"record of {size:.0f} MiB, at most {peak:.0f} MiB of memory")
    most = MOST_SECONDS * options.students / 10_000
    raise SystemExit(f"missed: regrading takes {seconds:.1f} s, more than {most:g}" if seconds > most else 0)


def _timed(course: Path, out: Path) -> float:
    started = perf_counter()
    command = [sys.executable, "-m", "grader", "regrade", str(out), "--course", str(course)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return perf_counter() - started


def _change(course: Path) -> None:
    """Wider tolerances of paths, and less for answers that mix conventions."""
    for file in course.glob("problems/*/problem.toml"):
        text = file.read_text(encoding="utf-8").replace("atol = 0.005", "atol = 0.05")
        file.write_text(text.replace("[given]", "mixed_credit = 0.25\n\n[given]", 1), encoding="utf-8")


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

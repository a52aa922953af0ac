"""A large class for measuring, with a real record: each student has a notebook of their own of about 50 KB, and a run of it.

Answers are right, or under another convention, or a known mistake, or nothing that anybody foresaw.
"""

import csv
import hashlib
import json
import shutil
import subprocess
import sys
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


def copied_course(folder: Path) -> Path:
    """A copy of this repository's course, which may be changed."""
    course = folder / "course"
    for name in ("problems", "reference"):
        shutil.copytree(ROOT / name, course / name, ignore=shutil.ignore_patterns("__pycache__"))
    return course


def seconds_to_regrade(course: Path, out: Path) -> float:
    """How long `grader regrade` takes as a program of its own, from its start to the gradebook."""
    started = perf_counter()
    command = [sys.executable, "-m", "grader", "regrade", str(out), "--course", str(course)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return perf_counter() - started


def change(course: Path, problem: str, old: str, new: str) -> None:
    """Changes the first part of a problem that has a text in it."""
    file = course / "problems" / problem / "problem.toml"
    text = file.read_text(encoding="utf-8")
    if old not in text:
        raise ValueError(f"{file} has no {old!r} any more; change something else")
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def students_changed(out: Path) -> int:
    """How many students the last regrade has changed."""
    newest = max(out.glob("changes-*.csv"), key=lambda file: file.stat().st_mtime_ns)
    with newest.open(encoding="utf-8", newline="") as file:
        return len({row["student"] for row in csv.DictReader(file)})


def parts_of(course: Path) -> int:
    """How many parts the homework has."""
    return len(list(load_course(course).homework(HOMEWORK).parts))


def mebibytes(out: Path) -> float:
    """Size of the record."""
    return (out / "record.sqlite").stat().st_size / 1024**2


def make_record(course_folder: Path, out: Path, students: int) -> None:
    """Records a class of so many students in an empty folder."""
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

"""Whoever kills the grader at any moment loses at most the notebooks that were running, and the same command goes on."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.classes import RIGHT, hand_in
from tests.courses import write_course
from tests.processes import processes_with
from tests.test_cli import written

ROOT = Path(__file__).parents[1]
STUDENTS = 20
SEED = 20261127

pytestmark = [pytest.mark.kernel, pytest.mark.slow, pytest.mark.timeout(400)]


def class_of(folder: Path, token: str) -> Path:
    """Notebooks that take a moment each; some answer wrongly, one has an error, and one is none."""
    folder.mkdir()
    for number in range(STUDENTS):
        answers = RIGHT if number % 3 else {**RIGHT, "area": number}
        sources = [f"# Answer: {name}\n{name} = {value!r}" for name, value in answers.items()]
        written(folder / f"s{number:02}.ipynb", f"import time; time.sleep(0.15); token = {token!r}", *sources)
    written(folder / "erring.ipynb", "1 / 0", "area = 96")
    hand_in(folder, odd=b"no notebook")
    return folder


def command(course: Path, class_: Path, out: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "grader", "grade", str(class_), "--course", str(course), "-o", str(out), "-j", "2"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )


def finished(course: Path, class_: Path, out: Path) -> bytes:
    """The gradebook after a run to the end."""
    run = command(course, class_, out)
    _, err = run.communicate(timeout=200)
    assert run.returncode == 0, err
    return (out / "gradebook.csv").read_bytes()


def reports(out: Path) -> dict[Path, bytes]:
    """All files of all students, and the staff's about them."""
    files = [file for folder in ("students", "staff") for file in (out / folder).rglob("*") if file.is_file()]
    return {file.relative_to(out): file.read_bytes() for file in files}


def moments(kills: int, seconds: float) -> Iterator[float]:
    """At which the grader is killed: from when it may have a first result until somewhat after its end."""
    chance = random.Random(SEED)  # noqa: S311 - the same moments every time
    return (chance.uniform(0.3 * seconds, 1.05 * seconds) for _ in range(kills))


def recorded(out: Path) -> int:
    """How many runs are in the record, which has to be sound at any moment."""
    if not (out / "record.sqlite").is_file():
        return 0
    with sqlite3.connect(out / "record.sqlite") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        with suppress(sqlite3.OperationalError):  # it was killed before it had made its tables
            return int(database.execute("SELECT count(*) FROM executions").fetchone()[0])
    return 0


@pytest.mark.parametrize("kills", [12, pytest.param(50, marks=pytest.mark.long)])
def test_a_grader_killed_many_times_ends_with_the_gradebook_of_an_undisturbed_run(kills: int, tmp_path: Path) -> None:
    token = os.urandom(8).hex()
    course, class_ = write_course(tmp_path / "course"), class_of(tmp_path / "class", token)
    began = monotonic()
    undisturbed = finished(course, class_, tmp_path / "undisturbed")
    seconds = monotonic() - began
    out, counts = tmp_path / "out", [0]
    for moment in moments(kills, seconds):
        run = command(course, class_, out)
        sleep(moment)
        run.send_signal(signal.SIGKILL)
        run.communicate(timeout=30)
        counts.append(recorded(out))
    assert counts == sorted(counts)  # what was recorded once stays
    assert len(set(counts)) > 2  # kills came in the middle
    assert finished(course, class_, out) == undisturbed
    assert recorded(out) == STUDENTS + 1  # each notebook once, however often the command began
    assert list(out.rglob("*.new")) == []
    assert reports(out) == reports(tmp_path / "undisturbed")
    waited = monotonic()
    while processes_with(token) and monotonic() - waited < 10:
        sleep(0.1)
    assert processes_with(token) == []

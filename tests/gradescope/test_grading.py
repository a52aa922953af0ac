"""Submissions graded in a folder shaped like Gradescope's, by the processes that run there and in contained kernels.

One course with two files for everything: a run takes two seconds, so facts about the same run share it.
"""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from grader.errors import InfrastructureError
from grader.gradescope.inside import one_submission
from grader.gradescope.inside.checking_results import check_results
from grader.gradescope.inside.one_submission import Order, graded
from grader.gradescope.results import COUNTED, FAULT
from grader.records import Grade, Outcome, Status, Verdict
from grader.sandbox.watching import descendants
from tests.classes import RIGHT
from tests.courses import HOMEWORKS, PROBLEM
from tests.gradescope.containers import CREATED, Container, code

pytestmark = pytest.mark.kernel
ROOT = Path(__file__).parents[2]
QUICK = f"{HOMEWORKS}\nlimits = {{ seconds_per_cell = 1, memory_bytes = 268435456 }}\ngradescope = {{ slower = 1, most_submissions = 1 }}\n"
ANSWERS = {name: f"{name} = {value!r}" for name, value in RIGHT.items()}
FULL = 5.0
PLATFORMS = {"TOKEN": "secret", "SUBMISSION_URL": "https://example.com"}
"""Variables as Gradescope's own programs have them."""
ATTACKS = """
import glob, os, time
forged = '{"score": 1000, "output": "", "extra_data": {}}'
seen = [name for name in ("TOKEN", "SUBMISSION_URL") if name in os.environ]
for path in CLOSED:
    try:
        seen.append(os.listdir(path) if os.path.isdir(path) else open(path).read())
    except OSError:
        pass
for path in glob.glob("/proc/[0-9]*/fd/*"):  # the results go through a pipe
    try:
        if os.readlink(path).startswith("pipe:") and f"/{os.getpid()}/" not in path:
            os.write(os.open(path, os.O_WRONLY | os.O_NONBLOCK), forged.encode())
            seen.append(path)
    except OSError:
        pass
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for _ in range(100):
            try:
                open(FILE, "w").write(forged)
            except OSError:
                pass
            time.sleep(0.1)
    os._exit(0)
"""
Make = Callable[..., Container]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    tmp_path.chmod(0o755)
    return lambda homeworks=QUICK: Container(tmp_path / "autograder", homeworks)


class Ran:
    """A container in which a submission was graded."""

    def __init__(self, container: Container, **environment: str) -> None:
        self.container, self.root = container, container.root
        (container.file).write_text("of the run before")
        self.code, self.printed = container.grade(**environment)
        self.results = container.results if container.file.exists() else {}
        self.extra = self.results.get("extra_data", {})
        self.scores = {entry["name"]: entry.get("score") for entry in self.results.get("tests", ())}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """All answers, and between them whatever students do by accident or on purpose."""
    root = tmp_path_factory.mktemp("hostile")
    root.parent.chmod(0o755)
    root.chmod(0o755)
    container = Container(root / "autograder", QUICK)
    closed = [str(container.root / name) for name in ("source", "results", "submission", "submission_metadata.json")]
    attacks = ATTACKS.replace("CLOSED", repr(closed)).replace("FILE", repr(str(container.file)))
    trail = f"trail = {RIGHT['trail']!r} if not seen else None"
    loop, hog = "while True: pass", "x = bytearray(10**10)"
    container.hand_in("hw.ipynb", code(ANSWERS["area"], loop, ANSWERS["volume"], hog, ANSWERS["sizes"], attacks, trail))
    (container.root / "results").chmod(0o777)
    return Ran(container, **PLATFORMS)


def test_endless_loops_and_hogs_cost_no_other_answer(hostile: Ran) -> None:
    assert (hostile.code, hostile.results["score"]) == (0, FULL)
    assert list(hostile.scores.values()) == [2.0, 1.0, 1.0, 1.0]
    assert "Cell 2" in hostile.results["output"]
    assert "Cell 4" in hostile.results["output"]


def test_what_is_in_the_container_is_closed_to_a_notebook(hostile: Ran) -> None:
    assert hostile.scores["Trail"] == 1.0
    modes = {path.name: path.stat().st_mode & 0o777 for path in hostile.root.iterdir()}
    assert modes == {"source": 0o700, "results": 0o700, "submission": 0o700, "submission_metadata.json": 0o600}


def test_a_process_that_is_left_behind_cannot_change_the_results(hostile: Ran) -> None:
    written = hostile.container.file.read_bytes()
    sleep(0.3)
    assert hostile.container.file.read_bytes() == written
    assert list(hostile.container.file.parent.iterdir()) == [hostile.container.file]


def test_the_staff_reads_what_stands_behind_each_mark(hostile: Ran) -> None:
    assert "notebook: hw.ipynb" in hostile.printed
    assert "boxes.area: 2 of 2, correct, area:correct" in hostile.printed
    assert "256 MiB of memory" in hostile.printed


def test_the_submission_is_counted_by_its_own_time(hostile: Ran) -> None:
    assert hostile.extra[COUNTED] == ["2026-11-01T12:00:00-07:00"]
    assert hostile.extra[FAULT] is False


def told(container: Container) -> tuple[dict[str, Any], str]:
    """The results and what is printed where no kernel is needed, by the grading process's own function."""
    printed: list[str] = []
    content = graded(Order(container.root, monotonic(), monotonic() + 60, printed.extend))
    assert check_results(content)
    results: dict[str, Any] = json.loads(content)
    return results, "\n".join(printed)


def test_a_second_submission_over_the_limit_is_told_the_first_ones_results(hostile: Ran, make: Make) -> None:
    second = make()
    before = {"submission_time": "2026-11-01T12:00:00-07:00", "score": 5.0, "results": hostile.results}
    second.about(created_at="2026-11-01T13:00:00-07:00", previous_submissions=[before])
    second.hand_in("hw.ipynb", code("pass"))
    results, printed = told(second)
    assert (results["score"], results["tests"]) == (FULL, hostile.results["tests"])
    assert "after 2026-11-02 12:00:00 (UTC-0700)" in results["output"]
    assert results["extra_data"][COUNTED] == hostile.extra[COUNTED]
    assert "over the limit until 2026-11-02 12:00:00-07:00" in printed


def test_no_notebook_is_no_fault_and_is_explained(make: Make) -> None:
    container = make()
    container.hand_in("hw<b>.pdf", b"%PDF")
    container.about(created_at=CREATED, assignment={"total_points": "1.0"})
    results, printed = told(container)
    assert (results["score"], results["extra_data"][FAULT], results["extra_data"][COUNTED]) == (0.0, False, [])
    assert "Nothing was graded" in results["output"]
    assert "hw&lt;b&gt;.pdf" in results["output"]
    assert "Download .ipynb" in results["output"]
    assert "the assignment has 1 in all, the autograder alone gives 5" in printed


def test_of_two_notebooks_one_is_graded_which_may_end_its_kernel_and_keeps_the_answers_before_and_after(
    make: Make,
) -> None:
    container = make()
    container.hand_in("a.ipynb", code("weights = 1"))
    container.hand_in("b.ipynb", code(ANSWERS["area"], "import os; os._exit(0)", ANSWERS["volume"]))
    ran = Ran(container)
    assert (ran.code, ran.results["score"]) == (0, 3.0)
    assert "<code>b.ipynb</code>: the only one that answers the homework of 2 notebooks" in ran.results["output"]
    assert "a.ipynb was not graded" in ran.results["output"]


def test_a_real_homework_comes_out_as_on_the_teachers_machine(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    course = tmp_path / "autograder" / "source" / "course"
    for folder in ("problems", "reference"):
        shutil.copytree(ROOT / folder, course / folder)
    container = Container(tmp_path / "autograder", name="hw5_cnn_sizes", course=True)
    container.hand_in("hw5.ipynb", (ROOT / "submissions" / "hw5_cnn_sizes" / "adaeze.ipynb").read_bytes())
    ran = Ran(container)
    assert (ran.code, ran.results["score"], len(ran.results["tests"])) == (0, 19.0, 15)


def waiting(container: Container) -> Container:
    """With a notebook that goes on for a while, which is seen to run by the limits that are printed."""
    homeworks = container.source / "course" / "problems" / "homeworks.toml"
    homeworks.write_text(f"{HOMEWORKS}\nlimits = {{ seconds_per_cell = 50 }}\n", encoding="utf-8")
    container.hand_in("hw.ipynb", code(ANSWERS["area"], "import time\nwhile True: time.sleep(1)"))
    counted = {"extra_data": {COUNTED: ["2026-10-31T12:00:00-07:00"]}}
    before = {"submission_time": "2026-10-31T12:00:00-07:00", "results": counted}
    container.about(created_at=CREATED, previous_submissions=[before])
    return container


def interrupted(
    container: Container, end: Callable[["subprocess.Popen[str]"], None], **environment: str
) -> tuple[int, str]:
    """The exit code and what was printed, where something ends grading while the notebook runs."""
    with container.start(**environment) as grader:
        assert grader.stdout
        said = iter(grader.stdout.readline, "")
        printed = "".join(up_to(said, "limits:"))
        end(grader)
        rest, _ = grader.communicate(timeout=30)
    return grader.returncode, printed + rest


def up_to(lines: Iterator[str], begin: str) -> Iterator[str]:
    for line in lines:
        yield line
        if line.startswith(begin):
            return
    raise AssertionError("the notebook was not run")


def child_of(grader: "subprocess.Popen[str]") -> int:
    children = Path(f"/proc/{grader.pid}/task/{grader.pid}/children").read_text(encoding="ascii").split()
    return int(children[0])


def check_is_fault(results: dict[str, Any], words: str) -> None:
    assert results["score"] == 0
    assert results["output"].startswith(f"<p><strong>Not graded yet</strong></p><p>{words}")
    assert "costs you nothing" in results["output"]
    assert results["extra_data"] | {"why": ""} == {
        FAULT: True,
        "grader": "0.1.0",
        "homework": "hw1",
        "why": "",
        COUNTED: ["2026-10-31T12:00:00-07:00"],
    }


def test_a_grader_that_is_killed_leaves_words_instead_of_a_bare_zero_and_no_process(make: Make) -> None:
    container, below = waiting(make()), list[int]()

    def kill(grader: "subprocess.Popen[str]") -> None:
        until = monotonic() + 10
        while len(below) < 4 and monotonic() < until:  # grading, fork server, first process, kernel
            below[:] = descendants(grader.pid)
        os.kill(child_of(grader), signal.SIGKILL)

    code, printed = interrupted(container, kill)
    assert code == 1
    check_is_fault(container.results, "The grader ran out of memory, or was ended.")
    assert "Choose a larger container" in printed
    assert "Rerun Autograder" in printed
    assert len(below) >= 4
    assert not [pid for pid in below if Path("/proc", str(pid)).exists()]


def test_a_request_to_end_leaves_words_at_once_and_the_process_that_grades_knew_none_of_the_platforms_variables(
    make: Make,
) -> None:
    container, found = waiting(make()), list[bytes]()
    started = monotonic()

    def look_and_end(grader: "subprocess.Popen[str]") -> None:
        child = Path(f"/proc/{child_of(grader)}")
        found.append((child / "environ").read_bytes())
        # Kernels could not enter the folders that are made for them.
        assert "\nUmask:\t0022\n" in (child / "status").read_text(encoding="utf-8")
        for _ in range(3):
            grader.send_signal(signal.SIGTERM)

    code, _ = interrupted(container, look_and_end, **PLATFORMS)
    assert code == 1
    check_is_fault(container.results, "Grading was stopped from outside.")
    assert monotonic() - started < 15
    names = {one.partition(b"=")[0] for one in found[0].split(b"\0")} - {b"", b"LD_LIBRARY_PATH"}
    assert names == {b"PATH", b"LANG", b"TZ", b"OMP_NUM_THREADS", b"OPENBLAS_NUM_THREADS", b"MKL_NUM_THREADS"}


def test_at_the_deadline_there_are_words(make: Make) -> None:
    container = waiting(make())
    ran = Ran(container, TIMEOUT_SECONDS="1")
    assert ran.code == 1
    check_is_fault(ran.results, "Grading was not done in time.")
    assert "larger container" in ran.printed


def test_a_notebook_that_takes_too_long_is_marked_before_the_deadline(make: Make) -> None:
    ran = Ran(waiting(make()), TIMEOUT_SECONDS="16")
    assert (ran.code, ran.results["score"]) == (0, 2.0)
    assert "Cell 2" in ran.results["output"]


def test_a_part_that_is_marked_wrongly_by_us_is_a_fault_of_which_the_staff_reads(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    container, told = make(), list[str]()
    container.hand_in("hw.ipynb", code(ANSWERS["area"]))
    fails = Verdict(
        problem="boxes",
        part="area",
        outcome=Outcome.PROBLEM_FAULT,
        points=None,
        max_points=Fraction(2),
        finding="area:x",
    )
    grade = Grade(student="al", homework="hw1", status=Status.FAULT, verdicts=(fails,))
    monkeypatch.setattr(one_submission, "_grade", lambda *_: grade)
    with pytest.raises(InfrastructureError, match="has to be mended first"):
        graded(Order(container.root, monotonic(), monotonic() + 60, told.extend))
    assert "pending: 2 of 2 points are missing from the score" in told
    assert "boxes.area: pending, of 2, problem-fault, area:x" in told


def test_a_course_that_cannot_be_loaded_is_a_fault(make: Make) -> None:
    container = waiting(make())
    (container.source / "course" / "problems" / "boxes" / "problem.toml").write_text(
        f"{PROBLEM}\nwrong", encoding="utf-8"
    )
    ran = Ran(container)
    assert ran.code == 1
    assert "boxes/problem.toml: is not valid TOML" in ran.printed
    assert "Traceback" not in ran.printed
    check_is_fault(ran.results, "The grader has failed.")


def test_an_archive_without_its_settings_leaves_words(make: Make) -> None:
    container = waiting(make())
    (container.source / "autograder.json").write_bytes(b"\xff")
    ran = Ran(container)
    assert (ran.code, ran.extra[FAULT], ran.extra["homework"]) == (1, True, "")
    assert "autograder.json cannot be read" in ran.printed

"""What --json and --quiet print, from the command line and with runs that start no kernel."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from grader import pipeline
from grader.records import Status
from grader.reports.places import CLASS_PAGE
from tests.classes import RIGHT, hand_in, notebook, watch_runs
from tests.commands import Command, in_this_process, on_course
from tests.courses import HOMEWORKS, PROBLEM, STATEMENT, replaced, write_course

FAULT, BAD_INPUT, INTERRUPTED = 1, 2, 130
PAGE = Path(__file__).parents[1] / "docs" / "json.md"

TEXT = """
[parts.why]
kind = "text"
points = 2
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    statement = STATEMENT + "\n## Why {#why}\n\nWhy is that so?\n"
    return write_course(tmp_path / "course", problem=PROBLEM + TEXT, statement=statement)


@pytest.fixture
def grader(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, course: Path
) -> Command:
    """The command in this process, for a small course; exit code, output, error output."""
    watch_runs(monkeypatch)
    monkeypatch.chdir(tmp_path)
    return on_course(in_this_process(monkeypatch, capsys), course)


@pytest.fixture
def class_(tmp_path: Path) -> Path:
    hand_in(
        tmp_path / "class",
        ada=notebook(**RIGHT),
        bo=notebook(**{**RIGHT, "area": 80}, why="since it is a box"),
    )
    (tmp_path / "class" / "cy.ipynb").write_text("no notebook", encoding="utf-8")
    return tmp_path / "class"


def tighten(course: Path) -> None:
    """Changes the course so that who has given 80 gets other points."""
    file = course / "problems" / "boxes" / "problem.toml"
    new = '[mistakes.lid_forgotten]\nassume = { lid = false }\ncredit = "1/2"'
    old = "[mistakes.lid_forgotten]\nassume = { lid = false }"
    file.write_text(replaced(file.read_text(encoding="utf-8"), old, new), encoding="utf-8")


def examples() -> list[Any]:
    return [json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)]


def test_the_page_shows_what_grade_and_regrade_print(grader: Command, class_: Path, course: Path) -> None:
    graded, regraded = examples()
    page_of_the_class(Path("reports"))
    assert json.loads(grader("grade", class_, "--json")[1]) == graded
    tighten(course)
    assert json.loads(grader("regrade", "reports", "--json")[1]) == regraded


def page_of_the_class(out: Path) -> Path:
    out.mkdir(exist_ok=True)
    (out / CLASS_PAGE).touch()
    return out / CLASS_PAGE


def test_the_page_names_every_field(grader: Command, class_: Path, course: Path) -> None:
    page = PAGE.read_text(encoding="utf-8").partition("## A self-check")[0]  # which has a form of its own
    grader("grade", class_)
    tighten(course)
    fields = set(_fields(json.loads(grader("regrade", "reports", "--json")[1]))) - {*Status}
    told = {name for row in re.findall(r"^\| (`[^|]+) \|", page, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
    assert fields == told


def _fields(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(field for one in value.values() for field in _fields(one))]
    return [field for one in value for field in _fields(one)] if isinstance(value, list) else []


def test_files_that_are_named_are_there(grader: Command, class_: Path) -> None:
    page_of_the_class(Path("out"))
    (of_class,) = json.loads(grader("grade", class_, "-o", "out", "--json")[1])["classes"]
    out = Path(of_class["out"])
    assert (out / of_class["gradebook"]).is_file()
    assert (out / of_class["class_page"]).is_file()
    assert all((out / one["report"]).is_file() for one in of_class["students"])


def test_a_report_that_could_not_be_written_is_not_named(grader: Command, class_: Path) -> None:
    Path("reports/students").mkdir(parents=True)
    Path("reports/students/ada").touch()
    status, out, _ = grader("grade", class_, "--json")
    (of_class,) = json.loads(out)["classes"]
    assert status == FAULT
    assert [one["report"] is None for one in of_class["students"]] == [True, False, False]


def test_several_classes_are_one_document(grader: Command, tmp_path: Path, course: Path) -> None:
    file = course / "problems" / "homeworks.toml"
    file.write_text(HOMEWORKS + HOMEWORKS.replace("hw1", "hw2"), encoding="utf-8")
    for name in ("hw1", "hw2"):
        hand_in(tmp_path / "all" / name, al=notebook(**RIGHT))
    status, out, err = grader("grade", tmp_path / "all", "--json")
    assert (status, "[1/1] al" in err) == (0, True)
    assert [(one["homework"], one["out"]) for one in json.loads(out)["classes"]] == [
        ("hw1", "reports/hw1"),
        ("hw2", "reports/hw2"),
    ]
    assert len(json.loads(grader("regrade", "reports", "--json")[1])["classes"]) == 2


def test_quiet_prints_nothing_but_warnings(grader: Command, class_: Path) -> None:
    (class_ / "data.csv").touch()
    status, out, err = grader("grade", class_, "--quiet")
    assert (status, out) == (0, "")
    unsafe, not_a_notebook, left_out, name = err.splitlines()
    assert unsafe.startswith("warning: kernels are NOT ISOLATED")
    assert not_a_notebook.startswith("warning: cy: cy.ipynb is not JSON")
    assert (left_out, name.partition(":")[0].strip()) == ("warning: left out (1):", str(class_ / "data.csv"))
    assert grader("regrade", "reports", "-q") == (0, "", "")


def test_quiet_does_not_silence_json(grader: Command, class_: Path) -> None:
    _, out, err = grader("grade", class_, "--json", "-q")
    assert len(json.loads(out)["classes"][0]["students"]) == 3
    assert all(line.startswith("warning: ") for line in err.splitlines())


def test_a_fault_keeps_its_exit_code_and_its_document(
    grader: Command, class_: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(pipeline, "execute", fails)
    status, out, _ = grader("grade", class_, "--json")
    assert status == FAULT
    (of_class,) = json.loads(out)["classes"]
    assert of_class["counts"]["fault of the grader"] == 2
    assert of_class["students"][0]["total"] is of_class["students"][0]["seconds"] is None
    assert grader("grade", class_, "--quiet")[:2] == (FAULT, "")


def test_bad_input_prints_no_document(grader: Command, class_: Path) -> None:
    grader("grade", class_)
    for arguments in (["grade", "nowhere"], ["grade", class_, "--only", "zoe"], ["regrade", "nowhere"]):
        status, out, err = grader(*arguments, "--json")
        assert (status, out) == (BAD_INPUT, "")
        assert "error: " in err


def test_an_interrupt_prints_no_document(grader: Command, class_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("grader.class_grading.standing", interrupted)
    status, out, err = grader("grade", class_, "--json")
    assert (status, out) == (INTERRUPTED, "")
    assert "interrupted; the results of 0 of 3 students are recorded" in err


def test_the_document_is_plain_ascii_whatever_students_are_called(grader: Command, tmp_path: Path) -> None:
    hand_in(tmp_path / "class", **{"李\x1b[2J\x9b[red]": notebook(**RIGHT)})
    _, out, _ = grader("grade", tmp_path / "class", "--json")
    assert out.isascii()
    assert "\x1b" not in out
    assert "李" in json.loads(out)["classes"][0]["students"][0]["student"]


def test_a_dry_run_says_so_and_names_no_file(grader: Command, class_: Path, course: Path) -> None:
    grader("grade", class_)
    tighten(course)
    document = json.loads(grader("regrade", "reports", "--dry-run", "--json")[1])
    assert document["dry_run"] is True
    (of_class,) = document["classes"]
    assert (of_class["changes_file"], [one["student"] for one in of_class["changes"]]) == (None, ["bo"])

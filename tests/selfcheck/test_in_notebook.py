"""`check` and `%grader`, as students type them: in Python, in a real kernel, and in a notebook that is graded."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

import grader
from grader import check, offered
from grader.kernels import inside_stubs
from grader.loading import load_course
from grader.selfcheck.keys import sealed
from grader.selfcheck.keys.key_file import PATTERN
from grader.selfcheck.keys.sealed import Cost, write_sealed
from grader.selfcheck.making.sealing import seal
from grader.selfcheck.notebook import live
from grader.selfcheck.notebook.in_notebook import Check, Told
from tests.commands import in_this_process
from tests.courses import HOMEWORKS, PROBLEM, replaced, write_course
from tests.kernels.contained import offered_tier

AROUND = ["!pip install -q deep_learning_grader-0.1.0-py3-none-any.whl", "%load_ext grader", "from grader import check"]
AFTER = ["check()", "%grader", "%grader area", 'check("area", "volume")', 'check.use("hw1.seal.json")']
ANSWERS = {"area": 96, "volume": 64.0, "sizes": {"width": 4, "height": 9}, "trail": ...}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, which is empty."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def course(tmp_path: Path) -> Path:
    listing = f'{HOMEWORKS}self_check = "verdict"\n'
    return write_course(tmp_path / "course", homeworks=listing, problem=replaced(PROBLEM, "points = 2", "points = 3"))


def put_keys(course: Path, file: Path) -> None:
    write_sealed(seal(load_course(course).homework("hw1"), Cost(n=2, r=1)), file)


def test_without_keys_one_line_says_so_with_the_remedy(here: Path) -> None:
    assert list(here.iterdir()) == []
    told = str(check())
    assert "Nothing is checked: there are no sealed keys here" in told
    assert "check.use" in told
    assert "\n" not in told


def loaded_by(here: Path, code: str) -> tuple[str, set[str]]:
    """What code prints in a Python of its own, and the packages that it loads beside Python's."""
    code = (
        f"import sys; before = set(sys.modules)\n{code}\n"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names)"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(grader.__file__).parents[1])}
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=here, env=environment, capture_output=True, text=True, check=True
    )
    *printed, names = ran.stdout.splitlines()
    return "\n".join(printed), set(names.split())


def test_without_keys_nothing_but_the_standard_library_is_loaded(here: Path) -> None:
    code = "from grader import check; check(); check.use('none.seal.json'); repr(check)"
    assert loaded_by(here, code) == ("", {"grader"})


CORE = {"annotated_types", "cffi", "cryptography", "grader", "numpy", "pydantic", "pydantic_core", "typing_extensions", "typing_inspection"}  # fmt: skip
"""What the wheel depends on without extras, and what that depends on."""


def test_with_keys_nothing_but_what_the_wheel_depends_on_is_loaded(here: Path, course: Path) -> None:
    put_keys(course, here / "hw1.seal.json")
    printed, names = loaded_by(here, "from grader import check; area = 96; print(check())")
    assert "96" in printed
    assert {name for name in names if not name.startswith("_")} <= CORE


def test_files_of_keys_are_found_under_the_names_they_are_written_and_fetched_with() -> None:
    assert all(Path(name).match(PATTERN) for name in (f"hw1{sealed.SUFFIX}", "hw1.seal (1).json"))


def test_outside_of_ipython_the_variables_of_the_caller_are_looked_at(here: Path, course: Path) -> None:
    put_keys(course, here / "hw1.seal.json")
    told = eval('check("area", "volume")', {"check": check, "area": 96, "volume": 1.0})  # noqa: S307 - a caller with globals of its own
    assert {one.variable: one.standing.value for one in told.judgements} == {"area": "right", "volume": "not right"}
    assert "2 answers: 1 right, 1 not right." in str(told)
    assert told._repr_html_().startswith("<div")


def test_a_file_of_keys_can_be_named(here: Path, course: Path) -> None:
    put_keys(course, here.parent / "elsewhere.json")
    own = Check()
    assert str(own.use("../elsewhere.json")) == "elsewhere.json is used: One homework, 4 answers."
    os.chdir(course / "problems")  # it stays the same file
    assert len(own().judgements) == 4


@pytest.mark.parametrize("name", ["none.seal.json", "~nobody/x", "x\0", "x" * 5000, "", 7, None])
def test_a_file_that_is_not_there_is_told_with_those_that_are(here: Path, name: Any) -> None:
    (here / "hw1.seal.json").write_text("{}", encoding="utf-8")
    told = str(Check().use(name))
    assert ("hw1.seal.json" if isinstance(name, str) else "in quotes") in told


def test_a_damaged_file_is_told_with_the_remedy(here: Path) -> None:
    (here / "hw1.seal.json").write_text('{"format": "homework-seal.v1"', encoding="utf-8")
    assert "fetch it again" in str(check())
    assert "fetch it again" in check("area")._repr_html_()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ImportError("No module named 'cryptography'"), "install the grader's wheel again"),
        (ZeroDivisionError("<b>"), "no fault of yours"),
        (KeyboardInterrupt(), "stopped"),
    ],
)
def test_whatever_goes_wrong_is_told_without_a_traceback(
    here: Path, course: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, words: str
) -> None:
    put_keys(course, here / "hw1.seal.json")

    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(live, "judged", fails)
    told = check("area")
    assert words in str(told)
    assert "<b>" not in told._repr_html_()


def test_options_that_check_does_not_have_are_told() -> None:
    assert "names in quotes and nothing else" in str(check(only="area"))


def test_what_a_check_returns_in_grading_has_the_face_of_what_it_returns_elsewhere() -> None:
    stub = inside_stubs._STUBS["grader"]["check"]
    for told in (stub(), stub("area", "volume"), stub.use("hw1.seal.json")):
        assert told
        assert {name for name in vars(Told("x")) if not hasattr(told, name)} == set()
        assert told.judgements == ()
        assert "nothing is checked here" in repr(told)
        assert "nothing is checked here" in told._repr_html_()


def test_check_without_brackets_says_how_to_use_it() -> None:
    assert "check()" in repr(check)
    assert "check.use" in repr(check)


def test_the_package_knows_what_it_offers_without_loading_it() -> None:
    source = Path(grader.__file__).read_text(encoding="utf-8")
    assert all(f'"{name}"' in source for name in offered.__all__)
    assert all(hasattr(grader, name) for name in offered.__all__)


def test_what_the_package_does_not_have_is_asked_for_without_loading_the_engine() -> None:
    code = "import sys, grader; print(hasattr(grader, '_ipython_display_'), 'grader.offered' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "False"]


@pytest.fixture
def run_cell(here: Path, course: Path) -> Iterator[Callable[[str], dict[str, Any]]]:
    """Runs cells in one kernel of a folder with keys; gives what each shows, by type, and its errors as "error"."""
    put_keys(course, here / "hw1.seal.json")
    environment = os.environ | {"PYTHONPATH": str(Path(grader.__file__).parents[1])}
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(here), env=environment)

    def run(code: str) -> dict[str, Any]:
        shown: dict[str, Any] = {}

        def take(message: dict[str, Any]) -> None:
            content = message["content"]
            if message["msg_type"] == "error":
                shown["error"] = content["ename"]
            shown.update(content.get("data", {}))

        client.execute_interactive(code, output_hook=take, timeout=60)
        return shown

    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.mark.kernel
def test_in_a_kernel_answers_are_checked_by_function_and_by_magic(run_cell: Callable[[str], dict[str, Any]]) -> None:
    run_cell("area = 96; volume = 1.0; from grader import check")
    for one in ("%grader area", "%load_ext grader\n%grader 'area'", 'check("area")'):
        shown = run_cell(one)
        assert "area (Area): right" in shown["text/plain"]
        assert "<table>" in shown["text/html"]
    assert "4 answers: 1 right, 1 not right, 2 blank." in run_cell("%grader")["text/plain"]
    assert "run its cell" in run_cell("def f():\n    return check('sizes')\nf()")["text/plain"]
    assert "Did you mean area?" in run_cell("%grader aera")["text/plain"]
    assert "in quotes" in run_cell("check(area)")["text/plain"]
    assert "error" not in run_cell("check")


def cell(kind: str, source: str) -> dict[str, Any]:
    """As nbformat 4.0 has it, without an id."""
    extra: dict[str, Any] = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": source} | extra


def written(path: Path, *, checked: bool) -> None:
    """A notebook of the same answers, with cells of the self-check in all places or without."""
    sources = [
        f"# Answer: {name}\n{name} = {'...' if value is ... else repr(value)}" for name, value in ANSWERS.items()
    ]
    if checked:
        sources = AROUND + [one for source in sources for one in (source, *AFTER)]
    cells = [cell("code", source) for source in sources]
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 0, "metadata": {}, "cells": cells}), encoding="utf-8")


@pytest.mark.kernel
def test_a_notebook_with_such_cells_gets_the_grade_that_it_gets_without(
    tmp_path: Path, course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    offered_tier()
    handed_in = tmp_path / "class"
    handed_in.mkdir()
    written(handed_in / "with.ipynb", checked=True)
    written(handed_in / "without.ipynb", checked=False)
    code, _, _ = in_this_process(monkeypatch, capsys)("grade", handed_in, "-o", tmp_path / "out", "--course", course)
    assert code == 0
    with (tmp_path / "out" / "gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row.pop("student"): row for row in csv.DictReader(file)}
    assert rows["with"] == rows["without"]
    assert float(rows["with"]["total"]) == 4.5
    grade = json.loads((tmp_path / "out" / "staff" / "with" / "grade.json").read_text(encoding="utf-8"))
    assert grade["failures"] == []

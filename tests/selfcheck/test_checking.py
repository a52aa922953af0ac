import hashlib
import io
import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from nbformat import v4
from rich.cells import cell_len
from rich.console import Console, RenderableType

from grader.check_level import CheckLevel
from grader.conditions import conditions
from grader.errors import InfrastructureError, InputError
from grader.grades import Grades
from grader.kernel_choice import Isolation, kernels_for
from grader.kernels import NOT_CONTAINED
from grader.loading import load_course
from grader.notebooks import Cell, Notebook, read_notebook
from grader.pipeline import Run, read_all
from grader.records import FailureKind, Submission
from grader.selfcheck.judging.judged import CheckedItem, Judgement, Standing
from grader.selfcheck.keys.key_choice import chosen_key
from grader.selfcheck.keys.sealed import Cost, SealedHomework, write_sealed
from grader.selfcheck.making.sealing import seal
from grader.selfcheck.saved import checking
from grader.selfcheck.saved.checking import Checked, Compared
from grader.selfcheck.saved.listing import listing, summary
from grader.selfcheck.saved.out_of_order import FailedCell
from tests.commands import Command, in_this_process
from tests.kernels.contained import offered_tier

ROOT = Path(__file__).parents[2]
SIZES, DESIGN = "hw5_cnn_sizes", "hw6_design"
HOSTILE = "[red]x[/red]\x1b[2J"


load = cache(load_course)


@cache
def sealed(name: str, level: CheckLevel = CheckLevel.FORM) -> SealedHomework:
    return seal(replace(load(ROOT).homework(name), self_check=level), Cost(n=2, r=1))


def put_key(folder: Path, name: str = SIZES, level: CheckLevel = CheckLevel.FORM, file: str = "") -> Path:
    write_sealed(sealed(name, level), folder / (file or f"{name}.seal.json"))
    return folder / (file or f"{name}.seal.json")


def put_notebook(folder: Path, *sources: str, counts: Sequence[int] = ()) -> Path:
    """A notebook as Colab saves it, in which each cell has run without an error if there are counts."""
    cells = [v4.new_code_cell(source) for source in sources]  # type: ignore[no-untyped-call]
    for cell, count in zip(cells, counts, strict=False):
        cell["execution_count"] = count
    for cell in cells:
        del cell["id"]
    notebook = {"nbformat": 4, "nbformat_minor": 0, "metadata": {"colab": {"provenance": []}}, "cells": cells}
    (folder / "me.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return folder / "me.ipynb"


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    monkeypatch.chdir(tmp_path)
    return in_this_process(monkeypatch, capsys)


def by_variable(checked: dict[str, Any]) -> dict[str, Any]:
    return {part["variable"]: part for part in checked["parts"]}


@pytest.mark.kernel
def test_a_notebook_is_checked_part_by_part_and_its_failing_cells_are_named(command: Command, tmp_path: Path) -> None:
    put_key(tmp_path, level=CheckLevel.VERDICT)
    sources = (
        "linear_parameters = n * 1000",
        "n = 12289",
        "convolution_parameters = 1",
        f"raise ValueError({HOSTILE!r})",
    )
    notebook = put_notebook(tmp_path, *sources, "convolution_outputs = (16, 60, 60)", counts=(4, 2, 3))
    code, out, err = command("check", notebook)
    assert code == 1
    shown = " ".join(out.split())
    for words in (
        "Homework 5: sizes of convolutional networks: me.ipynb",
        "linear_parameters ! did not run cell 1 stopped with NameError: name 'n' is not defined",
        "convolution_parameters ✗ not right 1 convolution_outputs ✓ right 16 × 60 × 60",
        (
            "cell 1 NameError: name 'n' is not defined It had worked when the notebook was saved. "
            "n is set in cell 2, which stands below: move it up. cell 4 ValueError: [red]x[/red]"
        ),
        "When it was saved, cell 1 had run after cell 2, which stands below it.",
        "2 of 15 answers can be read; 1 of the 2 that are judged is right; 12 are blank, 1 did not run",
    ):
        assert words in shown
    assert "\x1b" not in out
    assert max(map(cell_len, out.splitlines())) <= 80
    assert "hw5_cnn_sizes.seal.json" in err


@pytest.mark.kernel
def test_the_document_has_all_and_nothing_else_is_printed(command: Command, tmp_path: Path) -> None:
    key = put_key(tmp_path, DESIGN, file="other.seal.json")
    notebook = put_notebook(tmp_path, "read_momentum = True", "1 / 0", counts=(1, 2))
    code, out, err = command("check", notebook, "--key", key, "--json", "--quiet")
    checked = json.loads(out)
    assert (code, err) == (1, "")
    assert [checked[name] for name in ("command", "form", "homework", "notebook", "isolation")] == [
        "check", 1, DESIGN, "me.ipynb", "none",
    ]  # fmt: skip
    assert [part["variable"] for part in checked["parts"]] == list(sealed(DESIGN).asked)
    assert by_variable(checked)["read_momentum"]["standing"] == Standing.READABLE
    (failed,) = checked["failed"]
    assert (failed["cell"], failed["name"], failed["worked_before"]) == (1, "ZeroDivisionError", True)
    assert checked["as_graded"] is None


@pytest.mark.kernel
def test_a_notebook_in_which_every_answer_can_be_read_passes_and_the_time_of_a_cell_can_be_set(
    command: Command, tmp_path: Path
) -> None:
    key = put_key(tmp_path)
    notebook = shutil.copy(ROOT / f"submissions/{SIZES}/adaeze.ipynb", tmp_path)
    assert command("check", notebook, "--key", key, "--quiet")[:2] == (0, "")
    endless = put_notebook(tmp_path, "linear_parameters = 1\nwhile True: pass")
    assert "ran longer than 0.2 s" in command("check", endless, "--timeout", "0.2")[1]


@pytest.mark.kernel
def test_the_readings_as_graded_are_those_that_grading_records(command: Command, tmp_path: Path) -> None:
    offered_tier()
    notebook = ROOT / f"submissions/{SIZES}/quinn.ipynb"  # odd answers, some of which cannot be read
    course, homework = load(ROOT), replace(load(ROOT).homework(SIZES), preload=())  # torch, which takes two seconds
    digest = hashlib.sha256(notebook.read_bytes()).hexdigest()
    (handed,) = read_all([Submission(student="quinn", path=notebook, digest=digest)], course)
    with kernels_for(course, homework, homework.limits, Isolation(), [notebook]) as kernels:
        run = Run(Grades(course, homework), kernels, conditions(homework.asked, homework.limits, homework.preload))
        grade = run.grade(handed).grade
    put_key(tmp_path, level=CheckLevel.VERDICT)
    _, out, _ = command("check", notebook, "--as-graded", "--json")
    second = json.loads(out)["as_graded"]
    assert second["isolation"] == grade.isolation != NOT_CONTAINED
    assert (second["note"], second["differing"]) == ("", [])
    readings = {part["part"]: part["read_as"] for part in second["parts"]}
    assert readings == {verdict.part: verdict.read_as for verdict in grade.verdicts}
    assert sum(map(bool, readings.values())) > 4


@pytest.mark.kernel
def test_answers_that_are_read_otherwise_as_graded_are_named(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_holds(_: object) -> None:
        raise InfrastructureError("no namespaces")

    monkeypatch.setattr("grader.selfcheck.saved.as_graded.contained_kernels", none_holds)
    put_key(tmp_path)
    notebook = put_notebook(tmp_path, "import os\nlinear_parameters = os.getpid()", "convolution_parameters = 1200")
    code, out, _ = command("check", notebook, "--as-graded")
    shown = " ".join(out.split())
    assert code == 1
    assert "here:" in shown
    assert "as graded:" in shown
    assert "here: 1 200" not in shown  # which is the same in both
    assert "The runs differ in linear_parameters; the second ran in another fresh kernel" in shown
    assert "(nothing on this machine contains student code (no namespaces))" in shown


@pytest.fixture
def no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_starts(*_: object) -> None:
        raise InfrastructureError("no kernel could be started")

    monkeypatch.setattr(checking, "execute", none_starts)


@pytest.mark.usefixtures("no_kernel")
def test_a_fault_of_ours_is_told_as_ours(command: Command, tmp_path: Path) -> None:
    put_key(tmp_path)
    code, _, err = command("check", put_notebook(tmp_path, "linear_parameters = 1"), "--quiet")
    assert code == 1
    assert "the check itself failed, which is no fault of your notebook: no kernel could be started" in err


def test_without_keys_or_a_notebook_nothing_is_checked(command: Command, tmp_path: Path) -> None:
    code, _, err = command("check", put_notebook(tmp_path, "x = 1"))
    assert code == 2
    assert "no sealed keys" in err
    assert "--key" in err
    assert command("check", tmp_path / "none.ipynb")[0] == 2
    (tmp_path / "bad.seal.json").write_text("{}", encoding="utf-8")
    assert "bad.seal.json is no file of sealed keys" in command("check", tmp_path / "me.ipynb")[2]
    put_key(tmp_path)
    assert command("check", tmp_path / "me.ipynb", "--timeout", "nan")[0] == 2


@pytest.mark.usefixtures("no_kernel")
def test_keys_of_another_homework_are_refused(command: Command, tmp_path: Path) -> None:
    key = put_key(tmp_path)
    words = "speaks of none of the answers of hw5_cnn_sizes"
    code, _, err = command("check", put_notebook(tmp_path, "x = 1"), "--key", key, "--quiet")
    assert (code, words in err) == (2, True)
    assert words not in command("check", put_notebook(tmp_path, "linear_parameters = 1"), "--key", key, "--quiet")[2]


def chosen(folder: Path, *sources: str, homework: str | None = None, named: Path | None = None) -> str:
    notebook = Notebook(tuple(Cell("code", source) for source in sources), homework)
    return chosen_key(folder / "me.ipynb", notebook, named).path.name


def test_of_several_keys_those_are_taken_that_the_notebook_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, beside = tmp_path / "here", tmp_path / "beside"
    here.mkdir()
    beside.mkdir()
    monkeypatch.chdir(here)
    put_key(here, DESIGN)
    assert chosen(beside, "x = 1") == "hw6_design.seal.json"
    put_key(beside, SIZES, file="sizes.seal (1).json")
    (beside / "broken.seal.json").write_text("{", encoding="utf-8")
    assert chosen(beside, "x = 1", homework=DESIGN) == "hw6_design.seal.json"
    assert chosen(beside, "x = 1", homework=SIZES) == "sizes.seal (1).json"
    assert chosen(beside, "linear_parameters = 1") == "sizes.seal (1).json"
    assert chosen(beside, "linear_parameters = 1", named=here / "hw6_design.seal.json") == "hw6_design.seal.json"
    with pytest.raises(InputError, match=r"broken\.seal\.json"):
        chosen(beside, "x = 1", named=beside / "broken.seal.json")


def test_a_notebook_of_the_sample_class_says_whose_it_is(tmp_path: Path) -> None:
    for name in (DESIGN, SIZES):
        put_key(tmp_path, name)
    for name in (DESIGN, SIZES):
        notebook = read_notebook(ROOT / f"submissions/{name}/farah.ipynb")
        assert chosen_key(tmp_path / "x.ipynb", notebook, None).sealed.homework == name


def parts(*standings: Standing, **fields: Any) -> tuple[Judgement, ...]:
    return tuple(Judgement(problem="p", part="p", variable="p", title="", standing=one, **fields) for one in standings)


def checked(*standings: Standing, differing: tuple[str, ...] | None = None, text: str = "x") -> Checked:
    items = (CheckedItem(name=text, read_as=text, right=False), CheckedItem(name="b", read_as="right one", right=True))
    several = parts(*standings, read_as=text, message=text, hint=text, convention=text, items=items)
    failure = FailedCell(cell=0, kind=FailureKind.ERROR, name=text, message=text, worked_before=True, explanation=text)
    gone = failure.model_copy(update={"cell": 1, "kind": FailureKind.NOT_REACHED})
    second = Compared(isolation="A", note="", parts=several, failed=(gone,), differing=differing or ())
    return Checked(
        homework="hw", title="Title", notebook=f"{text}.ipynb", isolation="none", seconds=1, parts=several,
        failed=(failure, gone), remark="", as_graded=None if differing is None else second,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "passes"),
    [
        (checked(Standing.RIGHT, Standing.NOT_RIGHT, Standing.READABLE), True),
        (checked(Standing.RIGHT, differing=()), True),
        (checked(Standing.RIGHT, differing=("p",)), False),
        *((checked(Standing.RIGHT, other), False) for other in Standing if not other.is_readable),
    ],
)
def test_a_notebook_passes_where_every_answer_can_be_read_alike(one: Checked, *, passes: bool) -> None:
    assert one.passes is passes


@pytest.mark.parametrize("text", [HOSTILE, "李" * 600, "a" * 600, "a b " * 900, "\u202e\n\r\b" * 50])
def test_whatever_a_student_wrote_is_shown_cut_inert_and_within_80_columns(text: str) -> None:
    shown = on_paper(*listing(checked(*Standing, differing=("p",), text=text)))
    assert max(map(cell_len, shown.splitlines())) <= 80
    assert all(letter.isprintable() or letter == "\n" for letter in shown)
    assert len(shown) < 40_000
    assert "right one" not in shown
    assert ("[red]x[/red]" in shown) == (text == HOSTILE)


def on_paper(*shown: RenderableType) -> str:
    console = Console(file=io.StringIO(), width=80, color_system=None, emoji=False)
    console.print(*shown, sep="\n")
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    ("standings", "words"),
    [
        ((Standing.RIGHT,) * 2, "all 2 answers can be read; 2 of the 2 that are judged are right"),
        (
            (Standing.READABLE, Standing.BLANK, Standing.BLANK),
            "1 of 3 answers can be read; whether they are right is not told before you hand in; 2 are blank",
        ),
        (
            (Standing.UNREADABLE, Standing.DID_NOT_RUN, Standing.FAULT),
            "0 of 3 answers can be read; 1 cannot be read, 1 did not run, 1 was not checked, by a fault that is ours",
        ),
    ],
)
def test_a_line_sums_the_answers_up(standings: tuple[Standing, ...], words: str) -> None:
    assert summary(parts(*standings)) == words


def test_the_page_names_every_field_of_the_document() -> None:
    section = (ROOT / "docs" / "json.md").read_text(encoding="utf-8").partition("## A self-check")[2]
    named = set(re.findall(r"`(\w+)`", section))
    models = (Checked, Compared, Judgement, CheckedItem, FailedCell)
    assert {"command", "form", *(name for model in models for name in model.model_fields)} <= named
    assert {str(standing) for standing in Standing} - {"not here"} <= set(re.findall(r"`([\w ]+)`", section))

"""`grader validate`: what it prints, and its exit code."""

import io
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from grader import cli
from grader.collision_table import collision_table
from grader.exit_codes import BAD_INPUT
from grader.loading import load_course
from grader.proof_table import WIDTH, proof_table
from grader.proofs.proving import prove
from tests.courses import PROBLEM, SOLVER, replaced, write_course
from tests.marks import ROOT

EXACT = "from fractions import Fraction\n" + replaced(SOLVER, "side * area / 6", "Fraction(side * area, 6)")
NEEDLESS = '\n[parts.area.indistinguishable]\nlid_forgotten = "x"\n'
WRONG_TEST = '\n[[tests]]\nabout = "the lid"\nanswers = { area = 80 }\npoints = { area = 2 }\n'
EVERYTHING_RIGHT = [
    ["area", "integer", "2", "96", "or", "1", "152", "4", "ok", "54", "ok", "1", "of", "1"],
    ["volume", "real", "1", "64", "or", "768", "8", "ok", "54", "ok", "1", "of", "1"],
    ["sizes", "table", "1", "width:", "4,", "height:", "8", "2", "ok", "108", "ok"],
    ["trail", "path", "1", "…", "(2,", "0)", "6", "ok", "108", "ok"],
]

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def validate(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command in this process; exit code, output and error output."""

    def command(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["grader", "validate", *map(str, arguments)])
        monkeypatch.setattr(signal, "signal", lambda *_: None)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code if isinstance(ended.value.code, int) else 0, *capsys.readouterr()

    return command


def course(root: Path, problem: str = PROBLEM) -> Path:
    return write_course(root, problem=problem, solver=EXACT)


def test_a_proven_problem_has_a_row_per_part_and_exit_code_0(tmp_path: Path, validate: Command) -> None:
    code, out, err = validate("--course", course(tmp_path))
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0].strip() == "boxes: Boxes"
    assert [line.split() for line in lines[2:6]] == EVERYTHING_RIGHT
    assert lines[6].startswith("boxes is proven: 4 parts, ")


@pytest.mark.parametrize(
    ("flawed", "line", "last"),
    [
        (NEEDLESS, "warning: {file}: parts.area.indistinguishable.lid_forgotten: is told", "0 errors, 1 warning."),
        (WRONG_TEST, "error: {file}: tests.0.points.area: the lid: points should be 2, but", "1 error, 0 warnings."),
    ],
)
def test_a_flaw_is_told_with_its_file_and_table_and_ends_with_2(
    tmp_path: Path, validate: Command, flawed: str, line: str, last: str
) -> None:
    code, out, _ = validate("--course", course(tmp_path, PROBLEM + flawed))
    *_, told, verdict, _ = out.splitlines()
    assert code == BAD_INPUT
    assert told.startswith(line.format(file=tmp_path.resolve() / "problems" / "boxes" / "problem.toml"))
    assert verdict == f"boxes is not proven: {last}"


def test_a_problem_that_cannot_be_loaded_ends_with_2_and_its_place(tmp_path: Path, validate: Command) -> None:
    code, out, err = validate("--course", course(tmp_path, replaced(PROBLEM, "lid = false", "lod = false")))
    assert (code, out) == (BAD_INPUT, "")
    assert "problem.toml: mistakes.lid_forgotten.assume.lod: 'lod' is unknown to the solver" in err


@pytest.mark.parametrize("named", ["layer_sizes", "problems/layer_sizes", "problems/layer_sizes/problem.toml"])
def test_a_problem_is_named_by_its_name_or_its_folder_or_its_file(validate: Command, named: str) -> None:
    code, out, _ = validate(named, "--course", ROOT)
    assert code == 0
    assert [line for line in out.splitlines() if "proven" in line] == [out.splitlines()[-2]]


def test_a_problem_that_no_homework_has_is_refused_with_those_there_are(tmp_path: Path, validate: Command) -> None:
    code, _, err = validate("crates", "--course", course(tmp_path))
    assert code == BAD_INPUT
    assert "has a problem 'crates'; there is: boxes" in err


def test_what_the_file_explains_is_repeated(validate: Command) -> None:
    code, out, _ = validate("inception_params", "--course", ROOT)
    assert code == 0
    assert "explained: parts.inception_ratio: biases_forgotten is marked right: moves the ratio by" in out


def test_the_matrix_shows_what_every_mistake_gives_and_meets(validate: Command) -> None:
    _, out, _ = validate("alexnet_sizes", "--matrix", "--course", ROOT)
    rows = [" ".join(line.split()) for line in out.splitlines()]
    assert "3 139 accepted, gigabyte=binary" in rows
    assert "gradients_forgotten 3 025 told apart" in rows
    assert "eight_bytes_per_value 1 336 as adam_and_feature_gradients_counted" in rows
    assert "pools_of_three + batch_rounded_up 3 139 marked right, gigabyte=binary" in rows


def test_a_mistake_under_which_the_solver_finds_no_value_leads_nowhere_in_both_tables(
    tmp_path: Path, validate: Command
) -> None:
    root = course(tmp_path)
    solver = replaced(EXACT, "Fraction(side * area, 6)", "Fraction(side * area, 6 if area % 80 else 0)")
    (root / "reference" / "boxes.py").write_text(solver, encoding="utf-8")
    code, out, _ = validate("--matrix", "--course", root)
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert code == 0
    assert next(line for line in lines if line.startswith("volume real")).endswith("1 leads nowhere")
    assert "lid_forgotten leads nowhere" in lines


def test_no_line_of_a_table_is_longer_than_100_columns_whatever_things_are_called(tmp_path: Path) -> None:
    long = "very_" * 12
    named = PROBLEM.replace("lid_forgotten", f"{long}forgotten").replace("parts.area", f'parts.{long}area"'[:-1])
    named = named.replace("[parts.very", "[parts.very").replace('title = "Boxes"', 'title = "[red]Boxes[/red]"')
    named = replaced(named, f"[parts.{long}area]", f'[parts.{long}area]\nsolve = "area"\nvariable = "area"')
    root = course(tmp_path, named)
    statement = root / "problems" / "boxes" / "statement.md"
    statement.write_text(statement.read_text(encoding="utf-8").replace("{#area}", f"{{#{long}area}}"), encoding="utf-8")
    found = prove(load_course(root).homework("hw1").problems[0])
    file = io.StringIO()
    console = Console(file=file, width=WIDTH, highlight=False, emoji=False)
    console.print(
        proof_table(found), *(collision_table(found.trial.collisions, part) for part in found.trial.problem.parts)
    )
    assert "[red]Boxes[/red]" in file.getvalue()
    assert max(map(cell_len, file.getvalue().splitlines())) <= WIDTH

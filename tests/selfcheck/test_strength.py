"""What a teacher is told of how well answers are sealed, and the command that seals them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from grader.check_level import CheckLevel
from grader.selfcheck.keys.sealed import read_sealed
from grader.selfcheck.making.sealing import seal
from grader.selfcheck.making.strength import WEAK, strengths
from grader.selfcheck.making.strength_table import duration, in_words, strength_table, weak_in_words
from tests.commands import Command, in_this_process
from tests.courses import HOMEWORKS, write_course
from tests.selfcheck.agreement import CHEAP, all_told, homeworks


def guesses(homework: str) -> dict[str, int | None]:
    return {one.part.part: one.guesses for one in strengths(all_told(homework), homeworks()[homework])}


@pytest.mark.parametrize(
    ("homework", "part", "tries"),
    [
        ("hw5_cnn_sizes", "linear_parameters", 10**8),  # 12 289 000
        ("hw5_cnn_sizes", "convolution_outputs", 10**6),  # 16 x 60 x 60
        ("hw5_cnn_sizes", "feature_maps", 10**4),  # its last row is 1000
        ("hw5_networks", "ridge_escape", 2),
        ("hw5_networks", "largest_branch", 4),
        ("hw5_networks", "misprinted_rows", 2**12),  # any of twelve labels
        ("hw5_networks", "two_convolutions", 10),  # 9
        ("hw5_networks", "after_pool", 100),  # n + 8
        ("hw5_networks", "saddle_help", None),  # a text
        ("hw6_design", "read_momentum", None),  # no secret
        ("hw6_design", "design_parameters", None),  # about a network of one's own
    ],
)
def test_an_answer_takes_as_many_tries_as_there_are_answers_of_its_length(
    homework: str, part: str, tries: int | None
) -> None:
    assert guesses(homework)[part] == tries


def test_an_answer_that_is_a_product_of_the_numbers_on_the_sheet_takes_no_more_tries_than_there_are_products() -> None:
    found = guesses("hw5_cnn_sizes")["convolution_parameters"]  # 5 x 5 x 3 x 16, which has four digits
    assert found is not None
    assert 100 < found < 10**4


@pytest.mark.parametrize("homework", ["hw5_cnn_sizes", "hw5_networks", "hw6_design"])
def test_every_sealed_part_has_a_number_of_tries_and_no_other_has(homework: str) -> None:
    found = guesses(homework)
    assert {name for name, tries in found.items() if tries} == {
        one.part for one in all_told(homework).parts if one.entries
    }


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "under 1 s"), (1, "1 s"), (119, "119 s"), (120, "2 min"), (100_000, "28 h"), (1e6, "12 days"), (1e12, "over 1000 days")],
)  # fmt: skip
def test_a_time_is_told_in_the_largest_unit_of_which_it_has_two(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def shown(table: Any) -> str:
    console = Console(width=80)
    with console.capture() as capture:
        console.print(table)
    return capture.get()


def test_weak_answers_are_named_with_the_remedy_and_a_table_fits_a_terminal() -> None:
    each = strengths(all_told("hw5_networks"), homeworks()["hw5_networks"])
    text = shown(strength_table(each, 0.1))
    rows = {line.split()[0]: line for line in text.splitlines() if line.strip()}
    assert "weak" in rows["after_pool"]
    assert "weak" not in rows["momentum_path"]
    assert "a person reads it" in rows["saddle_help"]
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "A try takes 0.1 s" in in_words(each, 0.1)
    words = weak_in_words(each)
    assert 'self_check = "form"' in words
    assert "after_pool" in words
    assert "momentum_path" not in words
    assert WEAK == 10_000


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return in_this_process(monkeypatch, capsys)


def test_where_nothing_is_sealed_that_is_said() -> None:
    found = homeworks()["hw6_design"]
    each = strengths(seal(replace(found, self_check=CheckLevel.FORM), CHEAP), found)
    assert in_words(each, 0.1).startswith("Nothing is sealed")
    assert weak_in_words(each) == ""


def test_the_command_seals_a_homework_as_far_as_its_files_say(command: Command, tmp_path: Path) -> None:
    course = write_course(tmp_path / "course", homeworks=f'{HOMEWORKS}self_check = "verdict"\n')
    out = tmp_path / "new" / "hw1.seal.json"
    code, said, err = command("seal", "hw1", "--course", course, "-o", out)
    assert code == 0
    assert "A try takes" in said
    assert "weak" in err
    sealed = read_sealed(out)
    assert sealed.homework == "hw1"
    assert {one.level.value for one in sealed.parts} == {"verdict"}
    assert sealed.parts[0].entries


def test_a_homework_that_is_not_there_and_a_file_that_cannot_be_written_are_told(
    command: Command, tmp_path: Path
) -> None:
    course = write_course(tmp_path / "course")
    code, _, said = command("seal", "hw9", "--course", course)
    assert (code, "there is no homework 'hw9'" in said) == (2, True)
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, _, said = command("seal", "hw1", "--course", course, "-o", tmp_path / "file" / "x.seal.json")
    assert (code, "choose another file with -o" in said) == (2, True)


def test_the_released_notebook_has_checks_if_they_are_asked_for(command: Command, tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    sources = {}
    for name, options in (("plain", []), ("checked", ["--checks"])):
        out = tmp_path / f"{name}.ipynb"
        assert command("release", "hw1", "--course", course, "-o", out, *options)[0] == 0
        cells = json.loads(out.read_text(encoding="utf-8"))["cells"]
        sources[name] = ["".join(cell["source"]) for cell in cells]
    assert not any("check(" in source for source in sources["plain"])
    assert 'check("area")' in sources["checked"]
    assert sources["checked"][-1] == "check()"

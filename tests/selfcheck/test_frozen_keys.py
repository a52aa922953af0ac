"""Keys that were handed out go on working: a file as it was first written, and what is said of answers by it.

If this fails, files that courses have given to their students call right answers wrong. Read them as before, or give what is written
another `FORMAT`, which old programs refuse in words. The file itself is not to be written again.
"""

from pathlib import Path
from typing import Any

import pytest

from grader.kernels.inside import encode
from grader.records import Answer
from grader.selfcheck.judging.judged import Judgement
from grader.selfcheck.judging.judging import judge
from grader.selfcheck.keys.sealed import read_sealed

KEYS = read_sealed(Path(__file__).parents[1] / "files" / "frozen.seal.json")
PATH = [[10.0, 1.0], [9.5, 0.5], [9.025, 0.25], [8.57375, 0.125], [8.1450625, 0.0625], [7.737809375, 0.03125]]
RIGHT: dict[str, list[Any]] = {
    "linear_parameters": [12_289_000, "12,289,000", 12_289_000.0],
    "convolution_outputs": [(16, 60, 60), "16x60x60", (60, 60, 16)],
    "inception_reduced": [163_696, "164K", "163.7K"],
    "inception_ratio": [2.4, "2.40", 24592 / 10231],
    "largest_branch": ["3x3", "3X3."],
    "misprinted_rows": [["conv1", "4a", "4c", "4d", "4e", "5a", "5b"], "5b, 5a, 4e, 4d, 4c, 4a and conv1"],
    "after_pool": ["n + 8", "2*(n+4) - n", "(n+8) x (n+8)"],
    "descent_path": [PATH, PATH[1:], [[x + 0.0049, y] for x, y in PATH]],
    "saddle_steps": [{"plain": 38, "momentum": 19}, [38, 19]],
    "compute_ratio": [0.25, "25 %", "1/4", "a quarter"],
    "resnet50": [483, "483 x 483", 427],
}
WRONG: dict[str, list[Any]] = {
    "linear_parameters": [12_288_000, 12_289_001],
    "convolution_outputs": [(16, 64, 64), (16, 60, 61)],
    "inception_reduced": [163_328, "166K", 163_697],
    "inception_ratio": [2.41, 0.42],
    "largest_branch": ["5x5"],
    "misprinted_rows": [["conv1", "4a"]],
    "after_pool": ["n + 7", "2n + 8"],
    "descent_path": [PATH[::-1], [[x + 0.02, y] for x, y in PATH]],
    "saddle_steps": [{"plain": 38, "momentum": 20}],
    "compute_ratio": [0.5],
    "resnet50": [484],
}


def said(variable: str, given: Any) -> Judgement:
    (judged,) = judge(KEYS, {variable: Answer(variable=variable, data=encode(given))}, only={variable})
    return judged


def test_every_answer_of_the_file_is_tried() -> None:
    assert RIGHT.keys() == WRONG.keys() == KEYS.asked.keys()


@pytest.mark.parametrize(
    ("variable", "given", "standing"),
    [(name, one, "right") for name, found in RIGHT.items() for one in found]
    + [(name, one, "not right") for name, found in WRONG.items() for one in found],
)
def test_by_keys_of_then_an_answer_is_judged_as_then(variable: str, given: Any, standing: str) -> None:
    assert said(variable, given).standing.value == standing


def test_by_keys_of_then_hints_and_conventions_open_as_then() -> None:
    assert said("linear_parameters", 12_288_000).hint == "What is added to each output besides the weighted inputs?"
    assert "the pool was let add n" in said("after_pool", "n + 9").message
    assert said("resnet50", 427).convention.startswith("a stage takes its stride in the 3x3 convolution")

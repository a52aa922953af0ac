"""A model answer is Python that earns full points, wherever an answer can be written."""

import hashlib
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nbformat import validate

from grader.conditions import conditions
from grader.grades import Grades, Handed
from grader.gradescope.inside.model_answer import model_answer, source_of
from grader.kernels.limits import Limits
from grader.kernels.plain import PlainKernels
from grader.loading import load_course
from grader.pipeline import Run
from grader.records import Grade, Submission

ROOT = Path(__file__).parents[2]
COURSE = load_course(ROOT)


def graded(homework: str, folder: Path) -> Grade:
    file = folder / "model.ipynb"
    file.write_text(json.dumps(model_answer(COURSE.homework(homework)).notebook), encoding="utf-8")
    submission = Submission(student="model", path=file, digest=hashlib.sha256(file.read_bytes()).hexdigest())
    asked = COURSE.homework(homework)
    run = Run(Grades(COURSE, asked), PlainKernels(), conditions(asked.asked, Limits(), []))
    return run.grade(Handed(submission, homework)).grade


@pytest.mark.kernel
@pytest.mark.parametrize("homework", ["hw5_cnn_sizes", "hw5_networks", "hw6_design"])
def test_every_answer_of_a_model_answer_has_full_points(homework: str, tmp_path: Path) -> None:
    answered = set(model_answer(COURSE.homework(homework)).answered)
    verdicts = {f"{one.problem}.{one.part}": one for one in graded(homework, tmp_path).verdicts}
    assert answered
    assert {name: verdicts[name].points for name in answered} == {name: verdicts[name].max_points for name in answered}
    assert all(verdicts[name].points != verdicts[name].max_points for name in verdicts.keys() - answered)


def test_written_parts_networks_and_what_builds_on_them_are_left_as_they_were_released() -> None:
    homework = COURSE.homework("hw6_design")
    answer = model_answer(homework)
    validate(answer.notebook)
    left = {f"{problem.name}.{part}" for problem, part in homework.parts} - set(answer.answered)
    assert left
    cells = {cell["id"]: cell["source"] for cell in answer.notebook.cells}
    for problem, part in homework.parts:
        source = cells[homework.asked[problem.variable(part)].cell_id]
        assert (f"{problem.name}.{part}" in left) == ("Fraction" not in source)


@pytest.mark.parametrize(
    "value",
    [1, -2.5, "it's", True, None, Fraction(1, 3), (1,), (), [1, (2, "x")], {"a": [1.5], (1, 2): Fraction(2)}, {}],
)
def test_plain_values_become_source_that_means_the_same(value: Any) -> None:
    source = source_of(value)
    assert source is not None
    again = eval(source, {"Fraction": Fraction})  # noqa: S307 - our own text
    assert (type(again), again) == (type(value), value)


def test_numbers_of_numpy_and_those_without_end_can_be_written() -> None:
    assert source_of(np.float64(0.5)) == "0.5"
    assert source_of(np.array([[1, 2]])) == "[[1, 2]]"
    assert source_of(float("inf")) == 'float("inf")'


@pytest.mark.parametrize("value", [object(), [object()], {"a": object()}, {object(): 1}, (1, print)])
def test_what_is_not_plain_has_no_source(value: Any) -> None:
    assert source_of(value) is None

"""What the self-check says of answers, in the cases that students meet."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from grader import Outcome
from grader.check_level import CheckLevel
from grader.checks import AnyCheck
from grader.kernels.inside import encode
from grader.records import Answer, Asked
from grader.selfcheck.judging import judging
from grader.selfcheck.judging.judged import Judgement, Standing
from grader.selfcheck.judging.judging import judge
from grader.selfcheck.keys.locking import box, padded, stretched
from grader.selfcheck.keys.sealed import Entry, SealedHomework, SealedPart, SealedProblem
from grader.selfcheck.making.pieces import Pieces
from tests.marks import marked, marker
from tests.selfcheck.agreement import CHEAP, all_told

HOMEWORK = {
    "layer_sizes": "hw5_cnn_sizes",
    "receptive_field": "hw5_networks",
    "alexnet_sizes": "hw5_cnn_sizes",
    "momentum_paths": "hw5_networks",
    "googlenet_table": "hw5_networks",
    "inception_params": "hw5_networks",
    "resnet50_field": "hw6_design",
    "width_scaling": "hw6_design",
    "readings": "hw6_design",
    "cifar_design": "hw6_design",
}


def said(problem: str, **given: Any) -> dict[str, Judgement]:
    """By part, on answers given by part."""
    variables = {part: marker(problem).problem.variable(part) for part in given}
    answers = {variables[part]: Answer(variable=variables[part], data=encode(value)) for part, value in given.items()}
    judged = judge(all_told(HOMEWORK[problem]), answers)
    return {one.part: one for one in judged if one.problem == problem}


def expected(problem: str, part: str, **assume: Any) -> Any:
    return marker(problem).problem.expected(part, assume)


def test_a_right_answer_is_right_in_any_spelling_and_says_how_it_was_read() -> None:
    for spelled in (163_696, "163,696", "163 696"):
        judged = said("inception_params", inception_reduced=spelled)["inception_reduced"]
        assert (judged.standing, judged.read_as) == (Standing.RIGHT, "163 696")


def test_an_accepted_convention_is_named_where_it_is_not_the_sheets_own() -> None:
    decimal, binary = (expected("alexnet_sizes", "largest_batch", gigabyte=name) for name in ("decimal", "binary"))
    assert said("alexnet_sizes", largest_batch=decimal)["largest_batch"].convention == ""
    judged = said("alexnet_sizes", largest_batch=binary)["largest_batch"]
    assert (judged.standing, judged.convention) == (Standing.RIGHT, "1 GB is 2^30 bytes")


@pytest.mark.parametrize(
    ("given", "convention"),
    [((16, 60, 60), ""), ((60, 60, 16), "the channels come last")],
)
def test_a_convention_by_which_an_answer_is_read_is_named(given: tuple[int, ...], convention: str) -> None:
    judged = said("layer_sizes", convolution_outputs=given)["convolution_outputs"]
    assert (judged.standing, judged.convention) == (Standing.RIGHT, convention)


def test_of_answers_that_keep_to_two_conventions_the_lesser_is_told_to_mix() -> None:
    stages = expected("resnet50_field", "resnet50_stages", downsampling="1x1")
    field = expected("resnet50_field", "resnet50", downsampling="3x3")
    judged = said("resnet50_field", resnet50_stages=stages, resnet50=field)
    assert judged["resnet50_stages"].standing is Standing.RIGHT  # it has more points
    mixing = judged["resnet50"]
    assert mixing.standing is Standing.NOT_RIGHT
    assert "This is right by itself, where a stage takes its stride in the 3x3 convolution" in mixing.message
    assert "Which do you mean?" in mixing.message
    graded = marked("resnet50_field", resnet50_stages=stages, resnet50=field)
    assert graded["resnet50_stages"].outcome is Outcome.CORRECT
    assert graded["resnet50"].outcome is Outcome.PARTIAL


def test_the_other_answers_of_a_problem_tell_the_convention_when_only_one_is_asked_about() -> None:
    stages = expected("resnet50_field", "resnet50_stages", downsampling="3x3")
    field = expected("resnet50_field", "resnet50", downsampling="1x1")
    answers = {n: Answer(variable=n, data=encode(v)) for n, v in (("resnet50_stages", stages), ("resnet50", field))}
    sealed = all_told("hw6_design")
    both = {one.variable: one for one in judge(sealed, answers)}
    for name in answers:
        assert judge(sealed, answers, only={name}) == (both[name],)


def test_what_builds_on_a_wrong_answer_says_so() -> None:
    parameters = expected("alexnet_sizes", "parameters", linear_bias=False)
    memory = expected("alexnet_sizes", "training_bytes", linear_bias=False)
    judged = said("alexnet_sizes", parameters=parameters, training_bytes=f"{memory} bytes")
    assert judged["parameters"].standing is Standing.NOT_RIGHT
    assert "It builds on alexnet_parameters, which is not right either." in judged["training_bytes"].message
    right = expected("alexnet_sizes", "parameters")
    for given in ({}, {"parameters": right}):
        alone = said("alexnet_sizes", training_bytes=f"{memory} bytes", **given)["training_bytes"]
        assert "builds on" not in alone.message


def test_of_two_mistakes_that_lead_to_one_answer_both_are_told_and_no_hint_is_chosen() -> None:
    steps = expected("momentum_paths", "saddle_steps", velocity="nesterov")
    judged = said("momentum_paths", saddle_steps=steps)["saddle_steps"]
    assert "Nesterov's momentum in torch's form was used, or Nesterov's look-ahead was used" in judged.message
    assert judged.hint == ""


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (600.394976, "unit is missing"),
        ("600.394976 GB", "right in another unit"),
        ("600.3 MB", "cut off"),
    ],
)
def test_the_right_number_in_a_wrong_form_is_told(given: Any, words: str) -> None:
    judged = said("alexnet_sizes", training_bytes=given)["training_bytes"]
    assert judged.standing is Standing.NOT_RIGHT
    assert words in judged.message


def test_a_number_without_its_unit_says_in_which_it_is_taken() -> None:
    judged = said("alexnet_sizes", training_bytes=600_394_976)["training_bytes"]
    assert (judged.standing, judged.message) == (
        Standing.RIGHT,
        "No unit was given, so it is taken in the unit byte.",
    )


def test_of_a_table_the_wrong_rows_are_named() -> None:
    rows = expected("alexnet_sizes", "parameters") | {"conv1": 1}
    judged = said("alexnet_sizes", parameters=rows)["parameters"]
    assert judged.standing is Standing.NOT_RIGHT
    assert [item.name for item in judged.items if not item.right] == ["conv1"]
    assert judged.message.startswith("Look again at: conv1.")


def test_a_table_with_a_row_that_cannot_be_read_is_unreadable() -> None:
    rows = expected("alexnet_sizes", "parameters") | {"conv1": "many"}
    judged = said("alexnet_sizes", parameters=rows)["parameters"]
    assert judged.standing is Standing.UNREADABLE
    assert "A part of this could not be read" in judged.message


def test_of_a_path_the_first_wrong_step_is_named_with_the_start_or_without_it() -> None:
    path = np.array(expected("momentum_paths", "momentum_path"))
    path[3, 0] += 1
    for given in (path, path[1:]):
        judged = said("momentum_paths", momentum_path=given)["momentum_path"]
        assert judged.standing is Standing.NOT_RIGHT
        assert "The first step to look at is step 3." in judged.message
        assert [item.right for item in judged.items[:3]] == [True, True, False]


def test_a_path_whose_every_step_shows_a_known_mistake_opens_its_hint() -> None:
    path = expected("momentum_paths", "momentum_path", velocity="moving average")
    judged = said("momentum_paths", momentum_path=np.array(path))["momentum_path"]
    assert "the velocity was kept as a moving average" in judged.message
    assert judged.hint == "By what is the new gradient multiplied before it joins the velocity?"


def test_a_right_row_opens_no_hint_of_a_mistake_that_leaves_it_as_it_is() -> None:
    rows = expected("alexnet_sizes", "parameters", linear_bias=False) | {"fc1": 1, "fc2": 2, "fc3": 3}
    assert said("alexnet_sizes", parameters=rows)["parameters"].hint == ""


def test_a_label_that_a_mistake_leads_to_is_explained_as_a_possibility() -> None:
    judged = said("momentum_paths", ridge_escape=expected("momentum_paths", "ridge_escape", ridge="beside"))
    assert judged["ridge_escape"].message.startswith("Possibly this comes out when")


def test_a_set_is_judged_as_a_whole() -> None:
    right = list(expected("googlenet_table", "misprinted_rows"))
    assert said("googlenet_table", misprinted_rows=right)["misprinted_rows"].standing is Standing.RIGHT
    judged = said("googlenet_table", misprinted_rows=right[1:])["misprinted_rows"]
    assert (judged.standing, judged.items) == (Standing.NOT_RIGHT, ())


def test_what_is_no_secret_is_told_without_keys() -> None:
    assert said("readings", read_momentum=True)["read_momentum"].standing is Standing.RIGHT
    judged = said("readings", read_momentum=False)["read_momentum"]
    assert (judged.standing, judged.message) == (Standing.NOT_RIGHT, "You say that this is not done.")


def test_what_asks_about_a_design_of_ones_own_is_only_read() -> None:
    judged = said("cifar_design", design_parameters="398,336")["design_parameters"]
    assert (judged.standing, judged.read_as) == (Standing.READABLE, "398 336")
    assert "it asks about an answer of your own" in judged.message


def test_a_measurement_is_only_read_and_says_nothing_of_what_is_usual() -> None:
    judged = said("width_scaling", accuracies={"full": "3 %", "half": "2 %"})["accuracies"]
    assert judged.standing is Standing.READABLE
    assert judged.message == "Whether it is right is not told: there is no one right answer."
    assert {item.right for item in judged.items} == {None}


def guesses_at(check: dict[str, Any], expected: Any, given: Any) -> tuple[int, Judgement]:
    """How many guesses one answer costs, and what is said of it."""
    part = sealed_part(check, expected)
    sealed = SealedHomework(
        homework="h", title="H", made_by="", made_at="", cost=CHEAP,
        problems=(SealedProblem(name="p", mixed_credit=Fraction(0), parts=(part,)),),
    )  # fmt: skip
    stretched.cache_clear()
    (judged,) = judge(sealed, {"x": Answer(variable="x", data=encode(given))})
    return stretched.cache_info().misses, judged


def sealed_part(options: dict[str, Any], expected: Any) -> SealedPart:
    """A part that is sealed at the level of verdicts, without a problem around it."""
    check: Any = TypeAdapter(AnyCheck).validate_python(options)
    value, salt = check.expect(expected), b"s" * 16
    pieces = Pieces(check)
    pieces.add_right(value, "a0", {})
    entries = []
    for clue, found in pieces.contents.items():
        name, key = stretched(clue, salt, CHEAP)
        (text,) = padded([found.model_dump(mode="json")])
        entries.append(Entry(id=name, box=box(key, text)))
    return SealedPart(
        part="x", variable="x", title="", level=CheckLevel.VERDICT, check=check, asked=Asked(cell_id=""), points=Fraction(1),
        items=check.items_of(value), salt=salt, entries=tuple(entries),
    )  # fmt: skip


def test_one_wrong_row_costs_few_guesses_beside_those_of_the_table() -> None:
    rows = [f"r{number}" for number in range(20)]
    options = {"kind": "table", "rows": rows, "cells": {"kind": "quantity", "unit": "byte"}}
    right = {row: 1000 * (number + 3) for number, row in enumerate(rows)}
    spelled = {row: f"{value} bytes" for row, value in right.items()}
    few, judged = guesses_at(options, right, spelled)
    assert (judged.standing, few) == (Standing.RIGHT, 20)
    more, judged = guesses_at(options, right, spelled | {"r7": "7 GB"})
    assert [item.name for item in judged.items if not item.right] == ["r7"]
    assert more < few + 30


def test_an_answer_with_too_many_readings_is_not_called_wrong() -> None:
    options = {"kind": "set", "items": {"kind": "integer"}}
    right = [1024 * number for number in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11)]
    spelled = [f"{number}K" for number in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11)]
    guesses, judged = guesses_at(options, right, spelled)
    assert (judged.standing, guesses) == (Standing.READABLE, 0)
    assert "too many ways to read it" in judged.message
    assert guesses_at(options, right[:6], spelled[:6])[1].standing is Standing.RIGHT


def test_an_answer_so_coarse_that_it_may_be_the_right_one_is_not_explained() -> None:
    exact, coarse = (said("receptive_field", two_convolutions=n)["two_convolutions"] for n in (10, "1e1"))
    assert "the kernels were added up" in exact.message
    assert "comes out when" not in coarse.message


def test_a_failure_of_ours_stays_with_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> str:
        raise RuntimeError("ours")

    monkeypatch.setattr(judging, "_remark", fails)
    judged = said("layer_sizes", linear_parameters=12_289_000, convolution_parameters=7)
    assert judged["linear_parameters"].standing is Standing.FAULT
    assert judged["convolution_parameters"].standing is Standing.NOT_RIGHT

"""How answers, conventions, follow-through and mistakes become verdicts, on the project's own problems."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import Answer, Marker, Outcome, Problem
from grader.checks.shape import Shape
from grader.kernels.inside import encode
from grader.solver import SolveError
from tests.marks import finding, marked, marker

PARAMETERS = [23232, 307200, 663552, 884736, 589824, 51384320, 16781312, 4097000]
STAGES = [7, 11, 35, 99, 291, 483]
STAGES_TORCHVISION = [7, 11, 35, 91, 267, 427]
MOMENTUM = [(10, 1), (9.5, 0.5), (8.575, -0.2), (7.31375, -0.73), (5.8129375, -0.842), (4.17155937, -0.5218)]
ALEXNET: dict[str, Any] = {"training_bytes": 600394976, "largest_batch": 2907}


def test_a_part_that_cannot_be_read_is_pending_and_does_not_block_the_others() -> None:
    verdicts = marked("alexnet_sizes", training_bytes="1,5 GB", largest_batch=2907)
    assert verdicts["training_bytes"].outcome is Outcome.UNREADABLE
    assert verdicts["training_bytes"].points is None
    assert "character 2" in verdicts["training_bytes"].message
    assert verdicts["largest_batch"].outcome is Outcome.CORRECT


@pytest.mark.parametrize("blank", [..., None, "", "..."])
def test_an_untouched_answer_is_blank_and_decided(blank: Any) -> None:
    verdict = marked("alexnet_sizes", largest_batch=blank)["largest_batch"]
    assert (verdict.outcome, verdict.points) == (Outcome.BLANK, Fraction(0))


def test_an_answer_that_did_not_run_says_why() -> None:
    answer = Answer(variable="largest_batch", did_not_run="cell 5 stopped with NameError: x")
    verdict = next(v for v in marker("alexnet_sizes").mark({"largest_batch": answer}) if v.part == "largest_batch")
    assert (verdict.outcome, verdict.points, verdict.message) == (Outcome.DID_NOT_RUN, Fraction(0), answer.did_not_run)


def test_the_assignment_of_conventions_is_the_one_that_gives_the_most_points() -> None:
    verdicts = marked("resnet50_field", resnet50_stages=STAGES_TORCHVISION, resnet50=427)
    assert {verdicts[part].outcome for part in ("resnet50_stages", "resnet50")} == {Outcome.CORRECT}


def test_a_part_under_another_convention_than_the_rest_earns_half() -> None:
    verdict = marked("resnet50_field", resnet50_stages=STAGES, resnet50=427)["resnet50"]
    assert (verdict.finding, verdict.points) == ("resnet50:mixed(downsampling=3x3)", Fraction(3, 2))


def test_what_follows_from_an_own_wrong_answer_earns_its_points() -> None:
    memory = 615_000_000
    batch = (8 * 10**9 - 8 * sum(PARAMETERS)) // (memory - 8 * sum(PARAMETERS))
    verdicts = marked("alexnet_sizes", training_bytes=memory, largest_batch=batch)
    assert verdicts["training_bytes"].points == 0
    assert (verdicts["largest_batch"].finding, verdicts["largest_batch"].points) == (
        "largest_batch:follow(training_bytes)",
        Fraction(3),
    )


def test_follow_through_goes_over_a_table_with_a_gap_and_an_unreadable_cell() -> None:
    own = {"conv1": 23232, "conv2": "many", "fc1": 51380224}
    verdicts = marked("alexnet_sizes", parameters=own, training_bytes=600394976 - 8 * 4096)
    assert verdicts["training_bytes"].finding == "training_bytes:follow(parameters)"


def test_nothing_follows_from_a_value_that_leads_nowhere() -> None:
    verdicts = marked("alexnet_sizes", training_bytes=1, largest_batch=77)
    assert verdicts["largest_batch"].finding == "largest_batch:unexplained=77"


@pytest.mark.parametrize("memory", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_finite_number_is_wrong_and_nothing_follows_from_it(memory: float) -> None:
    verdicts = marked("alexnet_sizes", training_bytes=memory, largest_batch=5)
    assert [verdicts[part].outcome for part in ("training_bytes", "largest_batch")] == [Outcome.INCORRECT] * 2


def test_a_right_answer_stays_right_beside_a_wrong_one_it_builds_on() -> None:
    assert marked("alexnet_sizes", training_bytes=1, largest_batch=2907)["largest_batch"].points == 3


def test_a_mistake_costs_once_and_is_named_again_where_it_returns() -> None:
    verdicts = marked("inception_params", inception_reduced=163328, inception_naive=393216)
    assert [verdicts[part].points for part in ("inception_reduced", "inception_naive")] == [Fraction(9, 4), 3]
    assert verdicts["inception_naive"].finding == "inception_naive:biases_forgotten"
    assert verdicts["inception_naive"].message.startswith("The same as before")


def test_a_mistake_on_top_of_an_own_earlier_value_is_explained() -> None:
    memory = 615_000_000
    verdicts = marked("alexnet_sizes", training_bytes=memory, largest_batch=8 * 10**9 // memory)
    assert verdicts["largest_batch"].finding == "largest_batch:all_per_image"


def test_several_explanations_are_all_named_and_none_is_charged_above_the_cheapest() -> None:
    verdict = marked("inception_params", inception_reduced="163K")["inception_reduced"]
    assert verdict.finding == "inception_reduced:cut-off"
    verdict = marked("alexnet_sizes", largest_batch=1336)["largest_batch"]
    assert verdict.finding == "largest_batch:adam_and_feature_gradients_counted|eight_bytes_per_value"
    assert ", or " in verdict.message
    assert verdict.points == Fraction(3, 2)


def test_one_slip_in_a_chain_of_sizes_costs_one_cell() -> None:
    shapes = [
        "64x55x55",
        "64x27x27",
        "192x27x27",
        "192x13x13",
        "384x13x13",
        "256x13x13",
        "256x13x13",
        "256x6x6",
        "4096",
        "4096",
        "1000",
    ]
    verdict = marked("alexnet_sizes", feature_maps=shapes)["feature_maps"]
    assert (verdict.finding, verdict.points) == ("feature_maps:wrong=conv1", Fraction(4 * 10, 11))
    assert verdict.items[1].read_as == "64 × 27 × 27, which follows from your own conv1"


def test_a_mistake_that_explains_a_chain_is_named_and_lowers_nothing() -> None:
    shapes = [
        "64x54x54",
        "64x27x27",
        "192x23x23",
        "192x11x11",
        "384x9x9",
        "256x7x7",
        "256x5x5",
        "256x2x2",
        "4096",
        "4096",
        "1000",
    ]
    verdict = marked("alexnet_sizes", feature_maps=shapes)["feature_maps"]
    assert (verdict.finding, verdict.points) == ("feature_maps:padding_ignored", Fraction(4 * 6, 11))


@pytest.mark.parametrize(
    ("stages", "whole", "finding", "points"),
    [
        ([7, 11, 35, 97, 289, 481], 481, "follow(resnet50_stages)", "3/2"),
        ([7, 11, 35, 97, 291, 483], 483, "correct", "3"),
        ([7, 11, 35, 97, 289, 481], 483, "correct", "3"),
        ([7, 11, 35, 96, 288, 480], 672, "average_pool_included", "9/4"),
        ([7, 9, 33, 97, 289, 481], 481, "pool_of_two", "3"),
    ],
)
def test_the_field_of_resnet50_follows_from_its_own_last_stage(
    stages: list[int], whole: int, finding: str, points: str
) -> None:
    verdict = marked("resnet50_field", resnet50_stages=stages, resnet50=whole)["resnet50"]
    assert (verdict.finding, verdict.points) == (f"resnet50:{finding}", Fraction(points))


def test_other_parts_single_out_one_of_several_explanations() -> None:
    alone = finding("resnet50_field", "resnet50_stages", {"conv1": 7, "max pool": 9})
    together = marked("resnet50_field", resnet50_stages={"conv1": 7, "max pool": 9}, resnet50=481)
    assert alone.count("|") >= 1
    assert together["resnet50_stages"].finding == "resnet50_stages:pool_of_two"


def test_an_explanation_that_chance_might_give_is_a_possibility() -> None:
    assert marked("resnet50_field", resnet50=142)["resnet50"].message.startswith("Possibly")
    assert marked("resnet50_field", resnet50=139)["resnet50"].message.startswith("This comes out")


@pytest.mark.parametrize("answer", ["0.3 GB", "0.5 GB", "602 MB", "0.1 GB"])
def test_a_rounded_answer_that_would_fit_too_much_is_not_explained(answer: str) -> None:
    assert finding("alexnet_sizes", "training_bytes", answer).startswith("unexplained=")
    assert finding("alexnet_sizes", "training_bytes", "301.47 MB") == "gradients_forgotten"


def test_what_is_right_as_far_as_it_goes_is_not_explained_by_a_mistake() -> None:
    assert finding("momentum_paths", "saddle_steps", {"plain": 38}) == "wrong=momentum"


def test_a_slip_in_a_path_costs_one_step() -> None:
    slip = [MOMENTUM[0], MOMENTUM[1], (8.575, -0.3)]
    velocity = [(slip[1][axis] - slip[2][axis]) / 0.05 for axis in (0, 1)]
    for _ in range(3):
        gradient = (slip[-1][0], 10 * slip[-1][1])
        velocity = [0.9 * velocity[axis] + gradient[axis] for axis in (0, 1)]
        slip.append((slip[-1][0] - 0.05 * velocity[0], slip[-1][1] - 0.05 * velocity[1]))
    verdict = marked("momentum_paths", momentum_path=slip)["momentum_path"]
    assert (verdict.finding, verdict.points) == ("momentum_path:step=2", Fraction(3 * 4, 5))
    assert verdict.drawing is not None
    assert verdict.drawing.wrong_steps == (2,)


def test_a_solver_that_fails_on_the_way_is_the_problems_fault_and_costs_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise SolveError("layer_sizes.py", "linear_parameters", "raised ZeroDivisionError")

    ready = Marker(marker("layer_sizes").problem)
    monkeypatch.setattr(Problem, "expected", broken)
    verdicts = ready.mark({"linear_parameters": Answer(variable="linear_parameters", data=encode(1))})
    assert {verdict.outcome for verdict in verdicts} == {Outcome.PROBLEM_FAULT}
    assert {verdict.points for verdict in verdicts} == {None}


@given(
    order=st.permutations(["parameters", "training_bytes", "largest_batch"]),
    others=st.lists(st.integers(1, 10**10), max_size=3),
)
def test_marking_depends_neither_on_the_order_of_answers_nor_on_who_was_marked_before(
    order: list[str], others: list[int]
) -> None:
    for other in others:
        marked("alexnet_sizes", training_bytes=other, largest_batch=other % 5000)
    answers = {"parameters": PARAMETERS, "training_bytes": 301470272, "largest_batch": 3025}
    verdicts = marked("alexnet_sizes", **{part: answers[part] for part in order})
    assert [verdicts[part].points for part in answers] == [4, Fraction(3, 2), 3]


@given(digits=st.integers(4, 12), unit=st.sampled_from(["B", "KB", "MB", "GB", "KiB", "MiB", "GiB"]))
def test_the_right_memory_is_right_in_any_unit_and_to_any_number_of_digits(digits: int, unit: str) -> None:
    size = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}[unit]
    answer = f"{600394976 / size:.{digits}f} {unit}"
    assert finding("alexnet_sizes", "training_bytes", answer) == "correct"


@given(st.integers(1, 10**10))
def test_no_other_whole_number_of_bytes_is_right(size: int) -> None:
    points = marked("alexnet_sizes", training_bytes=size)["training_bytes"].points
    assert (points == 3) == (size == 600394976)


@given(st.text(max_size=80))
def test_no_text_stops_the_marking_or_is_right_by_accident(text: str) -> None:
    verdicts = marked("alexnet_sizes", training_bytes=text, largest_batch=text, parameters=text)
    assert all(verdict.points in {None, 0} or verdict.read_as for verdict in verdicts.values())


def test_a_failure_of_ours_on_one_answer_stays_with_that_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("ours")

    ready = Marker(marker("layer_sizes").problem)
    given = {"linear_parameters": 12_289_000, "convolution_outputs": (16, 60, 60)}
    answers = {name: Answer(variable=name, data=encode(value)) for name, value in given.items()}
    for method in ("read", "compare"):
        with monkeypatch.context() as patch:
            patch.setattr(Shape, method, broken)
            outcomes = {verdict.part: verdict.outcome for verdict in Marker(ready.problem).mark(answers)}
        assert outcomes["linear_parameters"] is Outcome.CORRECT
        assert outcomes["convolution_outputs"] is Outcome.GRADER_FAULT


def test_a_rounded_cell_in_one_table_and_a_wrong_one_in_another_of_other_cells_are_no_swap() -> None:
    verdicts = marked("alexnet_sizes", parameters={"conv1": "23K"}, feature_maps={"conv1": (5, 5, 5)})
    assert {verdicts[part].outcome for part in ("parameters", "feature_maps")} == {Outcome.INCORRECT}


def test_a_rounded_number_where_the_exact_one_is_asked_for_is_told_so() -> None:
    verdict = marked("layer_sizes", linear_parameters="12.3M")["linear_parameters"]
    assert (verdict.outcome, verdict.finding) == (Outcome.INCORRECT, "linear_parameters:slip(rounded)")


def test_a_float32_counts_as_what_a_student_sees_of_it() -> None:
    assert finding("alexnet_sizes", "training_bytes", np.float32(600394976)) == "correct"
    assert marked("inception_params", inception_ratio=np.float32(2.4037))["inception_ratio"].read_as == "2.4037"


def test_steps_that_nobody_asked_for_cost_nothing_and_are_told() -> None:
    right = marker("momentum_paths").problem.expected("descent_path", {})
    verdict = marked("momentum_paths", descent_path=[*right, (500, -300)])["descent_path"]
    assert verdict.outcome is Outcome.CORRECT
    assert "Only the first 5 steps were looked at" in verdict.message


def test_a_momentum_sketch_has_to_turn_less_than_the_students_own_plain_one() -> None:
    zigzag = [(-9, 1.5), (-7, -1.2), (-5.5, 1), (-4, -0.8), (-2.5, 0.5), (-1, -0.2), (0, 0)]
    both = marked("descent_sketches", descent_sketch=zigzag, momentum_sketch=zigzag)
    assert both["descent_sketch"].outcome is Outcome.CORRECT
    assert both["momentum_sketch"].finding == "momentum_sketch:wrong=turns"
    assert finding("descent_sketches", "momentum_sketch", zigzag) == "correct"  # with no plain one beside it

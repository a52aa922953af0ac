"""What is to be drawn of answers about the sizes of layers, marked without a kernel."""

from pathlib import Path
from typing import Any

import pytest
from torch import nn

from grader import Answer, Marker, Outcome, Verdict, load_course
from grader.answers.networks import Module, Network, as_data
from grader.checks.check import Encoded
from grader.checks.network_sizes import MOST_BARS, network_sizes
from grader.kernels.inside import encode
from grader.records import Size, Sizes
from grader.reports.revealing import revealed_verdict
from grader.reveal import Reveal
from tests.answers.networks_as_data import network_of
from tests.courses import PROBLEM, SOLVER, replaced, write_course
from tests.marks import marked, marker

PICTURED = replaced(PROBLEM, '"height"]', '"height"]\npicture = "bars"\npicture_unit = "inches"')
PICTURED = PICTURED.replace(
    "points = 2", 'picture = "bars"\npictured = "sides"\npicture_unit = "inches"\npoints = 2', 1
)
SIDES = f"{SOLVER}\n\ndef sides(area):\n    return {{'one side': area / 6, 'all': area, 'none': 0}}\n"


def only(verdict: Verdict) -> Sizes:
    (sizes,) = verdict.sizes
    return sizes


def by_name(sizes: Sizes) -> dict[str, tuple[float | None, float | None, bool | None]]:
    return {layer.name: (layer.given, layer.expected, layer.right) for layer in sizes.layers}


def right(problem: str, part: str, **assume: Any) -> Any:
    return marker(problem).problem.expected(part, assume)


def test_a_table_of_numbers_is_drawn_row_by_row() -> None:
    given = right("alexnet_sizes", "parameters") | {"conv1": 23_296, "conv2": "many", "fc3": 10**90}
    given.pop("conv3")
    sizes = only(marked("alexnet_sizes", parameters=given | {"conv2": 5})["parameters"])
    assert (sizes.form, sizes.unit) == ("bars", "parameters")
    assert by_name(sizes) == {
        "conv1": (23_296, 23_232, False),
        "conv2": (5, 307_200, False),
        "conv3": (None, 663_552, False),
        "conv4": (884_736, None, True),
        "conv5": (589_824, None, True),
        "fc1": (51_384_320, None, True),
        "fc2": (16_781_312, None, True),
        "fc3": (1e90, 4_097_000, False),
    }
    assert not marked("alexnet_sizes", parameters=given)["parameters"].sizes, "a person has to read it first"


def test_of_a_shape_the_number_of_its_values_is_drawn_whichever_axis_comes_first() -> None:
    maps = right("alexnet_sizes", "feature_maps")
    turned = {name: (*shape[1:], shape[0]) for name, shape in maps.items()}
    drawn = [only(marked("alexnet_sizes", feature_maps=one)["feature_maps"]) for one in (maps, turned)]
    assert drawn[0] == drawn[1]
    assert drawn[0].unit == "values"
    assert by_name(drawn[0])["conv1"] == (64 * 56 * 56, None, True)


def test_receptive_fields_are_drawn_as_squares() -> None:
    wrong = right("resnet50_field", "resnet50_stages", recursion="r s + k - 1")
    sizes = only(marked("resnet50_field", resnet50_stages=wrong)["resnet50_stages"])
    assert (sizes.form, sizes.unit) == ("squares", "pixels")
    assert by_name(sizes)["conv1"] == (8, 7, False)


def test_a_row_that_follows_from_a_wrong_one_is_right_and_has_nothing_beside_it() -> None:
    own = {"conv1": 7, "max pool": 12, "stage 2": 36, "stage 3": 100, "stage 4": 292, "stage 5": 484}
    sizes = by_name(only(marked("resnet50_field", resnet50_stages=own)["resnet50_stages"]))
    assert sizes["max pool"] == (12, 11, False)
    assert sizes["stage 5"] == (484, None, True)


@pytest.mark.parametrize(
    ("given", "layers"),
    [
        (9, {"layer 2": (1, None, True), "layer 1": (5, None, True), "input": (9, None, True)}),
        ("10x10", {"layer 2": (1, None, None), "layer 1": (5, None, None), "input": (10, 9, False)}),
    ],
)
def test_from_a_single_number_the_solver_makes_the_layers(given: Any, layers: Any) -> None:
    sizes = only(marked("receptive_field", two_convolutions=given)["two_convolutions"])
    assert (sizes.form, sizes.unit) == ("squares", "pixels")
    assert by_name(sizes) == layers


@pytest.mark.parametrize("given", [10**13, -(10**13), 10**90])
def test_from_an_absurd_number_the_solver_makes_nothing(given: int) -> None:
    assert not marked("receptive_field", two_convolutions=given)["two_convolutions"].sizes


@pytest.mark.parametrize(
    ("answers", "outcome"), [({}, Outcome.BLANK), ({"two_convolutions": "large"}, Outcome.UNREADABLE)]
)
def test_nothing_is_drawn_of_what_was_not_read(answers: dict[str, Any], outcome: Outcome) -> None:
    verdict = next(
        iter(marker("receptive_field").mark({n: Answer(variable=n, data=encode(a)) for n, a in answers.items()}))
    )
    assert (verdict.outcome, verdict.sizes) == (outcome, ())


def marked_here(root: Path, problem: str, solver: str, **given: Any) -> dict[str, Verdict]:
    (found,) = load_course(write_course(root, problem=problem, solver=solver)).homework("hw1").problems
    answers = {name: Answer(variable=name, data=encode(value)) for name, value in given.items()}
    return {verdict.part: verdict for verdict in Marker(found).mark(answers)}


@pytest.mark.parametrize(
    "given", [{"area": 96, "sizes": {"width": 4, "height": 8}}, {"area": "1K", "sizes": [9, "2K"]}]
)
def test_what_is_drawn_of_a_student_does_not_depend_on_what_is_right(tmp_path: Path, given: dict[str, Any]) -> None:
    problems = [PICTURED, PICTURED.replace("side = 4", "side = 5")]
    solver = replaced(
        SIDES, "(6 if lid else 5)", "(64 if lid else 60)"
    )  # so that 1K may be the right 1024, and is not 1600
    drawn = [marked_here(tmp_path / str(n), problem, solver, **given) for n, problem in enumerate(problems)]
    for part in given:
        one, other = (revealed_verdict(verdicts[part], Reveal.NOTHING).sizes for verdicts in drawn)
        assert one
        assert one == other
    assert drawn[0]["area"].sizes != drawn[1]["area"].sizes


def test_a_solver_that_fails_on_a_students_number_costs_the_picture_alone(tmp_path: Path) -> None:
    solver = SIDES.replace("area / 6", "1 / (area - 7)")
    verdict = marked_here(tmp_path, PICTURED, solver, area=7)["area"]
    assert (verdict.outcome, verdict.sizes) == (Outcome.INCORRECT, ())


def test_of_a_network_parameters_and_feature_maps_are_drawn_without_what_is_right() -> None:
    net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 15 * 15, 10))
    data = Encoded(as_data(network_of(net, (3, 32, 32)))).data
    verdict = next(iter(marker("cifar_design").mark({"cifar_design": Answer(variable="cifar_design", data=data)})))
    parameters, maps = verdict.sizes
    assert (parameters.form, parameters.unit) == ("bars", "parameters")
    assert by_name(parameters) == {"0": (224, None, None), "4": (18_010, None, None)}
    assert by_name(maps) == {
        "convolution 1": (8 * 30 * 30, None, None),
        "max pool 1": (8 * 15 * 15, None, None),
        "linear 1": (10, None, None),
    }


def network_with(*names: str) -> Network:
    modules = tuple(Module(name=name, kind="Conv2d", parameters=number) for number, name in enumerate(names, start=1))
    return Network(input=(3, 8, 8), modules=modules, steps=(), output=None, shape=(1, 3, 8, 8))


def test_modules_below_one_name_are_taken_together_where_there_are_too_many() -> None:
    few = [f"block.{block}.conv{layer}" for block in range(2) for layer in range(3)]
    assert [layer.name for layer in network_sizes(network_with(*few))[0].layers] == few
    many = [f"block.{block}.conv{layer}" for block in range(5) for layer in range(9)]
    (sizes,) = network_sizes(network_with(*many))
    assert [layer.name for layer in sizes.layers] == [f"block.{block}" for block in range(5)]
    assert sizes.layers[0] == Size(name="block.0", given=sum(range(1, 10)))


def test_where_that_is_not_enough_the_largest_are_drawn_and_the_others_counted() -> None:
    (sizes,) = network_sizes(network_with(*(f"conv{number}" for number in range(100))))
    assert len(sizes.layers) == MOST_BARS
    assert sizes.layers[-2:] == (Size(name="conv99", given=100), Size(name="77 smaller ones", given=None))


def test_a_network_that_cannot_be_followed_back_has_no_maps_and_one_without_modules_no_picture() -> None:
    assert [sizes.unit for sizes in network_sizes(network_with("conv"))] == ["parameters"]
    assert network_sizes(network_with()) == ()

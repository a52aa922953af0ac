import copy
from collections.abc import Callable
from fractions import Fraction
from typing import Any, cast

import pytest
from pydantic import ValidationError
from torch import Tensor, nn
from torch.nn import functional

from grader.answers.decoding import decode
from grader.answers.values import Foreign, Plain
from grader.checks.check import Encoded, Match
from grader.checks.model import Model
from grader.errors import Unreadable
from reference.cifar_design import cifar_design
from reference.cnn import AdaptiveAvgPool2d, AvgPool2d, Conv2d, Flatten, Linear, Parallel
from reference.designs import design
from tests.answers.networks_as_data import network_of
from tests.checks.answering import declared

EVERYTHING: dict[str, Any] = {
    "input": [3, 32, 32],
    "output": [10],
    "parameters": {"low": 100, "high": 10_000_000},
    "receptive_field": {"low": 32, "high": 200},
    "final_map": {"channels": {"low": 11}, "height": 8, "width": 8},
    "largest_map": {"high": 500_000},
    "macs": {"low": 1, "high": 10**9},
    "needs": ["convolution", "concat", "global_average_pool"],
    "forbids": ["dropout", "batch_norm"],
}
DESIGN = cifar_design([3, 32, 32], 10)


def model(**options: Any) -> Model:
    return cast("Model", declared("model", **options))


MODEL = model(**EVERYTHING)


def marked(check: Model, answer: Plain) -> Match:
    (reading,) = check.read(answer)
    return check.compare(reading, reading.value)  # the bounds say all there is to say


def decoded(answer: Encoded) -> Plain:
    return decode(answer.data)


def test_the_solvers_own_design_keeps_every_bound_and_each_is_told() -> None:
    expected = MODEL.expect(DESIGN)
    (answer,) = MODEL.right_answers(expected)
    found = marked(MODEL, decoded(answer))
    assert found.right
    assert {item.name: item.read_as for item in found.items} == {
        "output": "10, exactly 10",
        "parameters": "1 195 370, 100 to 10 000 000",
        "receptive field": "119, 32 to 200",
        "last feature map": "384 × 8 × 8, channels at least 11, height exactly 8, width exactly 8",
        "largest feature map": "98 304 values in 96 × 32 × 32, at most 500 000",
        "multiply-adds": "289 918 720, 1 to 1 000 000 000",
        "convolution layers": "65, at least 1",
        "concat layers": "10, at least 1",
        "global average pool layers": "1, at least 1",
        "dropout layers": "0, exactly 0",
        "batch norm layers": "0, exactly 0",
    }


def test_every_bound_that_can_be_broken_by_one_thing_is_by_some_wrong_answer() -> None:
    expected = MODEL.expect(DESIGN)
    broken = set[str]()
    for answer in MODEL.wrong_answers(expected):
        found = marked(MODEL, decoded(answer))
        assert found.credit < 1
        broken |= {item.name for item in found.items if not item.right}
    assert {item.name for item in marked(MODEL, decoded(MODEL.right_answers(expected)[0])).items} - broken == {
        "largest feature map"
    }


def test_a_network_just_outside_a_bound_breaks_only_that() -> None:
    check = model(input=[3, 32, 32], receptive_field={"low": 119, "high": 119}, parameters=1_195_370)
    answers = [marked(check, decoded(answer)) for answer in check.wrong_answers(check.expect(DESIGN))]
    assert [(found.note, found.items[1].read_as.split(",")[0]) for found in answers] == [
        ("wrong=parameters", "119"),
        ("wrong=parameters", "119"),
        ("wrong=receptive field", "118"),
        ("wrong=receptive field", "120"),
    ]


def test_each_bound_earns_its_share() -> None:
    plain = nn.Sequential(nn.Conv2d(3, 16, 3, 4, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10))
    found = marked(model(**EVERYTHING), network_of(plain, (3, 32, 32)))
    assert found.credit == Fraction(9, 11)
    assert found.note == "wrong=receptive field,concat layers"
    assert found.message == "Look again at: receptive field, concat layers."
    assert not found.unread


def test_a_field_with_one_side_too_short_is_too_small() -> None:
    narrow = network_of(nn.Conv2d(3, 4, (3, 40), padding=(1, 20)), (3, 32, 32))
    (item,) = marked(model(input=[3, 32, 32], receptive_field={"low": 32}), narrow).items
    assert (item.right, item.read_as) == (False, "3 × 40, at least 32")


def test_what_is_unclear_waits_for_a_person_and_the_rest_is_told() -> None:
    shrunk = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Upsample(scale_factor=2), nn.Conv2d(4, 10, 3))
    found = marked(
        model(input=[3, 8, 8], output=[10, 10, 10], receptive_field={"low": 3}), network_of(shrunk, (3, 8, 8))
    )
    assert [item.right for item in found.items] == [True, False]
    assert found.unread == "receptive field: it is not known what interpolate sees"
    assert (found.credit, found.given) == (Fraction(1, 2), Fraction(1, 2))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Foreign("type"), "a class of networks rather than a network"),
        (Foreign("torch.Tensor"), "a value of type torch.Tensor"),
        ({"parameters": 5, "receptive_field": (119, 119)}, "a dict of 2"),
        ("a ResNet", "a text"),
        (..., "nothing"),
        (network_of(nn.Conv2d(3, 4, 3), (3, 8, 8)), "a network"),
        (
            decode({"t": "network", "input": [3, 32, 32], "failure": "RuntimeError: no."}),
            r"fails on an input of shape \(1, 3, 32, 32\): RuntimeError: no; expected one that .*torch\.zeros\(1, 3, 32, 32\)",
        ),
    ],
)
def test_what_is_no_network_on_this_input_is_unreadable(answer: Plain, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        MODEL.read(answer)


def test_a_network_is_read_as_the_layers_that_its_output_depends_on() -> None:
    pooled = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Conv2d(4, 4, 3), nn.AvgPool2d(28), nn.Flatten())
    (reading,) = MODEL.read(network_of(pooled, (3, 32, 32)))
    assert reading.text == "layers: convolution 2, activation 1, average pool 1, global average pool 1"


@pytest.mark.parametrize("change", [{"output": None}, {"steps": (), "output": 0, "shape": (1, 3, 32, 32)}])
def test_a_network_without_layers_that_can_be_told_is_read_as_what_it_is(change: dict[str, Any]) -> None:
    network = network_of(nn.Conv2d(3, 4, 3), (3, 32, 32)).model_copy(update=change)
    (reading,) = MODEL.read(network)
    assert reading.text == str(network)


def test_later_parts_are_given_the_facts_of_the_students_own_network() -> None:
    network = network_of(nn.Sequential(nn.Conv2d(3, 5, 3), nn.MaxPool2d(3)), (3, 32, 32))
    (reading,) = MODEL.read(network)
    assert MODEL.upstream(reading, MODEL.expect(DESIGN)) == {
        "output": (5, 10, 10),
        "parameters": 140,
        "weights": 135,
        "macs": 135 * 900,
        "layers": {"convolution": 1, "max_pool": 1},
        "largest_map": (5, 30, 30),
        "final_map": (5, 10, 10),
        "receptive_field": (5, 5),
        "feature_values": 5000,
    }


def test_no_mistake_leads_to_a_network_and_equal_facts_are_the_same() -> None:
    expected = MODEL.expect(DESIGN)
    (reading,) = MODEL.read(expected)
    assert not MODEL.explains(reading, expected)
    assert MODEL.same(expected, MODEL.expect(cifar_design([3, 32, 32], 10)))
    assert not MODEL.same(expected, network_of(nn.Conv2d(3, 4, 3), (3, 32, 32)))
    assert MODEL.has_many_answers
    assert MODEL.solved
    assert MODEL.model_input == (3, 32, 32)


def broken(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    solved = copy.deepcopy(DESIGN)
    change(solved)
    return solved


@pytest.mark.parametrize(
    ("solved", "words"),
    [
        (3, "a dictionary of facts with a description is expected"),
        (broken(lambda d: d.pop("description")), "with a description"),
        (broken(lambda d: d.update(parameters=5)), r"says parameters = 5, but its description shows 1195370"),
        (broken(lambda d: d.update(field=5)), "'field' is no fact of a network; there is: output,"),
        (broken(lambda d: d["description"].pop("steps")), "description is none"),
        (broken(lambda d: d["description"].update(input=[3, 33, 33])), r"that of a network on \(3, 32, 32\)"),
        (
            design([Conv2d(3, 12, 3, 4, 1)], [AdaptiveAvgPool2d(1), Flatten(), Linear(12, 10)], (3, 32, 32)),
            "the solver's own network breaks a bound: receptive field: 3, 32 to 200",
        ),
    ],
)
def test_a_solver_has_to_give_a_network_whose_facts_are_true_and_keep_the_bounds(solved: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        MODEL.expect(solved)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"input": []},
        {"input": [3, 0, 8], "output": [10]},
        {"input": [3, 8, 8]},
        {"input": [3, 8, 8], "needs": ["conv"]},
        {"input": [3, 8, 8], "needs": ["concat", "concat"]},
        {"input": [3, 8, 8], "needs": ["add"], "forbids": ["add"]},
        {"input": [3, 8, 8], "macs": {}},
        {"input": [3, 8, 8], "output": [10], "classes": 10},
    ],
)
def test_a_problem_has_to_ask_for_something_that_can_be(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        model(**options)


def test_a_forbidden_join_is_found_wherever_it_is() -> None:
    check = model(input=[3, 8, 8], forbids=["concat", "linear", "convolution", "global_average_pool"])
    solved = design([AvgPool2d(2)], [Flatten()], (3, 8, 8))
    expected = check.expect({name: solved[name] for name in ("output", "description")})
    notes = {marked(check, decoded(answer)).note for answer in check.wrong_answers(expected)}
    assert notes == {f"wrong={name} layers" for name in ("concat", "linear", "convolution", "global average pool")}
    joined = design([Parallel([[], []])], [Flatten()], (3, 8, 8))
    with pytest.raises(ValueError, match="concat layers: 1, exactly 0"):
        check.expect(joined)


@pytest.mark.parametrize(
    ("drops", "right"),
    [
        (lambda x, _: functional.dropout(x, 0.5, training=False), True),
        (lambda x, training: functional.dropout(x) if training else x, None),
        (lambda x, _: x, None),
    ],
)
def test_a_dropout_that_is_not_seen_waits_for_a_person(drops: Callable[..., Any], right: bool | None) -> None:  # noqa: FBT001
    class Own(nn.Module):
        def forward(self, x: Tensor) -> Any:
            return drops(x, self.training)

    network = network_of(nn.Sequential(nn.Conv2d(3, 4, 3), Own()), (3, 8, 8))
    found = marked(model(input=[3, 8, 8], needs=["dropout"]), network)
    assert (found.right, bool(found.unread)) == (right is True, right is None)
    assert marked(model(input=[3, 8, 8], forbids=["dropout"]), network).right is (right is None)

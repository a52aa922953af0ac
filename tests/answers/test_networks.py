import copy
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.answers.decoding import decode
from grader.answers.network_facts import Facts, known_facts
from grader.answers.networks import (
    INPUT_AXES,
    LARGEST,
    LARGEST_SHIFT,
    LARGEST_SIZE,
    SOURCES,
    STEPS,
    FailedNetwork,
    Network,
    as_data,
    network_in,
)
from grader.answers.plain import is_blank, show
from grader.answers.receptive_fields import LARGEST_FIELD, fields_of
from grader.errors import Unreadable

WINDOW = {"kernel": [3, 3], "stride": [1, 1], "padding": [1, 1], "dilation": [1, 1], "groups": 1}
SOUND: dict[str, Any] = {
    "t": "network",
    "input": [3, 8, 8],
    "modules": [{"name": "conv", "kind": "Conv2d", "parameters": 112}],
    "steps": [
        {"function": "conv2d", "of": [0], "shape": [1, 4, 8, 8], "window": WINDOW},
        {"function": "mean", "of": [1], "shape": [1, 4], "axes": [2, 3]},
    ],
    "output": 2,
    "shape": [1, 4],
}


def altered(path: str, value: Any) -> dict[str, Any]:
    """The sound description with another value at one place; "steps.0.of" is the `of` of its first step."""
    data = copy.deepcopy(SOUND)
    *above, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    place: Any = data
    for key in above:
        place = place[key]
    place[last] = value
    return data


def test_a_network_goes_to_data_and_back_unchanged() -> None:
    network = decode(SOUND)
    assert isinstance(network, Network)
    assert as_data(network) == SOUND
    assert hash(network) == hash(decode(SOUND))
    assert show(network) == str(network) == "a network of 2 steps with 112 parameters"
    assert not is_blank(network)


def test_a_network_that_did_not_run_says_on_which_input_and_why() -> None:
    failed = decode({"t": "network", "input": [3, 8, 8], "failure": "RuntimeError: no"})
    assert isinstance(failed, FailedNetwork)
    assert show(failed) == "a network that fails on an input of shape (1, 3, 8, 8): RuntimeError: no"
    assert not is_blank(failed)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("input", [3.0, 8, 8]),
        ("input", [True, 8, 8]),
        ("input", [1] * (INPUT_AXES + 1)),
        ("input", [3, 8, LARGEST_SIZE + 1]),
        ("steps.0.shape", [1, 4, 8, LARGEST_SIZE + 1]),
        ("steps.0.shape", [1] * 9),
        ("steps.0.window.kernel", [3, LARGEST_SHIFT + 1]),
        ("steps.0.window.stride", [LARGEST_SHIFT + 1, 1]),
        ("steps.0.window.padding", [-LARGEST_SHIFT - 1, 1]),
        ("steps.0.window.dilation", [1, LARGEST_SHIFT + 1]),
        ("input", "388"),
        ("modules.0.parameters", -1),
        ("modules.0.parameters", LARGEST + 1),
        ("modules.0.name", "x" * 101),
        ("modules.0.extra", 1),
        ("modules", [{"name": "", "kind": "", "parameters": 1}] * (STEPS + 1)),
        ("steps", [SOUND["steps"][0]] * (STEPS + 1)),
        ("steps.0.of", []),
        ("steps.0.of", [1]),
        ("steps.0.of", [-1]),
        ("steps.0.of", [0] * (SOURCES + 1)),
        ("steps.1.of", [2]),
        ("steps.0.shape", [1, -4, 8, 8]),
        ("steps.0.function", None),
        ("steps.0.window.stride", [0, 1]),
        ("steps.0.window.groups", 0),
        ("steps.0.window.kernel", [3]),
        ("steps.0.window.padding", [1, 10**30]),
        ("steps.1.axes", [-1]),
        ("output", 3),
        ("output", -1),
        ("shape", [1, 5]),
        ("more", 1),
        ("failure", 3),
    ],
)
def test_what_makes_no_sense_is_unreadable(path: str, value: Any) -> None:
    with pytest.raises(Unreadable):
        decode(altered(path, value))


def test_the_words_of_a_failure_are_bounded() -> None:
    with pytest.raises(Unreadable):
        decode({"t": "network", "input": [3], "failure": "x" * 301})


def test_many_networks_are_too_many_values() -> None:
    steps = [{"function": "relu", "of": [0], "shape": [3]}] * STEPS
    network = {"t": "network", "input": [3], "modules": [], "steps": steps, "output": None, "shape": [1]}
    with pytest.raises(Unreadable, match="values"):
        decode({"t": "list", "v": [network] * 25})


SIZES = st.lists(st.integers(0, 9) | st.just(LARGEST_SIZE), max_size=6)
INPUTS = st.lists(st.integers(0, 9) | st.just(LARGEST_SIZE), max_size=INPUT_AXES)
FUNCTIONS = st.sampled_from(
    "conv2d conv1d conv_transpose2d max_pool2d adaptive_avg_pool2d linear matmul cat add mean relu batch_norm view permute "  # noqa: SIM905 - reads better
    "stack pad getitem sum max einsum ?".split()
)


@st.composite
def windows(draw: st.DrawFn) -> dict[str, Any]:
    axes = draw(st.integers(0, 3))
    numbers = st.lists(st.integers(1, 9), min_size=axes, max_size=axes)
    shifts = st.lists(st.integers(-9, 9), min_size=axes, max_size=axes)
    sizes = {name: draw(numbers) for name in ("kernel", "stride", "dilation")}
    return {**sizes, "padding": draw(shifts), "groups": draw(st.integers(1, 9))}


@st.composite
def forged(draw: st.DrawFn) -> dict[str, Any]:
    details: dict[str, st.SearchStrategy[Any]] = {"window": windows(), "axes": SIZES}
    steps = []
    for number in range(draw(st.integers(0, 6))):
        step = {"function": draw(FUNCTIONS), "shape": draw(SIZES)}
        step["of"] = draw(st.lists(st.integers(0, number), min_size=1, max_size=3))
        step |= draw(st.fixed_dictionaries({}, optional=details))
        steps.append(step)
    image = draw(INPUTS)
    shape = steps[-1]["shape"] if steps else draw(SIZES)
    output = draw(st.sampled_from([None, len(steps)])) if steps else None
    return {"t": "network", "input": image, "modules": [], "steps": steps, "output": output, "shape": shape}


SHORT = {"function": "max_pool2d", "of": [0], "shape": [9]}  # fewer axes than the input has in space
FORGED = {"t": "network", "input": [1, 9, 9], "modules": [], "steps": [SHORT], "output": 1, "shape": [9]}
FEWER = {
    "t": "network",
    "input": [1, 2],
    "modules": [],
    "steps": [
        {"function": "mean", "shape": [], "of": [0], "axes": []},  # takes no axis, and yet none is left
        {"function": "conv2d", "shape": [], "of": [0]},
        {"function": "view", "shape": [], "of": [1]},
    ],
    "output": 3,
    "shape": [],
}


@example(FORGED)
@example(FEWER)
@example(
    {
        "t": "network",
        "input": [1, 2**32],
        "modules": [],
        "steps": [{"function": "max_pool2d", "shape": [2], "of": [0]}],
        "output": None,
        "shape": [2],
    }
)
@settings(max_examples=500)
@given(forged())
def test_whatever_a_description_says_its_facts_are_told_or_unreadable(data: dict[str, Any]) -> None:
    network = decode(data)
    assert isinstance(network, Network)
    facts = known_facts(network)
    assert facts["parameters"] == 0
    assert all(number >= 0 for number in facts.get("receptive_field", ()))
    if network.output is None:
        with pytest.raises(Unreadable, match="could not be followed"):
            _ = Facts(network).macs


def test_a_record_of_many_wide_strides_has_no_field_and_its_numbers_stay_small() -> None:
    window = {name: [LARGEST_SHIFT] * 2 for name in ("kernel", "stride", "padding", "dilation")} | {"groups": 1}
    steps = [{"function": "conv2d", "of": [n], "shape": [1, 1, 9, 9], "window": window} for n in range(1000)]
    network = decode(FORGED | {"steps": steps, "output": 1000, "shape": [1, 1, 9, 9]})
    assert isinstance(network, Network)
    with pytest.raises(Unreadable, match="sees more than any image has"):
        _ = Facts(network).receptive_field
    numbers = [
        n for seen in fields_of(network) if isinstance(seen, tuple) for axis in seen for n in (axis.size, axis.stride)
    ]
    assert max(numbers) <= LARGEST_FIELD


def test_a_fact_that_cannot_be_told_says_so_to_whoever_asks_for_it() -> None:
    facts = copy.deepcopy(known_facts(network_in(altered("steps.0.function", "?"))))  # type: ignore[arg-type]
    assert facts["parameters"] == 112
    assert "macs" not in facts
    with pytest.raises(ValueError, match=r"the macs of this network cannot be told: it is not known what \? computes"):
        _ = facts["macs"]
    with pytest.raises(KeyError):
        _ = facts["flops"]

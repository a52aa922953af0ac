import base64
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.answers.plain import Foreign, Frame, Plain, decode, is_blank, show
from grader.errors import Unreadable


def array(values: Any, dtype: str) -> dict[str, Any]:
    data = np.asarray(values, dtype=np.dtype(dtype).newbyteorder("<"))
    return {
        "t": "array",
        "dtype": dtype,
        "shape": list(data.shape),
        "data": base64.b64encode(data.tobytes()).decode(),
    }


def nested(depth: int) -> dict[str, Any]:
    data: dict[str, Any] = {"t": "none"}
    for _ in range(depth):
        data = {"t": "list", "v": [data]}
    return data


ONE = {"t": "int", "v": "1"}
TWO = {"t": "int", "v": "2"}
CONV1 = {"t": "str", "v": "conv1"}


@pytest.mark.parametrize(
    ("data", "plain"),
    [
        ({"t": "none"}, None),
        ({"t": "ellipsis"}, ...),
        ({"t": "bool", "v": True}, True),
        ({"t": "int", "v": "-123"}, -123),
        ({"t": "int", "v": "9" * 400}, 10**400 - 1),
        ({"t": "float", "v": (0.1).hex()}, 0.1),
        ({"t": "float", "v": (-5e-324).hex()}, -5e-324),
        ({"t": "float", "v": "-inf"}, -math.inf),
        ({"t": "str", "v": "159K"}, "159K"),
        ({"t": "fraction", "n": "-1", "d": "3"}, Fraction(-1, 3)),
        ({"t": "decimal", "v": "1.50"}, Decimal("1.50")),
        ({"t": "decimal", "v": "1E+3"}, Decimal("1E+3")),
        ({"t": "decimal", "v": "-Infinity"}, -math.inf),
        ({"t": "list", "v": [ONE, {"t": "set", "v": [TWO]}]}, (1, (2,))),
        ({"t": "dict", "v": [[CONV1, ONE]]}, {"conv1": 1}),
        ({"t": "size", "v": [64, 56]}, (64, 56)),
        (array([[1, 2], [3, 4]], "int8"), ((1, 2), (3, 4))),
        (array(0.5, "float16"), 0.5),
        (array(True, "bool"), True),  # noqa: FBT003 - a numpy bool
        (array([2**64 - 1], "uint64"), (2**64 - 1,)),
        (array(np.zeros((2, 0, 3)), "float64"), ((), ())),
        (array([], "int32"), ()),
        (
            {"t": "frame", "columns": [CONV1], "index": [ONE, TWO], "rows": [[TWO], [{"t": "none"}]]},
            Frame(("conv1",), (1, 2), ((2,), (None,))),
        ),
        ({"t": "unsupported", "type": "torch.nn.Linear"}, Foreign("torch.nn.Linear")),
        ({"t": "too large", "type": "list"}, Foreign("list", too_large=True)),
        ({"t": "complex", "re": "0x1p+0", "im": "0x1p+0"}, Foreign("complex")),
        ({"t": "module"}, Foreign("module")),
        ({"t": "unsupported", "type": "a\u202e\n" * 200}, Foreign("a" * 34)),
    ],
)
def test_a_tagged_value_is_decoded_exactly(data: Any, plain: Plain) -> None:
    decoded = decode(data)
    assert decoded == plain
    assert type(decoded) is type(plain)


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "int",
        {},
        {"t": 3},
        {"t": "int"},
        {"t": "int", "v": 3},
        {"t": "int", "v": "0x10"},
        {"t": "int", "v": "9" * 401},
        {"t": "int", "v": "٣"},
        {"t": "bool", "v": 1},
        {"t": "float", "v": "1.5"},
        {"t": "float", "v": "0x1.8p+9999"},
        {"t": "float", "v": "0x1.8p+99999999999"},
        {"t": "str", "v": "a" * 10_001},
        {"t": "fraction", "n": "1", "d": "0"},
        {"t": "decimal", "v": "1E+999999999"},
        {"t": "decimal", "v": "sNaN"},
        {"t": "list", "v": {}},
        {"t": "dict", "v": [[ONE]]},
        {"t": "dict", "v": [[{"t": "dict", "v": []}, ONE]]},
        {"t": "dict", "v": [[ONE, ONE]] * 501},
        {"t": "size", "v": [True]},
        {"t": "size", "v": [2**70]},
        {"t": "size", "v": [1] * 100_001},
        {"t": "list", "v": [ONE] * 100_001},
        {"t": "array", "dtype": "object", "shape": [], "data": ""},
        {"t": "array", "dtype": "int8", "shape": [2], "data": "AA=="},
        {"t": "array", "dtype": "int8", "shape": [-1], "data": "AA=="},
        {"t": "array", "dtype": "int8", "shape": [1], "data": "!!"},
        {"t": "array", "dtype": "int8", "shape": [1], "data": "é"},
        {"t": "array", "dtype": "int8", "shape": [1000, 1000, 0], "data": ""},
        {"t": "array", "dtype": "int8", "shape": [1] * 9, "data": "AA=="},
        {"t": "array", "dtype": "int8", "shape": [1], "data": "A" * 2_000_000},
        {"t": "frame", "columns": [CONV1], "index": [ONE], "rows": [[]]},
        {"t": "frame", "columns": [CONV1], "index": [], "rows": [[ONE]]},
        {"t": "unsupported", "type": None},
        nested(9),
        nested(500),
    ],
)
def test_malformed_or_oversized_data_is_unreadable(data: Any) -> None:
    with pytest.raises(Unreadable):
        decode(data)


def test_eight_levels_of_lists_are_decoded() -> None:
    assert show(decode(nested(8))) == "((((((((None))))))))"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["t", "v", "dtype", "shape", "data", "columns", "index", "rows"]), inner)
    ),
    max_leaves=10,
)
TAGS = st.sampled_from(
    [*"none bool int float str fraction decimal list dict array frame size unsupported".split(), "too large", "?"]  # noqa: SIM905 - reads better
)


@given(TAGS, st.dictionaries(st.sampled_from(["v", "n", "d", "type", "dtype", "shape", "data"]), JSON))
def test_no_json_raises_anything_but_unreadable(tag: str, fields: dict[str, Any]) -> None:
    try:
        plain = decode({"t": tag, **fields})
    except Unreadable:
        return
    assert len(show(plain)) <= 200


@pytest.mark.parametrize(
    "plain",
    [
        None,
        ...,
        "",
        "  ",
        "...",
        "…",
        "YOUR ANSWER HERE",
        "# your answer here",
        "<your answer>",
        "TODO",
        "?",
        (),
        (..., None),
        {"conv1": ...},
    ],
)
def test_these_are_blank(plain: Plain) -> None:
    assert is_blank(plain)


@pytest.mark.parametrize(
    "plain", [0, False, "-", "<", "0", "no", "none of them", (0,), {"conv1": ..., "conv2": 0}, Foreign("list")]
)
def test_these_are_not_blank(plain: Plain) -> None:
    assert not is_blank(plain)


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        ("159K", "159K"),
        (..., "..."),
        ((64, 56.5, "x"), "(64, 56.5, x)"),
        ({"conv1": (1,), "conv2": None}, "{conv1: (1), conv2: None}"),
        (Frame(("p",), ("conv1",), ((1,),)), "[conv1: (1)]"),
        (Fraction(1, 3), "1/3"),
        (Foreign("list", too_large=True), "a value of type list that is too large"),
        ("a\nb\tc\x1b[31m", "a b c [31m"),
        ("abc\u202e\u2066\u200b", "abc"),
        ("\ud800", "\N{REPLACEMENT CHARACTER}"),
        ("a" * 500, "a" * 199 + "…"),
    ],
)
def test_an_answer_is_shown_on_one_harmless_line(plain: Plain, shown: str) -> None:
    assert show(plain) == shown


@given(st.text() | st.lists(st.text(), max_size=3).map(tuple))
def test_what_is_shown_can_be_written_to_any_report(plain: Plain) -> None:
    shown = show(plain)
    assert shown.encode().decode() == shown
    assert shown.isprintable()
    assert len(shown) <= 200


def test_a_long_list_costs_no_more_than_what_is_shown() -> None:
    assert show((0,) * 1_000_000) == ("(" + "0, " * 200)[:199] + "…"

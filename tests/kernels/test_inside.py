import ast
import base64
import math
import sys
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from grader.answers.plain import Foreign, Frame, decode
from grader.kernels import inside, inside_flow, inside_model, inside_stubs
from grader.kernels.inside import MAX_ARRAY_BYTES, MAX_ITEMS, MAX_MESSAGE_BYTES, Capture, encode


class Hostile:
    __module__ = 3  # type: ignore[assignment]

    def __getattribute__(self, name: str) -> Any:
        raise SystemExit

    __eq__ = __repr__ = __len__ = __iter__ = __hash__ = __bool__ = __getattribute__  # type: ignore[assignment]


class PretendsToBeInt:
    __class__ = int  # type: ignore[assignment]


class OwnArray(np.ndarray[Any, Any]):
    pass


class Colour(IntEnum):
    RED = 1


@pytest.mark.parametrize(
    ("value", "tagged"),
    [
        (None, {"t": "none"}),
        (..., {"t": "ellipsis"}),
        (True, {"t": "bool", "v": True}),
        (-12, {"t": "int", "v": "-12"}),
        (1.5, {"t": "float", "v": "0x1.8000000000000p+0"}),
        (-0.0, {"t": "float", "v": "-0x0.0p+0"}),
        (math.inf, {"t": "float", "v": "inf"}),
        (-math.inf, {"t": "float", "v": "-inf"}),
        (math.nan, {"t": "float", "v": "nan"}),
        ("a\ud800é", {"t": "str", "v": "a\ufffdé"}),
        (Fraction(-1, 3), {"t": "fraction", "n": "-1", "d": "3"}),
        (Decimal("1.50"), {"t": "decimal", "v": "1.50"}),
        (1 + 2j, {"t": "complex", "re": "0x1.0000000000000p+0", "im": "0x1.0000000000000p+1"}),
        ([1, ()], {"t": "list", "v": [{"t": "int", "v": "1"}, {"t": "tuple", "v": []}]}),
        ({2}, {"t": "set", "v": [{"t": "int", "v": "2"}]}),
        ({"a": None}, {"t": "dict", "v": [[{"t": "str", "v": "a"}, {"t": "none"}]]}),
        (torch.Size([3, 2]), {"t": "size", "v": [3, 2]}),
        (
            np.array([[1, 2]], ">i2"),
            {"t": "array", "dtype": "int16", "shape": [1, 2], "data": base64.b64encode(b"\1\0\2\0").decode()},
        ),
    ],
)
def test_a_value_has_the_encoding_of_the_contract(value: object, tagged: dict[str, Any]) -> None:
    assert encode(value) == tagged


@pytest.mark.parametrize(
    ("value", "decoded"),
    [
        (10**399, 10**399),
        (-(10**399), -(10**399)),
        (5e-324, 5e-324),
        (np.float64(0.1), 0.1),
        (np.int32(7), 7),
        (np.longlong(7), 7),
        (np.array([0.5]).any(), True),
        (np.array([0.5]) > 0, (True,)),
        (np.arange(6.0).reshape(2, 3).T, ((0.0, 3.0), (1.0, 4.0), (2.0, 5.0))),
        (torch.tensor(3), 3),
        (torch.tensor([0.5], requires_grad=True), (0.5,)),
        (torch.nn.Parameter(torch.ones(2, 1)), ((1.0,), (1.0,))),
        (torch.tensor([1.0, 3.0], dtype=torch.bfloat16), (1.0, 3.0)),
        (torch.arange(4)[::2], (0, 2)),
        (torch.tensor([1 + 2j]).conj().imag, (-2.0,)),
        (torch.Size([64, 56, 56]), (64, 56, 56)),
        (pd.DataFrame({"a": [1, 2]}, index=["x", "y"]), Frame(("a",), ("x", "y"), ((1,), (2,)))),
        (np.array([["64x56x56", "é"], ["", "x"]]), (("64x56x56", "é"), ("", "x"))),
        (np.array("one"), "one"),
        (np.str_("one"), "one"),
        (pd.Index(["conv1", "conv2"]), ("conv1", "conv2")),
        (pd.Index([1.5, 2]), (1.5, 2.0)),
        (pd.RangeIndex(3), (0, 1, 2)),
        (pd.Series([0.5], name="s"), Frame(("s",), (0,), ((0.5,),))),
        ([[[[[[[[1]]]]]]]], ((((((((1,),),),),),),),)),
        ({"k": [1, Fraction(1, 2)]}, {"k": (1, Fraction(1, 2))}),
    ],
)
def test_a_value_arrives_exactly(value: object, decoded: object) -> None:
    arrived = decode(encode(value))
    assert arrived == decoded
    assert type(arrived) is type(decoded)


recursive: list[Any] = []
recursive.append(recursive)
recursive_dict: dict[str, Any] = {}
recursive_dict["self"] = (recursive_dict,)


@pytest.mark.parametrize(
    "value",
    [
        10**400,
        1 << 10**7,
        Fraction(1, 10**400),
        Decimal("1" * 500),
        "x" * 10_001,
        recursive,
        recursive_dict,
        [[[[[[[[[1]]]]]]]]],
        [0] * MAX_ITEMS,
        ["x" * 9_000] * 100,
        np.broadcast_to(np.float64(1), (10**6, 10**6)),
        np.zeros(MAX_ARRAY_BYTES, np.uint8),
        np.broadcast_to(np.array("x"), (10**6, 10**6)),
        np.empty((10**6, 10**6, 0), "U1"),
        np.full(100, "x" * 9_000),
        pd.RangeIndex(10**12),
        torch.ones(1).expand(10**9),
        pd.DataFrame(np.zeros((10**5, 2))),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_exceeds_a_limit_is_named_as_too_large(value: object) -> None:
    tagged = encode(value)
    assert tagged["t"] == "too large"
    arrived = decode(tagged)
    assert isinstance(arrived, Foreign)
    assert arrived.too_large


@pytest.mark.parametrize(
    ("value", "type_name"),
    [
        (Hostile(), "?.Hostile"),
        (PretendsToBeInt(), "PretendsToBeInt"),
        (np.zeros(1).view(OwnArray), "OwnArray"),
        (Colour.RED, "Colour"),
        (np.array([None]), "numpy.ndarray"),
        (np.complex128(1), "numpy.complex128"),
        (np.array([(1, 2)], "i4,i4"), "numpy.ndarray"),
        (np.datetime64("2020-01-01"), "numpy.datetime64"),
        (torch.ones(1, device="meta"), "torch.Tensor"),
        (torch.ones(1).to_sparse(), "torch.Tensor"),
        (torch.nn.Linear(1, 1), "torch.nn.modules.linear.Linear"),
        (print, "builtin_function_or_method"),
        (sys, "module"),
        (b"1", "bytes"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_any_other_type_is_only_named(value: object, type_name: str) -> None:
    tagged = encode(value)
    assert tagged["t"] == "unsupported"
    assert tagged["type"].endswith(type_name)


def test_one_bad_element_does_not_hide_the_others() -> None:
    assert decode(encode([1, Hostile()]))[0] == 1  # type: ignore[index]


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.fractions(),
    lambda inner: st.lists(inner, max_size=4).map(tuple) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=15,
)


@given(PLAIN)
def test_plain_values_decode_to_themselves_or_are_too_large(value: Any) -> None:
    arrived = decode(encode(value))
    assert arrived == value or (isinstance(arrived, Foreign) and arrived.too_large)


class Shell:
    """As much of IPython as the capture touches."""

    def __init__(self) -> None:
        self.user_ns: dict[str, Any] = {}
        self.published: list[dict[str, Any]] = []
        self.display_pub = self

    def publish(self, data: dict[str, Any]) -> None:
        self.published.append(data["answers"]["values"])


def test_only_what_changed_is_handed_over() -> None:
    shell = Shell()
    capture = Capture(shell, "answers", ["a", "b", "never"])
    for change in ({"a": 1, "other": 5}, {}, {"b": [1]}, {"b": [1]}, {"a": True}):
        shell.user_ns |= change
        capture.after_cell(None)
    assert [sorted(values) for values in shell.published] == [["a"], ["b"], ["a"]]


def test_a_list_changed_in_place_is_handed_over_again() -> None:
    shell = Shell()
    capture = Capture(shell, "answers", ["a"])
    shell.user_ns["a"] = [1]
    capture.after_cell(None)
    shell.user_ns["a"].append(2)
    capture.after_cell(None)
    assert decode(shell.published[-1]["a"]) == (1, 2)


def test_one_hand_over_stays_below_what_the_grader_reads() -> None:
    shell = Shell()
    names = [f"a{number}" for number in range(9)]
    capture = Capture(shell, "answers", names)
    shell.user_ns |= {name: np.zeros(MAX_ARRAY_BYTES // 8) for name in names}
    capture.after_cell(None)
    assert len(str(shell.published[0])) < MAX_MESSAGE_BYTES + 10_000
    capture.after_cell(None)  # what found no room is tried again
    arrived = [name for values in shell.published for name in values if values[name]["t"] == "array"]
    assert sorted(arrived) == names


def test_what_has_to_be_described_comes_last_and_keeps_nothing_back() -> None:
    def describe(value: object) -> dict[str, str] | None:
        if value == "interrupted":
            raise KeyboardInterrupt
        return {"t": "described"} if value == "network" else None

    shell = Shell()
    capture = Capture(shell, "answers", ["a", "b"], {"a": describe})
    for value in ("network", "interrupted", 5):
        shell.user_ns |= {"a": value, "b": value}
        capture.after_cell(None)
    text, number = ({"t": "str", "v": "interrupted"}, {"t": "int", "v": "5"})
    assert shell.published == [
        {"b": encode("network")},
        {"a": {"t": "described"}},
        {"b": text},
        {"b": number},
        {"a": number},
    ]


def test_a_failing_publisher_disturbs_nothing_and_is_tried_again() -> None:
    shell = Shell()
    shell.user_ns["a"] = 1
    capture = Capture(shell, "missing", ["a"])
    publisher, shell.display_pub = shell.display_pub, None  # type: ignore[assignment]
    capture.after_cell(None)
    shell.display_pub = publisher
    capture.mime = "answers"
    capture.after_cell(None)
    assert shell.published == [{"a": {"t": "int", "v": "1"}}]


@pytest.mark.parametrize("module", [inside, inside_flow, inside_model, inside_stubs])
def test_what_is_sent_to_kernels_imports_the_standard_library_only(module: Any) -> None:
    tree = ast.parse(Path(module.__file__).read_text())
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= set(sys.stdlib_module_names)

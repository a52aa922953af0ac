"""What makes a sealed check agree with grading: whatever a value credits shares a clue with it."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given, reject, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from grader.answers.decoding import decode
from grader.checks import AnyCheck
from grader.checks.check import Check
from grader.checks.numeric_cells import all_leading, all_within, digits_for, leading, within
from grader.errors import Unreadable
from grader.kernels.inside import encode

NUMBERS = st.one_of(
    st.integers(-(10**12), 10**12),
    st.fractions(-1000, 1000),
    st.floats(-1e12, 1e12, allow_nan=False),
    st.decimals(-1000, 1000, places=3, allow_nan=False).map(str),
)
NEAR = st.fractions(Fraction(90, 100), Fraction(110, 100))
SINGLE: list[dict[str, Any]] = [
    {"kind": "integer"},
    {"kind": "integer", "rounding": 0.005},
    {"kind": "integer", "sigfigs": 1},
    {"kind": "integer", "sigfigs": 3},
    {"kind": "quantity", "unit": "byte"},
    {"kind": "quantity", "unit": "byte", "rounding": 0.01},
    {"kind": "quantity", "unit": "byte", "sigfigs": 2},
    {"kind": "quantity", "unit": "second", "rtol": 0.02},
    {"kind": "real", "atol": 0.005},
    {"kind": "real", "rtol": 0.01},
    {"kind": "real", "sigfigs": 1},
    {"kind": "real", "sigfigs": 3},
    {"kind": "real", "decimals": 2},
    {"kind": "real", "rtol": 0.1, "atol": 2},
]


def check_of(options: dict[str, Any]) -> Check:
    made: Check = TypeAdapter(AnyCheck).validate_python(options)
    return made


def texts(check: Check, answer: Any, expected: Any) -> tuple[set[Any], set[Any], bool]:
    """The clues of an answer, those of a value, and whether the value credits the answer."""
    readings = check.read(decode(encode(answer)))
    items = check.items_of(expected)
    own = {clue for reading in readings for clue in (*check.clues(reading, items), *check.further_clues(reading))}
    return (
        own,
        {lock.clue for lock in check.locks(expected)},
        any(check.compare(reading, expected).credit for reading in readings),
    )


@pytest.mark.parametrize("options", SINGLE, ids=str)
@settings(max_examples=50)
@given(data=st.data())
def test_an_answer_that_a_number_credits_shares_a_clue_with_it(options: dict[str, Any], data: st.DataObject) -> None:
    check = check_of(options)
    whole = options["kind"] == "integer" or options.get("unit") == "byte"
    expected: Any = data.draw(st.integers(1, 10**9) if whole else st.fractions(Fraction(1, 1000), 10**6))
    exact = Fraction(expected)
    near = exact * data.draw(NEAR)
    digits = data.draw(st.integers(1, 6))
    spelled: tuple[Any, ...] = (
        int(near) if whole else near,
        float(near),
        f"{float(near):.{digits}g}",
        f"{float(exact):.{digits}g}",
    )
    answer: Any = data.draw(st.one_of(st.sampled_from(spelled), NUMBERS))
    try:
        own, locks, credited = texts(check, answer, check.expect(expected))
    except Unreadable:
        reject()
    assert own & locks or not credited


@given(number=st.fractions(1, 10**6), other=st.fractions(1, 10**6), digits=st.integers(2, 3))
@example(number=Fraction(10), other=Fraction(99999, 10000), digits=3)
@example(number=Fraction(2), other=Fraction(2), digits=2)
def test_cells_of_leading_digits_cover_every_number_between_two(number: Fraction, other: Fraction, digits: int) -> None:
    low, high = sorted((number, min(other, number * 2)))
    cells = set(all_leading(low, high, digits))
    between = [low, high, (low + high) / 2, low + (high - low) / 7]
    assert {leading(one, digits) for one in between} <= cells
    assert {leading(-one, digits) for one in between} <= set(all_leading(-high, -low, digits))


@given(number=st.fractions(1, 10**6), digits=st.integers(2, 9))
def test_a_cell_of_leading_digits_is_between_four_tenths_and_one_of_its_share_wide(
    number: Fraction, digits: int
) -> None:
    share = Fraction(10) ** (1 - digits)
    assert leading(number, digits) != leading(number * (1 + share * Fraction(1001, 1000)), digits)
    few = set(all_leading(number, number * (1 + share * Fraction(4, 10)), digits))
    assert len(few) <= 2


@given(number=st.fractions(-100, 100), width=st.fractions(Fraction(1, 100), 1))
def test_cells_of_a_width_cover_every_number_between_two(number: Fraction, width: Fraction) -> None:
    cells = list(all_within(number, number + width, width))
    assert within(number, width) == cells[0]
    assert within(number + width, width) == cells[-1]
    assert len(cells) == 2


@pytest.mark.parametrize(
    ("share", "digits"), [("0.5", 2), ("0.1", 2), ("0.05", 2), ("0.01", 3), ("0.005", 3), ("1e-9", 10)]
)
def test_cells_are_about_as_wide_as_a_tolerance_or_wider(share: str, digits: int) -> None:
    assert digits_for(Fraction(share)) == digits


@pytest.mark.parametrize(
    ("options", "expected", "right"),
    [
        ({"kind": "shape"}, (64, 56, 56), ["64x56x56", (1, 64, 56, 56), (64, 56, 56, 1)]),
        ({"kind": "shape"}, (4096,), ["4096", "4096x1x1", (1, 4096)]),
        ({"kind": "shape"}, (1, 28, 28), [(1, 28, 28), (1, 1, 28, 28)]),
        ({"kind": "expression", "symbols": ["n"]}, "n + 8", ["8+n", "2*(n+4) - n", "(n+8) x (n+8)"]),
        ({"kind": "expression", "symbols": ["n"]}, "floor((n-1)/2) + 1", ["ceil(n/2)"]),
        ({"kind": "choice", "options": ["1x1", "3x3"]}, "3x3", ["3X3."]),
        ({"kind": "yesno"}, True, ["yes", True]),
        ({"kind": "set", "items": {"kind": "integer"}}, [1, 2, 3], [[3, 2, 1], {1, 2, 3}, [1, 1, 2, 3], "3, 2 and 1"]),
        (
            {"kind": "table", "rows": ["a", "b"], "cells": {"kind": "real", "atol": 1}},
            {"a": 1.0, "b": 2.0},
            [{"a": 1.9, "b": 1.1}, [1, 2]],
        ),
        ({"kind": "path", "atol": 0.1}, [[0.0, 0.0], [1.0, 1.0]], [[[0, 0], [1.05, 0.95]], [[1, 1]]]),
        ({"kind": "path", "rtol": 0.1}, [[5.0, 5.0], [1.0, 1.0]], [[[5, 5], [1.09, 0.91]], [[1, 1]]]),
    ],
    ids=str,
)
def test_every_spelling_of_a_right_answer_shares_all_clues_it_needs(
    options: dict[str, Any], expected: Any, right: list[Any]
) -> None:
    check = check_of(options)
    value = check.expect(expected)
    for answer in right:
        readings, items = check.read(decode(encode(answer))), check.items_of(value)
        pieces: dict[str, Any] = {}
        own = {clue for reading in readings for clue in check.clues(reading, items)}
        for lock in check.locks(value):
            if lock.clue in own:
                pieces[lock.clue.item] = decode(encode(lock.piece))
        opened = check.pieced(pieces, items)
        assert any(check.compare(reading, opened).right for reading in readings), answer


@pytest.mark.parametrize(
    ("options", "expected", "answer"),
    [
        ({"kind": "integer"}, 163_696, 163_697),
        ({"kind": "integer", "rounding": 0.005}, 163_696, "166K"),
        ({"kind": "real", "atol": 0.005}, 2.42, 2.44),
        ({"kind": "real", "rtol": 0.01}, 2.42, 2.5),
        ({"kind": "quantity", "unit": "byte"}, 600_394_976, "600.4 MB"),
        ({"kind": "shape"}, (64, 56, 56), (64, 56, 57)),
        ({"kind": "expression", "symbols": ["n"]}, "n + 8", "n + 7"),
        ({"kind": "expression", "symbols": ["n", "m"]}, "n + m", "n * m"),
        ({"kind": "choice", "options": ["1x1", "3x3"]}, "3x3", "1x1"),
        ({"kind": "yesno"}, True, False),
        ({"kind": "set", "items": {"kind": "integer"}}, [1, 2, 3], [1, 2]),
        ({"kind": "table", "rows": ["a", "b"], "cells": {"kind": "integer"}}, {"a": 1, "b": 2}, {"a": 2, "b": 1}),
        ({"kind": "path", "atol": 0.1}, [[0.0, 0.0], [1.0, 1.0]], [[2, 2], [1, 2]]),
    ],
    ids=str,
)
def test_a_wrong_answer_opens_nothing(options: dict[str, Any], expected: Any, answer: Any) -> None:
    check = check_of(options)
    own, locks, _ = texts(check, answer, check.expect(expected))
    assert own
    assert not own & locks


def test_the_noise_of_a_float_at_an_edge_is_within_the_cells() -> None:
    check = check_of({"kind": "real", "atol": 0.005})
    answer = 0.57  # as a float a little less than the edge
    own, locks, credited = texts(check, answer, check.expect(Fraction("0.575")))
    assert credited
    assert own & locks

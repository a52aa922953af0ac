import math
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.answers.values import Plain
from grader.checks.check import Match
from grader.checks.table import Table
from grader.errors import Unreadable
from tests.checks.answering import declared, explains, match

ROWS = ("conv1", "conv2", "fc 1", "fc 2")
SOLVED: dict[Any, Any] = {"conv1": 10, "conv2": 20, "fc 1": 30, "fc 2": 40}
TABLE = declared("table", rows=ROWS, cells={"kind": "integer"})
ROUNDED = declared("table", rows=ROWS, cells={"kind": "integer", "rounding": 0.1})
REAL = declared("table", rows=ROWS, cells={"kind": "real", "atol": 0.5})


@pytest.mark.parametrize(
    "answer",
    [SOLVED, (10, 20, 30, 40), {"FC-2": "40", "fc1": 30, "conv 2": 20.0, "CONV_1": 10}, SOLVED | {"total": 100}],
)
def test_every_right_cell_earns_its_share(answer: Plain) -> None:
    found = match(TABLE, answer, SOLVED)
    assert found.right
    assert [item.name for item in found.items] == list(ROWS)
    assert all(item.right for item in found.items)


@pytest.mark.parametrize(
    ("answer", "credit", "note", "read_as"),
    [
        (SOLVED | {"conv2": 21}, Fraction(3, 4), "wrong=conv2", "21"),
        (SOLVED | {"conv2": ...}, Fraction(3, 4), "wrong=conv2", "no answer"),
        (SOLVED | {"conv2": "many"}, Fraction(3, 4), "wrong=conv2", "not readable"),
        (SOLVED | {"conv2": math.nan}, Fraction(3, 4), "wrong=conv2", "not readable"),
        ({"conv1": 10}, Fraction(1, 4), "wrong=conv2,fc 1,fc 2", "no answer"),
        ((11, 21, 31, 41), Fraction(0), "wrong=conv1,conv2,fc 1,fc 2", "21"),
    ],
)
def test_every_other_cell_costs_its_share_and_is_named(
    answer: Plain, credit: Fraction, note: str, read_as: str
) -> None:
    found = match(TABLE, answer, SOLVED)
    assert (found.credit, found.note) == (credit, note)
    assert found.items[1].read_as.startswith(read_as)
    assert "conv2" in found.message


@given(st.lists(st.booleans(), min_size=4, max_size=4), st.permutations(ROWS))
def test_the_credit_is_the_share_of_right_rows_in_whatever_order(right: list[bool], order: list[str]) -> None:
    wanted = dict(zip(ROWS, right, strict=True))
    found = match(TABLE, {row: SOLVED[row] + (not wanted[row]) for row in order}, SOLVED)
    assert found.credit == Fraction(sum(right), len(right))
    assert [item.right for item in found.items] == right


@given(st.permutations(ROWS))
def test_a_pair_of_lists_is_a_table_in_whatever_order(order: list[str]) -> None:
    assert match(TABLE, tuple((row, SOLVED[row]) for row in order), SOLVED).right


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (10, "a number"),
        ((10, 20), "a list of 2"),
        ({"first": 10, "second": 20}, "no row that was asked for"),
        ({"conv1": "many", "conv2": "few"}, "row conv1"),
    ],
)
def test_a_table_of_which_nothing_can_be_read_is_unreadable_rather_than_wrong(answer: Plain, trouble: str) -> None:
    with pytest.raises(Unreadable, match=trouble):
        TABLE.read(answer)


def test_what_was_read_is_counted() -> None:
    (reading,) = TABLE.read({"conv1": 1, "conv2": "many", "total": 3})
    assert reading.text == "1 of 4 entries; not asked for: total"


@pytest.mark.parametrize(("value", "right"), [(30.5, True), (29.5, True), ("30.500001", False), (math.inf, False)])
def test_the_cells_have_the_tolerance_of_their_kind(value: Plain, right: bool) -> None:  # noqa: FBT001 - a row of the table
    assert match(REAL, SOLVED | {"fc 1": value}, SOLVED).right == right


def test_a_row_that_a_mistake_leaves_out_is_right_for_nobody() -> None:
    found = match(TABLE, SOLVED, {"conv1": 10})
    assert found.credit == Fraction(1, 4)


def test_a_table_is_explained_by_what_was_filled_in() -> None:
    assert explains(TABLE, SOLVED, SOLVED)
    assert explains(TABLE, {"conv1": 10, "fc 1": ...}, SOLVED)
    assert not explains(TABLE, SOLVED | {"conv1": 11}, SOLVED)
    assert not explains(TABLE, SOLVED, {"conv1": 10})
    assert match(REAL, (10.2, 20, 30, 40), SOLVED).right
    assert not explains(REAL, (10.2, 20, 30, 40), SOLVED)


def test_upstream_go_the_wrong_cells_among_the_reference_s() -> None:
    expected = SOLVED | {"conv1": 163_840}
    (reading,) = ROUNDED.read({"conv1": "160K", "conv2": 25, "fc 1": "many"})
    assert ROUNDED.upstream(reading, expected) == expected | {"conv2": 25}


def test_tables_are_the_same_when_all_cells_are() -> None:
    assert REAL.same(SOLVED, {row: value + 1e-12 for row, value in SOLVED.items()})
    assert not REAL.same(SOLVED, SOLVED | {"conv1": 11})
    assert not REAL.same(SOLVED, {"conv1": 10})


def test_a_solver_has_to_return_a_dict_of_cells() -> None:
    with pytest.raises(ValueError, match="a dictionary is expected"):
        TABLE.expect([10, 20, 30, 40])
    with pytest.raises(ValueError, match="an integer is expected"):
        TABLE.expect(SOLVED | {"conv1": 1.5})
    assert TABLE.expect(SOLVED | {"more": 1}) == SOLVED


@pytest.mark.parametrize(
    "options",
    [
        {"rows": []},
        {"rows": ["a", "a"]},
        {"rows": ["fc1", "FC-1"]},
        {"cells": {"kind": "table", "rows": ["a"], "cells": {"kind": "integer"}}},
        {"cells": {"kind": "integer", "rtol": 1}},
    ],
)
def test_rows_have_to_be_told_apart_and_cells_to_be_single_answers(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        declared("table", **{"rows": ["a"], "cells": {"kind": "integer"}} | options)


CHAIN = Table.model_validate(
    {"kind": "table", "rows": ("a", "b", "c", "d"), "cells": {"kind": "integer"}, "continuation": "doubled"}
)
DOUBLING = {"a": 10, "b": 20, "c": 40, "d": 80}


def continued(answer: Plain, *, without: str = "") -> Match:
    """The match of a table of which each row is twice the row before it."""
    (reading,) = CHAIN.read(answer)
    own = CHAIN.upstream(reading, DOUBLING)
    follows = {row: 2 * own[before] for before, row in pairwise(DOUBLING) if row != without}
    return CHAIN.compare_continued(reading, DOUBLING, follows)


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ((11, 22, 44, 88), "a"),
        ((10, 21, 42, 84), "b"),
        ((10, 21, 42, 80), "b"),
        ((10, 21, 40, 80), "b"),
        ((11, 22, 45, 90), "a,c"),
        ((11, 23, 45, 91), "a,b,c,d"),
        ((11, 22, ..., 88), "a,c,d"),
        ((11, 22, "many", 88), "a,c,d"),
        ((0, 0, 0, 0), "a,b,c,d"),
        ((10**9, 2 * 10**9, 4 * 10**9, 80), "a,b,c"),
    ],
)
def test_a_row_that_follows_from_the_own_wrong_row_before_it_is_right(answer: Plain, wrong: str) -> None:
    found = continued(answer)
    assert found.note == f"wrong={wrong}"
    assert found.credit == 1 - Fraction(wrong.count(",") + 1, 4)


def test_it_is_said_which_rows_were_held_against_own_ones() -> None:
    found = continued((10, 21, 42, 80))
    assert found.message == "Look again at: b. Later rows were held against your own rows before them."
    assert [item.read_as for item in found.items] == ["10", "21", "42, which follows from your own b", "80"]
    assert continued((10, 21, 40, 80)).message == "Look again at: b."


def test_from_a_row_that_is_left_out_nothing_follows() -> None:
    assert continued((11, 22, 44, 88), without="b").note == "wrong=a,b"


@given(st.lists(st.integers(0, 100), min_size=4, max_size=4))
def test_a_continuation_never_lowers_credit_nor_makes_a_wrong_table_right(cells: list[int]) -> None:
    alone, found = match(CHAIN, tuple(cells), DOUBLING), continued(tuple(cells))
    assert alone.credit <= found.credit
    assert alone.right == found.right


@pytest.mark.parametrize(
    ("solved", "trouble"),
    [
        ({"b": 20, "c": 41, "d": 80}, "another in row 'c'"),
        ({"b": 20, "e": 40}, "a row 'e', which is not asked for"),
        ({"a": 10}, "no row behind the first"),
        ([20, 40, 80], "a dictionary is expected"),
    ],
)
def test_a_continuation_has_to_lead_along_the_reference(solved: object, trouble: str) -> None:
    CHAIN.check_continuation({"b": 20, "c": 40, "d": 80}, DOUBLING)
    CHAIN.check_continuation({"d": 80}, DOUBLING)
    with pytest.raises(ValueError, match=trouble):
        CHAIN.check_continuation(solved, DOUBLING)

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.shortened import LONGEST, shortened


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "yes"),
        (163_696, "163 696"),
        (Fraction(600_394_976), "600 394 976"),
        (Fraction(1, 3), "0.333333"),
        (2.40368, "2.40368"),
        (float("inf"), "inf"),
        (Fraction(10) ** 400 / 3, "3.333333333e+399"),
        ("n + 8", "n + 8"),
        ((64, 56, 56), "(64, 56, 56)"),
        (((1.0, 2.0), (3.14159265, 4.0)), "… (3.14159, 4)"),
        ({"conv1": 7, "pool": (1, 2)}, "conv1: 7, pool: (1, 2)"),
        (None, ""),
    ],
)
def test_a_value_is_shown_in_a_few_characters(value: Any, text: str) -> None:
    assert shortened(value) == text


def test_what_is_long_ends_in_an_ellipsis() -> None:
    shown = shortened({f"row {number}": number for number in range(100)})
    assert len(shown) == LONGEST
    assert shown.endswith("…")


def test_of_a_table_only_the_rows_that_differ_are_shown_beside_another() -> None:
    assert shortened({"a": 1, "b": 2}, beside={"a": 1, "b": 3}) == "b: 2"
    assert shortened({"a": 1}, beside={"a": 1, "b": 3}) == "fewer rows"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.fractions() | st.text(),
    lambda inner: st.lists(inner).map(tuple) | st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(VALUES, VALUES)
def test_whatever_a_solver_returns_has_a_short_form(value: Any, beside: Any) -> None:
    assert len(shortened(value, beside)) <= LONGEST

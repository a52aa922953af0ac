from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.exports.numbers import number_in, readings, same_points


@given(st.integers(0, 10**9))
def test_a_number_is_read_in_any_language(hundredths: int) -> None:
    number = Fraction(hundredths, 100)
    for text in (f"{hundredths / 100:.2f}", f"{hundredths / 100:.2f}".replace(".", ","), f"{hundredths / 100:,.2f}"):
        assert number_in(text, None) == number
        assert same_points(text, number, None)


@pytest.mark.parametrize("text", ["", "-", "EX", "A+", "5 %", "²", "1e5", "nan", "9" * 5000, "٣"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert number_in(text, None) is None


@pytest.mark.parametrize("text", ["1,000", "1.000"])
def test_one_mark_before_three_digits_is_read_only_where_thousands_are_out_of_reach(text: str) -> None:
    assert list(readings(text)) == [1, 1000]
    assert number_in(text, Fraction(999)) == 1
    assert (number_in(text, Fraction(1000)), number_in(text, None)) == (None, None)
    assert not same_points(text, Fraction(1), Fraction(1000))
    assert not same_points(text, Fraction(1000), Fraction(1000))


@pytest.mark.parametrize(
    ("text", "number"),
    [("0.125", Fraction(1, 8)), ("1000.000", 1000), ("1,000,000", 10**6), ("1.000.000,5", Fraction(2_000_001, 2))],
)
def test_what_can_be_read_in_one_way_only_is_read(text: str, number: Fraction) -> None:
    assert readings(text) == (number,)

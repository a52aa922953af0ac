import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.review.cells import decimal_text, guarded, read_points, shown, unguarded

ODD = st.text(st.sampled_from("'=+-@\t\r\n \uff1da1;|(\u0663"), max_size=6) | st.text(max_size=6)


@given(ODD)
def test_a_guarded_text_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(ODD)
def test_no_guarded_text_begins_like_a_formula(text: str) -> None:
    assert not re.match("[=+@\t\r\n\uff1d-]", guarded(text))


@pytest.mark.parametrize("text", ["007", "1e5", "1/2", "3-4", "12:30"])
def test_a_name_that_a_spreadsheet_takes_for_a_number_or_date_is_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["ada", "7up", "it's 2", "'quoted'", "", "e. g. this", "- is fine inside: a - b"[2:]])
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text == shown(text)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1", "'=1"),
        ("a\n=1", "a\n'=1"),
        ("a;=1", "a;'=1"),
        ("a;  @x", "a;  '@x"),
        ("a\r+1", "a\n'+1"),
        ("a\n- first\n- second", "a\n- first\n- second"),
        ("a\n- 1+cmd|x", "a\n'- 1+cmd|x"),
        ("a\n-1", "a\n'-1"),
        ("x = y; a-b", "x = y; a-b"),
    ],
)
def test_no_line_of_a_students_text_begins_like_a_formula(text: str, safe: str) -> None:
    assert shown(text) == safe


@pytest.mark.parametrize(
    ("cell", "points"),
    [
        ("2", "2"), ("2.0", "2"), ("2,5", "5/2"), (" 1/2 ", "1/2"), ("1 / 3", "1/3"), (".5", "1/2"), ("0", "0"),
        ("2.", "2"), ("2.5000", "5/2"), ("0.125", "1/8"), ("-1", "-1"), ("007", "7"),
    ],
)  # fmt: skip
def test_points_are_read_as_people_and_spreadsheets_write_them(cell: str, points: str) -> None:
    assert read_points(cell) == Fraction(points)


@pytest.mark.parametrize(
    "cell",
    ["", ".", "two", "1e3", "NaN", "inf", "1/0", "02. Mai", "2.5.1", "1,000.5", "٣", "1" * 30, "=1+1", "½", "1_0"],
)
def test_what_is_no_number_is_told_with_the_remedy(cell: str) -> None:
    with pytest.raises(ValueError, match=r"is no number .*; write it like 2\.5"):
        read_points(cell)


def test_more_decimals_than_points_have_are_told() -> None:
    with pytest.raises(ValueError, match="more than 3 decimals; round it"):
        read_points("0.3333")


@given(st.fractions(0, 100, max_denominator=8))
def test_eighths_and_tenths_come_back_as_they_were(points: Fraction) -> None:
    thousandths = Fraction(round(points * 1000), 1000)
    assert read_points(decimal_text(points)) == thousandths

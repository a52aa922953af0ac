from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.records import Outcome
from grader.reports.points import part_points, percent_text, points_text, rounded_points
from tests.reports.grades import verdicts


@pytest.mark.parametrize(
    ("points", "text"),
    [
        (Fraction(3), "3"),
        (Fraction(5, 2), "2.5"),
        (Fraction(1, 3), "0.33"),
        (Fraction(1, 8), "0.13"),
        (Fraction(3, 8), "0.38"),
        (Fraction(0), "0"),
        (Fraction(100), "100"),
        (Fraction(12345678, 10), "1234567.8"),
        (Fraction(999_999), "999999"),
    ],
)
def test_points_are_shown_half_up_without_decimals_that_say_nothing(points: Fraction, text: str) -> None:
    assert points_text(points) == text


@given(st.fractions(min_value=0, max_value=10_000))
def test_rounding_moves_points_by_at_most_half_a_hundredth(points: Fraction) -> None:
    assert abs(Fraction(rounded_points(points)) - points) <= Fraction(1, 200) + Fraction(1, 10**9)
    assert float(points_text(points)) == rounded_points(points)


@pytest.mark.parametrize(
    ("points", "of", "text"),
    [(3, 4, "75.0"), (0, 4, "0.0"), (1, 3, "33.3"), (4, 4, "100.0"), (0, 0, "")],
)
def test_the_percentage_is_of_what_is_decided_and_empty_when_nothing_is(points: int, of: int, text: str) -> None:
    assert percent_text(Fraction(points), Fraction(of)) == text


def test_points_that_wait_are_told_apart_from_those_that_are_lost() -> None:
    lost, won, *_ = verdicts("hw4_warmup", Outcome.INCORRECT, Fraction(0))
    waiting = verdicts("hw4_warmup", Outcome.UNREADABLE, None)[1]
    assert part_points(lost, won) == "0 of 4"
    assert part_points(lost, waiting) == "0 of 4, 2 pending"
    assert part_points(waiting) == "pending, of 2"

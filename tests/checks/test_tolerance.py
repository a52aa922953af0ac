import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.answers.numbers import read_real
from grader.answers.reading import Reading
from grader.checks.tolerance import CUT_OFF_CREDIT, is_the_value, near, rounded

FRACTIONS = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**4)
SHARES = st.fractions(min_value=0, max_value=1, max_denominator=10**4)
LITTLE = Fraction(1, 10**12)


@given(FRACTIONS, SHARES, SHARES, st.sampled_from([-1, 1]))
def test_the_tolerance_is_inclusive_and_the_greater_of_both(
    reference: Fraction, rtol: Fraction, atol: Fraction, side: int
) -> None:
    allowed = max(atol, rtol * abs(reference))
    assert near(reference + side * allowed, reference, rtol=rtol, atol=atol)
    assert not near(reference + side * (allowed + LITTLE), reference, rtol=rtol, atol=atol)


def test_the_tolerance_is_relative_to_the_reference_and_not_to_the_answer() -> None:
    assert near(110, 100, rtol=Fraction(1, 10))
    assert not near(100, 110, rtol=Fraction(1, 11) - LITTLE)
    assert not near(1, 0, rtol=Fraction(99, 100))


@given(st.floats(allow_nan=True, allow_infinity=True), SHARES)
def test_nothing_is_near_nan_and_nan_is_near_nothing(number: float, tolerance: Fraction) -> None:
    assert not near(math.nan, number, rtol=tolerance, atol=10**9)
    assert not near(number, math.nan, rtol=tolerance, atol=10**9)


def test_an_infinity_is_near_itself_alone() -> None:
    assert near(math.inf, math.inf)
    assert not near(math.inf, -math.inf, atol=1)
    assert not near(math.inf, 10**300, rtol=Fraction(99, 100))
    assert not near(10**300, math.inf, rtol=Fraction(99, 100))


@pytest.mark.parametrize(
    ("value", "credit", "note"),
    [
        (164_000, 1, ""),  # rounded
        (163_000, CUT_OFF_CREDIT, "cut-off"),
        (165_000, 0, ""),
        (162_000, 0, ""),
        (-164_000, 0, ""),
        (0, 0, ""),
    ],
)
def test_an_answer_of_few_digits_is_judged_by_its_last_one(value: int, credit: Fraction, note: str) -> None:
    for sign in (1, -1):
        found = rounded(Reading(sign * value, "", (), Fraction(1000)), sign * 163_696, at_most=Fraction(1, 20))
        assert (found.credit, found.note) == (credit, note)


def test_halfway_between_two_roundings_both_are_right() -> None:
    for value in (162_000, 163_000):
        assert rounded(Reading(value, "", (), Fraction(1000)), 162_500, at_most=Fraction(1, 20)).right


def test_a_rounding_further_away_than_allowed_is_wrong() -> None:
    reading = Reading(200_000, "", (), Fraction(100_000))
    assert rounded(reading, 160_000, at_most=Fraction(1, 4)).right
    assert not rounded(reading, 160_000, at_most=Fraction(1, 4) - LITTLE).credit


def test_an_exact_number_is_never_taken_as_rounded() -> None:
    assert not rounded(Reading(164_000, ""), 163_696, at_most=Fraction(1, 4)).credit


@given(st.integers(1, 10**9), st.integers(0, 8))
def test_a_number_rounded_or_cut_off_after_any_digit_is_taken_for_that(reference: int, digits: int) -> None:
    unit = 10**digits
    below = reference // unit * unit
    for value in (below, below + unit):
        found = rounded(Reading(value, "", (), Fraction(unit)), reference, at_most=10**10)
        nearest = abs(value - reference) * 2 <= unit
        assert found.credit == (0 if not value else 1 if nearest else CUT_OFF_CREDIT if value < reference else 0)


@pytest.mark.parametrize("spelled", ["0", "0M", "0.0"])
def test_nothing_is_rounded_to_zero(spelled: str) -> None:
    (reading, *_) = read_real(spelled)
    assert not rounded(reading, 1500, sigfigs=1).credit
    assert not rounded(reading, Fraction(4, 100), sigfigs=1, at_most=1).credit


def test_a_number_is_explained_as_far_as_it_was_written() -> None:
    written = Reading(Fraction(314, 100), "", (), Fraction(1, 100))
    assert is_the_value(written, Fraction(3145, 1000))
    assert not is_the_value(written, Fraction(3146, 1000))
    assert not is_the_value(Reading(3, ""), Fraction(3_000_001, 1_000_000))


def test_numbers_beyond_every_float_are_compared() -> None:
    assert near(10**400, 10**400)
    assert not near(10**400, 483)
    assert near(10**400, 10**400 + 1, rtol=Fraction(1, 100))

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.answers.values import Plain
from grader.checks.tolerance import CUT_OFF_CREDIT
from grader.errors import Unreadable
from tests.checks.answering import declared, explains, match


@pytest.mark.parametrize("answer", [163_696, 163_696.0, "163,696", "163 696", Fraction(163_696)])
def test_the_exact_number_in_any_spelling_is_right(answer: Plain) -> None:
    assert match(declared("integer"), answer, 163_696).right


@pytest.mark.parametrize("answer", [163_695, 163_697, -163_696, 0, "164K", "163.7K", "160K", 2**64])
def test_without_rounding_every_other_number_is_wrong(answer: Plain) -> None:
    assert match(declared("integer"), answer, 163_696).credit == 0


@pytest.mark.parametrize("answer", [math.nan, math.inf, -math.inf, "nan", "inf", 0.5, True, "many", (1, 2)])
def test_what_is_no_whole_number_is_unreadable(answer: Plain) -> None:
    with pytest.raises(Unreadable):
        declared("integer", rounding=0.4).read(answer)


@pytest.mark.parametrize(
    ("answer", "credit"),
    [
        ("164K", 1),
        ("163.7K", 1),
        ("1.6e5", 0),  # rounded rightly, and further away than 2 %
        ("163K", CUT_OFF_CREDIT),
        ("163.6K", CUT_OFF_CREDIT),
        ("159.9K", 1),  # of 1024
        ("165K", 0),
        (164_000, 1),
        ("164000", 1),
        (163_000, CUT_OFF_CREDIT),
        (165_000, 0),
    ],
)
def test_with_rounding_a_number_of_few_digits_is_judged_by_them(answer: Plain, credit: Fraction) -> None:
    assert match(declared("integer", rounding=0.02), answer, 163_696).credit == credit


def test_rounding_is_inclusive_at_the_number_that_the_author_wrote() -> None:
    assert match(declared("integer", rounding=0.3), "1e1", 10).right
    assert match(declared("integer", rounding=0.3), "7e1", 100).credit == 0  # near enough, but no rounding of it
    assert match(declared("integer", rounding=0.25), "2e5", 160_000).right
    assert match(declared("integer", rounding=0.2499999999999), "2e5", 160_000).credit == 0


@pytest.mark.parametrize("answer", ["9x9", (9, 9), 9, "9"])
def test_a_square_may_be_given_by_its_side_or_its_size(answer: Plain) -> None:
    assert match(declared("integer", square=True), answer, 9).right


def test_a_size_is_no_square_unless_that_is_asked_for() -> None:
    with pytest.raises(Unreadable):
        declared("integer").read((9, 9))
    assert match(declared("integer"), "9x9", 9).credit == 0
    assert match(declared("integer"), "9*9", 9).credit == 0


@pytest.mark.parametrize("answer", ["9x9", "9×9 pixels", "9 x 9 px.", "9*9", (9, 9), 9, "9 pixels"])
def test_the_side_of_a_square_may_be_given_as_its_size(answer: Plain) -> None:
    assert match(declared("integer", square=True), answer, 9).right


@given(st.integers(-(10**30), 10**30), st.integers(-(10**30), 10**30))
def test_one_whole_number_is_another_only_if_they_are_equal(answer: int, solved: int) -> None:
    for check in (declared("integer"), declared("integer", rounding=0.4)):
        assert match(check, answer, solved).right == (answer == solved)
        assert explains(check, answer, solved) == (answer == solved)


def test_an_answer_of_few_digits_is_explained_as_far_as_it_goes() -> None:
    assert explains(declared("integer"), "164K", 163_696)
    assert not explains(declared("integer", rounding=0.1), "165K", 163_696)


@pytest.mark.parametrize("solved", [1.0, True, "1", None, np.int64(1), Fraction(1)])
def test_only_an_int_is_a_reference(solved: object) -> None:
    with pytest.raises(ValueError, match="an integer is expected of the solver"):
        declared("integer").expect(solved)


@pytest.mark.parametrize("options", [{"rounding": -0.1}, {"rounding": 0.5}, {"rounding": "much"}, {"rtol": 0.1}])
def test_other_options_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        declared("integer", **options)


@pytest.mark.parametrize(
    ("answer", "credit"),
    [
        ("164K", 1),
        ("163.7K", 1),
        ("160K", 1),  # of 1024, written with three digits
        ("1.6e5", 0),  # rounded rightly, with two digits
        ("1.64e5", 1),
        ("1.60e5", 0),
        ("163K", CUT_OFF_CREDIT),
        (164_000, 1),
        (163_696, 1),
    ],
)
def test_with_sigfigs_a_rounded_number_needs_as_many_digits(answer: Plain, credit: Fraction) -> None:
    assert match(declared("count", sigfigs=3), answer, 163_696).credit == credit


def test_halfway_between_two_both_are_right() -> None:
    for answer in ("16e1", "17e1"):
        assert match(declared("integer", sigfigs=2), answer, 165).right
    assert not match(declared("integer", sigfigs=2), "18e1", 165).right


def test_a_count_is_an_integer_by_another_name() -> None:
    assert match(declared("count"), "163,696 parameters", 163_696).right
    assert type(declared("count")) is type(declared("integer"))


@pytest.mark.parametrize("options", [{"sigfigs": 0}, {"sigfigs": 16}, {"sigfigs": 3, "rounding": 0.1}])
def test_rounded_answers_are_allowed_in_one_way(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        declared("integer", **options)

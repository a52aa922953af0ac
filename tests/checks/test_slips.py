from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.answers.numbers import read_real
from grader.checks.slips import WORDS, axes_slip, numeric_slip
from tests.marks import finding, marked


def slip(answer: object, right: float | Fraction) -> str:
    return numeric_slip(read_real(answer)[0], right, WORDS)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answer", "right", "name"),
    [
        (-163696, 163696, "sign"),
        ("-0.5", Fraction(1, 2), "sign"),
        (1636960, 163696, "power-of-ten"),
        ("16.3696", 163696, "power-of-ten"),
        (1024 * 2907, 1000 * 2907, "prefix"),
        (8 * 163696, 163696, "bits"),
        (20462, 163696, "bits"),
    ],
)
def test_a_slip_has_its_name(answer: object, right: float | Fraction, name: str) -> None:
    assert slip(answer, right) == name


@pytest.mark.parametrize(
    ("answer", "right"), [(163697, 163696), (90, 9), (72, 9), (float("nan"), 9), (0, 163696), ("2e5", 163696)]
)
def test_what_may_be_luck_is_no_slip(answer: object, right: float) -> None:
    assert slip(answer, right) == ""


@given(st.integers(101, 10**9))
def test_the_right_number_is_no_slip_of_itself(number: int) -> None:
    assert slip(number, number) == ""


def test_axes_in_another_order_are_a_slip_and_other_sizes_are_none() -> None:
    assert axes_slip((56, 56, 64), (64, 56, 56)) == "axes"
    assert axes_slip((64, 56, 56), (64, 56, 56)) == ""
    assert axes_slip((64, 28, 112), (64, 56, 56)) == ""


def test_a_slip_is_said_and_earns_nothing() -> None:
    verdict = marked("layer_sizes", linear_parameters=-12289000)["linear_parameters"]
    assert verdict.finding == "linear_parameters:slip(sign)"
    assert verdict.points == 0
    assert "sign" in verdict.message


def test_all_shapes_of_a_table_with_the_axes_in_another_order_are_one_slip() -> None:
    assert finding("layer_sizes", "convolution_outputs", (60, 16, 60)) == "slip(axes)"


def test_two_answers_that_changed_places_are_told_so() -> None:
    verdicts = marked("inception_params", inception_reduced=393472, inception_naive=163696)
    assert verdicts["inception_reduced"].finding == "inception_reduced:slip(swapped=inception_naive)"
    assert verdicts["inception_naive"].finding == "inception_naive:slip(swapped=inception_reduced)"
    assert {verdicts[part].points for part in ("inception_reduced", "inception_naive")} == {0}


def test_a_known_mistake_is_named_before_a_slip() -> None:
    assert finding("layer_sizes", "linear_parameters", 12288000) == "linear_bias_forgotten"


def test_bits_and_prefixes_are_slips_of_bytes_alone() -> None:
    assert finding("alexnet_sizes", "training_bytes", f"{8 * 600394976} bytes") == "slip(bits)"
    assert finding("inception_params", "inception_reduced", 8 * 163696).startswith("unexplained")
    assert finding("inception_params", "inception_ratio", 2.35).startswith("unexplained")

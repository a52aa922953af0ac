import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.answers.values import Plain
from tests.checks.answering import declared, explains, match


@pytest.mark.parametrize(
    ("options", "solved", "answer", "right"),
    [
        ({"rtol": 0.01}, 100, 101, True),
        ({"rtol": 0.01}, 100, 99, True),
        ({"rtol": 0.01}, 100, "101.0000001", False),
        ({"rtol": 0.01}, 100, "98.9999999", False),
        ({"atol": 0.3}, 0, "0.3", True),  # the float 0.3 is a little less than 3/10
        ({"atol": 0.3}, 0, "0.3000000001", False),
        ({"atol": "1/3"}, Fraction(1), Fraction(4, 3), True),
        ({"rtol": 0.1, "atol": 5}, 10, 15, True),  # the greater one counts
        ({"rtol": 0.1, "atol": 5}, 100, 110, True),
        ({"rtol": 0.1, "atol": 5}, 100, 111, False),
        ({"rtol": 0.01}, Fraction(1, 3), "33.3%", True),
        ({"rtol": 0.01}, Fraction(1, 3), "1/3", True),
        ({"rtol": 0.01}, -2.0, 2, False),
        ({"rtol": 0.01}, -2.0, -2.02, True),
        ({"rtol": 0.01}, -2, -2.02, True),
        ({"rtol": 0.01}, -2, -2.0200001, False),
        ({"atol": 0.1}, 0.3, 0.4, True),  # as floats they are more than 0.1 apart
        ({"atol": 0.005}, 8.575, 8.58, True),
        ({"atol": 0.005}, 8.575, 8.57, True),
        ({"atol": 0.005}, 8.575, 8.5801, False),
        ({"decimals": 2}, 8.575, 8.58, True),
        ({"decimals": 2}, 8.575, 8.57, True),  # both are half a unit away
        ({"decimals": 2}, 8.575, 8.5801, False),
        ({"decimals": 0}, 2.5, 3, True),
        ({"decimals": 0}, 0, 0.5, True),
        ({"decimals": 1}, 0.1 + 0.2, 0.35, True),
        ({"decimals": 1}, 0.1 + 0.2, 0.25, True),  # as floats they are more than 0.05 apart
        ({"decimals": 1}, 0.1 + 0.2, "0.3500001", False),
        ({"sigfigs": 2}, 1234, 1184, True),
        ({"sigfigs": 2}, 1234, 1284, True),
        ({"sigfigs": 2}, 1234, 1285, False),
        ({"sigfigs": 2}, Fraction(1, 300), "0.00338", True),
        ({"sigfigs": 2}, Fraction(1, 300), "0.00339", False),
        ({"sigfigs": 1}, 0.1 * 3 - 0.2, 0.15, True),  # a tenth, but for its last bits
        ({"sigfigs": 1}, 1 - 0.9, 0.05, True),  # less than a tenth, by its last bits alone
        ({"sigfigs": 1}, 1 - 0.9, "0.0499999", False),
        ({"sigfigs": 1}, 0.0999999, 0.106, False),
        ({"sigfigs": 3, "atol": 1}, 2.0, 3, True),  # the greater one counts
        ({"sigfigs": 3}, -273.15, -273.6, True),
        ({"sigfigs": 3}, 10**400, 10**99, False),
        ({"sigfigs": 3}, math.inf, 10**99, False),
        ({"rtol": 0.01}, math.inf, math.inf, True),
        ({"rtol": 0.01}, math.inf, 10**99, False),
        ({"rtol": 0.01}, 1.0, math.inf, False),
        ({"atol": 1}, 1.0, math.nan, False),
    ],
)
def test_an_answer_is_right_within_the_declared_tolerance(
    options: dict[str, object],
    solved: float | Fraction,
    answer: Plain,
    right: bool,  # noqa: FBT001 - a row of the table
) -> None:
    assert match(declared("real", **options), answer, solved).right == right


@given(st.integers(1, 999), st.integers(-(10**6), 10**6))
def test_a_tolerance_is_the_decimal_number_that_the_author_wrote(thousandths: int, solved: int) -> None:
    check = declared("real", atol=thousandths / 1000)
    boundary = Decimal(solved) + Decimal(thousandths) / 1000
    assert match(check, f"{boundary:.3f}", solved).right
    assert not match(check, f"{boundary + Decimal('1e-9'):.9f}", solved).right


def test_explaining_is_stricter_than_marking() -> None:
    check = declared("real", rtol=0.01)
    assert match(check, 100.5, 100.0).right
    assert not explains(check, 100.5, 100.0)
    assert explains(check, 100.00001, 100.0)
    assert explains(check, "1.0e2", 100.4)


@pytest.mark.parametrize("solved", [True, "1", None, 1j, np.nan, math.nan, np.float32("nan")])
def test_only_a_number_is_a_reference(solved: object) -> None:
    with pytest.raises(ValueError, match=r"number is expected of the solver|reference is NaN"):
        declared("real", atol=1).expect(solved)


@pytest.mark.parametrize("solved", [10**400, 2**60 + 1, Fraction(1, 3)])
def test_an_exact_reference_stays_exact(solved: int | Fraction) -> None:
    assert declared("real", rtol=0.01).expect(solved) == solved


def test_a_reference_of_zero_needs_an_absolute_tolerance() -> None:
    with pytest.raises(ValueError, match="set atol"):
        declared("real", rtol=0.01).expect(0.0)
    with pytest.raises(ValueError, match="set atol or decimals"):
        declared("real", sigfigs=3).expect(0)
    assert match(declared("real", rtol=0.01, atol=0.1), 0.1, 0.0).right
    assert match(declared("real", rtol=0.01, atol=0.1), 0.1001, 0.0).credit == 0


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"sigfigs": 0},
        {"decimals": -1},
        {"decimals": 16},
        {"rtol": 0},
        {"rtol": 1},
        {"rtol": -0.1},
        {"atol": math.inf},
        {"atol": math.nan},
        {"atol": "1/0"},
    ],
)
def test_a_tolerance_is_needed_and_has_to_make_sense(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        declared("real", **options)


def test_references_that_differ_by_the_noise_of_floats_are_the_same() -> None:
    check = declared("real", rtol=0.5)
    assert check.same(0.1 + 0.2, 0.3)
    assert not check.same(0.3, 0.3001)

from fractions import Fraction

import pytest
from pydantic import ValidationError

from grader.answers.values import Plain
from grader.checks.check import Check
from grader.errors import Unreadable
from tests.checks.answering import declared, explains, match

FIELD = declared("expression", symbols=["n"])
SIZE = declared("expression", symbols=["W", "F", "S"])


@pytest.mark.parametrize(
    ("check", "answer", "solved", "right"),
    [
        (FIELD, "n + 8", "n + 8", True),
        (FIELD, "8+n", "n + 8", True),
        (FIELD, "r = 2(n+4) - n", "n + 8", True),
        (FIELD, "(n+8) x (n+8)", "n + 8", True),
        (FIELD, "n + 9", "n + 8", False),
        (FIELD, 9, "n + 8", False),
        (FIELD, 9, 9, True),
        (FIELD, Fraction(1, 2), Fraction(1, 2), True),
        (FIELD, "floor((n-1)/2)+1", "ceil(n/2)", True),
        (FIELD, "floor(n/2)+1", "ceil(n/2)", False),
        (FIELD, "n*n/n", "n", True),
        (SIZE, "floor((W-F)/S)+1", "floor((W - F) / S) + 1", True),
        (SIZE, "(W-F)/S+1", "floor((W - F) / S) + 1", False),
    ],
)
def test_a_formula_is_compared_by_its_values_and_not_by_its_spelling(
    check: Check,
    answer: Plain,
    solved: object,
    right: bool,  # noqa: FBT001 - a row of the table
) -> None:
    assert match(check, answer, solved).credit == int(right)
    assert explains(check, answer, solved) == right
    assert check.same(check.expect(solved), check.expect(solved))


def test_a_formula_in_other_symbols_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        FIELD.read("m + 8")


@pytest.mark.parametrize("solved", [1.5, None, (1,), "m + 8", "n +"])
def test_a_solver_has_to_return_a_formula_in_the_declared_symbols(solved: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - it is the reader's Unreadable or the check's own
        FIELD.expect(solved)


def test_the_student_s_formula_goes_upstream_in_a_form_that_can_be_read_again() -> None:
    (reading,) = FIELD.read("2(n+4)")
    assert FIELD.same(FIELD.expect(FIELD.upstream(reading, FIELD.expect("n"))), reading.value)


def test_a_formula_needs_a_symbol() -> None:
    with pytest.raises(ValidationError):
        declared("expression", symbols=[])


@pytest.mark.parametrize(
    ("symbols", "trouble"),
    [
        (["2n"], "'2n' is no symbol"),
        (["n", "floor"], "'floor' is no symbol"),
        (["Max"], "'Max' is no symbol"),
        (["x y"], "'x y' is no symbol"),
        ([""], "'' is no symbol"),
        (["n+m"], "'n\\+m' is no symbol"),
        (["n", "n"], "'n' stands there twice"),
    ],
)
def test_a_symbol_is_one_name_that_stands_for_nothing_else(symbols: list[str], trouble: str) -> None:
    with pytest.raises(ValidationError, match=trouble):
        declared("expression", symbols=symbols)


@pytest.mark.parametrize("symbols", [["x"], ["n", "N"], ["W_in", "W2"], ["λ"]])
def test_letters_and_names_are_symbols(symbols: list[str]) -> None:
    assert declared("expression", symbols=symbols)

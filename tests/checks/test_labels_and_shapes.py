import pytest
from pydantic import ValidationError

from grader.answers.values import Plain
from grader.checks.check import Check
from grader.errors import Unreadable
from tests.checks.answering import declared, explains, match

CHOICE = declared("choice", options=["1x1", "3x3", "max pool"])
YESNO = declared("yesno")
SHAPE = declared("shape")


@pytest.mark.parametrize(
    ("check", "answer", "solved", "right"),
    [
        (CHOICE, "3x3", "3x3", True),
        (CHOICE, "Max-Pool.", "max pool", True),
        (CHOICE, "1x1", "3x3", False),
        (YESNO, "Yes.", True, True),
        (YESNO, False, False, True),
        (YESNO, "no", True, False),
        (SHAPE, (64, 56, 56), (64, 56, 56), True),
        (SHAPE, "64x56x56", (64, 56, 56), True),
        (SHAPE, (56, 56, 64), (64, 56, 56), False),
        (SHAPE, (64, 56), (64, 56, 56), False),
        (SHAPE, (64, 56, 57), (64, 56, 56), False),
        (SHAPE, 4096, (4096, 1, 1), True),
        (SHAPE, (4096, 1, 1), (4096,), True),
        (SHAPE, (1, 4096), (4096,), True),
        (SHAPE, (1, 64, 56, 56), (64, 56, 56), True),
        (SHAPE, (2, 4096), (4096,), False),
        (SHAPE, 1, (1, 1, 1), True),
    ],
)
def test_labels_and_shapes_are_right_or_wrong_and_explained_alike(
    check: Check,
    answer: Plain,
    solved: object,
    right: bool,  # noqa: FBT001 - a row of the table
) -> None:
    assert match(check, answer, solved).credit == int(right)
    assert explains(check, answer, solved) == right


@pytest.mark.parametrize(
    ("check", "answer"), [(CHOICE, "5x5"), (YESNO, "perhaps"), (YESNO, 1), (SHAPE, "wide"), (SHAPE, ())]
)
def test_what_is_none_of_the_options_is_unreadable(check: Check, answer: Plain) -> None:
    with pytest.raises(Unreadable):
        check.read(answer)


@pytest.mark.parametrize(
    ("check", "solved"),
    [(CHOICE, "5x5"), (CHOICE, None), (YESNO, 1), (YESNO, "yes"), (SHAPE, [3]), (SHAPE, (3.0,)), (SHAPE, 3)],
)
def test_a_solver_has_to_return_an_option_or_a_shape(check: Check, solved: object) -> None:
    with pytest.raises(ValueError, match="expected of the solver"):
        check.expect(solved)


@pytest.mark.parametrize("options", [[], ["one"], ["a", "a"], ["a", "A."], ["yes", "?"]])
def test_options_have_to_be_told_apart(options: list[str]) -> None:
    with pytest.raises(ValidationError):
        declared("choice", options=options)

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


LAST = declared("shape", channels_last=True)


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ((64, 56, 56), True),
        ((56, 56, 64), True),
        ((1, 56, 56, 64), True),
        ((1, 64, 56, 56), True),
        ("56x56x64", True),
        ((56, 64, 56), False),
        ((56, 64), False),
        ((2, 56, 56, 64), False),
    ],
)
def test_channels_may_come_last_where_that_is_allowed(answer: Plain, right: bool) -> None:  # noqa: FBT001 - a row of the table
    assert match(LAST, answer, (64, 56, 56)).right == right


def test_the_order_of_a_shape_is_a_convention() -> None:
    readings = LAST.read((1, 56, 57, 64))
    assert [(reading.value, reading.tags) for reading in readings] == [
        ((1, 56, 57, 64), (("axes", "channels first"),)),
        ((1, 64, 56, 57), (("axes", "channels last"),)),
    ]
    assert readings[1].text == "1 × 56 × 57 × 64, channels last, so 1 × 64 × 56 × 57"
    assert [reading.tags for reading in LAST.read((7, 7, 7))] == [()]
    assert [reading.tags for reading in LAST.read((7, 8))] == [()]

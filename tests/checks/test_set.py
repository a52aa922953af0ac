from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.answers.values import Plain
from grader.checks.matching import matched
from grader.errors import Unreadable
from tests.checks.answering import declared, explains, match

LAYERS = ["conv1", "conv2", "3a", "3b", "4a", "4b"]
SET = declared("set", items={"kind": "choice", "options": LAYERS})
EMPTY = declared("set", items={"kind": "choice", "options": LAYERS}, may_be_empty=True)
REAL = declared("set", items={"kind": "real", "atol": 0.1})
SHAPES = declared("set", items={"kind": "shape"})
ASKED = ["conv1", "3a", "4a"]


@pytest.mark.parametrize(
    "answer", [("conv1", "3a", "4a"), ("4A", "3a", "Conv 1"), "conv1, 3a and 4a", ("3a", "3a", "conv1", "4a")]
)
def test_a_set_is_right_in_whatever_order_and_however_often_a_member_is_given(answer: Plain) -> None:
    assert match(SET, answer, ASKED).right
    assert match(SET, answer, set(ASKED)).right


@pytest.mark.parametrize(
    ("answer", "credit", "note", "message"),
    [
        (("conv1", "3a"), Fraction(2, 3), "missing=1", "Still missing: 1."),
        (("conv1",), Fraction(1, 3), "missing=2", "Still missing: 2."),
        (("conv1", "3a", "4a", "4b"), Fraction(3, 4), "extra=4b", "Not among what is asked for: 4b."),
        (
            ("conv1", "3a", "4b"),
            Fraction(2, 3),
            "extra=4b,missing=1",
            "Not among what is asked for: 4b. Still missing: 1.",
        ),
        (tuple(LAYERS), Fraction(1, 2), "extra=conv2, 3b, 4b", "Not among what is asked for: conv2, 3b, 4b."),
        (
            ("conv2", "conv2"),
            Fraction(0),
            "extra=conv2,missing=3",
            "Not among what is asked for: conv2. Still missing: 3.",
        ),
    ],
)
def test_what_is_too_much_is_named_and_what_is_missing_is_counted(
    answer: Plain, credit: Fraction, note: str, message: str
) -> None:
    found = match(SET, answer, ASKED)
    assert (found.credit, found.note, found.message) == (credit, note, message)
    assert not any(layer in found.message for layer in ASKED)


def test_every_member_that_was_given_is_an_item() -> None:
    found = match(SET, ("conv1", "4B"), ASKED)
    assert [(item.name, item.read_as, item.right) for item in found.items] == [
        ("conv1", "conv1", True),
        ("4B", "4b", False),
    ]


def test_members_are_paired_so_that_most_are_right() -> None:
    # 1.05 is within reach of both, 0.95 of the first alone
    assert match(REAL, (1.05, 0.95), [1.0, 1.1]).right
    assert match(REAL, (0.95, 1.05), [1.0, 1.1]).right
    assert match(REAL, (0.95, 0.96), [1.0, 1.2]).credit == Fraction(1, 2)


def test_members_may_be_shapes() -> None:
    assert match(SHAPES, "64x56x56; (3, 224, 224)", [(3, 224, 224), (64, 56, 56)]).right


def test_a_member_that_cannot_be_read_leaves_the_set_to_a_person() -> None:
    found = match(SET, ("conv1", "3a", "conv9"), ASKED)
    assert found.credit < 1
    assert found.given == Fraction(2, 3)
    assert "member conv9" in found.unread
    with pytest.raises(Unreadable, match="conv9"):
        SET.read(("conv9",))


def test_an_empty_set_is_right_where_nothing_is_asked_for() -> None:
    nothings: list[Plain] = [(), {}, "none"]
    for answer in nothings:
        assert not EMPTY.is_unanswered(answer)
        assert match(EMPTY, answer, []).right
        assert match(EMPTY, answer, ASKED).credit == 0
    assert match(EMPTY, ("conv1",), []).credit == 0
    assert explains(EMPTY, (), [])
    assert EMPTY.is_unanswered((...,))
    assert SET.is_unanswered(())


def test_a_set_is_explained_as_a_whole() -> None:
    assert explains(SET, ("4a", "3a", "conv1"), ASKED)
    assert not explains(SET, ("4a", "3a"), ASKED)
    assert not explains(SET, (*ASKED, "4b"), ASKED)
    assert match(REAL, (1.05,), [1.0]).right
    assert not explains(REAL, (1.05,), [1.0])


def test_sets_are_the_same_in_whatever_order() -> None:
    assert SET.same(SET.expect(ASKED), SET.expect(ASKED[::-1]))
    assert not SET.same(SET.expect(ASKED), SET.expect(ASKED[1:]))
    assert REAL.same((0.1 + 0.2, 1.0), (1.0, 0.3))


def test_upstream_goes_a_set() -> None:
    (reading,) = SET.read(("4a", "3b"))
    assert SET.upstream(reading, SET.expect(ASKED)) == {"4a", "3b"}


@pytest.mark.parametrize(
    ("solved", "trouble"),
    [
        ("conv1", "a list or set is expected"),
        ({"conv1": True}, "a list or set is expected"),
        (["conv9"], "one of conv1"),
        (["conv1", "conv1"], "more than once"),
        ([], "set may_be_empty"),
    ],
)
def test_a_solver_has_to_return_a_set_of_members(solved: object, trouble: str) -> None:
    with pytest.raises(ValueError, match=trouble):
        SET.expect(solved)


@pytest.mark.parametrize(
    "options",
    [{}, {"items": {"kind": "set", "items": {"kind": "integer"}}}, {"items": {"kind": "integer", "rtol": 1}}],
)
def test_members_have_to_be_single_answers(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        declared("set", **options)


@given(st.sets(st.integers(0, 20), min_size=1), st.lists(st.integers(0, 20), min_size=1))
def test_the_credit_is_what_was_found_of_what_was_asked_or_given(asked: set[int], given: list[int]) -> None:
    found = match(declared("set", items={"kind": "integer"}), tuple(given), asked)
    assert found.credit == Fraction(len(asked & set(given)), max(len(asked), len(set(given))))


@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), max_size=5))
def test_as_many_pairs_are_found_as_there_can_be(allowed: list[list[bool]]) -> None:
    def most(rows: list[list[bool]], free: frozenset[int]) -> int:
        if not rows:
            return 0
        here = [1 + most(rows[1:], free - {column}) for column in free if rows[0][column]]
        return max([most(rows[1:], free), *here])

    pairs = matched(allowed)
    assert len(set(pairs.values())) == len(pairs) == most(allowed, frozenset(range(4)))
    assert all(allowed[row][column] for column, row in pairs.items())

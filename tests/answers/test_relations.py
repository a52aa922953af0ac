from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.answers.relations import Relation, parse_relation
from grader.errors import Unreadable

NAMES = ("full", "half", "a", "b")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("half <= full + 0.5", "half <= full + 0.5"),
        ("half<=full+1/2", "half <= full + 1/2"),
        ("a < 2b", "a < 2*b"),
        ("0 < a <= b", "0 < a <= b"),
        ("A = B", "a == b"),
        ("a ≤ b ≥ 1", "a <= b >= 1"),
        ("a ≠ 0", "a != 0"),
        ("max(a, b) >= floor(half)", "max(a, b) >= floor(half)"),
    ],
)
def test_a_relation_has_one_spelling_that_reads_back(text: str, printed: str) -> None:
    relation = parse_relation(text, NAMES)
    assert str(relation) == printed
    assert parse_relation(printed, NAMES) == relation


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("half <= full + 0.5", True),
        ("half < full", False),
        ("half <= full", True),
        ("full >= half", True),
        ("full > half", False),
        ("full == half", True),
        ("full != half", False),
        ("0 < a < b", True),
        ("0 < b < a", False),
        ("a/b == 1/3", True),
        ("1/(a - 1) > 0", False),
        ("1/(a - 1) <= 0", False),
    ],
)
def test_a_relation_holds_exactly(text: str, holds: bool) -> None:  # noqa: FBT001 - it is the fact
    values: dict[str, int | Fraction] = {"full": Fraction("91.03"), "half": Fraction("91.03"), "a": 1, "b": 3}
    assert parse_relation(text, NAMES).holds(values) == holds


@given(st.fractions(), st.fractions())
def test_a_relation_is_that_of_the_numbers(a: Fraction, b: Fraction) -> None:
    values = {"a": a, "b": b}
    assert parse_relation("a < b", NAMES).holds(values) == (a < b)
    assert parse_relation("a <= b + 1 < 2*b", NAMES).holds(values) == (a <= b + 1 < 2 * b)


def test_a_relation_tells_its_names_and_needs_them_all() -> None:
    relation = parse_relation("half <= full + 0.5", NAMES)
    assert relation.names == {"half", "full"}
    with pytest.raises(ValueError, match=r"half <= full \+ 0\.5 cannot be decided without full"):
        relation.holds({"half": 1})


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("a + b", r"no comparison \(character 6\); expected a relation such as"),
        ("", "no comparison"),
        ("a <", r"the text ends too early \(character 4\)"),
        ("< a", r"unexpected '<'|ends too early"),
        ("a < c", r"an unknown name 'c' \(character 5\); expected one of full, half, a, b"),
        ("a < b < 9^9^9", r"a power other than one .* \(character 12\)"),
        ("a => b", r"the text ends too early|unexpected"),
        ("a < b" * 50, "a text of 250 characters"),
        ("a < __import__('os')", "an unknown name '__import__'|unexpected"),
    ],
)
def test_what_is_no_relation_says_why_and_where(text: str, trouble: str) -> None:
    with pytest.raises(Unreadable, match=trouble):
        parse_relation(text, NAMES)


@given(st.text(max_size=60) | st.text("ab<>=!+-*/^() 019.", max_size=60), st.fractions(), st.fractions())
def test_no_text_raises_anything_but_unreadable(text: str, a: Fraction, b: Fraction) -> None:
    try:
        relation: Relation = parse_relation(text, NAMES)
    except Unreadable:
        return
    assert relation.holds({"a": a, "b": b, "full": 1, "half": 1}) in {True, False}

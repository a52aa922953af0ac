import math
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from grader.answers.values import Frame, Plain
from grader.checks.check import Check, Match
from grader.errors import Unreadable
from tests.checks.answering import declared

VALUES = {
    "full": {"low": 88, "high": 94, "unit": "percent"},
    "half": {"low": 85, "high": 93, "unit": "percent"},
    "time": {"low": 5, "high": 300, "unit": "second"},
}
RUN = declared("measurement", values=VALUES, relations=["half <= full + 0.5"])
ONE = declared("measurement", values={"accuracy": {"low": 88, "high": 94, "unit": "percent"}})
LOSS = declared("measurement", values={"loss": {"low": 0.1, "high": 2}})


def marked(check: Check, answer: Plain) -> Match:
    (reading,) = check.read(answer)
    return check.compare(reading, None)


@pytest.mark.parametrize(
    "answer",
    [
        {"full": 91.03, "half": 89.31, "time": 59},
        {"Full": "91.03 %", "half": "0.8931", "time": "59 s"},
        {"full": 0.9103, "half": 0.8931, "time": 0.98333e2},
        (91.03, 89.31, 59.0),
        {"full": 88, "half": Fraction(177, 2), "time": "5 min"},  # at the bounds, and 0.5 above
        Frame(("value",), ("full", "half", "time"), ((91.03,), (89.31,), (59,))),
    ],
)
def test_what_is_usual_counts_fully(answer: Plain) -> None:
    found = marked(RUN, answer)
    assert found.right
    assert [item.name for item in found.items] == ["full", "half", "time", "half <= full + 0.5"]
    assert all(item.right for item in found.items)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"full": 99.2, "half": 89, "time": 59}, "full: 99.2 % is higher than usual"),
        ({"full": "0.91 %", "half": 89, "time": 59}, "full: 0.91 % is lower than usual"),
        ({"full": 10, "half": 10, "time": 59}, "full: 10 % is lower than usual; half: 10 % is lower than usual"),
        ({"full": 89, "half": 90, "time": 59}, "half <= full + 0.5: does not hold here"),
        ({"full": 91, "half": 89, "time": "59 ms"}, "time: 59 × 1/1000 = 0.059 s is lower than usual"),
        ({"full": math.nan, "half": 89, "time": 59}, "full: nan is other than usual"),
        ({"full": math.inf}, "full: inf is higher than usual"),
    ],
)
def test_what_is_unusual_awaits_a_person_who_is_told_the_bounds(answer: Plain, words: str) -> None:
    found = marked(RUN, answer)
    assert not found.right
    assert words in found.awaits
    assert "need not be wrong" in found.awaits
    assert "94" not in found.awaits
    if "full:" in words:
        assert "full: 88 to 94 %" in found.suggestion


@pytest.mark.parametrize(
    ("answer", "credit", "missing"),
    [
        ({"full": 91, "half": 89}, Fraction(2, 3), "time"),
        ({"time": 59, "full": None}, Fraction(1, 3), "full, half"),
        ((91, ..., 59), Fraction(2, 3), "half"),
    ],
)
def test_what_is_missing_loses_its_share(answer: Plain, credit: Fraction, missing: str) -> None:
    found = marked(RUN, answer)
    assert (found.credit, found.awaits, found.message) == (credit, "", f"Still missing: {missing}.")


def test_what_cannot_be_read_is_left_to_a_person() -> None:
    found = marked(RUN, {"full": 91, "half": "good", "time": 59})
    assert "row half" in found.unread
    found = marked(RUN, {"full": 91, "half": 89, "seconds": 59})
    assert "there is no row time, but there is seconds" in found.unread
    with pytest.raises(Unreadable, match="a list of 2"):
        RUN.read((91, 89))
    with pytest.raises(Unreadable, match="no row that was asked for"):
        RUN.read({"a": 1})


@pytest.mark.parametrize("answer", [91.03, "91.03 %", 0.9103, (91.03,), {"accuracy": 91.03}, (("accuracy", 91.03),)])
def test_a_single_number_needs_no_name(answer: Plain) -> None:
    found = marked(ONE, answer)
    assert found.right
    assert found.items[0].read_as.endswith("91.03 %")


def test_a_share_is_no_percentage_unless_that_is_usual() -> None:
    low = declared("measurement", values={"error": {"low": 0.5, "high": 12, "unit": "percent"}})
    assert marked(low, 0.91).items[0].read_as == "0.91 %"
    assert marked(low, 0.09).items[0].read_as == "0.09 × 100 = 9 %"


def test_a_plain_number_has_no_unit() -> None:
    assert marked(LOSS, "0.35").right
    assert marked(LOSS, 2).right
    assert marked(LOSS, 2.001).awaits


@pytest.mark.parametrize(
    ("options", "trouble"),
    [
        ({"values": {}}, "at least 1"),
        ({"values": {"a": {"low": 2, "high": 1}}}, "low is 2, which is more than high, 1"),
        ({"values": {"a": {"low": 2}}}, "Field required"),
        ({"values": {"a": {"low": 1, "high": 2, "unit": "metre"}}}, "'percent', 'second' or 'number'"),
        ({"values": {"a b": {"low": 1, "high": 2}, "A_B": {"low": 1, "high": 2}}}, "two of the values have one name"),
        ({"values": VALUES, "relations": ["half <= ful"]}, "the relation 'half <= ful' has an unknown name 'ful'"),
        ({"values": VALUES, "relations": ["half"]}, "no comparison"),
        ({"values": {"a": {"low": 1, "high": 2}}, "relations": ["a > 3"]}, "no numbers within the bounds were found"),
        ({"values": VALUES, "relations": ["half > full", "full > half"]}, "so that nothing would ever be usual"),
        ({"values": VALUES, "relations": ["1 > 2"]}, "change the bounds or the relations"),
    ],
)
def test_bounds_and_relations_have_to_make_sense(options: dict[str, Any], trouble: str) -> None:
    with pytest.raises(ValidationError, match=trouble):
        declared("measurement", **options)


@pytest.mark.parametrize(
    "relations",
    [
        ["a < b < c < d < e < f < g"],
        ["a > b", "b > c", "c > d", "d > e", "e > f", "f > g"],
        ["g == 90", "a == b == 10"],
        ["a + b == 100", "a < b"],
    ],
)
def test_the_numbers_of_a_proof_keep_all_relations(relations: list[str]) -> None:
    check = declared("measurement", values={name: {"low": 10, "high": 90} for name in "abcdefg"}, relations=relations)
    for answer in check.right_answers(None):
        if isinstance(answer, dict):
            assert marked(check, answer).right


def test_relations_that_nothing_keeps_are_given_up_before_everything_was_tried() -> None:
    values = {name: {"low": 0, "high": 1} for name in "abcdefghijklmnop"}
    with pytest.raises(ValidationError, match="no numbers within the bounds were found"):
        declared("measurement", values=values, relations=["+".join(values) + " > 16"])

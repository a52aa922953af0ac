"""The answers by which a problem is proved: right ones are right, and wrong ones are read and are not."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.answers.decoding import decode
from grader.checks.check import Check, Match
from grader.errors import Unreadable
from grader.kernels.inside import encode
from tests.checks.answering import declared


def best(check: Check, answer: object, expected: object) -> Match:
    """The mark of an answer that a kernel hands over."""
    readings = check.read(decode(encode(answer)))
    return max((check.compare(reading, expected) for reading in readings), key=lambda found: found.credit)


def prove(check: Check, solved: object) -> None:
    expected = check.expect(solved) if check.solved else None
    for answer in check.right_answers(expected):
        assert best(check, answer, expected).right, answer
    for answer in check.wrong_answers(expected):
        assert not best(check, answer, expected).right, answer


EXACT = [
    declared("integer"),
    declared("count", sigfigs=1),
    declared("count", sigfigs=3),
    declared("integer", rounding=0.02),
    declared("integer", rounding=0.3),
    declared("quantity", rounding=0.005),
    declared("quantity", sigfigs=2),
    declared("quantity", sigfigs=4, rtol=0.001),
    declared("quantity", unit="flop", sigfigs=3),
    declared("quantity", unit="mac", rounding=0.01, unit_credit=0),
]
MEASURED = [
    declared("real", sigfigs=1),
    declared("real", sigfigs=3),
    declared("real", decimals=2),
    declared("real", rtol=0.01, atol=0.001),
    declared("quantity", unit="second", rtol=0.1),
    declared("quantity", unit="ratio", sigfigs=2),
    declared("quantity", unit="ratio"),
]


@pytest.mark.parametrize("check", EXACT, ids=repr)
@given(st.integers(-(10**14), 10**14) | st.sampled_from([99, 100, 995, 9995, 99_600, 163_500, 10**25]))
def test_the_edges_of_an_exact_number_are_where_they_are_declared(check: Check, solved: int) -> None:
    prove(check, solved)


POSITIVE = st.floats(1e-6, 1e6) | st.fractions(Fraction(1, 10**6), 10**6, max_denominator=10**6)


@pytest.mark.parametrize("check", MEASURED, ids=repr)
@given(POSITIVE | st.sampled_from([0.1, 1 - 0.9, 0.1 + 0.2, 1000.0, 999.9999999999999, 0.25, 0.125]))
def test_the_edges_of_a_measured_number_are_where_they_are_declared(check: Check, solved: object) -> None:
    prove(check, solved)


BAND = {"low": 0.1, "high": 2}
OTHERS: list[tuple[Check, object]] = [
    (declared("shape", channels_last=True), (64, 56, 56)),
    (declared("set", items={"kind": "integer"}), [1, 2, 3]),
    (declared("set", items={"kind": "real", "atol": 0.1}), [1.0, 1.15, 9.0]),
    (declared("set", items={"kind": "choice", "options": ["a", "b"]}), {"a", "b"}),
    (declared("set", items={"kind": "choice", "options": ["a", "b"]}, may_be_empty=True), []),
    (declared("set", items={"kind": "shape"}), [(1, 2, 3), (4, 5)]),
    (declared("done"), None),
    (declared("measurement", values={"loss": BAND}), None),
    (declared("measurement", values={"a": BAND, "b": BAND | {"unit": "percent"}}, relations=["a < b/2"]), None),
    (declared("measurement", values={"a": {"low": 3, "high": 3}, "b": BAND | {"unit": "second"}}), None),
]


@pytest.mark.parametrize(("check", "solved"), OTHERS, ids=[f"{check!r:.40}" for check, _ in OTHERS])
def test_the_edges_of_every_other_kind_are_where_they_are_declared(check: Check, solved: object) -> None:
    prove(check, solved)


def test_a_rounded_answer_is_proved_with_as_few_digits_as_may_count() -> None:
    assert declared("count", sigfigs=3).right_answers(163_696) == (163_696, "164e3")
    assert declared("count", sigfigs=3).wrong_answers(163_696) == (163_695, 163_697, "163e3", "165e3", "16e4")
    assert declared("integer", rounding=0.02).right_answers(163_696) == (163_696, "164e3")
    assert declared("count", sigfigs=2).right_answers(165) == (165, "16e1", "17e1")
    assert declared("count", sigfigs=3).right_answers(7) == (7,)


def test_nonsense_is_never_a_proof() -> None:
    with pytest.raises(Unreadable):
        best(declared("integer"), "many", 1)

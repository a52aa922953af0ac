"""Whatever a student gives, a check reads it or says why not, and marks what it has read."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.answers.values import Foreign, Frame, Plain
from grader.checks.check import Check
from grader.errors import Unreadable
from tests.checks.answering import declared

NUMBERS: st.SearchStrategy[Plain] = st.one_of(
    st.booleans(),
    st.integers(-(10**120), 10**120),
    st.floats(),
    st.fractions(max_denominator=10**6),
    st.decimals(allow_nan=False, allow_infinity=False, places=3),
)
TEXTS: st.SearchStrategy[Plain] = st.one_of(
    st.text(max_size=40),
    st.text("0123456789.,eE+-*/^()xnKMGiB% ", max_size=20),
    st.text("019.,;:=+-*/^()[]{}<>⌊⌋n ab and%\nfloorsmh×²", max_size=60),
    st.sampled_from(["a", "b", "yes", "1e30", "-1e-30", "inf", "nan", "(1,2),(3,4)", "n+1/0", "9**9**9", "8 GiB"]),
)
SINGLE: st.SearchStrategy[Plain] = st.one_of(
    NUMBERS, TEXTS, st.none(), st.just(...), st.just(Foreign("torch.nn.Module"))
)
ANSWERS: st.SearchStrategy[Plain] = st.recursive(
    SINGLE,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5).map(tuple),
        st.dictionaries(st.one_of(st.text(max_size=3), st.sampled_from(["a", "b", "c"])), inner, max_size=4),
        st.lists(inner, min_size=2, max_size=2).map(lambda row: Frame(("y",), ("a", "b"), tuple((x,) for x in row))),
    ),
    max_leaves=8,
)

INTEGER, REAL = {"kind": "integer", "rounding": 0.1}, {"kind": "real", "rtol": 0.01, "atol": 0.1}
GIVEN_ITSELF = [
    (declared("integer", rounding=0.1, square=True), 9),
    (declared("integer"), 0),
    (declared("real", rtol=0.01), Fraction(1, 3)),
    (declared("real", atol=0.1), 0.0),
    (declared("quantity", rtol=0.001, rounding=0.1), 600_394_976),
    (declared("expression", symbols=["n"]), "n + 8"),
    (declared("shape"), (64, 56, 56)),
    (declared("choice", options=["a", "b", "1"]), "a"),
    (declared("yesno"), True),
]
CASES = [
    *GIVEN_ITSELF,
    (declared("table", rows=["a", "b"], cells=INTEGER), {"a": 9, "b": 10}),
    (declared("table", rows=["a", "b"], cells=REAL), {"a": 0.5}),
    (declared("table", rows=["a", "b"], cells={"kind": "expression", "symbols": ["n"]}), {"a": "n", "b": "n/2"}),
    (declared("set", items=INTEGER), [9, 10]),
    (declared("set", items={"kind": "choice", "options": ["a", "b"]}, may_be_empty=True), []),
    (declared("set", items={"kind": "expression", "symbols": ["n"]}), ["n + 1", "n"]),
    (declared("shape", channels_last=True), (64, 56, 56)),
    (declared("quantity", unit="mac", sigfigs=2), 128_000_000),
    (declared("quantity", unit="ratio", rtol=0.1), 0.25),
    (declared("real", sigfigs=2, decimals=1), 0.25),
    (declared("done"), None),
    (declared("measurement", values={"a": {"low": 1, "high": 2}, "b": {"low": 1, "high": 2, "unit": "percent"}}), None),
    (declared("path", atol=0.1), [(1.0, 2.0), (3.0, 4.0), (5.0, 6.0)]),
    (declared("path", rtol=0.1, dimensions=1), [(1.0,), (0.0,)]),
]


@pytest.mark.parametrize(("check", "solved"), CASES, ids=[f"{check!r:.40}" for check, _ in CASES])
@given(answer=ANSWERS)
def test_any_answer_is_unreadable_or_marked(check: Check, solved: object, answer: Plain) -> None:
    expected = check.expect(solved) if check.solved else None
    try:
        readings = check.read(answer)
    except Unreadable:
        return
    assert readings
    for reading in readings:
        found = check.compare(reading, expected)
        assert 0 <= found.credit <= 1
        assert isinstance(reading.text, str)
        check.explains(reading, expected)
        check.upstream(reading, expected)


@pytest.mark.parametrize(("check", "solved"), CASES, ids=[f"{check!r:.40}" for check, _ in CASES])
def test_every_reference_is_the_same_as_itself(check: Check, solved: object) -> None:
    if check.solved:
        assert check.same(check.expect(solved), check.expect(solved))


@pytest.mark.parametrize(("check", "solved"), GIVEN_ITSELF, ids=[f"{check!r:.40}" for check, _ in GIVEN_ITSELF])
def test_a_reference_given_as_the_answer_is_right_and_explained(check: Check, solved: Plain) -> None:
    for reading in check.read(solved):
        assert check.compare(reading, check.expect(solved)).right
        assert check.explains(reading, check.expect(solved))


@given(st.integers(-(10**12), 10**12), st.sampled_from([int, float, str, Fraction, Decimal]))
def test_a_number_is_the_same_answer_in_whatever_type(number: int, kind: type) -> None:
    for check in (declared("integer"), declared("quantity"), declared("real", rtol=1e-9, atol=1e-9)):
        (reading, *_) = check.read(kind(number))
        assert check.compare(reading, check.expect(number)).right
        assert check.explains(reading, check.expect(number))

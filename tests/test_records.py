import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.records import (
    Answer,
    Captured,
    CellFailure,
    Drawing,
    Execution,
    FailureKind,
    Grade,
    Item,
    Outcome,
    Picture,
    Record,
    Status,
    Submission,
    Verdict,
)

TEXT = st.text(max_size=8)
POINTS = st.fractions(min_value=0, max_value=100)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=5,
)
CELLS = st.lists(st.integers(0, 9), max_size=2).map(tuple)
FAILURES = st.builds(
    CellFailure,
    cell=st.integers(0, 9),
    kind=st.sampled_from(FailureKind),
    name=TEXT,
    message=TEXT,
    traceback=TEXT,
    without=CELLS,
)
CAPTURED = st.builds(Captured, variable=TEXT, cell=st.integers(0, 9), data=JSON, without=CELLS)
PATHS = st.lists(st.tuples(st.floats(), st.floats()), max_size=4).map(tuple)
DRAWINGS = st.builds(Drawing, student=PATHS, reference=PATHS, wrong_steps=st.lists(st.integers(1, 9)).map(tuple))
PICTURES = st.lists(st.builds(Picture, mime=st.sampled_from(["image/png", "image/jpeg"]), data=TEXT), max_size=2).map(
    tuple
)
VERDICTS = st.builds(
    Verdict,
    problem=TEXT,
    part=TEXT,
    outcome=st.sampled_from(Outcome),
    points=st.none() | POINTS,
    max_points=POINTS,
    answer=TEXT,
    read_as=TEXT,
    finding=TEXT,
    message=TEXT,
    cell=st.none() | st.integers(0, 9),
    items=st.lists(st.builds(Item, name=TEXT, read_as=TEXT, right=st.booleans()), max_size=2).map(tuple),
    drawing=st.none() | DRAWINGS,
    extra=st.booleans(),
    suggestion=TEXT,
    pictures=PICTURES,
)
RECORDS = st.one_of(
    st.builds(Submission, student=TEXT, path=st.builds(Path, st.text("abc/", min_size=1)), digest=TEXT),
    st.builds(
        Answer, variable=TEXT, data=JSON, cell=st.none() | st.integers(0, 9), did_not_run=TEXT, pictures=PICTURES
    ),
    st.builds(
        Execution,
        notebook=JSON,
        captured=st.lists(CAPTURED, max_size=2).map(tuple),
        failures=st.lists(FAILURES, max_size=2).map(tuple),
        left_out=CELLS,
        isolation=TEXT,
        seconds=st.floats(0, 1e9),
    ),
    st.builds(
        Grade,
        student=TEXT,
        homework=TEXT,
        status=st.sampled_from(Status),
        note=TEXT,
        verdicts=st.lists(VERDICTS, max_size=3).map(tuple),
        failures=st.lists(FAILURES, max_size=2).map(tuple),
        isolation=TEXT,
        seconds=st.floats(0, 1e9),
    ),
)


def verdict(outcome: Outcome, points: Fraction | None, max_points: int) -> Verdict:
    return Verdict(
        problem="p", part="q", outcome=outcome, points=points, max_points=Fraction(max_points), finding="q:f"
    )


@given(RECORDS)
def test_every_record_goes_to_json_and_back_unchanged(record: Record) -> None:
    back = type(record).model_validate_json(record.model_dump_json())
    assert repr(back) == repr(record)  # by its text, in which nan is nan


@given(RECORDS)
def test_the_json_of_a_record_is_what_every_reader_of_json_takes(record: Record) -> None:
    def refuse(constant: str) -> Any:
        raise AssertionError(f"{constant} is no JSON")

    json.loads(record.model_dump_json(), parse_constant=refuse)


def test_points_stay_exact_and_drawings_keep_what_is_no_number() -> None:
    third = verdict(Outcome.PARTIAL, Fraction(1, 3), 1)
    assert json.loads(third.model_dump_json())["points"] == "1/3"
    assert Verdict.model_validate_json(third.model_dump_json()).points == Fraction(1, 3)
    wild = Drawing(student=((math.nan, math.inf), (-math.inf, 0.1)), reference=((0.0, 0.0),), wrong_steps=(1,))
    back = Drawing.model_validate_json(wild.model_dump_json())
    assert math.isnan(back.student[0][0])
    assert back.student[0][1:] + back.student[1] == (math.inf, -math.inf, 0.1)


@pytest.mark.parametrize("record", [Captured(variable="a", cell=0, data=None), verdict(Outcome.BLANK, Fraction(0), 1)])
def test_a_record_is_frozen_and_closed(record: Record) -> None:
    name = next(iter(type(record).model_fields))
    with pytest.raises(ValidationError, match="frozen"):
        setattr(record, name, "other")
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        type(record).model_validate(record.model_dump() | {"unknown": 1})


@pytest.mark.parametrize("outcome", Outcome)
def test_only_what_a_person_has_to_look_at_is_pending(outcome: Outcome) -> None:
    waits = {"unreadable", "awaits-review", "problem-fault", "grader-fault"}
    assert outcome.pending == (outcome in waits)


def test_pending_points_are_neither_zero_nor_full() -> None:
    grade = Grade(
        student="s",
        homework="h",
        status=Status.NEEDS_REVIEW,
        verdicts=(
            verdict(Outcome.CORRECT, Fraction(2), 2),
            verdict(Outcome.PARTIAL, Fraction(1, 3), 1),
            verdict(Outcome.BLANK, Fraction(0), 4),
            verdict(Outcome.UNREADABLE, None, 8),
        ),
    )
    assert (grade.points, grade.max_points) == (Fraction(7, 3), Fraction(15))
    assert (grade.pending_points, grade.decided_points) == (Fraction(8), Fraction(7))

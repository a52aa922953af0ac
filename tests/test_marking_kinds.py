"""The kinds of answers that come with rules of their own, marked as a homework is: through the kernel's encoding."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader import Answer, Marker, Outcome, Verdict, load_course
from grader.errors import ProblemError
from grader.kernels.inside import encode
from tests.courses import statement_of, write_course

SOLVER = """
def image():
    return (64, 56, 57)


def maps(image):
    return [image, (3, 224, 225)]


def work(flops_per_mac="2"):
    return 1000 * int(flops_per_mac)


def again(flops_per_mac="2"):
    return 7000 * int(flops_per_mac)


def odd_rows(left_out=False):
    return {"a"} if left_out else set()
"""
PROBLEM = """
title = "Kinds"
[conventions.axes]
"channels first" = "the channels come first"
"channels last" = "the channels come last"
[conventions.flops_per_mac]
2 = "a multiply-add is two operations"
1 = "a multiply-add is one operation"
[mistakes.left_out]
assume = { left_out = true }
what = "the last one was left out"
[parts.image]
kind = "shape"
channels_last = true
points = 2
[parts.work]
kind = "quantity"
unit = "flop"
points = 2
[parts.again]
kind = "quantity"
unit = "flop"
points = 2
[parts.odd_rows]
kind = "set"
items = { kind = "choice", options = ["a", "b"] }
may_be_empty = true
points = 2
[parts.run]
kind = "measurement"
relations = ["half <= full + 0.5"]
points = 2
[parts.run.values.full]
low = 88
high = 94
unit = "percent"
[parts.run.values.half]
low = 85
high = 93
unit = "percent"
[parts.read]
kind = "done"
points = 1
"""
PARTS = ("image", "work", "again", "odd_rows", "run", "read")
STATEMENT = statement_of(PARTS)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return write_course(tmp_path, problem=PROBLEM, statement=STATEMENT, solver=SOLVER)


def mark(course: Path, **given: Any) -> dict[str, Verdict]:
    (problem,) = load_course(course).homework("hw1").problems
    answers = {part: Answer(variable=part, data=encode(value)) for part, value in given.items()}
    return {verdict.part: verdict for verdict in Marker(problem).mark(answers) if verdict.part in given}


def test_an_order_of_axes_is_a_convention_that_readings_keep_to(course: Path) -> None:
    for shape, read_as in (
        ((64, 56, 57), "64 × 56 × 57"),
        ((56, 57, 64), "56 × 57 × 64, channels last, so 64 × 56 × 57"),
    ):
        verdict = mark(course, image=shape)["image"]
        assert (verdict.outcome, verdict.read_as) == (Outcome.CORRECT, read_as)
    assert mark(course, image=(56, 64, 57))["image"].outcome is Outcome.INCORRECT


def test_how_many_operations_a_multiply_add_is_is_kept_to_throughout(course: Path) -> None:
    assert mark(course, work="1 KMACs", again=14_000)["again"].points == 2
    once = mark(course, work=1000, again="7 kFLOPs")
    assert {verdict.finding for verdict in once.values()} == {
        "work:convention(flops_per_mac=1)",
        "again:convention(flops_per_mac=1)",
    }
    mixed = mark(course, work=2000, again=7000)
    assert mixed["again"].finding == "again:mixed(flops_per_mac=1)"


def test_an_empty_set_is_answered_and_an_ellipsis_is_not(course: Path) -> None:
    nothings: list[Any] = [set(), [], {}, "none"]
    for nothing in nothings:
        assert mark(course, odd_rows=nothing)["odd_rows"].points == 2
    assert mark(course, odd_rows=...)["odd_rows"].outcome is Outcome.BLANK
    assert mark(course, odd_rows={"a"})["odd_rows"].finding == "odd_rows:left_out"


def test_an_unusual_measurement_awaits_a_person_and_a_missing_one_loses_its_share(course: Path) -> None:
    assert mark(course, run={"full": 91.03, "half": 89.31})["run"].points == 2
    missing = mark(course, run={"full": 91.03})["run"]
    assert (missing.finding, missing.points) == ("run:missing=half", Fraction(1))
    odd = mark(course, run={"full": 99.0, "half": 89.31})["run"]
    assert (odd.outcome, odd.points) == (Outcome.AWAITS_REVIEW, None)
    assert "full: 99 % is higher than usual" in odd.message
    assert "88 to 94" in odd.suggestion
    assert [item.right for item in odd.items] == [False, True, True]


def test_a_completion_is_full_or_zero(course: Path) -> None:
    assert mark(course, read=True)["read"].points == 1
    verdict = mark(course, read=False)["read"]
    assert (verdict.outcome, verdict.finding) == (Outcome.INCORRECT, "read:not-done")
    assert verdict.points == 0
    assert mark(course, read="halfway")["read"].outcome is Outcome.UNREADABLE


@pytest.mark.parametrize(
    ("old", "new", "place", "trouble"),
    [
        ("low = 88", "low = 98", "parts.run.values.full", "low is 98, which is more than high, 94"),
        ('"half <= full', '"half <= fall', "parts.run", "has an unknown name 'fall'"),
        (
            'items = { kind = "choice", options = ["a", "b"] }',
            'items = { kind = "set" }',
            "parts.odd_rows.items.kind",
            "must",
        ),
        ('["a", "b"] }', '["a", "b"], odd = 1 }', "parts.odd_rows.items.odd", "is not a known key"),
        ("may_be_empty = true", "", "parts.odd_rows", "set may_be_empty"),
        (
            '"channels last" =',
            '"channels between" =',
            "conventions.axes.channels between",
            "no answer is ever read this way",
        ),
    ],
)
def test_what_is_wrong_in_a_problem_file_is_named(course: Path, old: str, new: str, place: str, trouble: str) -> None:
    file = course / "problems/boxes/problem.toml"
    assert PROBLEM.count(old) == 1
    file.write_text(PROBLEM.replace(old, new), encoding="utf-8")
    with pytest.raises(ProblemError, match=trouble) as error:
        load_course(course)
    assert error.value.place == place

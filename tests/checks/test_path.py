import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.answers.values import Plain
from grader.checks.path import Trajectory
from grader.errors import Unreadable
from tests.checks.answering import declared, explains, match

SOLVED = ((10.0, 1.0), (9.5, 0.5), (8.575, -0.2), (7.31375, -0.73))
STEPS = len(SOLVED) - 1


def path(**options: Any) -> Trajectory:
    check = declared("path", **({"atol": 0.005} | options))
    assert isinstance(check, Trajectory)
    return check


def halved(points: Any) -> list[list[tuple[float, float]]]:
    """A continuation: each step halves the point before it."""
    return [[(x / 2, y / 2)] for x, y in points[:-1]]


HALVING = ((8.0, 4.0), (4.0, 2.0), (2.0, 1.0), (1.0, 0.5))


def stepwise(answer: Plain) -> tuple[Fraction, list[bool]]:
    """Credit and right steps of an answer to the halving path, each also judged from the student's own point before it."""
    check = path()
    (reading,), expected = check.read(answer), check.expect(HALVING)
    found = check.compare_continued(reading, expected, halved(check.upstream(reading, expected).tolist()))
    return found.credit, [item.right for item in found.items]


@pytest.mark.parametrize(
    "answer",
    [
        SOLVED,
        SOLVED[1:],  # without the start
        ((10, 1), *SOLVED[1:]),
        "(10, 1), (9.5, 0.5), (8.575, -0.2), (7.31, -0.73)",
        tuple(zip(*SOLVED, strict=True)),  # transposed
        (*SOLVED, (5.8, -0.8)),  # a step more than was asked for
    ],
)
def test_a_right_path_is_right_in_every_form(answer: Plain) -> None:
    found = match(path(), answer, SOLVED)
    assert found.right
    assert [item.name for item in found.items] == ["step 1", "step 2", "step 3"]


@pytest.mark.parametrize(
    ("y", "right"),
    [(-0.205, True), (-0.195, True), (-0.2051, False), (-0.1949, False), (math.nan, False), (math.inf, False)],
)
def test_the_tolerance_of_a_coordinate_is_inclusive(y: float, right: bool) -> None:  # noqa: FBT001 - a row of the table
    assert match(path(), (*SOLVED[:2], (8.575, y), SOLVED[3]), SOLVED).right == right


def test_points_rounded_to_the_last_digit_of_the_tolerance_are_right() -> None:
    for x in (8.57, 8.58):
        assert match(path(), (*SOLVED[:2], (x, -0.2), (7.31, -0.73)), SOLVED).right
    assert match(path(atol=0, rtol=0.1), ((10, 1), (10.45, 0.55), *SOLVED[2:]), SOLVED).right
    assert not match(path(atol=0, rtol=0.1), ((10, 1), (10.46, 0.5), *SOLVED[2:]), SOLVED).right


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ((*SOLVED[:2], (0, 0), SOLVED[3]), [True, False, True]),
        (SOLVED[:3], [True, True, False]),
        (SOLVED[:1], [False, False, False]),
        (SOLVED[1:2], [True, False, False]),
        (((1.0, 10.0), *SOLVED[1:]), [False, True, True]),
        ((SOLVED[0],) * 4, [False, False, False]),
    ],
)
def test_every_step_earns_its_share(answer: Plain, right: list[bool]) -> None:
    found = match(path(), answer, SOLVED)
    assert [item.right for item in found.items] == right
    assert found.credit == Fraction(sum(right), STEPS)
    if not all(right):
        assert found.note == f"step={right.index(False) + 1}"
        assert f"step {right.index(False) + 1}" in found.message


def test_a_missing_step_is_said_to_be_missing() -> None:
    assert [item.read_as for item in match(path(), SOLVED[:2], SOLVED).items] == ["(9.5, 0.5)", "missing", "missing"]


def test_first_steps_that_look_like_the_start_are_no_start() -> None:
    slow = ((1.0, 1.0), (0.999, 1.0), (0.998, 1.0), (0.9, 1.0))
    assert match(path(), slow, slow).right
    assert match(path(), slow[1:], slow).right
    assert match(path(), slow[:3], slow).credit == Fraction(2, 3)


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        (HALVING, [True, True, True]),
        (((8.0, 4.0), (5.0, 2.0), (2.5, 1.0), (1.25, 0.5)), [False, True, True]),  # a slip costs its own step
        (((5.0, 2.0), (2.5, 1.0), (1.25, 0.5)), [False, True, True]),
        (((6.0, 4.0), (3.0, 2.0), (1.5, 1.0), (0.75, 0.5)), [False, True, True]),  # another start
        (((0.0, 0.0),) * 4, [False, False, False]),  # rests where it follows from itself
        (((8.0, 4.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0)), [False, False, False]),
        (((8.0, 4.0), (math.inf, 2.0), (math.inf, 1.0), (math.inf, 0.5)), [False, True, True]),
        (((8.0, 4.0), (math.nan, 2.0), (math.nan, 1.0), (math.nan, 0.5)), [False, False, False]),
        (((8.0, 4.0), (5.0, 2.0)), [False, False, False]),
    ],
)
def test_a_step_that_follows_from_the_student_s_own_point_is_right(answer: Plain, right: list[bool]) -> None:
    assert stepwise(answer) == (Fraction(sum(right), 3), right)


def test_a_path_may_rest_where_the_reference_does() -> None:
    resting = ((1.0, 1.0), (0.5, 0.5), (0.5, 0.5))
    assert match(path(), resting, resting).right


def test_nothing_is_credited_beyond_the_continuation_that_there_is() -> None:
    check = path()
    (reading,) = check.read(((8.0, 4.0), (5.0, 2.0), (2.5, 1.0), (1.25, 0.5)))
    found = check.compare_continued(reading, HALVING, halved(reading.value)[:2])
    assert [item.right for item in found.items] == [False, True, False]


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=2, max_size=8))
def test_a_path_is_right_and_explained_by_itself(points: list[tuple[float, float]]) -> None:
    for check in (path(), path(atol=0, rtol=1e-9)):
        assert match(check, tuple(points), points).right
        assert explains(check, tuple(points), points)


def test_a_path_is_explained_by_all_its_steps() -> None:
    assert explains(path(), SOLVED[1:], SOLVED)
    assert not explains(path(), SOLVED[:3], SOLVED)
    assert not explains(path(), (*SOLVED[:3], (7.4, -0.73)), SOLVED)
    assert not explains(path(), ((0.0, 0.0), *SOLVED[1:]), SOLVED)


def test_paths_of_other_lengths_are_not_the_same() -> None:
    check = path()
    assert check.same(SOLVED, tuple((x + 1e-13, y) for x, y in SOLVED))
    assert not check.same(SOLVED, SOLVED[:3])
    assert not check.same(SOLVED[:3], SOLVED)
    assert not check.same(SOLVED, (*SOLVED[:3], (7.31374, -0.73)))


def test_upstream_goes_an_array_with_the_start_and_of_the_length_asked_for() -> None:
    for answer in (SOLVED, SOLVED[1:], SOLVED + SOLVED):
        (reading,) = path().read(answer)
        assert np.array_equal(path().upstream(reading, SOLVED), SOLVED)


@pytest.mark.parametrize("answer", [5, "far", ((1.0, 2.0, 3.0), (4.0, 5.0)), ((True, False), (True, True)), ()])
def test_what_is_no_list_of_points_is_unreadable(answer: Plain) -> None:
    with pytest.raises(Unreadable):
        path().read(answer)


@pytest.mark.parametrize(
    "solved",
    [None, {"a": 1}, 5, [], [(1.0, 2.0)], [(1.0,), (2.0,)], [(1.0, 2.0), (3.0,)], [(1, 2), (math.nan, 3)], "way"],
)
def test_a_solver_has_to_return_points_from_the_start_on(solved: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - numpy's words or the check's own
        path().expect(solved)


def test_a_path_has_the_declared_number_of_coordinates() -> None:
    line = ((1.0,), (0.5,), (0.25,))
    assert match(path(dimensions=1), line, line).right


@pytest.mark.parametrize(
    ("solved", "trouble"),
    [
        (halved(SOLVED), "another at step 1"),
        (halved(HALVING)[:2], r"points of shape \(3, 'alternatives', 2\)"),
        ([[(4.0,)], [(2.0,)], [(1.0,)]], "are expected of the continuation"),
        (HALVING[1:], "are expected of the continuation"),
        (None, "are expected of the continuation"),
        ({}, "an array of numbers"),
        ([[], [], []], "are expected of the continuation"),
        (np.empty((3, 0, 2)), "another at step 1"),
    ],
)
def test_a_continuation_has_to_lead_along_the_reference(solved: object, trouble: str) -> None:
    path().check_continuation(halved(HALVING), HALVING)
    path().check_continuation(np.concatenate([np.zeros((3, 1, 2)), halved(HALVING)], axis=1), HALVING)
    with pytest.raises(ValueError, match=trouble):
        path().check_continuation(solved, HALVING)


@pytest.mark.parametrize(
    "options", [{"atol": 0}, {"dimensions": 0}, {"rtol": 1}, {"atol": math.inf}, {"rounding": 0.1}]
)
def test_a_path_needs_a_tolerance_that_makes_sense(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        path(**options)

"""What holds for any answers: marking depends on them alone, and never on their order or on who was marked before."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import Marker, Outcome
from tests.answer_sheets import mark, sheets
from tests.marks import marker

PROBLEMS = ("layer_sizes", "alexnet_sizes", "inception_params", "receptive_field", "momentum_paths")


@pytest.mark.parametrize("problem", PROBLEMS)
@settings(max_examples=40)
@given(data=st.data())
def test_marking_does_not_depend_on_the_order_of_answers_or_on_earlier_students(
    problem: str, data: st.DataObject
) -> None:
    sheet, other = data.draw(sheets(problem)), data.draw(sheets(problem))
    shuffled = dict(data.draw(st.permutations(list(sheet.items()))))
    first = mark(marker(problem), sheet)
    mark(marker(problem), other)
    assert mark(marker(problem), shuffled) == first


@pytest.mark.parametrize("problem", ["layer_sizes", "inception_params"])
@settings(max_examples=8)
@given(data=st.data())
def test_a_marker_that_has_marked_nobody_marks_alike(problem: str, data: st.DataObject) -> None:
    sheet = data.draw(sheets(problem))
    assert mark(Marker(marker(problem).problem), sheet) == mark(marker(problem), sheet)


@pytest.mark.parametrize("problem", PROBLEMS)
@settings(max_examples=40)
@given(data=st.data())
def test_no_answers_make_the_grader_fail_and_points_stay_in_their_range(problem: str, data: st.DataObject) -> None:
    for verdict in mark(marker(problem), data.draw(sheets(problem))):
        assert verdict.outcome not in {Outcome.GRADER_FAULT, Outcome.PROBLEM_FAULT}
        assert (verdict.points is None) == verdict.outcome.pending
        assert verdict.points is None or 0 <= verdict.points <= verdict.max_points
        assert (verdict.points == verdict.max_points) == (verdict.outcome is Outcome.CORRECT)


@pytest.mark.parametrize("problem", PROBLEMS)
def test_the_reference_earns_everything_under_each_convention(problem: str) -> None:
    found = marker(problem).problem
    for assignment in found.assignments:
        right = {part: found.parts[part].check.right_answers(found.expected(part, assignment)) for part in found.parts}
        sheet = {part: answers[0] for part, answers in right.items() if answers}
        outcomes = {verdict.outcome for verdict in mark(marker(problem), sheet) if verdict.part in sheet}
        assert outcomes == {Outcome.CORRECT}

"""What holds for any answers: marking depends on them alone, and never on their order or on who was marked before."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import Answer, Marker, Outcome, Verdict
from grader.errors import ProblemError
from grader.kernels.inside import encode
from tests.marks import marker

PROBLEMS = ("layer_sizes", "alexnet_sizes", "inception_params", "receptive_field", "momentum_paths")
JUNK: list[Any] = [
    ...,
    None,
    "",
    "1,5 GB",
    "9**9**9",
    "about ten",
    -1,
    0,
    1,
    7.5,
    float("nan"),
    "160K",
    True,
    [],
    {},
    [1, 2],
    "n",
]


@cache
def pool(problem: str) -> Mapping[str, list[Any]]:
    """Per part: right answers under every convention, some that are just wrong, and what every mistake leads to."""
    found = marker(problem).problem
    answers: dict[str, list[Any]] = {}
    for part in found.parts:
        check = found.parts[part].check
        values = [found.expected(part, assignment) for assignment in found.assignments]
        answers[part] = [
            answer for value in values for answer in (*check.right_answers(value), *check.wrong_answers(value))
        ]
        for mistake in found.spec.mistakes.values():
            try:
                answers[part] += check.right_answers(found.expected(part, mistake.assume))[:1]
            except ProblemError:
                continue  # some mistakes lead nowhere
    return answers


def sheets(problem: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({part: st.sampled_from([*found, *JUNK]) for part, found in pool(problem).items()})


def mark(by: Marker, sheet: Mapping[str, Any]) -> tuple[Verdict, ...]:
    variables = {part: by.problem.variable(part) for part in sheet}
    return by.mark(
        {variables[part]: Answer(variable=variables[part], data=encode(value)) for part, value in sheet.items()}
    )


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

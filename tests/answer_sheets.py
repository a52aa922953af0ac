"""Sheets of answers to the project's own problems: right ones, near misses, what known mistakes lead to, and junk."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from hypothesis import strategies as st

from grader import Answer, Marker, Verdict
from grader.course import Problem
from grader.errors import ProblemError
from grader.kernels.inside import encode
from tests.marks import marker

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


def answers_of(problem: Problem, sheet: Mapping[str, Any]) -> dict[str, Answer]:
    variables = {part: problem.variable(part) for part in sheet}
    return {variables[part]: Answer(variable=variables[part], data=encode(value)) for part, value in sheet.items()}


def mark(by: Marker, sheet: Mapping[str, Any]) -> tuple[Verdict, ...]:
    return by.mark(answers_of(by.problem, sheet))

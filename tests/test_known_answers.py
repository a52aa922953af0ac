"""Answers of which it is known what they are get the finding they deserve: tests/files/known_answers.toml."""

import tomllib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.marks import ROOT, finding, marker

CASES: list[dict[str, Any]] = tomllib.loads((ROOT / "tests/files/known_answers.toml").read_text(encoding="utf-8"))[
    "case"
]


def whole_path(part: str, first: list[list[float]]) -> list[list[float]]:
    """The table gives the first steps alone; the rest is that of the hypothesis which begins like them."""
    problem = marker("momentum_paths").problem
    paths = [problem.expected(part, mistake.assume) for mistake in problem.spec.mistakes.values()]
    begins = [path for path in [problem.expected(part, {}), *paths] if np.allclose(path[1:4], first, rtol=0, atol=1e-9)]
    return [list(point) for point in begins[0]]


def rows() -> Iterator[Any]:
    for case in CASES:
        for expected, answers in case["findings"].items():
            for given in answers:
                answer = whole_path(case["part"], given) if case.get("first_steps") else given
                name = f"{case['part']}-{str(given)[:30]}-{expected}"
                yield pytest.param(case["problem"], case["part"], answer, expected, id=name)


@pytest.mark.parametrize(("problem", "part", "given", "expected"), list(rows()))
def test_a_known_answer_is_recognised(problem: str, part: str, given: Any, expected: str) -> None:
    assert finding(problem, part, given) == expected

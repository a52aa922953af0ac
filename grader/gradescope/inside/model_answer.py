"""A notebook with the right answers to a homework, as far as they can be written in Python: what a container is tried with."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from nbformat import NotebookNode

from grader.checks.check import Check
from grader.course import Homework, Problem
from grader.release import release


@dataclass(frozen=True)
class ModelAnswer:
    """What would be handed in."""

    notebook: NotebookNode
    answered: tuple[str, ...]
    """The parts that have an answer, as "problem.part". Written ones, networks and what builds on a network have none."""


def model_answer(homework: Homework) -> ModelAnswer:
    """The notebook that students receive, filled in.

    Raises:
        ProblemError: a solver fails.
    """
    notebook = release(homework)
    cells = {cell["id"]: cell for cell in notebook.cells}
    answered = []
    for problem in homework.problems:
        for part, source in _right_answers(problem).items():
            variable = problem.variable(part)
            cell = cells[homework.asked[variable].cell_id]
            cell["source"] = f"# Answer: {variable}\nfrom fractions import Fraction\n{variable} = {source}"
            answered.append(f"{problem.name}.{part}")
    return ModelAnswer(notebook, tuple(answered))


def _right_answers(problem: Problem) -> dict[str, str]:
    """By part, in Python. What builds on an answer that cannot be written is left out, since it cannot be marked."""
    found = {part: source for part in problem.parts if (source := _right_answer(problem, part)) is not None}
    without = {problem.function(part) for part in problem.parts if part not in found}
    return {part: source for part, source in found.items() if not problem.builds_on(part) & without}


def _right_answer(problem: Problem, part: str) -> str | None:
    """The first right answer that can be written, as Python; None where there is none."""
    check: Check = problem.parts[part].check  # one signature, whatever the kind
    if check.written:
        return None
    answers = check.right_answers(problem.expected(part, problem.assignments[0]))
    return next((source for answer in answers if (source := source_of(answer)) is not None), None)


def source_of(value: Any) -> str | None:
    """Plain Python as source text, which may speak of `Fraction`; None for whatever is not plain."""
    if isinstance(value, np.generic | np.ndarray):
        return source_of(value.tolist())
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else f'float("{value}")'
    if value is None or type(value) in {bool, int, str, Fraction}:
        return repr(value)
    if isinstance(value, Mapping):
        pairs = [(source_of(key), source_of(one)) for key, one in value.items()]
        return (
            None if any(None in pair for pair in pairs) else f"{{{', '.join(f'{key}: {one}' for key, one in pairs)}}}"
        )
    if type(value) in {list, tuple}:
        return _sequence(value)
    return None


def _sequence(values: list[Any] | tuple[Any, ...]) -> str | None:
    written = [source_of(one) for one in values]
    inside = ", ".join(one for one in written if one is not None)
    if None in written:
        return None
    return f"[{inside}]" if isinstance(values, list) else f"({inside}{',' * (len(values) == 1)})"

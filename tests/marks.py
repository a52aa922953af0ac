"""Marks typed answers without a kernel, with the encoding that a kernel uses."""

from functools import cache
from pathlib import Path
from typing import Any

from grader import Answer, Marker, Verdict, load_course
from grader.kernels.inside import encode

ROOT = Path(__file__).resolve().parent.parent


@cache
def marker(problem: str) -> Marker:
    """The marker of one of the project's own problems."""
    homeworks = load_course(ROOT).homeworks.values()
    return next(Marker(found) for homework in homeworks for found in homework.problems if found.name == problem)


def marked(problem: str, **given: Any) -> dict[str, Verdict]:
    """The verdicts by part on answers given by part, each as Python would hold it."""
    variables = {part: marker(problem).problem.variable(part) for part in given}
    answers = {variables[part]: Answer(variable=variables[part], data=encode(value)) for part, value in given.items()}
    return {verdict.part: verdict for verdict in marker(problem).mark(answers)}


def finding(problem: str, part: str, given: Any) -> str:
    """The finding on one answer, without the part's name."""
    return marked(problem, **{part: given})[part].finding.partition(":")[2]

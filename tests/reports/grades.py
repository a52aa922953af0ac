"""Grades of the project's own course, made by hand."""

from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from grader.course import Homework
from grader.loading import load_course
from grader.records import Grade, Outcome, Picture, Status, Verdict
from tests.written_homework import png, text

ROOT = Path(__file__).parents[2]
PICTURE = Picture(mime="image/png", data=text(png(30, 20)))


@cache
def homework(name: str) -> Homework:
    """A homework of this repository."""
    return load_course(ROOT).homework(name)


def verdicts(name: str, outcome: Outcome, credit: Fraction | None, **fields: Any) -> tuple[Verdict, ...]:
    """One verdict for every part of a homework, all alike."""
    return tuple(
        Verdict(
            problem=problem.name,
            part=part,
            outcome=outcome,
            points=None if credit is None else credit * problem.parts[part].points,
            max_points=problem.parts[part].points,
            finding=f"{part}:{outcome}",
            **fields,
        )
        for problem, part in homework(name).parts
    )


def grade(
    student: str, *given: Verdict, name: str = "hw4_warmup", status: Status = Status.GRADED, **fields: Any
) -> Grade:
    """A student's grade; without verdicts, every part is right."""
    marked = given or verdicts(name, Outcome.CORRECT, Fraction(1))
    return Grade(student=student, homework=name, status=status, verdicts=marked, **fields)

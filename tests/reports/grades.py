"""Grades of the project's own course, made by hand."""

from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from grader.course import Homework
from grader.kernels.limits import Limits
from grader.loading import load_course
from grader.records import Grade, Outcome, Picture, Status, Verdict
from grader.reports.revealing import revealed_verdict
from grader.reveal import Reveal
from tests.written_homework import png, text

ROOT = Path(__file__).parents[2]
PICTURE = Picture(mime="image/png", data=text(png(30, 20)))


@cache
def homework(name: str) -> Homework:
    """A homework of this repository; hw4_warmup is made up here, of the three computed parts of one of its problems."""
    if name == "hw4_warmup":
        (sizes,) = (one for one in homework("hw5_cnn_sizes").problems if one.name == "layer_sizes")
        computed = {part: asked for part, asked in sizes.parts.items() if asked.check.solved}
        small = replace(sizes, spec=sizes.spec.model_copy(update={"parts": computed}))
        return Homework(name, "Sizes of single layers", (small,), Limits())
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
            **{"extra": problem.parts[part].extra, **fields},
        )
        for problem, part in homework(name).parts
    )


def grade(
    student: str, *given: Verdict, name: str = "hw4_warmup", status: Status = Status.GRADED, **fields: Any
) -> Grade:
    """A student's grade; without verdicts, every part is right."""
    marked = given or verdicts(name, Outcome.CORRECT, Fraction(1))
    return Grade(student=student, homework=name, status=status, verdicts=marked, **fields)


def left_of(level: Reveal, **fields: Any) -> Verdict:
    """What is left at a level of a verdict on a wrong answer with these fields."""
    none = {"problem": "p", "part": "q", "points": Fraction(0), "max_points": Fraction(1), "finding": "q:x"}
    return revealed_verdict(Verdict(**{**none, **fields}, outcome=Outcome.INCORRECT), level)

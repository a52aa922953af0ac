"""Results of students, and downloaded files to fill them into."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.course import Homework
from grader.records import Grade, Lateness, Outcome, Person, Result, Status, Submission, Verdict
from tests.reports.grades import homework


def homework_of(extra: str = "", **points: int) -> Homework:
    """A homework of some parts with other points; one of them may be extra."""
    small = homework("hw4_warmup")
    (sizes,) = small.problems
    parts = {
        part: sizes.parts[part].model_copy(update={"points": Fraction(most), "extra": part == extra})
        for part, most in points.items()
    }
    return replace(small, problems=(replace(sizes, spec=sizes.spec.model_copy(update={"parts": parts})),))


HOMEWORK = homework_of(linear_parameters=2, convolution_outputs=3)


def verdict(points: Fraction | None, maximum: Fraction = Fraction(2), **fields: Any) -> Verdict:
    outcome = Outcome.AWAITS_REVIEW if points is None else Outcome.PARTIAL
    given = {"problem": "layer_sizes", "part": "linear_parameters", "outcome": outcome, "finding": "made:up", **fields}
    return Verdict(points=points, max_points=maximum, **given)


def result(  # noqa: PLR0913 - what differs among students
    student: str,
    points: str | Fraction | None = "4.5",
    *,
    person: Person | None = None,
    status: Status = Status.GRADED,
    verdicts: tuple[Verdict, ...] | None = None,
    late: Lateness | None = None,
    **submission: Any,
) -> Result:
    given = _both(None if points is None else Fraction(points)) if verdicts is None else verdicts
    grade = Grade(student=student, homework=HOMEWORK.name, status=status, verdicts=given, late=late)
    handed = Submission(
        student=student, path=Path(f"{student}.ipynb"), digest="", person=person or Person(name=student), **submission
    )
    return Result(submission=handed, grade=grade)


def _both(points: Fraction | None) -> tuple[Verdict, Verdict]:
    """What is more than the points of the first part goes to the second."""
    first = None if points is None else min(points, Fraction(2))
    rest = None if points is None or first is None else points - first
    return verdict(first), verdict(rest, Fraction(3), part="convolution_outputs")


def half_pending(student: str, person: Person) -> Result:
    """Two points decided, three to come."""
    parts = (verdict(Fraction(2), Fraction(2)), verdict(None, Fraction(3), part="convolution_outputs"))
    return result(student, person=person, verdicts=parts, status=Status.NEEDS_REVIEW)


def saved(file: Path, text: str, encoding: str = "utf-8") -> Path:
    file.write_bytes(text.encode(encoding))
    return file

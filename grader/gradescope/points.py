"""Which points a homework has inside Gradescope, and how a submission's are written there so that they add up."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from grader.course import Homework, Problem
from grader.reports.points import rounded_points


class WrittenPart(NamedTuple):
    """A part that a person marks, to be added to the assignment as a manual question."""

    title: str
    points: Fraction
    extra: bool


def is_by_hand(problem: Problem, part: str) -> bool:
    """Whether a part is marked by a person whatever is answered, so that the autograder has no points for it."""
    return problem.parts[part].check.written


def written_parts(homework: Homework) -> tuple[WrittenPart, ...]:
    """The parts for manual questions, in the order of the sheet."""
    return tuple(
        WrittenPart(problem.sections[part].title, problem.parts[part].points, problem.parts[part].extra)
        for problem, part in homework.parts
        if is_by_hand(problem, part)
    )


def autograder_points(homework: Homework) -> Fraction:
    """What is to be typed as "Autograder points": the maximum of all parts but written and extra ones."""
    return homework.max_points - written_points(homework)


def written_points(homework: Homework) -> Fraction:
    """What the manual questions have together, extra ones left out."""
    return sum((part.points for part in written_parts(homework) if not part.extra), Fraction(0))


def adding_up(points: Iterable[Fraction]) -> Iterator[float]:
    """Points with two decimals each, rounded so that they add up to their rounded sum: three thirds are 0.33, 0.34 and 0.33."""
    exact, written = Fraction(0), Fraction(0)
    for one in points:
        exact += one
        rounded = Fraction(str(rounded_points(exact))) - written
        written += rounded
        yield float(rounded)

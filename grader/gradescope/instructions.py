"""What whoever has built an archive does with it in Gradescope, in words."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from grader.course import Homework
from grader.gradescope.archive import Built
from grader.gradescope.points import autograder_points, written_parts
from grader.reports.points import points_text

_OF_THE_GRADER = 500_000_000
"""Bytes that it needs itself, besides what a notebook may take."""


class _Container(NamedTuple):
    processors: str
    gigabytes: float


_CONTAINERS = (_Container("0.5", 0.75), _Container("1.0", 1.5), _Container("2.0", 3.0), _Container("4.0", 6.0))
"""Those that Gradescope offers, smallest first."""


def instructions(built: Built) -> Iterator[str]:
    """What to upload and what to type, a line each."""
    homework = built.homework
    yield f"wrote {built.path} ({built.size / 1000**2:.1f} MB) for {homework.name}"
    if built.wheels:
        fitting = f"Python {' or '.join(built.wheels.pythons)} on {' or '.join(built.wheels.machines)}"
        yield f"Its wheels are for {fitting}: choose a base image with that Python."
    yield ""
    yield "In the assignment's settings:"
    yield f"  Autograder points: {points_text(autograder_points(homework))}"
    yield from _container(homework)
    yield f"  Autograder timeout: {math.ceil(homework.autograder.seconds / 60)} minutes"
    yield from _manual(homework)
    yield ""
    yield "In Configure Autograder:"
    yield "  Base image: Ubuntu 24.04, or 22.04. An assignment that was copied, or is only updated, keeps its old one."
    yield f"  Upload {built.path.name}. The build is done when its log ends with: The autograder is ready."
    yield "  After an update: Regrade All Submissions, since Gradescope grades nothing again by itself."


def _container(homework: Homework) -> Iterator[str]:
    needed = (homework.limits.memory_bytes + _OF_THE_GRADER) / 1000**3
    chosen = next((one for one in _CONTAINERS if one.gigabytes >= needed), _CONTAINERS[-1])
    yield f"  Container: {chosen.processors} CPU, {chosen.gigabytes:g} GB RAM, for notebooks that may take {needed - 0.5:.1f} GB"


def _manual(homework: Homework) -> Iterator[str]:
    """The questions to be added for parts that persons mark."""
    parts = written_parts(homework)
    if parts:
        yield "  Manually graded questions to add, which persons mark:"
    for part in parts:
        extra = ", extra: not in the maximum; give them as additional points" if part.extra else ""
        yield f"    {part.title}: {points_text(part.points)} point{'s' * (part.points != 1)}{extra}"

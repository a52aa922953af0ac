"""What whoever has built an archive does with it in Gradescope, in words."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from grader.course import Homework
from grader.gradescope.building.archive import Built
from grader.gradescope.inside.memory import within_memory
from grader.gradescope.points import autograder_points, written_parts
from grader.kernels.limits import Limits
from grader.reports.points import points_text

_GIGABYTE, _MEGABYTE = 1000**3, 1000**2

_KNOWN_NETWORK = 500 * _MEGABYTE
"""Bytes of a notebook that builds an AlexNet in torch and runs it once. Measured: one came out whole in 0.86 GB, of which it has 440 MB."""


class _Container(NamedTuple):
    processors: str
    gigabytes: float

    def __str__(self) -> str:
        """As it is to be chosen."""
        return f"{self.processors} CPU, {self.gigabytes:g} GB RAM"

    def for_notebook(self, limits: Limits) -> int:
        """Bytes of memory that one may take there."""
        return within_memory(limits, int(self.gigabytes * _GIGABYTE)).memory_bytes

    def megabytes(self, limits: Limits) -> int:
        """The same in whole megabytes."""
        return self.for_notebook(limits) // _MEGABYTE


_CONTAINERS = (_Container("0.5", 0.75), _Container("1.0", 1.5), _Container("2.0", 3.0), _Container("4.0", 6.0))
"""Those that Gradescope offers, smallest first."""


def instructions(built: Built) -> Iterator[str]:
    """What to upload and what to type, a line each."""
    homework = built.homework
    yield f"wrote {built.path} ({built.size / 1000**2:.1f} MB) for {homework.name}"
    if built.wheels:
        yield f"Its wheels are for {', or '.join(map(str, built.wheels.targets))}: choose a base image with that Python."
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
    """The smallest that is enough: for the homework's own limit, or for a known network in torch if nobody has chosen one."""
    limits = homework.limits
    full = next((one for one in _CONTAINERS if one.for_notebook(limits) >= limits.memory_bytes), _CONTAINERS[-1])
    if limits.memory_bytes != Limits().memory_bytes:
        yield f"  Container: {full}. A notebook may take {full.megabytes(limits)} MB there"
        return
    usual = next(one for one in _CONTAINERS if one.for_notebook(limits) >= _KNOWN_NETWORK)
    least = _CONTAINERS[0].megabytes(limits)
    yield f"  Container: {usual}. A notebook may take {usual.megabytes(limits)} MB there, enough for an AlexNet in torch"
    yield f"    The smallest one gives it {least} MB; whatever needs more there is pending and costs no points"


def _manual(homework: Homework) -> Iterator[str]:
    """The questions to be added for parts that persons mark."""
    parts = written_parts(homework)
    if parts:
        yield "  Manually graded questions to add, which persons mark:"
    for part in parts:
        extra = ", extra: not in the maximum; give them as additional points" if part.extra else ""
        yield f"    {part.title}: {points_text(part.points)} point{'s' * (part.points != 1)}{extra}"
    if parts and homework.late:
        yield "    Who is late loses nothing of these by itself: the rule of the homework (late) is applied to them by hand."

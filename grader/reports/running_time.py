"""How long the notebooks of a class ran."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from grader.reports.standing import Standing

MOST_NAMED = 5
"""Of the slowest notebooks."""


@dataclass(frozen=True)
class RunningTime:
    """In seconds in which cells ran, without those in which kernels started; notebooks ran beside one another."""

    notebooks: int
    total: float
    median: float
    slowest: tuple[tuple[str, float], ...]
    """Students with their seconds, the slowest first."""
    isolation: Mapping[str, int]
    """How kernels were contained, and how many notebooks ran so."""


def running_time(class_: Sequence[Standing]) -> RunningTime | None:
    """The time of a class; None when nothing ran."""
    ran = [one for one in class_ if one.isolation]
    if not ran:
        return None
    slowest = sorted(ran, key=lambda one: (-one.seconds, one.student))[:MOST_NAMED]
    return RunningTime(
        notebooks=len(ran),
        total=sum(one.seconds for one in ran),
        median=median(one.seconds for one in ran),
        slowest=tuple((one.student, one.seconds) for one in slowest),
        isolation=Counter(one.isolation for one in ran),
    )

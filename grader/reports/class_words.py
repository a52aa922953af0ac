"""The words and digits in which a teacher reads the values of a class."""

from collections.abc import Iterable
from dataclasses import dataclass

from grader.reports.places import staff_address
from grader.reports.statistics import Distribution

NONE = "\N{EN DASH}"
"""Where nothing is known."""
_SECONDS_OF_A_MINUTE, _MINUTES_OF_AN_HOUR = 60, 60
_SHOWN_OF_A_RATIO = 4
"""Significant digits: as many as tell a power of 1024/1000 from one."""


@dataclass(frozen=True)
class Link:
    """A student, with the page about that student."""

    student: str
    page: str


def link(student: str) -> Link:
    """The page of a student; whatever the name is, the link leads to a file of that name in its folder."""
    return Link(student, staff_address(student))


def links(students: Iterable[str]) -> tuple[Link, ...]:
    """The pages of students, by name."""
    return tuple(map(link, sorted(students, key=str.casefold)))


def decimal_text(value: float) -> str:
    """Two decimals, without those that say nothing."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def percent_text(share: float | None) -> str:
    """A share in whole percent."""
    return NONE if share is None else f"{100 * share:.0f} %"


def totals_text(distribution: Distribution | None, of: str) -> tuple[str, str]:
    """Mean and median of the totals: "61.3 % of what is decided, 25.7 of 42 points so far"."""
    if distribution is None:
        return NONE, NONE
    both = (distribution.mean_percent, distribution.mean), (distribution.median_percent, distribution.median)
    mean, median = (
        f"{percent:.1f} % of what is decided, {decimal_text(points)} of {of} points so far" for percent, points in both
    )
    return mean, median


def seconds_text(seconds: float) -> str:
    """A time: "0.4 s", "3 min 20 s", "2 h 5 min"."""
    if seconds < _SECONDS_OF_A_MINUTE:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), _SECONDS_OF_A_MINUTE)
    hours, minutes_left = divmod(minutes, _MINUTES_OF_AN_HOUR)
    return f"{hours} h {minutes_left} min" if hours else f"{minutes} min {rest} s"


def ratio_text(ratio: float | None) -> str:
    """A ratio to as many digits as tell a power of 1024/1000 from one."""
    return NONE if ratio is None else f"{ratio:.{_SHOWN_OF_A_RATIO}g}"

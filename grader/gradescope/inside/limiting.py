"""The limits of a notebook in a container: slower than where they were chosen, smaller, and with a deadline."""

import math

from grader.gradescope.inside.deadline import seconds_to_run
from grader.gradescope.inside.memory import within_memory
from grader.kernels.limits import Limits

_STRETCHED = ("seconds_per_cell", "seconds_per_notebook", "seconds_of_grace", "seconds_to_start")
"""Of wall clock. Processor time is the same everywhere."""


def limits_in_container(limits: Limits, slower: float, container: int | None) -> Limits:
    """Limits that fit a container.

    Args:
        limits: which the homework has.
        slower: by how much limits of time are stretched.
        container: its memory in bytes, if that is known.
    """
    stretched = {name: getattr(limits, name) * slower for name in _STRETCHED}
    return within_memory(limits.model_copy(update=stretched), container)


def limits_in_time(limits: Limits, left: float) -> Limits:
    """Limits under which a notebook is over before the deadline.

    Args:
        limits: which fit the container.
        left: seconds until the deadline, before the first cell runs.
    """
    # A cell that has to be interrupted has twice the time of grace, and then its kernel is killed.
    usual = seconds_to_run(left)
    grace = min(limits.seconds_of_grace, usual / 8)
    # Whoever is over it reads how many seconds there were, which is nothing to have four decimals.
    seconds = min(limits.seconds_per_notebook, math.floor((usual - 2 * grace) * 10) / 10)
    # A limit has to be above zero; what has no time left is ended from outside.
    return limits.model_copy(update={"seconds_per_notebook": max(seconds, 0.1), "seconds_of_grace": max(grace, 0.1)})

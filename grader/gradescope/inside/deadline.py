"""When grading inside Gradescope has to be over: before Gradescope ends it, which would leave a bare zero.

The standard library only: `supervising` counts by it, and has to survive whatever cannot be imported.
"""

import math
from collections.abc import Mapping

RESERVE = 45.0
"""Seconds before Gradescope's own deadline: to end every process, write the results and have them sent, on half a processor."""
MARKING = 20.0
"""Seconds before ours: to read the answers, mark them and write them up. It takes about one where it is quick."""
DEFAULT = 600.0
"""Seconds that Gradescope gives where nothing else is said."""
_TIMEOUT = "TIMEOUT_SECONDS"
"""A variable in which Gradescope's programs have their own timeout; that it is set is not documented."""


def seconds_to_grade(configured: float, environment: Mapping[str, str]) -> float:
    """How long grading may take, from its very start.

    Args:
        configured: the timeout that the homework asks for, in seconds.
        environment: as Gradescope set it.
    """
    timeouts = [one for one in (configured, _number(environment.get(_TIMEOUT, ""))) if one > 0]
    return _less(min(timeouts, default=DEFAULT), RESERVE)


def seconds_to_run(left: float) -> float:
    """How long the cells may run, of the seconds that are left."""
    return _less(left, MARKING)


def _less(seconds: float, reserve: float) -> float:
    """Less a reserve, of which a very short time can spare only half."""
    return max(seconds, 0.0) - min(reserve, max(seconds, 0.0) / 2)


def _number(text: str) -> float:
    """A number of seconds; 0 if it is none."""
    try:
        number = float(text)
    except ValueError:
        return 0.0
    return number if math.isfinite(number) else 0.0

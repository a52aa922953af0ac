"""How far a command is, how long the rest takes, and who is slow, in words."""

from collections.abc import Sequence
from statistics import median_low
from time import monotonic

from grader.console import short_name
from grader.watching import Ran, Watch

SLOW_SECONDS = 5.0
"""After which a notebook that runs is named: most take a second, and whoever waits begins to wonder."""
OUT_OF_PROPORTION = 3.0
"""Times the middle of its class, from which a slow notebook is named in the end."""
MOST_SLOW = 3
"""Names at a time, so that they fit a line."""
MOST_NAME = 24
"""Columns of a name in a line."""
_MINUTE, _HOUR = 60, 3600
_FEW, _STEP = 5, 5
"""Seconds: less are a few, and more are told in such steps, so that the number does not flicker."""


class SoFar:
    """How far a command is.

    Args:
        total: students in all.
        watch: the runs behind them; where none is expected, the time left is told by the students that are done.
    """

    def __init__(self, total: int, watch: Watch) -> None:
        self.total, self.watch = total, watch
        self.done, self._started = 0, monotonic()

    @property
    def left(self) -> str:
        """The time left in words; empty while nobody can tell."""
        if self.watch.expected:
            return left_words(self.watch.seconds_left)
        usual = (monotonic() - self._started) / self.done if self.done else None
        return left_words(usual * (self.total - self.done) if usual and self.done < self.total else None)

    @property
    def slow(self) -> list[Ran]:
        """Whose notebooks have run for long, the longest first."""
        return [one for one in self.watch.running if one.seconds >= SLOW_SECONDS]


def left_words(seconds: float | None) -> str:
    """The time left, rounded up; empty where nobody can tell."""
    if seconds is None:
        return ""
    if seconds < _FEW:
        return "a few seconds left"
    steps = -int(-seconds // _STEP) * _STEP
    if steps < 2 * _MINUTE:
        return f"about {steps} s left"
    minutes = -int(-seconds // _MINUTE)
    hours, rest = divmod(minutes, _HOUR // _MINUTE)
    return f"about {hours} h {rest} min left" if hours else f"about {minutes} min left"


def for_seconds(some: Sequence[Ran], form: str = ".0f") -> str:
    """The first of them and their seconds. Names may still hold markup."""
    words = ", ".join(f"{short_name(one.student, MOST_NAME)} for {one.seconds:{form}} s" for one in some[:MOST_SLOW])
    return f"{words} and {len(some) - MOST_SLOW} more" if len(some) > MOST_SLOW else words


def slowest_words(watch: Watch) -> str:
    """Which notebooks took out of proportion long, the longest first; empty if none did."""
    ended = watch.ended
    usual = median_low([one.seconds for one in ended]) if ended else 0.0
    slow = [one for one in ended if one.seconds >= max(SLOW_SECONDS, OUT_OF_PROPORTION * usual)]
    return f"slowest: {for_seconds(slow, '.1f')}" if slow else ""

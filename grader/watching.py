"""Which notebooks are running and since when, and from that how long the rest will take."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from statistics import fmean
from threading import Lock
from time import monotonic
from typing import NamedTuple

_TOO_LONG = 3.0
"""Times a usual notebook, from which its like say nothing about one any more."""
_NO_TIME = 1e-9
"""Seconds: of runs that took none, so that something can be divided by it."""


class Ran(NamedTuple):
    """How long somebody's notebook has run, up to now or up to its end."""

    student: str
    seconds: float


class Watch:
    """Who is running; called with a student it gives what is held meanwhile. Several threads may use it at once.

    Args:
        expected: how many notebooks are to run.
        clock: seconds since some time.
    """

    def __init__(self, expected: int, clock: Callable[[], float] = monotonic) -> None:
        self.expected, self._clock = expected, clock
        self._lock = Lock()
        self._running: dict[str, float] = {}
        self._ended: dict[str, float] = {}
        self._first: float | None = None

    @contextmanager
    def __call__(self, student: str) -> Iterator[None]:
        """Held while cells of a student run; a notebook that is run again goes on where it was."""
        started = self._clock()
        with self._lock:
            self._first = started if self._first is None else self._first
            self._running[student] = started - self._ended.pop(student, 0.0)
        try:
            yield
        finally:
            with self._lock:
                self._ended[student] = self._clock() - self._running.pop(student)

    @property
    def running(self) -> list[Ran]:
        """Whose notebooks are running, the longest first."""
        now = self._clock()
        with self._lock:
            return _longest_first({student: now - started for student, started in self._running.items()})

    @property
    def ended(self) -> list[Ran]:
        """Whose notebooks have run, the longest first."""
        with self._lock:
            return _longest_first(self._ended)

    @property
    def seconds_left(self) -> float | None:
        """Until all have run; None while nobody can tell."""
        running, ended = self.running, self.ended
        if self._first is None:
            return None
        ran, run = ([one.seconds for one in some] for some in (ended, running))
        return seconds_left(self.expected, ran, run, self._clock() - self._first)


def _longest_first(seconds: dict[str, float]) -> list[Ran]:
    return sorted((Ran(*one) for one in seconds.items()), key=lambda one: (-one.seconds, one.student))


def seconds_left(expected: int, ended: Sequence[float], running: Sequence[float], since: float) -> float | None:
    """An estimate from the pace so far, in seconds; None where there is no ground for one.

    A notebook that is running counts as the share of a usual one that it has had. One that has run for longer than usual may end at once or never: it
    adds nothing, and where only such are left, or all that run take many times longer, nobody can tell.

    Args:
        expected: how many notebooks run in all.
        ended: seconds that each took which has run.
        running: seconds that each has run for which has not ended.
        since: seconds since the first began.
    """
    if not ended:
        return None
    usual = max(fmean(ended), _NO_TIME)
    if running and min(running) > _TOO_LONG * usual:
        return None
    done = len(ended) + sum(min(seconds / usual, 1.0) for seconds in running)
    return (expected - done) * since / done if done < expected else None


class Turn(AbstractContextManager[None]):
    """One student's turn, watched while it lasts; it may be taken several times, one after the other.

    Args:
        turn: what is held; entering it may block, and nobody is running until then.
        watched: makes what is held with it, for a student.
        student: whose turn it is.
    """

    def __init__(
        self,
        turn: AbstractContextManager[object],
        watched: Callable[[str], AbstractContextManager[object]],
        student: str,
    ) -> None:
        self._turn, self._watched, self._student = turn, watched, student
        self._held = ExitStack()

    def __enter__(self) -> None:
        """Takes the turn, and begins to watch."""
        with ExitStack() as stack:
            stack.enter_context(self._turn)
            stack.enter_context(self._watched(self._student))
            self._held = stack.pop_all()

    def __exit__(self, *_: object) -> None:
        """Ends both."""
        self._held.close()

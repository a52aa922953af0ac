"""How far a command is, where its output goes to a file: lines."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic

from rich.console import Console

from grader.console import inert
from grader.progress.advance import Advance
from grader.progress.so_far import SoFar, for_seconds
from grader.reports.standing import Standing

SILENCE_SECONDS = 30.0
"""Without a line, after which a log says that something is still going on. Whoever watches one gives up after a minute."""


@contextmanager
def as_lines(console: Console, so_far: SoFar, *, each: bool) -> Iterator[Advance]:
    """Prints lines until it is over.

    Args:
        console: where to.
        so_far: how far it is; what is given counts there.
        each: whether there is a line per student, and not only one in a long silence.
    """
    printed = _Lines(console, so_far, each=each)
    thread = Thread(target=printed.break_silences, daemon=True)
    thread.start()
    try:
        yield printed
    finally:
        printed.over.set()
        thread.join()


class _Lines:
    """Progress as plain lines."""

    def __init__(self, console: Console, so_far: SoFar, *, each: bool) -> None:
        self._console, self._so_far, self._each = console, so_far, each
        self._said = monotonic()
        self.over = Event()

    def __call__(self, one: Standing, *, shown: bool = True) -> None:
        self._so_far.done += 1
        if shown and self._each:  # where students take milliseconds, a line for each says nothing
            self._say(f"{one.student}: {one.status}, {one.seconds:.1f} s")

    def break_silences(self) -> None:
        """Says who is still running whenever nothing was said for long, until it is over."""
        while not self.over.wait(max(self._said + SILENCE_SECONDS - monotonic(), 0.0)):
            if monotonic() >= self._said + SILENCE_SECONDS:
                running = self._so_far.watch.running
                self._say(f"still running: {for_seconds(running)}" if running else "still at work")

    def _say(self, words: str) -> None:
        self._said = monotonic()
        line = f"[{self._so_far.done}/{self._so_far.total}] {words}"
        left = self._so_far.left
        self._console.print(inert(f"{line}, {left}" if left else line), highlight=False, soft_wrap=True)

"""How far a command is, how long the rest takes, and who is slow: a bar on a terminal, lines where the output goes elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from grader.progress.advance import Advance
from grader.progress.bar import as_bar
from grader.progress.lines import as_lines
from grader.progress.so_far import SoFar, slowest_words
from grader.reports.standing import Standing
from grader.watching import Watch

__all__ = ["Advance", "progress", "slowest_words"]


@contextmanager
def progress(
    console: Console | None, total: int, watch: Watch | None = None, *, title: str = "", each: bool = True
) -> Iterator[Advance]:
    """A bar on a terminal; where the output goes to a file, a line per student.

    Args:
        console: where to show it; nothing is shown if it is None.
        total: students in all.
        watch: the runs behind them, if there are any: then the time left is that of the runs, and who is slow is named.
        title: what the bar is about.
        each: whether there is a line per student, and not only one now and then that something is going on.
    """
    if console is None:
        yield _nothing
        return
    so_far = SoFar(total, watch or Watch(0))
    with as_bar(console, so_far, title) if console.is_interactive else as_lines(console, so_far, each=each) as advance:
        yield advance


def _nothing(one: Standing, *, shown: bool = True) -> None:
    del one, shown

"""How far a command is, on a terminal: a bar, the time left, and below it who is slow."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text

from grader.console import inert, short_name
from grader.progress.advance import Advance
from grader.progress.so_far import MOST_NAME, SoFar, for_seconds
from grader.reports.standing import Standing


class _Left(ProgressColumn):
    """The time left."""

    def __init__(self, so_far: SoFar) -> None:
        super().__init__()
        self._so_far = so_far

    def render(self, task: Task) -> Text:
        """In words; see `ProgressColumn`."""
        del task
        return Text(self._so_far.left, no_wrap=True)


class _Bar(Progress):
    """A bar, and below it who is slow."""

    def __init__(self, console: Console, so_far: SoFar) -> None:
        self._so_far = so_far
        columns = (TextColumn("{task.description}"), BarColumn(20), MofNCompleteColumn(), _Left(so_far))
        super().__init__(*columns, console=console, transient=True)

    def get_renderables(self) -> Iterable[RenderableType]:
        """As of `Progress`, and one more line."""
        yield from super().get_renderables()
        if slow := self._so_far.slow:
            first, *more = slow
            words = f"{short_name(first.student, MOST_NAME)} has run for {first.seconds:.0f} s"
            yield Text(f"{words}, {for_seconds(more)}" if more else words, no_wrap=True, overflow="ellipsis")


@contextmanager
def as_bar(console: Console, so_far: SoFar, title: str) -> Iterator[Advance]:
    """Shows a bar, which goes on and then disappears.

    Args:
        console: a terminal.
        so_far: how far it is; what is given counts there.
        title: what the bar is about.
    """
    with _Bar(console, so_far) as shown_bar:
        task = shown_bar.add_task(inert(title), total=so_far.total)

        def advance(one: Standing, *, shown: bool = True) -> None:
            del one, shown
            so_far.done += 1
            shown_bar.update(task, completed=so_far.done)

        yield advance

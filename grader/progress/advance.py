"""How whoever works says that something is done."""

from typing import Protocol

from grader.reports.standing import Standing


class Advance(Protocol):
    """Called with each student's standing as it lands."""

    def __call__(self, one: Standing, *, shown: bool = True) -> None:
        """One more student is done; shown, where that is a line of its own, unless nothing was run."""

"""Grades deep-learning homework: runs notebooks, reads answers as data, marks them against solvers with named assumptions."""

from typing import TYPE_CHECKING

from grader.version import __version__ as __version__

if TYPE_CHECKING:
    from grader.offered import *  # noqa: F403 - all of it, and nothing else
else:

    def __getattr__(name: str) -> object:
        """Loads the engine for whoever uses it, and not for a pytest that only looks at `grader.pytest_plugin`."""
        import grader.offered  # noqa: PLC0415

        return getattr(grader.offered, name)

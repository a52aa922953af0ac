"""Grades deep-learning homework: runs notebooks, reads answers as data, marks them against solvers with named assumptions."""

from typing import TYPE_CHECKING

from grader.version import __version__ as __version__

if TYPE_CHECKING:
    from grader.offered import *  # noqa: F403 - all of it, and nothing else
    from grader.selfcheck.notebook.in_notebook import check as check
    from grader.selfcheck.notebook.in_notebook import load_ipython_extension as load_ipython_extension
else:
    _OFFERED = frozenset(
        {
            "Answer", "BadNotebook", "Course", "Execution", "Grade", "GraderError", "Homework", "InfrastructureError", "InputError",
            "Marker", "Outcome", "Problem", "ProblemError", "Status", "Submission", "Verdict", "find_course", "load_course",
        }
    )  # fmt: skip
    _FOR_STUDENTS = frozenset({"check", "load_ipython_extension"})

    def __getattr__(name: str) -> object:
        """Loads the engine, or a student's self-check, for whoever uses it, and not for a pytest that only looks at `grader.pytest_plugin`."""
        if name in _FOR_STUDENTS:
            import grader.selfcheck.notebook.in_notebook  # noqa: PLC0415

            return getattr(grader.selfcheck.notebook.in_notebook, name)
        # Editors and libraries look for this and that; a student may not have all that the engine needs.
        if name not in _OFFERED:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        import grader.offered  # noqa: PLC0415

        return getattr(grader.offered, name)

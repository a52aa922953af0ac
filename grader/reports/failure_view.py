"""What pages show of a cell that did not run to its end: where, what happened, the end of the traceback, and what to do."""

import re
from dataclasses import dataclass

from grader.records import CellFailure, FailureKind
from grader.reports.standing import STOPPED

LAST_LINES = 12
"""Of a traceback: the failing line with the lines around it, and the error."""
_NO_MODULE = re.compile(r"No module named '([\w.]{1,80})'")
_MISSPELT = {"SyntaxError", "IndentationError", "TabError"}
_ADVICE = {
    "NameError": "No cell that ran before it sets this name. Restart the kernel and run all cells from top to bottom to see it, too.",
    "FileNotFoundError": "Only the notebook itself is graded; files that lie beside it on your machine are not there.",
}
_OF_KIND = {
    FailureKind.TIMEOUT: "An answer takes moments to compute. Look for a loop without an end, or train for fewer steps.",
    FailureKind.DIED: "Something in this cell ended Python itself: exit(), a crash, or more memory than there is.",
}
_NO_GPU = re.compile(r"not compiled with CUDA|no NVIDIA driver|No CUDA GPUs|is_available\(\) is False")


@dataclass(frozen=True)
class FailureView:
    """A cell that did not run to its end."""

    what: str
    error: str
    message: str
    traceback: str
    advice: str
    """What its student can do; empty where the rest says it."""


def failure_view(failure: CellFailure) -> FailureView:
    """The view of a failure; all but the first words of it are a student's text."""
    place = failure.place
    return FailureView(
        what=f"{place[0].upper()}{place[1:]}: {STOPPED[failure.kind]}",
        error=failure.name if failure.kind is FailureKind.ERROR else "",
        message=failure.message,
        traceback=short_traceback(failure.traceback),
        advice=_advice(failure),
    )


def short_traceback(traceback: str) -> str:
    """The end of a traceback, where it says what failed; of what comes before it only that there is more."""
    lines = traceback.strip().splitlines()
    if len(lines) <= LAST_LINES + 1:
        return "\n".join(lines)
    return "\n".join([f"[{len(lines) - LAST_LINES} lines before]", *lines[-LAST_LINES:]])


def _advice(failure: CellFailure) -> str:
    if failure.kind is not FailureKind.ERROR:
        return _OF_KIND.get(failure.kind, "")
    if _NO_GPU.search(failure.message):
        return "There is no GPU where notebooks are graded. Write device = 'cuda' if torch.cuda.is_available() else 'cpu', and move to that."
    if failure.name in _MISSPELT:
        return "Python cannot read this cell, so nothing in it ran; the other cells did. Mend it and hand in again if you still can."
    if failure.name == "ModuleNotFoundError" and (module := _NO_MODULE.search(failure.message)):
        package = module[1].partition(".")[0]
        return (
            f"The package {package} is not there where notebooks are graded, and cannot be installed. If that is how it is spelled, do without it, "
            "or ask the course for it."
        )
    return _ADVICE.get(failure.name, "")

"""What stands behind an ordinary error in a contained kernel: a limit that one process met, or the network that is not there."""

import re

from grader.kernels.limits import Limits
from grader.records import CellFailure, FailureKind

_LIMITS = (
    (re.compile(r"MemoryError|can't allocate memory|not enough memory|Cannot allocate memory"), "memory_bytes"),
    (re.compile(r"No space left on device|File too large"), "disk_bytes"),
    (re.compile(r"can't start new thread|BlockingIOError.*Resource temporarily unavailable"), "processes"),
    (re.compile(r"Too many open files"), "open_files"),
)
_NO_NETWORK = re.compile(r"Temporary failure in name resolution|Name or service not known|Network is unreachable")


def with_cause(failure: CellFailure, limits: Limits) -> CellFailure:
    """The failure of a cell in a contained kernel, its message completed by what stands behind it."""
    why = cause(failure.name, failure.message, limits) if failure.kind is FailureKind.ERROR else ""
    return failure.model_copy(update={"message": f"{failure.message} ({why})".lstrip()}) if why else failure


def cause(name: str, message: str, limits: Limits) -> str:
    """The cause in words, or "".

    Args:
        name: of the exception.
        message: of the exception; a student's, so at worst it names a cause that was none.
        limits: of the kernel.
    """
    text = f"{name}: {message}"
    for pattern, limit in _LIMITS:
        if pattern.search(text):
            return f"the limit {limit} is {getattr(limits, limit):,}"
    return "there is no network where notebooks are graded" if _NO_NETWORK.search(text) else ""

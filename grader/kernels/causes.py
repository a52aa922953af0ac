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
    if failure.kind is not FailureKind.ERROR:
        return failure
    limit, why = limit_met(failure.name, failure.message), cause(failure.name, failure.message, limits)
    message = f"{failure.message} ({why})".lstrip() if why else failure.message
    return failure.model_copy(update={"message": message, "limit": limit})


def limit_met(name: str, message: str) -> str:
    """The limit that an exception speaks of, or ""; see `cause`."""
    text = f"{name}: {message}"
    return next((limit for pattern, limit in _LIMITS if pattern.search(text)), "")


def cause(name: str, message: str, limits: Limits) -> str:
    """The cause in words, or "".

    Args:
        name: of the exception.
        message: of the exception; a student's, so at worst it names a cause that was none.
        limits: of the kernel.
    """
    if limit := limit_met(name, message):
        return f"the limit {limit} is {getattr(limits, limit):,}"
    text = f"{name}: {message}"
    return "there is no network where notebooks are graded" if _NO_NETWORK.search(text) else ""

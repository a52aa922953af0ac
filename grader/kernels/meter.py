"""How much a kernel has sent while one cell ran, and when that is too much."""

from grader.kernels.endings import LimitHit
from grader.kernels.limits import Limits


class Meter:
    """Counts what comes, whether it is kept or not.

    Args:
        limits: how much may come.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.next_cell()

    def next_cell(self) -> None:
        """Begin to count anew."""
        self.bytes = self.messages = 0

    def count(self, size: int) -> None:
        """Count some bytes; LimitHit if they are too many."""
        self.bytes += size
        if self.bytes > self._limits.bytes_received_per_cell:
            raise LimitHit("bytes_received_per_cell")

    def count_message(self) -> None:
        """Count one message; LimitHit if it is one too many."""
        self.messages += 1
        if self.messages > self._limits.messages_per_cell:
            raise LimitHit("messages_per_cell")

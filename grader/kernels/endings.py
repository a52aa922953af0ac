"""The ways in which a kernel comes to its end before its notebook does."""


class Ending(Exception):  # noqa: N818 - what happened, not a fault of the program
    """The kernel is of no more use."""


class KernelEnded(Ending):
    """The kernel has ended.

    Args:
        limit: the field of `grader.kernels.limits.Limits` that ended it, or "".
    """

    def __init__(self, limit: str) -> None:
        self.limit = limit
        super().__init__(limit)


class LimitHit(KernelEnded):
    """The kernel sent more than a limit allows; it may still run, but nobody listens to it any more."""


class Breach(Ending):
    """What the kernel sent, or did not send, cannot come from a sound one; the words complete "the kernel ..."."""


class EarlierBreach(Breach):
    """It was the cell before that did it."""

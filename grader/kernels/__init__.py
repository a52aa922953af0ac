"""Where student code runs. Everything that comes back from here is a claim."""

from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # it takes long to import, and a fork server starts before
    from jupyter_client.manager import AsyncKernelManager

NOT_CONTAINED = "none"
"""The isolation of kernels that may do all that the grader's user may."""


class Kernel(Protocol):
    """One launched kernel, whose processes belong to whoever handed it out."""

    @property
    def manager(self) -> "AsyncKernelManager":
        """What connects clients to it and interrupts it. Its `context` (zmq.asyncio) belongs to this kernel alone."""

    async def ended(self) -> str:
        """Wait until the kernel has ended, for whatever reason; at once if it has ended already.

        Returns:
            The limit that ended it, as the name of a field of `grader.kernels.limits.Limits`; "" if it was none.
        """


class Kernels(Protocol):
    """A source of fresh kernels, and the one place where isolation plugs in."""

    @property
    def isolation(self) -> str:
        """How kernels are contained, in a word that every report repeats ("none")."""

    @property
    def prepared(self) -> str:
        """Code that its kernels have run already when they are handed out, see `grader.kernels.preparation`; "" if none."""

    def kernel(self) -> AbstractAsyncContextManager[Kernel]:
        """A launched kernel of its own for one notebook.

        Leaving the context, for whatever reason, ends the kernel's processes and removes all its files. Without isolation a
        process that sets out to hide can outlive it.
        It need not answer yet; whoever uses it connects a client and waits.
        """

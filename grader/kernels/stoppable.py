"""Kernels of any kind whose runs can all be ended from another thread, for whoever grades may press Ctrl-C."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Lock
from typing import Any

from grader.kernels import Kernel, Kernels


class StoppableKernels:
    """Hands on another's kernels and remembers which tasks hold one; see `grader.kernels.Kernels`.

    Args:
        kernels: where the kernels come from.
    """

    def __init__(self, kernels: Kernels) -> None:
        self._kernels = kernels
        self._lock = Lock()
        self._holders: dict[asyncio.Task[Any], asyncio.AbstractEventLoop] = {}
        self._stopped = False

    @property
    def isolation(self) -> str:
        """As of the kernels themselves."""
        return self._kernels.isolation

    @property
    def prepared(self) -> str:
        """As of the kernels themselves."""
        return self._kernels.prepared

    @asynccontextmanager
    async def kernel(self) -> AsyncIterator[Kernel]:
        """A launched kernel, whose task is cancelled when all are stopped."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine always runs in a task
        with self._lock:
            if self._stopped:
                raise asyncio.CancelledError
            self._holders[task] = asyncio.get_running_loop()
        try:
            async with self._kernels.kernel() as kernel:
                yield kernel
        finally:
            with self._lock:
                del self._holders[task]

    def stop(self) -> None:
        """Cancels every task that holds a kernel, which ends its kernel; none is handed out any more."""
        with self._lock:
            self._stopped = True
            for task, loop in self._holders.items():
                loop.call_soon_threadsafe(task.cancel)

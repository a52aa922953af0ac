import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event, Thread
from time import monotonic
from typing import Any, cast

import pytest

from grader.kernels import Kernel, Kernels
from grader.kernels.stoppable import StoppableKernels


class Fake:
    """Kernels that only count themselves."""

    isolation = "fake"
    prepared = ""

    def __init__(self) -> None:
        self.started, self.ended, self.holding = 0, 0, Event()

    @asynccontextmanager
    async def kernel(self) -> AsyncIterator[Kernel]:
        self.started += 1
        self.holding.set()
        try:
            yield cast("Any", None)
        finally:
            self.ended += 1


async def hold(kernels: Kernels, seconds: float) -> None:
    async with kernels.kernel():
        await asyncio.sleep(seconds)


def test_a_run_in_another_thread_is_stopped_and_its_kernel_ended() -> None:
    fake, ends = Fake(), list[BaseException]()
    kernels = StoppableKernels(fake)

    def work() -> None:
        try:
            asyncio.run(hold(kernels, 60))
        except asyncio.CancelledError as error:
            ends.append(error)

    thread, started = Thread(target=work), monotonic()
    thread.start()
    assert fake.holding.wait(5)
    kernels.stop()
    thread.join(5)
    assert (len(ends), fake.ended) == (1, 1)
    assert monotonic() - started < 5


def test_once_stopped_no_kernel_is_handed_out() -> None:
    fake = Fake()
    kernels = StoppableKernels(fake)
    kernels.stop()
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(hold(kernels, 0))
    assert fake.started == 0


def test_a_run_that_is_over_is_left_alone() -> None:
    kernels = StoppableKernels(Fake())
    asyncio.run(hold(kernels, 0))
    kernels.stop()
    assert kernels.isolation == "fake"

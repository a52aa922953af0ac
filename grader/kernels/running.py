"""One run of a notebook's cells through one kernel, each within its time, up to the last cell or the end of the kernel."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import NamedTuple

from grader.kernels.cells import Cells
from grader.kernels.client import KernelClient, Take
from grader.kernels.endings import EarlierBreach, Ending, KernelEnded
from grader.kernels.limits import Limits
from grader.kernels.messages import Message
from grader.kernels.outputs import error_fields
from grader.kernels.recording import Recording
from grader.records import CellFailure, FailureKind

Source = tuple[int, str]
"""The position of a cell in the notebook, and its code."""


@dataclass(frozen=True)
class Stop:
    """Why a run did not come to its last cell."""

    cell: int
    """The last that was run."""
    failure: CellFailure | None = None
    """How it ended the kernel; None if only the time of the notebook was over."""


class _Time(NamedTuple):
    """How long a cell may run, and which limit says so."""

    seconds: float
    limit: str
    words: str


class Run:
    """Runs cells in one kernel.

    Args:
        client: of a kernel that takes code.
        recording: what happens is written down here.
        limits: of time.
        deadline: when the time of the notebook is over, by the monotonic clock.
        left_out: cells that this run does without.
    """

    def __init__(
        self, client: KernelClient, recording: Recording, limits: Limits, deadline: float, left_out: Sequence[int]
    ) -> None:
        self._client, self._cells, self._recording, self._limits = client, Cells(client), recording, limits
        self._deadline, self._left_out = deadline, tuple(left_out)

    async def cells(self, sources: Sequence[Source], first: int) -> Stop | None:
        """Run cells one after another; None if the last was reached.

        Args:
            sources: all cells that are to be run.
            first: from which cell on what happens is kept; those before it have run before, and what they did then counts.

        Raises:
            InfrastructureError: the kernel was ended by a fault of ours.
        """
        for number, (cell, source) in enumerate(sources, 1):
            try:
                failure, alive = await (self._kept_cell if cell >= first else self._cell)(cell, source)
            except EarlierBreach as breach:
                if cell >= first:
                    self._recording.forget(cell)
                earlier = sources[max(number - 2, 0)][0]
                return Stop(earlier, self._ended(earlier, breach))
            if not alive:
                return Stop(cell, failure)
            if monotonic() >= self._deadline and number < len(sources):
                return Stop(cell)
        return None

    async def _kept_cell(self, cell: int, source: str) -> tuple[CellFailure | None, bool]:
        self._recording.begin(cell, self._left_out)
        failure, alive = await self._cell(cell, source, partial(self._recording.take, cell))
        self._recording.finish(cell)
        if failure is not None and alive:
            self._recording.failures.append(failure)
        return failure, alive

    async def _cell(self, cell: int, source: str, take: Take = lambda _: None) -> tuple[CellFailure | None, bool]:
        """Run one cell; how it failed, if it did, and whether the kernel can go on."""
        time = self._time()
        running = asyncio.ensure_future(self._cells.run(source, take))
        try:
            await asyncio.wait({running}, timeout=time.seconds)
            if not running.done():
                return await self._interrupted(cell, running, time)
            return self._failed(cell, running.result()), True
        except EarlierBreach:
            raise
        except Ending as ending:
            return self._ended(cell, ending), False
        finally:
            running.cancel()
            await asyncio.wait({running})

    def _time(self) -> _Time:
        left, limits = self._deadline - monotonic(), self._limits
        if limits.seconds_per_cell <= left:
            return _Time(limits.seconds_per_cell, "seconds_per_cell", f"ran longer than {limits.seconds_per_cell:g} s")
        words = f"was running when the {limits.seconds_per_notebook:g} s of the notebook were over"
        return _Time(left, "seconds_per_notebook", words)

    async def _interrupted(self, cell: int, running: asyncio.Future[Message], time: _Time) -> tuple[CellFailure, bool]:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.seconds_of_grace):
                await self._client.interrupt()
        await asyncio.wait({running}, timeout=self._limits.seconds_of_grace)
        alive = running.done() and not isinstance(running.exception(), Ending)
        if alive:
            running.result()  # what is no ending of the kernel is a fault of ours
        words = time.words if alive else f"{time.words} and did not stop when it was interrupted"
        return self._failure(cell, FailureKind.TIMEOUT, time.limit, words), alive

    def _failed(self, cell: int, reply: Message) -> CellFailure | None:
        if reply.content.get("status") == "ok":
            return None
        if reply.cut:
            return self._failure(cell, FailureKind.ERROR, "", "its error is too large to be kept")
        fields = error_fields(reply.content)
        return CellFailure(cell=cell, kind=FailureKind.ERROR, without=self._left_out, **fields)

    def _ended(self, cell: int, ending: Ending) -> CellFailure:
        if not isinstance(ending, KernelEnded):
            words = f"broke the protocol of its kernel, which {ending}"
            return self._failure(cell, FailureKind.DIED, "protocol", words)
        words = self._limits.exceeded(ending.limit) if ending.limit else "ended the kernel"
        return self._failure(cell, FailureKind.DIED, ending.limit or "kernel", words)

    def _failure(self, cell: int, kind: FailureKind, name: str, message: str) -> CellFailure:
        return CellFailure(cell=cell, kind=kind, name=name, message=message, without=self._left_out)

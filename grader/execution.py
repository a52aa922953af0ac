"""One notebook through one kernel, answers captured on the way; through another one where a cell has ended its kernel.

Whatever the student's code does ends in a failure of a cell; only a kernel that cannot be started is the grader's fault.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    AsyncExitStack,
    ExitStack,
    asynccontextmanager,
    nullcontext,
)
from functools import partial
from operator import attrgetter
from time import monotonic

from grader.errors import InfrastructureError
from grader.kernels import NOT_CONTAINED, Kernels
from grader.kernels.causes import with_cause
from grader.kernels.client import KernelClient
from grader.kernels.limits import Limits
from grader.kernels.outputs import error_fields
from grader.kernels.preparation import preparation, seeding
from grader.kernels.recording import Recording
from grader.kernels.running import Run, Source
from grader.notebooks import Notebook
from grader.records import Asked, CellFailure, Execution, FailureKind

_ATTEMPTS = 2
"""To start a kernel: once more, since a busy machine may miss a deadline."""
_SALVAGES = 2
"""How often a notebook is run again without the cell that ended its kernel. Who needs more has ended it on purpose."""


def execute(
    notebook: Notebook,
    asked: Mapping[str, Asked],
    kernels: Kernels,
    limits: Limits,
    turn: AbstractContextManager[object] | None = None,
) -> Execution:
    """Run a notebook and record what it left behind.

    A cell that ends its kernel costs what depends on it: all others run again without it, and what had run before it stays
    as it was. It has an event loop of its own, so that several threads may call it at once.

    Args:
        notebook: what to run.
        asked: what to watch, by variable.
        kernels: where to run it.
        limits: what it may take.
        turn: entered, once for each kernel, before its first cell runs, and left when the kernel has ended; it may block.

    Raises:
        InfrastructureError: no kernel could be started, twice, or it was ended by a fault of ours.
    """
    return asyncio.run(_execute(notebook, asked, kernels, limits, turn or nullcontext()))


async def _execute(
    notebook: Notebook,
    asked: Mapping[str, Asked],
    kernels: Kernels,
    limits: Limits,
    turn: AbstractContextManager[object],
) -> Execution:
    sources = [(i, cell.source) for i, cell in enumerate(notebook.cells) if cell.kind == "code" and cell.source.strip()]
    prepares = preparation(asked, limits)
    first_code = seeding(source for _, source in sources)
    if kernels.prepared != prepares:
        first_code = prepares + first_code
    recording = Recording(notebook, asked, limits)
    left_out, seconds = await _run(sources, recording, partial(_started, kernels, first_code, limits), limits, turn)
    failures = sorted(recording.failures, key=attrgetter("cell"))
    if kernels.isolation != NOT_CONTAINED:
        failures = [with_cause(failure, limits) for failure in failures]
    return Execution(
        notebook=recording.notebook,
        captured=recording.captured,
        failures=tuple(failures),
        left_out=left_out,
        cut=recording.cut,
        isolation=kernels.isolation,
        seconds=seconds,
    )


async def _run(
    sources: Sequence[Source],
    recording: Recording,
    start: Callable[[], AbstractAsyncContextManager[KernelClient]],
    limits: Limits,
    turn: AbstractContextManager[object],
) -> tuple[tuple[int, ...], float]:
    """Run all cells, again without the one that ended the kernel as long as that is worth it.

    Returns:
        Which were left out, and the seconds that it took without those in which kernels started.
    """
    seconds_left = limits.seconds_per_notebook  # for all runs together
    left_out: tuple[int, ...] = ()
    while True:
        rest = [source for source in sources if source[0] not in left_out]
        with ExitStack() as held:  # until the kernel has ended, too: what it has started may be busy until then
            async with start() as client:
                held.enter_context(turn)
                await client.must_be_alive()
                deadline = monotonic() + seconds_left
                stop = await Run(client, recording, limits, deadline, left_out).cells(rest, recording.next_cell)
                seconds_left = deadline - monotonic()
        if stop is None:
            break
        is_over = seconds_left <= 0
        missing = [cell for cell, _ in rest if cell >= recording.next_cell]
        again = bool(missing) and not is_over and len(left_out) < _SALVAGES
        if stop.failure is not None:
            recording.failures.append(
                _in_context(stop.failure, is_last=stop.cell == recording.next_cell - 1, again=again)
            )
        if not again:
            reason = _why_over(stop.cell, limits) if is_over else _why_ended((*left_out, stop.cell))
            recording.failures += (
                CellFailure(cell=cell, kind=FailureKind.NOT_REACHED, message=reason) for cell in missing
            )
            break
        left_out = (*left_out, stop.cell)
    return left_out, limits.seconds_per_notebook - seconds_left


def _in_context(failure: CellFailure, *, is_last: bool, again: bool) -> CellFailure:
    """The failure of a cell that ended its kernel, with words on what came before and after."""
    before = "" if is_last else " when it ran again"
    after = "; the notebook ran again without it" if again else ""
    return failure.model_copy(update={"message": f"{failure.message}{before}{after}"})


def _why_over(cell: int, limits: Limits) -> str:
    return f"the {limits.seconds_per_notebook:g} s of the notebook were over in cell {cell + 1}"


def _why_ended(cells: Sequence[int]) -> str:
    *most, last = (str(cell + 1) for cell in cells)
    return f"the kernel ended in cells {', '.join(most)} and {last}" if most else f"the kernel ended in cell {last}"


@asynccontextmanager
async def _started(kernels: Kernels, first_code: str, limits: Limits) -> AsyncIterator[KernelClient]:
    """A client whose kernel takes code; leaving ends both."""
    async with AsyncExitStack() as stack:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                client = await stack.enter_async_context(_connected(kernels, first_code, limits))
                break
            except Exception as error:  # no code of the student has run in it, so it is ours, whatever it is
                if attempt == _ATTEMPTS:
                    raise InfrastructureError(
                        f"no kernel could be started ({type(error).__name__}: {error}); "
                        "grader doctor shows whether this machine can run them"
                    ) from error
        yield client


@asynccontextmanager
async def _connected(kernels: Kernels, first_code: str, limits: Limits) -> AsyncIterator[KernelClient]:
    async with kernels.kernel() as kernel:
        client = KernelClient(kernel, limits)
        try:
            async with asyncio.timeout(limits.seconds_to_start):
                await client.connect()
                if first_code:
                    await _prepare(client, first_code)
            yield client
        finally:
            await client.close()


async def _prepare(client: KernelClient, first_code: str) -> None:
    reply = await client.run(first_code, lambda _: None, silent=True)
    if reply.content.get("status") != "ok":
        raise RuntimeError(f"the preparation failed: {error_fields(reply.content)}")

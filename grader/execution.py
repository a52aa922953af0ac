"""One notebook through one kernel, answers captured on the way.

Whatever the student's code does ends in a failure of a cell; only a kernel that cannot be started is the grader's fault.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from time import monotonic
from typing import NamedTuple

from grader.errors import InfrastructureError
from grader.kernels import Kernels
from grader.kernels.client import CellClient, KernelDied
from grader.kernels.limits import Limits
from grader.kernels.outputs import error_fields
from grader.kernels.preparation import preparation
from grader.notebooks import Notebook
from grader.records import Asked, Captured, CellFailure, Execution, FailureKind

_ATTEMPTS = 2
"""To start a kernel: once more, since a busy machine may miss a deadline."""


def execute(notebook: Notebook, asked: Mapping[str, Asked], kernels: Kernels, limits: Limits) -> Execution:
    """Run a notebook and record what it left behind.

    It has an event loop of its own, so that several threads may call it at once.

    Args:
        notebook: what to run.
        asked: what to watch, by variable.
        kernels: where to run it.
        limits: what it may take.

    Raises:
        InfrastructureError: no kernel could be started, twice.
    """
    return asyncio.run(_execute(notebook, asked, kernels, limits))


async def _execute(notebook: Notebook, asked: Mapping[str, Asked], kernels: Kernels, limits: Limits) -> Execution:
    started = monotonic()
    # What a broken kernel leaves in tasks that nobody waits for any more is its own affair.
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    async with AsyncExitStack() as stack:
        client = await _started_client(stack, notebook, asked, kernels, limits)
        failures = await _run_cells(client, limits)
    captured = [
        Captured(variable=variable, cell=cell, data=data)
        for cell, values in client.answers.items()
        for variable, data in values.items()
    ]
    return Execution(
        notebook=json.loads(json.dumps(client.nb)),  # plain dictionaries instead of nbformat's
        captured=tuple(captured),
        failures=tuple(failures),
        isolation=kernels.isolation,
        seconds=monotonic() - started,
    )


async def _started_client(
    stack: AsyncExitStack, notebook: Notebook, asked: Mapping[str, Asked], kernels: Kernels, limits: Limits
) -> CellClient:
    """A client whose kernel takes code; the stack ends both."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return await stack.enter_async_context(_connected(notebook, asked, kernels, limits))
        except Exception as error:  # no code of the student has run, so it is ours, whatever it is
            if attempt == _ATTEMPTS:
                raise InfrastructureError(
                    f"no kernel could be started ({type(error).__name__}: {error}); "
                    f"try 'python -m ipykernel_launcher' in the grader's environment"
                ) from error
    raise AssertionError  # the loop returns or raises


@asynccontextmanager
async def _connected(
    notebook: Notebook, asked: Mapping[str, Asked], kernels: Kernels, limits: Limits
) -> AsyncIterator[CellClient]:
    sources = [cell.source for cell in notebook.cells if cell.kind == "code"]
    async with kernels.kernel() as kernel:
        client = CellClient(notebook.as_node(), kernel, asked, limits)
        try:
            async with asyncio.timeout(limits.seconds_to_start):
                await client.connect(preparation(sources, asked, limits.output_bytes_per_cell))
            yield client
        finally:
            client.disconnect()


class _Time(NamedTuple):
    """How long a cell may run, and which limit says so."""

    seconds: float
    limit: str
    words: str


async def _run_cells(client: CellClient, limits: Limits) -> list[CellFailure]:
    """Run cell after cell until the last, or until the kernel or the time has come to its end."""
    deadline = monotonic() + limits.seconds_per_notebook
    failures: list[CellFailure] = []
    stopped = ""
    for index, cell in enumerate(client.nb.cells):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        if stopped:
            failures.append(CellFailure(cell=index, kind=FailureKind.NOT_REACHED, message=stopped))
            continue
        time = _Time(limits.seconds_per_cell, "seconds_per_cell", f"ran longer than {limits.seconds_per_cell:g} s")
        if deadline - monotonic() < time.seconds:
            words = f"was running when the {limits.seconds_per_notebook:g} s of the notebook were over"
            time = _Time(deadline - monotonic(), "seconds_per_notebook", words)
        failure, alive = await _run_cell(client, index, time, limits.seconds_of_grace)
        client.finish(index)
        if failure is not None:
            failures.append(failure)
        if not alive:
            stopped = f"the kernel ended in cell {index + 1}"
        elif monotonic() >= deadline:
            stopped = f"the {limits.seconds_per_notebook:g} s of the notebook were over in cell {index + 1}"
    return failures


async def _run_cell(client: CellClient, index: int, time: _Time, grace: float) -> tuple[CellFailure | None, bool]:
    """Run one cell; how it failed, if it did, and whether the kernel can go on."""
    task = asyncio.ensure_future(client.run(index))
    try:
        in_time, _ = await asyncio.wait({task}, timeout=time.seconds)
        if not in_time:
            await client.manager.interrupt_kernel()
            await asyncio.wait({task}, timeout=grace)
            alive = task.done() and task.exception() is None
            return CellFailure(cell=index, kind=FailureKind.TIMEOUT, name=time.limit, message=time.words), alive
        return _failure(client, index, task.exception())
    finally:
        task.cancel()
        await asyncio.wait({task})


def _failure(client: CellClient, index: int, broken: BaseException | None) -> tuple[CellFailure | None, bool]:
    if isinstance(broken, KernelDied):
        return CellFailure(cell=index, kind=FailureKind.DIED, name="kernel", message="ended the kernel"), False
    if broken is not None:
        message = f"made the kernel send what cannot be read ({type(broken).__name__})"
        return CellFailure(cell=index, kind=FailureKind.DIED, name="protocol", message=message), False
    if index not in client.errors:
        return None, True
    return CellFailure(cell=index, kind=FailureKind.ERROR, **error_fields(client.errors[index])), True

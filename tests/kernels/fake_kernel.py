"""A kernel without a process, on Unix sockets in the test's own event loop, that answers a cell with whatever a test says."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.session import DELIM, Session

from grader.kernels import Kernel
from grader.kernels.wire import Wire

KEY = b"known to both sides"
MOST = 10**6


@dataclass
class Peer:
    """The kernel's side of its connections, once a cell has arrived."""

    request: str
    """The id of the request."""
    shell: Wire
    iopub: Wire
    shell_writer: asyncio.StreamWriter
    iopub_writer: asyncio.StreamWriter

    async def publish(self, kind: str, content: Any, parent: str | None = None) -> None:
        await self.iopub.send(signed({"msg_type": kind}, {"msg_id": parent or self.request}, content))

    async def reply(self, content: Any, parent: str | None = None) -> None:
        await self.shell.send(signed({"msg_type": "execute_reply"}, {"msg_id": parent or self.request}, content))

    async def idle(self, parent: str | None = None) -> None:
        await self.publish("status", {"execution_state": "idle"}, parent)

    async def done(self) -> None:
        """What a sound kernel says at the end of a cell."""
        await self.reply({"status": "ok"})
        await self.idle()


Cell = Callable[[Peer], Awaitable[None]]


def signed(header: Any, parent: Any, content: Any) -> list[bytes]:
    """The frames of a message as a kernel signs it; parts that are bytes go as they are."""
    given: tuple[Any, ...] = (header, parent, {}, content)
    parts = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in given]
    return [DELIM, Session(key=KEY).sign(parts), *parts]


class FakeKernel:
    """See `grader.kernels.Kernel`; answers the preparation soundly, and each cell by what stands at its place.

    When there is no more to say, it ends. One that does not welcome is as those before ipykernel 7.2.
    """

    def __init__(self, folder: Path, cells: Sequence[Cell], *, welcomes: bool = True) -> None:
        self.folder, self.cells, self.welcomes = folder, [Peer.done, *cells], welcomes
        self.end = asyncio.Event()
        self.iopub: asyncio.Future[tuple[Wire, asyncio.StreamWriter]] = asyncio.get_running_loop().create_future()
        self.tasks: list[asyncio.Task[Any]] = []
        self.writers: list[asyncio.StreamWriter] = []
        info = {"ip": str(folder / "k")} | {f"{name}_port": name for name in ("shell", "control", "iopub")}
        fake = SimpleNamespace(
            session=Session(key=KEY),
            get_connection_info=lambda: info,
            kernel_spec=SimpleNamespace(interrupt_mode="message"),
            _close_control_socket=lambda: None,
        )
        self.manager = cast("AsyncKernelManager", fake)

    async def ended(self) -> str:
        await self.end.wait()
        return ""

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Kernel]:
        async with AsyncExitStack() as stack:
            for name, serve in (("shell", self.serve_shell), ("control", self.hold), ("iopub", self.serve_iopub)):
                server = await asyncio.start_unix_server(serve, self.folder / f"k-{name}")
                stack.callback(server.close)
            try:
                yield self
            finally:
                for task in self.tasks:
                    task.cancel()
                await asyncio.gather(*self.tasks, return_exceptions=True)
                for writer in self.writers:
                    if not writer.is_closing():
                        writer.transport.abort()

    async def _agreed(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Wire:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.append(task)
        self.writers.append(writer)
        wire = Wire(reader, writer, MOST, lambda _: None)
        await wire._agree("DEALER")
        return wire

    async def hold(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(EOFError, OSError, asyncio.CancelledError):
            await (await self._agreed(reader, writer)).receive()

    async def serve_iopub(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.CancelledError):
            wire = await self._agreed(reader, writer)
            assert await wire.receive() == [b"\x01"]
            if self.welcomes:
                await wire.send(signed({"msg_type": "iopub_welcome"}, {}, {"subscription": ""}))
            self.iopub.set_result((wire, writer))
            await asyncio.Event().wait()

    async def serve_shell(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        shell = await self._agreed(reader, writer)
        iopub, iopub_writer = await self.iopub
        try:
            for cell in self.cells if self.welcomes else [self.says_busy, *self.cells]:
                header = (await shell.receive())[2]
                assert header is not None
                await cell(Peer(json.loads(header)["msg_id"], shell, iopub, writer, iopub_writer))
        except (EOFError, OSError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            iopub_writer.close()
            self.end.set()

    @staticmethod
    async def says_busy(peer: Peer) -> None:
        await peer.publish("status", {"execution_state": "busy"})


class FakeKernels:
    """See `grader.kernels.Kernels`."""

    isolation = "fake"
    prepared = ""

    def __init__(self, *cells: Cell, welcomes: bool = True) -> None:
        self.cells, self.welcomes = cells, welcomes
        self.started = 0

    @asynccontextmanager
    async def kernel(self) -> AsyncIterator[Kernel]:
        self.started += 1
        with tempfile.TemporaryDirectory(prefix="f-", dir="/tmp") as folder:
            async with FakeKernel(Path(folder), self.cells, welcomes=self.welcomes).listening() as kernel:
                yield kernel

"""nbclient runs the cells, over a connection that it is safe to run them over.

What it is for a cell to be run (a request, what it puts out until the kernel is idle, a reply) is nbclient's to know. Its own
connection would take in whatever a hostile kernel sends; so the few things that it asks of a kernel client it gets from here.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode

from grader.kernels.client import KernelClient, Take
from grader.kernels.messages import Message

_PARENT = {"msg_id": "the one that runs"}
"""Of each message that gets here: the connection lets none through that belongs to another request."""


class Cells(NotebookClient):
    """Runs cells in one kernel.

    Args:
        client: of a kernel that takes code.
    """

    def __init__(self, client: KernelClient) -> None:
        # Whoever runs a cell limits its time, reads its reply and keeps what it puts out.
        super().__init__(
            NotebookNode(cells=[None]), allow_errors=True, timeout=None, record_timing=False, coalesce_streams=False
        )
        self._client = client

    async def run(self, source: str, take: Take) -> Message:
        """Run the code of a cell to its end; as `KernelClient.run`."""
        channels = _Channels(self._client)
        self.kc: Any = channels
        self._take = take
        try:
            await self.async_execute_cell(NotebookNode(cell_type="code", source=source, metadata=NotebookNode()), 0)
            return await channels.replied()
        except DeadKernelError:  # what nbclient makes of being cancelled; that a kernel has died the connection says
            raise asyncio.CancelledError from None
        finally:
            await channels.close()

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> None:
        """Hand on what a cell puts out; nbclient would let it change what earlier cells have put out."""
        if "message" in msg:
            self._take(msg["message"])
        else:
            super().process_message(msg, cell, cell_index)

    async def _async_poll_kernel_alive(self) -> None:
        """Nothing, since the connection knows at once when a kernel ends."""


class _Channels:
    """As much of a jupyter_client.AsyncKernelClient as nbclient uses, for one request."""

    def __init__(self, client: KernelClient) -> None:
        self._client = client
        self._published: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._running: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self.iopub_channel = _Channel(self._published.get)
        self.shell_channel = _Channel(self._reply)

    def execute(self, source: str, **_options: Any) -> str:
        """Send a request to run some code; its id."""
        self._running = asyncio.ensure_future(self._client.run(source, self._publish))
        self._running.add_done_callback(self._publish_idle)
        return _PARENT["msg_id"]

    async def replied(self) -> Message:
        """The reply as it came; Ending if none did."""
        return await asyncio.shield(self._running)

    async def close(self) -> None:
        """Wait for the request no longer."""
        self._running.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await self._running

    def _publish(self, message: Message) -> None:
        self._published.put_nowait({"parent_header": _PARENT, "message": message})

    def _publish_idle(self, running: asyncio.Future[Message]) -> None:
        if not running.cancelled() and running.exception() is None:
            content = {"execution_state": "idle"}
            self._published.put_nowait({"parent_header": _PARENT, "msg_type": "status", "content": content})

    async def _reply(self) -> dict[str, Any]:
        await self.replied()
        return {"parent_header": _PARENT, "content": {"status": "ok"}}  # what it truly says, the caller reads


class _Channel:
    """Messages of one kind."""

    def __init__(self, receive: Callable[[], Awaitable[dict[str, Any]]]) -> None:
        self._receive = receive

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # noqa: ARG002, ASYNC109 - nbclient's name
        """The next message."""
        return await self._receive()

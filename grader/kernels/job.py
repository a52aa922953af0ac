"""One kernel as the grader holds it: by the socket to its first process, and by that process itself."""

import asyncio
import json
import os
import signal
import socket
from contextlib import suppress
from typing import Any

from grader.errors import InfrastructureError
from grader.kernels.processes import until_ended
from grader.sandbox.settings import MOST_BYTES

SECONDS_TO_END = 30
"""Ending all processes of a kernel takes some milliseconds; hundreds on a machine that has better to do, ten seconds."""


class Job:
    """One kernel as its first process reports it; see `grader.sandbox.init`. Belongs to the event loop it was made in."""

    def __init__(self, connection: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        self._connection = connection
        self._process: int | None = None  # pidfd of the first process
        self._why = ""
        self._ready: asyncio.Future[str] = self._loop.create_future()
        self._ended: asyncio.Future[str | None] = self._loop.create_future()
        connection.settimeout(0)
        self._loop.add_reader(connection, self._hear)

    async def ready(self) -> None:
        """Wait until the kernel has bound its sockets; InfrastructureError if it cannot."""
        if failed := await asyncio.shield(self._ready):
            raise InfrastructureError(f"the kernel did not start: {failed}")

    async def ended(self) -> str:
        """As `grader.kernels.Kernel.ended`; InfrastructureError if the fork server ended."""
        limit = await asyncio.shield(self._ended)
        if limit is None:
            raise InfrastructureError(f"the fork server ended while a notebook ran{self._why}; grade it again")
        return limit

    @property
    def has_ended(self) -> bool:
        """Whether the kernel is known to have ended."""
        return self._ended.done()

    def signal(self, number: int) -> None:
        """Send a signal to the first process."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._process, number)

    async def end(self) -> None:
        """End all its processes, and wait until they are gone."""
        self._loop.remove_reader(self._connection)
        if self._process is None:  # it may not have said yet who it is
            with suppress(OSError):
                self._take(self._connection)
        self._connection.close()
        self._settle("")
        if self._process is None:
            return
        try:
            await asyncio.wait_for(until_ended(self._process), SECONDS_TO_END)
        except TimeoutError:
            self.signal(signal.SIGKILL)
            raise InfrastructureError(
                f"processes of a notebook could not be ended within {SECONDS_TO_END} s; look for them before you go on"
            ) from None
        finally:
            os.close(self._process)
            self._process = None

    def _hear(self) -> None:
        try:
            facts = self._take(self._connection)
        except (OSError, ValueError):
            facts = None
        if facts is None:
            self._loop.remove_reader(self._connection)
            self._settle(None)
        elif "ready" in facts:
            self._answer_ready("")
        elif "failed" in facts:
            self._why = f" ({facts['failed']})"
            self._answer_ready(str(facts["failed"]))
        elif "ended" in facts:
            self._settle(str(facts["limit"]))

    def _take(self, connection: socket.socket) -> dict[str, Any] | None:
        """The next thing said; None if nothing more will be."""
        message, descriptors, _, _ = socket.recv_fds(connection, MOST_BYTES, 1)
        for descriptor in descriptors:
            self._process = descriptor
        facts: dict[str, Any] | None = json.loads(message) if message else None
        return facts

    def _answer_ready(self, failed: str) -> None:
        if not self._ready.done():
            self._ready.set_result(failed)

    def _settle(self, limit: str | None) -> None:
        self._answer_ready("its first process ended")
        if not self._ended.done():
            self._ended.set_result(limit)


def pair() -> tuple[socket.socket, socket.socket]:
    """Two ends that keep messages apart and end when the other side is gone."""
    ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in ends:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MOST_BYTES)
    return ends

"""Messages of a kernel's sockets, frame by frame: as much of ZMTP 3.0 as Jupyter needs (https://rfc.zeromq.org/spec/23/).

libzmq cannot be used towards a hostile kernel. It holds all frames of a message until the last has come, so that a kernel
which never sends the last one fills the memory of whoever listens, whatever high-water mark or largest size is set.
Here nothing is read before it is asked for, and what is too long to be kept is passed over piece by piece.
"""

import asyncio
import struct
from collections.abc import Callable, Sequence
from typing import Literal, Self

from grader.kernels.endings import Breach

MAX_FRAMES = 64
"""Kept of one message; those of Jupyter have seven, and more only to carry the buffers of widgets."""
_PIECE_BYTES = 256 * 1024
"""Read at a time of what is passed over, and buffered at most of what nobody has asked for yet, twice."""
_GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
_MORE, _LONG, _COMMAND = 1, 2, 4
_FRAME_BYTES = 256
"""Counted for a frame besides what is in it: a hundred million empty ones are too many as well."""
_SECONDS_BETWEEN_TRIES = 0.01
"""To connect, while the kernel has not made its socket yet."""

SocketType = Literal["DEALER", "SUB"]
Address = str | tuple[str, int]
"""The path of a Unix socket, or host and port where there are none."""
Parts = list[bytes | None]
"""The frames of a message; None for one that was too long to be kept together with those before it."""


class Wire:
    """One connection to a socket of a kernel.

    Args:
        reader: of the connection.
        writer: of the connection.
        most: what is kept of one message, in bytes.
        count: is told of all bytes as they come, and may raise to put an end to it.
    """

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, most: int, count: Callable[[int], None]
    ) -> None:
        self._reader, self._writer, self._most, self._count = reader, writer, most, count

    @classmethod
    async def connect(cls, address: Address, socket_type: SocketType, most: int, count: Callable[[int], None]) -> Self:
        """Connect to the socket at an address as soon as there is one, and agree on the protocol.

        Raises:
            Breach: what listens there does not speak ZMTP.
            EOFError: it hung up.
            OSError: there is a socket, but it cannot be connected to.
        """
        while True:
            try:
                reader, writer = await _opened(address)
                break
            except (FileNotFoundError, ConnectionRefusedError):
                await asyncio.sleep(_SECONDS_BETWEEN_TRIES)
        wire = cls(reader, writer, most, count)
        try:
            await wire._agree(socket_type)
        except BaseException:
            wire.close()
            raise
        return wire

    async def _agree(self, socket_type: SocketType) -> None:
        name = socket_type.encode()
        ready = b"\x05READY\x0bSocket-Type" + struct.pack(">I", len(name)) + name
        self._writer.write(_GREETING + bytes((_COMMAND, len(ready))) + ready)
        greeting = await self._exactly(len(_GREETING))
        if greeting[0] != _GREETING[0] or greeting[9] != _GREETING[9] or greeting[10] < 3:  # noqa: PLR2004 - ZMTP 3
            raise Breach("does not greet in ZMTP 3")
        flags, _ = await self._frame(self._most)
        if not flags & _COMMAND:
            raise Breach("does not say that it is ready")
        if socket_type == "SUB":
            await self.send([b"\x01"])  # subscribes to everything

    async def send(self, frames: Sequence[bytes]) -> None:
        """Send a message; waits while the other side does not read."""
        message = bytearray()
        for number, frame in enumerate(frames, 1):
            more = _MORE if number < len(frames) else 0
            size = len(frame)
            message += struct.pack(">BQ", more | _LONG, size) if size > 255 else bytes((more, size))  # noqa: PLR2004 - one byte
            message += frame
        self._writer.write(message)  # at once: the other side would wake up for each piece
        await self._writer.drain()

    async def receive(self) -> Parts:
        """The next message.

        Raises:
            Breach: what came is no ZMTP.
            EOFError: the other side hung up.
            OSError: the connection broke.
        """
        parts: Parts = []
        left = self._most
        while True:
            flags, data = await self._frame(left if len(parts) < MAX_FRAMES else 0)
            if flags & _COMMAND:
                continue
            if len(parts) < MAX_FRAMES:
                parts.append(data)
            left -= len(data or b"")
            if not flags & _MORE:
                return parts

    async def _frame(self, most: int) -> tuple[int, bytes | None]:
        self._count(_FRAME_BYTES)
        flags = (await self._exactly(1))[0]
        if flags > _MORE | _LONG | _COMMAND:
            raise Breach(f"sent a frame with the flags {flags:#x}")
        size = int.from_bytes(await self._exactly(8 if flags & _LONG else 1))
        if size <= most:
            return flags, await self._exactly(size)
        while size > 0:
            piece = await self._reader.read(min(size, _PIECE_BYTES))
            if not piece:
                raise EOFError
            self._count(len(piece))
            size -= len(piece)
        return flags, None

    async def _exactly(self, size: int) -> bytes:
        self._count(size)
        return await self._reader.readexactly(size)

    def close(self) -> None:
        """Hang up; what was not sent yet is lost."""
        self._writer.transport.abort()


async def _opened(address: Address) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if isinstance(address, str):
        return await asyncio.open_unix_connection(address, limit=_PIECE_BYTES)
    return await asyncio.open_connection(*address, limit=_PIECE_BYTES)

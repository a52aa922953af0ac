"""The grader's end of one kernel: requests go out one by one, and everything that comes back is counted, checked and passed on.

Whatever the kernel does ends in the return of `run` or in an `Ending`, after which it is of no more use. Only time is no concern
of this module: whoever runs a cell limits that.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, NoReturn, TypeVar

from grader.errors import InfrastructureError
from grader.kernels import Kernel
from grader.kernels.endings import Breach, EarlierBreach, Ending, KernelEnded
from grader.kernels.limits import Limits
from grader.kernels.messages import Message, Signing
from grader.kernels.meter import Meter
from grader.kernels.wire import Wire

_SECONDS_BETWEEN_REPLY_AND_IDLE = 10.0
"""How long one may lag behind the other while nothing else arrives; longer means that it was forged or lost."""
_ENVELOPE_BYTES = 64 * 1024
"""Of a message around what is kept of it."""
_SECONDS_TO_DRAIN = 0.5
"""How long what a dead kernel sent last is waited for: its sockets close with it, unless a child of it holds them open."""
_SECONDS_TO_DIE = 2.0
"""How long after its sockets have closed a kernel may take to be known as ended."""

_SECONDS_TO_WELCOME = 1.0
"""How long a kernel may take to publish something by itself, before it is asked a question; it may be asked several times."""
_SECONDS_TO_HEAR = 0.001
"""For an event loop to hear what has happened while nobody ran it."""

_T = TypeVar("_T")

Take = Callable[[Message], None]


class KernelClient:
    """Runs code in one launched kernel.

    Args:
        kernel: launched already; others will end it.
        limits: what it may send.
    """

    def __init__(self, kernel: Kernel, limits: Limits) -> None:
        self._kernel, self._meter = kernel, Meter(limits)
        self._most = max(limits.output_bytes_per_cell, limits.answer_bytes_per_message) + _ENVELOPE_BYTES
        self._signing = Signing(kernel.manager.session)
        self._watching: list[asyncio.Future[Any]] = []
        """For the end of the kernel, and then for its messages."""
        self._wires: list[Wire] = []
        self._request: _Request | None = None
        self._done: set[str] = set()
        self._heard = asyncio.Event()

    async def connect(self) -> None:
        """Wait until the kernel answers.

        Raises:
            KernelEnded: it ended instead.
            Exception: of any other kind: what is there is no kernel.
        """
        # The manager's own connection would take in without bound what a kernel sends, and is needed for nothing.
        self._kernel.manager._close_control_socket()  # noqa: SLF001 - there is no public way
        self._watching.append(asyncio.ensure_future(self._kernel.ended()))
        self._shell = await self._until(self._wire("shell"))
        self._control = await self._until(self._wire("control"))
        iopub = await self._until(self._wire("iopub"))
        self._watching.append(asyncio.ensure_future(self._listen(self._shell, self._take_reply)))
        self._watching.append(asyncio.ensure_future(self._listen(iopub, self._take_published)))
        await self._until_heard()

    async def _until_heard(self) -> None:
        """Wait until what the kernel publishes arrives. It says welcome; one before ipykernel 7.2 has to be asked something."""
        while not self._heard.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(_SECONDS_TO_WELCOME):
                    await self._until(self._heard.wait())
                return
            await self._until(self._shell.send(self._signing.request("kernel_info_request", {})[1]))

    async def must_be_alive(self) -> None:
        """To be called after a kernel has waited for its first cell; InfrastructureError if it has ended meanwhile.

        No code of the student has run in it, so that this is not the student's doing.
        """
        ended = self._watching[0]
        await asyncio.wait({ended}, timeout=_SECONDS_TO_HEAR)
        if ended.done():
            raise InfrastructureError("the kernel ended before the notebook ran; grade it again")

    async def run(self, code: str, take: Take, *, silent: bool = False) -> Message:
        """Run some code to its end.

        Args:
            code: Python, or what IPython makes Python of.
            take: is given each message that the code published.
            silent: whether it leaves no trace in IPython's history and count.

        Returns:
            The reply; its content may be anything.

        Raises:
            Ending: the kernel ended, sent too much, or sent what makes no sense.
        """
        content = {"code": code, "silent": silent, "store_history": not silent, "user_expressions": {}}
        options = {"allow_stdin": False, "stop_on_error": False}
        ident, frames = self._signing.request("execute_request", content | options)
        request = self._request = _Request(ident, take)
        self._meter.next_cell()
        try:
            await self._until(self._shell.send(frames))
            await self._until(request.some.wait())
            await self._until_all_of(request)
            self._raise_breaches()  # in what came with the last of it
        except KernelEnded:
            if not request.all.is_set():  # else it ended afterwards, which the next request will find
                raise
        finally:
            self._request = None
            self._done.add(ident)
        assert request.reply is not None  # noqa: S101 - all of it has come
        return request.reply

    async def interrupt(self) -> None:
        """Ask the kernel to interrupt what it runs."""
        manager = self._kernel.manager
        with suppress(RuntimeError, OSError):  # it has ended, which is noticed elsewhere
            spec = manager.kernel_spec
            if spec is not None and spec.interrupt_mode == "message":
                await self._control.send(self._signing.request("interrupt_request", {})[1])
            else:
                await manager.interrupt_kernel()

    async def close(self) -> None:
        """Hang up."""
        for watch in self._watching:
            watch.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)
        for wire in self._wires:
            wire.close()

    async def _wire(self, name: str) -> Wire:
        at: Any = self._kernel.manager.get_connection_info()
        port = at[f"{name}_port"]
        address = (at["ip"], port) if at.get("transport") == "tcp" else f"{at['ip']}-{port}"
        wire = await Wire.connect(address, "SUB" if name == "iopub" else "DEALER", self._most, self._meter.count)
        self._wires.append(wire)
        return wire

    async def _listen(self, wire: Wire, take: Take) -> None:
        """Take messages as they come, until the kernel hangs up."""
        try:
            while True:
                parts = await wire.receive()
                self._meter.count_message()
                take(self._signing.read(parts))
        except (EOFError, OSError):
            return
        except Ending:
            raise
        except Exception as error:  # not one of a million odd messages may end more than its own kernel
            raise Breach(f"sent what cannot be read ({type(error).__name__})") from error

    def _take_reply(self, message: Message) -> None:
        request = self._own(message.parent)
        if request is not None and message.kind == "execute_reply":
            if request.reply is not None:
                raise Breach("replied twice")
            request.reply = message
            request.progress()

    def _take_published(self, message: Message) -> None:
        self._heard.set()
        is_idle = message.kind == "status" and message.content.get("execution_state") == "idle"
        if is_idle and message.parent in self._done:
            raise EarlierBreach("said twice that a cell was done")
        request = self._own(message.parent)
        if request is None:
            return
        if is_idle:
            if request.idle:
                raise Breach("said twice that a cell was done")
            request.idle = True
            request.progress()
        elif message.kind != "status":
            request.take(message)

    def _own(self, parent: str) -> "_Request | None":
        """The present request, if it is that; what an earlier cell has left running is of no interest."""
        return self._request if self._request is not None and self._request.ident == parent else None

    async def _until_all_of(self, request: "_Request") -> None:
        """Wait for the other of reply and idle, which may be late as long as anything comes."""
        while not request.all.is_set():
            received = self._meter.bytes
            with suppress(TimeoutError):
                async with asyncio.timeout(_SECONDS_BETWEEN_REPLY_AND_IDLE):
                    await self._until(request.all.wait())
            if received == self._meter.bytes and not request.all.is_set():
                raise Breach("did not reply" if request.reply is None else "did not say that the cell was done")

    async def _until(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Wait for something, unless the kernel ends before."""
        task = asyncio.ensure_future(work)
        try:
            await asyncio.wait({task, *self._watching}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done() or isinstance(task.exception(), OSError | EOFError):
                await self._raise_ending()
            return task.result()
        finally:
            task.cancel()

    async def _raise_ending(self) -> NoReturn:
        """Tell how the kernel ended, after what it sent last has come."""
        self._raise_breaches()
        ended, *listeners = self._watching
        await asyncio.wait({ended}, timeout=_SECONDS_TO_DIE)
        if listeners:
            await asyncio.wait(listeners, timeout=_SECONDS_TO_DRAIN)
        raise KernelEnded(ended.result() if ended.done() else "")  # one that has hung up is as good as dead

    def _raise_breaches(self) -> None:
        for listener in self._watching[1:]:
            if listener.done():
                listener.result()


class _Request:
    """What the kernel is working on, and what has come back so far."""

    def __init__(self, ident: str, take: Take) -> None:
        self.ident, self.take = ident, take
        self.reply: Message | None = None
        self.idle = False
        self.some, self.all = asyncio.Event(), asyncio.Event()

    def progress(self) -> None:
        """Take note that the reply or the idle state has come."""
        self.some.set()
        if self.reply is not None and self.idle:
            self.all.set()

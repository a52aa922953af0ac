"""The grader's end of a fork server: started once, asked for a kernel as often as one is wanted."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from grader.errors import InfrastructureError, InputError
from grader.kernels.environment import BLAND
from grader.kernels.processes import until_ended
from grader.sandbox.settings import EARLY, MOST_BYTES, JobSettings, ServerSettings

SECONDS_TO_START = 60
"""Importing torch takes one second, from a cold disk twenty."""
SECONDS_TO_END = 30
"""Ending all processes of a kernel takes some milliseconds; hundreds on a machine that has better to do, ten seconds."""

# A notebook has no use for a debugger, and importing it takes longer than everything else of a kernel's start.
_START = (
    "import sys; sys.modules['debugpy'] = None; sys.path.insert(0, {root!r}); "
    "from grader.sandbox.server import main; del sys.path[0]; main({descriptor}, {likely!r})"
)
_PROGRAMS = "/usr/local/bin:/usr/bin:/bin"
_NOWHERE = "/nonexistent"
_spares: "list[_Process]" = []


class _Unsuited(InfrastructureError):  # noqa: N818 - caught here, and told in words
    """It could not become what was asked for, and can still become something else."""


@contextmanager
def started_early(likely: Iterable[str] = ()) -> Iterator[None]:
    """Have a process ready that imports what every kernel needs, and becomes the next fork server of this context.

    Args:
        likely: modules that it will probably have to load as well.
    """
    with suppress(OSError):  # whoever needs one fails in the same way, and has words for it
        _spares.append(_Process(tuple(likely)))
    try:
        yield
    finally:
        end_spares()


def end_spares() -> None:
    """End the processes that are ready and that no fork server was made of."""
    while _spares:
        _spares.pop().close(seconds=0)  # it may be in the middle of its imports


class ForkServer:
    """A process that forks kernels; see `grader.sandbox.server`.

    Args:
        settings: what holds for all its kernels.

    Raises:
        InfrastructureError: it cannot be started; the message has its own words.
        InputError: a module to be loaded beforehand cannot be imported.
    """

    def __init__(self, settings: ServerSettings) -> None:
        early = tuple(name for name in settings.preload if name in EARLY)
        self._process = _spare(early) or _Process(early)
        try:
            self._wait_until_ready(settings)
        except _Unsuited:
            _spares.append(self._process)
            raise
        except InfrastructureError as error:
            self._process.close()
            words = self._process.last_words
            raise InfrastructureError(f"{error}{words and f' ({words})'}") from None
        except BaseException:
            self._process.close(seconds=0)
            raise

    @property
    def alive(self) -> bool:
        """Whether it can still fork."""
        return self._process.alive

    def job(self, settings: JobSettings, descriptors: list[int]) -> "Job":
        """Ask for a kernel; to be called in the event loop that will use it.

        Args:
            settings: what is particular to it.
            descriptors: what is sent along; see `JobSettings.groups`.
        """
        ours, theirs = _pair()
        with theirs:
            try:
                socket.send_fds(self._process.control, [b"1"], [theirs.fileno()])
                socket.send_fds(ours, [settings.to_bytes()], descriptors)
            except OSError as error:
                ours.close()
                raise InfrastructureError(f"the fork server has ended ({error}); grade again") from error
        return Job(ours)

    def close(self) -> None:
        """End it and all its kernels."""
        self._process.close()

    def _wait_until_ready(self, settings: ServerSettings) -> None:
        control = self._process.control
        control.settimeout(SECONDS_TO_START)
        try:
            control.send(settings.to_bytes())
            facts = json.loads(control.recv(MOST_BYTES) or b"{}")
        except (OSError, ValueError) as error:
            facts = {"failed": str(error)}
        if facts.get("ready"):
            control.settimeout(None)
            return
        if facts.get("preloading"):
            words = str(facts["failed"]).partition(": ")[2]
            raise InputError(
                f"{words}; install it beside the grader, or take it out of preload in problems/homeworks.toml"
            )
        kind = _Unsuited if facts.get("unchanged") else InfrastructureError
        raise kind(f"the fork server did not start: {facts.get('failed', 'it ended')}")


def _spare(early: tuple[str, ...]) -> "_Process | None":
    """One that is ready and has imported the same, so that no kernel depends on when its fork server was started."""
    if _spares:
        spare = _spares.pop()
        if spare.alive and spare.likely == early:
            return spare
        spare.close(seconds=0)
    return None


class _Process:
    """A fork server that need not know yet what it is for.

    Args:
        likely: as in `started_early`.
    """

    def __init__(self, likely: tuple[str, ...]) -> None:
        self.likely = likely
        self.control, theirs = _pair()
        self.last_words = ""
        """The last line that it wrote to its standard error, once it is closed."""
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        root = str(Path(__file__).parents[2])
        with theirs:
            self.popen = subprocess.Popen(  # noqa: S603 - our own
                [
                    sys.executable,
                    "-P",
                    "-c",
                    _START.format(root=root, descriptor=theirs.fileno(), likely=likely),
                ],
                pass_fds=[theirs.fileno()],
                env=_environment(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                start_new_session=True,  # so that Ctrl-C reaches the grader alone
            )

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.popen.poll() is None

    def close(self, seconds: float = SECONDS_TO_END) -> None:
        """End it and all that it has forked, by force if that takes longer."""
        self.control.close()
        try:
            self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
        if not self._errors.closed:
            self._errors.seek(0)
            self.last_words = self._errors.read().decode(errors="replace").strip().rpartition("\n")[2]
            self._errors.close()


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


def _pair() -> tuple[socket.socket, socket.socket]:
    """Two ends that keep messages apart and end when the other side is gone."""
    ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in ends:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MOST_BYTES)
    return ends


def _environment() -> dict[str, str]:
    """All variables of the fork server and its kernels. The grader's own may hold tokens, and would make two machines differ."""
    libraries = os.environ.get("LD_LIBRARY_PATH")
    return (
        ({"LD_LIBRARY_PATH": libraries} if libraries else {})
        | BLAND
        | {
            "PATH": f"{Path(sys.executable).parent}:{_PROGRAMS}",
            "USER": "student",
            # Of whoever grades, nothing; each kernel has its own.
            "HOME": _NOWHERE,
            "TMPDIR": _NOWHERE,
            # More threads than one would not survive a fork.
            "OPENBLAS_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            "PYTORCH_NVML_BASED_CUDA_CHECK": "1",  # asks whether there is a GPU without starting CUDA, which does not survive a fork
        }
    )

"""The process of a fork server, which may be started before anybody knows what for: it imports meanwhile."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from grader.kernels.environment import BLAND
from grader.kernels.job import SECONDS_TO_END, pair

# A notebook has no use for a debugger, and importing it takes longer than everything else of a kernel's start.
_START = (
    "import sys; sys.modules['debugpy'] = None; sys.path.insert(0, {root!r}); "
    "from grader.sandbox.server import main; del sys.path[0]; main({descriptor}, {likely!r})"
)
_PROGRAMS = "/usr/local/bin:/usr/bin:/bin"
_NOWHERE = "/nonexistent"
_spares: "list[ServerProcess]" = []


@contextmanager
def started_early(likely: Iterable[str] = ()) -> Iterator[None]:
    """Have a process ready that imports what every kernel needs, and becomes the next fork server of this context.

    Args:
        likely: modules that it will probably have to load as well.
    """
    with suppress(OSError):  # whoever needs one fails in the same way, and has words for it
        _spares.append(ServerProcess(tuple(likely)))
    try:
        yield
    finally:
        end_spares()


def end_spares() -> None:
    """End the processes that are ready and that no fork server was made of."""
    while _spares:
        _spares.pop().close(seconds=0)  # it may be in the middle of its imports


def server_process(likely: tuple[str, ...]) -> "ServerProcess":
    """One that is ready and has imported just these, so that no kernel depends on when its fork server was started; or a new one."""
    if _spares:
        spare = _spares.pop()
        if spare.alive and spare.likely == likely:
            return spare
        spare.close(seconds=0)
    return ServerProcess(likely)


def give_back(process: "ServerProcess") -> None:
    """Keep one that could not become a fork server of one kind ready for another."""
    _spares.append(process)


class ServerProcess:
    """A fork server that need not know yet what it is for.

    Args:
        likely: as in `started_early`.
    """

    def __init__(self, likely: tuple[str, ...]) -> None:
        self.likely = likely
        self.control, theirs = pair()
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

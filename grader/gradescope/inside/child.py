"""The process that grades, seen from the one that supervises it. The standard library only."""

import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic

from grader.gradescope.inside.checking_results import MOST_BYTES
from grader.gradescope.inside.faults import Fault

SECONDS_TO_END = 2.0
"""That it has once it is asked to; then it is killed."""
_SECONDS_BETWEEN_LOOKS = 0.2
_STEP_BYTES = 64 * 1024
_PROGRAM = "grader.gradescope.inside.grading"
_PASSED_ON = ("LD_LIBRARY_PATH",)
"""Of the environment; the rest of it is Gradescope's own, addresses and keys among it."""
_ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    # As many threads as processors would fight for half a one, and each takes memory.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
_UMASK = 0o022
"""Kernels have to enter folders that are made for them, whatever is usual in a container."""


class Child:
    """The grading process, which hands its results over through a pipe that nothing it starts inherits.

    Args:
        folder: shaped like /autograder.
        deadline: when it has to be done, by the monotonic clock.
    """

    def __init__(self, folder: Path, deadline: float) -> None:
        self._deadline = deadline
        self._results, theirs = os.pipe()
        os.set_blocking(self._results, False)
        command = [sys.executable, "-I", "-m", _PROGRAM, str(folder), str(theirs), repr(deadline)]
        environment = _ENVIRONMENT | {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs],
                start_new_session=True,
                umask=_UMASK,
            )
        except OSError as error:
            raise Fault(
                "The grader could not be started.", f"{command}: {error}. Build the autograder again."
            ) from error
        finally:
            os.close(theirs)
        self._received = bytearray()

    def results(self) -> bytes:
        """What it hands over until it ends.

        Raises:
            Fault: it failed, or was not done in time.
        """
        while (code := self._process.poll()) is None:
            left = self._deadline - monotonic()
            if left <= 0:
                raise Fault(
                    "Grading was not done in time.",
                    "The deadline is over before Gradescope's own. Choose a larger container, or a larger timeout both in the "
                    "assignment's settings and in problems/homeworks.toml (gradescope.seconds), or smaller limits of time there.",
                )
            self._take(min(left, _SECONDS_BETWEEN_LOOKS))
        while self._take(0):
            pass
        if code:
            raise _ended_badly(code)
        return bytes(self._received)

    def end(self) -> None:
        """End it, by force if need be."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self._process.poll() is None:
                self._process.send_signal(number)
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(SECONDS_TO_END)

    def _take(self, seconds: float) -> bool:
        """Whether anything came within some seconds; of more than results may have, one byte too many is kept."""
        poll = select.poll()
        poll.register(self._results, select.POLLIN)
        if not poll.poll(seconds * 1000):
            return False
        piece = os.read(self._results, _STEP_BYTES)
        if not piece:  # it has closed its end, and will end
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
        self._received += piece[: MOST_BYTES + 1 - len(self._received)]
        return bool(piece)


def _ended_badly(code: int) -> Fault:
    if code == -signal.SIGKILL:
        return Fault(
            "The grader ran out of memory, or was ended.",
            "The grading process was killed, most likely for want of memory. Choose a larger container in the assignment's settings.",
        )
    how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
    return Fault(
        "The grader has failed.", f"The grading process ended {how}; the lines above say why. Mend it, or report them."
    )

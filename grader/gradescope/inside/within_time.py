"""A program run for some time at most, and ended with everything that it has started."""

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from grader.sandbox.watching import descendants

SECONDS_TO_END = 20
"""Asked to end, grading takes at most half of that to end everything below it."""


def printed_within(command: Sequence[str], folder: Path, seconds: float) -> bytes:
    """What a program prints, whatever its exit code.

    Args:
        command: the program and its arguments.
        folder: that it is run in.
        seconds: which it may take.

    Raises:
        subprocess.TimeoutExpired: it took longer; nothing of it is left.
    """
    with subprocess.Popen(  # noqa: S603 - our own
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    ) as running:
        try:
            printed, _ = running.communicate(timeout=seconds)
        finally:
            _end(running)
    return printed


def _end(running: subprocess.Popen[bytes]) -> None:
    if running.poll() is None:
        running.terminate()  # grading then ends what is below it, in whatever session
        with suppress(subprocess.TimeoutExpired):
            running.wait(SECONDS_TO_END)
    if running.poll() is None:
        for pid in list(descendants(running.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)

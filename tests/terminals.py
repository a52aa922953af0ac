"""A real terminal for a command, as wide as is asked for."""

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]


def on_terminal(
    arguments: Sequence[str | Path],
    cwd: Path,
    *,
    columns: int = 80,
    until: Callable[[str], bool] = lambda _: False,
    **environment: str,
) -> tuple[int, str]:
    """Runs a Python program with a terminal for input, output and errors; its exit code and all that the terminal got.

    Args:
        arguments: of the interpreter.
        cwd: where it runs.
        columns: of the terminal.
        until: is given what the terminal has got so far; from then on the program is interrupted.
        environment: more of it.
    """
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    usual = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "NO_COLOR", "FORCE_COLOR"}}
    program = subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env={**usual, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **environment},
        stdin=its,
        stdout=its,
        stderr=its,
    )
    os.close(its)
    got, interrupted = b"", False
    for data in read_to_the_end(ours):
        got += data
        if not interrupted and until(got.decode(errors="replace")):
            program.send_signal(signal.SIGINT)
            interrupted = True
    return program.wait(timeout=60), got.decode(errors="replace")


def read_to_the_end(terminal: int) -> Iterator[bytes]:
    """What programs write to a terminal, until none of them has it open any more; then it is closed."""
    with suppress(OSError):  # it is gone
        while data := os.read(terminal, 65536):
            yield data
    os.close(terminal)

"""What a command costs: wall clock, processor time with all its processes, and the memory of its first process. Linux only."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event, Thread
from time import perf_counter
from typing import Self

from benchmarks.peers.processors import account

_SECONDS_BETWEEN_LOOKS = 0.02
"""The system keeps the peak itself, so that only what grows in the last moments is missed."""


@dataclass(frozen=True)
class Cost:
    """Of one command."""

    seconds: float
    """Wall clock, from its start to its end."""
    processor_seconds: float
    """User and system time of the process and of all that it started."""
    peak_bytes: int
    """The most resident memory that the process itself had at any time, without its children."""

    def __add__(self, other: "Cost") -> "Cost":
        """Of two commands, one after the other."""
        return Cost(
            self.seconds + other.seconds,
            self.processor_seconds + other.processor_seconds,
            max(self.peak_bytes, other.peak_bytes),
        )


def run(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> Cost:
    """Runs a command to its end.

    Args:
        command: program and arguments.
        folder: where to run it.
        environment: all its variables.

    Raises:
        SystemExit: it failed; with the end of what it wrote.
    """
    with TemporaryFile() as written, account() as processors:
        whole = [*processors.command(), *map(str, command)]
        started = perf_counter()
        process = subprocess.Popen(whole, cwd=folder, env=dict(environment), stdout=written, stderr=subprocess.STDOUT)
        with _Peak(process.pid) as peak:
            status = process.wait()
        seconds = perf_counter() - started
        if status:
            written.seek(0)
            end = written.read()[-3000:].decode(errors="replace")
            raise SystemExit(f"{' '.join(map(str, command))} failed with {status}:\n{end}")
        return Cost(seconds, processors.seconds(), peak.bytes)


class _Peak:
    """Watches the memory of a process while it runs.

    What the system says at its end is the largest of it and its children.
    """

    def __init__(self, pid: int) -> None:
        self._status = Path(f"/proc/{pid}/status")
        self._ended = Event()
        self._thread = Thread(target=self._watch)
        self.bytes = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_SECONDS_BETWEEN_LOOKS):
            try:
                lines = self._status.read_text(encoding="utf-8").splitlines()
            except OSError:
                return
            # Another program in the same process starts from nothing, so the last number counts. A process that has
            # ended and is not yet waited for has none.
            self.bytes = next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), self.bytes)

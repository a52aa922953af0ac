"""Processor time of a command and of everything that it starts, whoever takes leave of it in the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

_ACCOUNTS = Path("/sys/fs/cgroup/cpuacct")
_NANOSECONDS = 1e9


class Account(Protocol):
    """Counts from when it was made."""

    def command(self) -> list[str]:
        """What to put in front of a command so that it is counted."""

    def seconds(self) -> float:
        """User and system time until now."""


@contextmanager
def account() -> Iterator[Account]:
    """A control group of its own where the system has accounts of processor time and this user may make one; else the whole machine.

    The times that a process has of its children leave out those whose end it ignores, such as kernels of a fork server.
    """
    folder = _ACCOUNTS / f"benchmark-{os.getpid()}"
    try:
        folder.mkdir()
    except OSError:
        yield _Machine()
        return
    try:
        yield _Group(folder)
    finally:
        with suppress(OSError):  # a process that outlived the command keeps it
            folder.rmdir()


class _Group:
    """A control group."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def command(self) -> list[str]:
        return ["sh", "-c", f'echo 0 > {self._folder}/cgroup.procs && exec "$@"', "sh"]

    def seconds(self) -> float:
        return int((self._folder / "cpuacct.usage").read_text(encoding="ascii")) / _NANOSECONDS


class _Machine:
    """All that the machine does, so that nobody else should use it."""

    def __init__(self) -> None:
        self._before = self._busy()

    def command(self) -> list[str]:
        return []

    def seconds(self) -> float:
        return self._busy() - self._before

    @staticmethod
    def _busy() -> float:
        user, nice, system, _idle, _waiting, *interrupts = map(
            int, Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:8]
        )
        return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")

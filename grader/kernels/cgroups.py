"""Control groups: limits of memory and processes over all processes of a kernel, where this process may set them.

They share processors fairly as well: a hundred busy processes of one kernel get as much as the only one of another.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import sleep

from grader.kernels.leftovers import GROUP_PREFIX
from grader.kernels.limits import Limits

_MOUNT = Path("/sys/fs/cgroup")
_COUNTERS = ("memory.events", "memory.oom_control")
"""In version 2 of control groups, and in version 1."""
_SECONDS_BETWEEN_TRIES, _TRIES = 0.01, 200
_numbers = count()


@dataclass(frozen=True)
class Group:
    """The control groups of one kernel, one for each hierarchy."""

    entrances: list[int]
    """Descriptors; a process that writes "0" to one enters that group."""
    counters: list[int]
    """Descriptors of files in which the system counts the processes it has killed for want of memory."""


def parents() -> tuple[Path, ...]:
    """Where groups that limit memory and processes can be made: one folder (version 2), one for each (version 1), or none."""
    unified = _MOUNT / "cgroup.subtree_control"
    with suppress(OSError):
        if {"memory", "pids"} <= set(unified.read_text().split()) and _can_make(_MOUNT):
            return (_MOUNT,)
    own = dict(_own_groups())
    found = [_MOUNT / kind / own.get(kind, "").lstrip("/") for kind in ("memory", "pids", "cpu")]
    return tuple(folder for folder in found if _can_make(folder))


@contextmanager
def group(folders: tuple[Path, ...], limits: Limits) -> Iterator[Group]:
    """New groups for one kernel, removed afterwards.

    Args:
        folders: as `parents` gives them.
        limits: what holds for all processes in it together.
    """
    with ExitStack() as stack:
        made = [stack.enter_context(_made(folder, limits)) for folder in folders]
        counting = [folder / name for folder in made for name in _COUNTERS if (folder / name).exists()]
        yield Group(
            entrances=[_opened(folder / "cgroup.procs", os.O_WRONLY, stack) for folder in made],
            counters=[_opened(file, os.O_RDONLY, stack) for file in counting],
        )


def _opened(file: Path, flags: int, stack: ExitStack) -> int:
    descriptor = os.open(file, flags | os.O_CLOEXEC)
    stack.callback(os.close, descriptor)
    return descriptor


@contextmanager
def _made(parent: Path, limits: Limits) -> Iterator[Path]:
    folder = parent / f"{GROUP_PREFIX}{os.getpid()}-{next(_numbers)}"
    folder.mkdir()
    try:
        # Files that a kernel writes are kept in memory, and are its own; the process that looks after it has some of each.
        memory, processes = limits.memory_bytes + limits.disk_bytes, limits.processes + 2
        values = {
            "memory.max": memory,
            "memory.swap.max": 0,
            "memory.limit_in_bytes": memory,
            "memory.memsw.limit_in_bytes": memory,
            "pids.max": processes,
        }
        for name, value in values.items():
            with suppress(OSError):  # each version of control groups has its own names, and swap may not be counted
                (folder / name).write_text(str(value))
        yield folder
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    """Remove a group, which the system may hold on to for a moment after its last process has ended."""
    for _ in range(_TRIES):
        try:
            folder.rmdir()
        except FileNotFoundError:
            return
        except OSError:
            sleep(_SECONDS_BETWEEN_TRIES)
        else:
            return


def _own_groups() -> Iterator[tuple[str, str]]:
    with suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, kinds, path = line.split(":", 2)
            for kind in kinds.split(","):
                yield kind, path


def _can_make(parent: Path) -> bool:
    trial = parent / f"{GROUP_PREFIX}{os.getpid()}-trial-{next(_numbers)}"
    try:
        trial.mkdir()
    except OSError:
        return False
    trial.rmdir()
    return True

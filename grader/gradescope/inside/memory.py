"""How much memory a notebook may take in a container, so that the grader survives what it takes.

A container has a ceiling, and whoever is over it is killed. Students must meet their own limit first, which costs them one cell.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from grader.kernels.limits import Limits

MIB = 1024**2
OURS = 320 * MIB
"""What the grader itself takes. Measured: supervisor 12 MiB, grading 80, fork server with numpy and torch 160, a first process and a
kernel without any student's code 30; of the libraries' files another 40 have to stay in memory."""
LEAST_MEMORY, LEAST_DISK = 256 * MIB, 16 * MIB
"""For a notebook, however small the container: with less, nothing that imports torch runs."""
_DISK_SHARE = 6
"""A sixth of what is left may be files, since those in /tmp may be kept in memory: 64 MiB of the smallest container."""
_V2, _V1, _ALL = "memory.max", "memory/memory.limit_in_bytes", "MemTotal:"
_GROUPS, _MEMINFO = Path("/sys/fs/cgroup"), Path("/proc/meminfo")


def memory_of_container(groups: Path = _GROUPS, meminfo: Path = _MEMINFO) -> int | None:
    """Bytes that this container may use; None if nobody says.

    Args:
        groups: where control groups are mounted, of version 2 or 1.
        meminfo: what the system says of the machine.
    """
    return min(_said(groups, meminfo), default=None)


def _said(groups: Path, meminfo: Path) -> Iterator[int]:
    for name in (_V2, _V1):
        with suppress(OSError, ValueError):  # there is no such file, or it says "max"
            yield int((groups / name).read_text(encoding="ascii"))
    with suppress(OSError, ValueError):
        lines = (line.split() for line in meminfo.read_text(encoding="ascii").splitlines())
        yield from (int(words[1]) * 1024 for words in lines if words[:1] == [_ALL])


def within_memory(limits: Limits, container: int | None) -> Limits:
    """Limits of memory and files that leave the grader its share of a container.

    Args:
        limits: which the homework has.
        container: its bytes, if they are known.
    """
    if container is None:
        return limits
    left = max(container - OURS, 0)
    disk = min(limits.disk_bytes, max(left // _DISK_SHARE, LEAST_DISK))
    memory = min(limits.memory_bytes, max(left - disk, LEAST_MEMORY))
    return limits.model_copy(update={"memory_bytes": memory, "disk_bytes": disk})

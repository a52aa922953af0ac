"""What the processes of one kernel take together, seen from the process that looks after them.

The system limits each process by itself; what counts is what they take together.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from stat import S_ISDIR
from time import sleep

SECONDS_BETWEEN_LOOKS = 0.1
"""A process fills about 300 MB in this time."""
LAST = 19
"""The lowest priority."""
_KILOBYTE = 1024
_SECONDS_BETWEEN_KILLS = 0.01
_MOST_OF_A_COUNTER = 4096
_BLOCK = 512
"""The unit of `st_blocks`, whatever the file system's own is."""
_ANYTHING = 1 << 60
_SHARE_AS_WELL = 2
"""Processes that have what a kernel has inherited, too: the fork server, and the one that looks after the kernel."""


def descendants(pid: int) -> Iterator[int]:
    """All processes below one. Complete as long as that one adopts orphans."""
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:  # it has ended
        return
    for thread in threads:
        with suppress(OSError):
            for child in map(int, _read(f"/proc/{pid}/task/{thread}/children").split()):
                yield child
                yield from descendants(child)


def tasks(pids: list[int]) -> int:
    """How many threads some processes have together."""
    return len(_threads(pids))


def running(pids: list[int]) -> int:
    """How many threads some processes have together that run, or would if a processor were free."""
    return sum(
        _read_or_nothing(f"/proc/{pid}/task/{thread}/stat").rpartition(")")[2][1:2] == "R"
        for pid, thread in _threads(pids)
    )


def give_way(pids: list[int]) -> None:
    """Have processes, and all that they start from now on, take a twentieth of what a neighbour gets of the processors.

    Nothing at all would keep them from ending, too.
    """
    for _, thread in _threads(pids):
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, thread, LAST)


def private_bytes(pids: list[int], inherited: int, most: int) -> int:
    """Memory that processes do not share with the one they were forked from.

    Args:
        pids: the processes.
        inherited: bytes that each had when it was forked and still shares.
        most: below it an upper bound will do; only above it is the exact number worth its price.
    """
    bound = sum(max(0, _anonymous(pid) - inherited) for pid in pids)
    if bound <= most:
        return bound
    each = inherited // (len(pids) + _SHARE_AS_WELL)
    # Looked at twice: a page that is shared out by a fork between two processes' turns counts too much in the first.
    return min(sum(_exactly(pid, inherited, each) for pid in pids) for _ in range(2))


def killed_for_memory(counters: list[int]) -> bool:
    """Whether the system has killed a process because its control group had no memory left.

    Args:
        counters: open files memory.events or memory.oom_control.
    """
    return any(
        line.startswith(b"oom_kill ") and int(line.split()[1]) > 0
        for counter in counters
        for line in os.pread(counter, _MOST_OF_A_COUNTER, 0).splitlines()
    )


def inherited_bytes() -> int:
    """What this process, just forked, shares with whoever forked it."""
    return _anonymous(os.getpid())


def written_bytes(paths: list[str], most_files: int) -> tuple[int, int]:
    """How much files and folders hold: bytes and number of entries, the count given up soon after `most_files`.

    A folder that has been closed to be looked into holds more than anybody may: no notebook has a use for one.
    """
    size = count = 0
    left = list(paths)
    while left and count <= most_files:
        path = left.pop()
        with suppress(OSError):
            facts = os.lstat(path)
            size, count = size + facts.st_blocks * _BLOCK, count + 1
            if S_ISDIR(facts.st_mode):
                try:
                    left += [entry.path for entry in os.scandir(path)]
                except PermissionError:
                    size += _ANYTHING
    return size, count


def paths_in_use() -> Iterator[str]:
    """Files and folders that processes have open or mapped, of those processes that this one may look into."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError):
            for descriptor in os.listdir(f"/proc/{pid}/fd"):
                with suppress(OSError):
                    yield os.readlink(f"/proc/{pid}/fd/{descriptor}")
        for line in _read_or_nothing(f"/proc/{pid}/maps").splitlines():
            yield from line.split(maxsplit=5)[5:]


def kill_all(pid: int) -> None:
    """Kill everything below a process that adopts orphans: first stopped, since what is stopped cannot fork."""
    stopped: set[int] = set()
    while new := set(descendants(pid)) - stopped:
        _signal_all(new, signal.SIGSTOP)
        stopped |= new
    while left := list(descendants(pid)):
        _signal_all(set(left), signal.SIGKILL)
        reap()
        sleep(_SECONDS_BETWEEN_KILLS)  # they need a processor to end


def reap() -> list[tuple[int, int]]:
    """Take leave of all children that have ended: their ids and wait statuses."""
    ended = []
    with suppress(ChildProcessError):
        while (one := os.waitpid(-1, os.WNOHANG))[0]:
            ended.append(one)
    return ended


def _threads(pids: list[int]) -> list[tuple[int, int]]:
    """Processes with each of their threads."""
    found = []
    for pid in pids:
        with suppress(OSError):
            found += [(pid, int(thread)) for thread in os.listdir(f"/proc/{pid}/task")]
    return found


def _signal_all(pids: set[int], number: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def _anonymous(pid: int) -> int:
    """Bytes of memory that belong to no file on disk."""
    _name, *lines = _read_or_nothing(f"/proc/{pid}/status").split(
        "\n"
    )  # a student chooses the name, so it may say anything
    parts = [line.split() for line in lines if line.startswith(("RssAnon:", "RssShmem:"))]
    return sum(int(part[1]) for part in parts) * _KILOBYTE


def _exactly(pid: int, inherited: int, each: int) -> int:
    """The share of a process in its memory, where the system tells; pages that it shares with forks of its own count in parts.

    Args:
        pid: the process.
        inherited: as for `private_bytes`.
        each: its share in that.
    """
    lines = _read_or_nothing(f"/proc/{pid}/smaps_rollup").splitlines()
    parts = [line.split() for line in lines if line.startswith(("Pss_Anon:", "Pss_Shmem:"))]
    if not parts:
        return max(0, _anonymous(pid) - inherited)
    return max(0, sum(int(part[1]) for part in parts) * _KILOBYTE - each)


def _read_or_nothing(path: str) -> str:
    try:
        return _read(path)
    except OSError:
        return ""


def _read(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()

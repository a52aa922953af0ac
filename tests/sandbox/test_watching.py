import ctypes
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from grader.sandbox import watching
from tests.sandbox.children import in_child

PR_SET_NAME = 15


@contextmanager
def zombie(name: bytes) -> Iterator[int]:
    pid = os.fork()
    if not pid:
        ctypes.CDLL(None).prctl(PR_SET_NAME, name, 0, 0, 0)
        os._exit(0)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    yield pid
    os.waitpid(pid, 0)


@pytest.mark.parametrize("name", [b"\x0cRssAnon:", b"\x0cRssAnon:x", b"\x85RssShmem: 9", b"\nRssAnon: 1 kB"])
def test_a_process_says_nothing_of_its_memory_by_its_name(name: bytes) -> None:
    with zombie(name) as pid:
        assert watching.private_bytes([pid], 0, 0) == 0


def test_a_folder_closed_to_whoever_counts_holds_more_than_any_limit() -> None:
    with TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        (Path(folder) / "closed").mkdir(0o300)

        def count() -> tuple[int, int]:
            if not os.geteuid():  # to whom no folder is closed
                os.setresuid(61_234, 61_234, 61_234)
            return watching.written_bytes([f"{folder}/closed"], 10)

        assert in_child(count)[0] > 2**50


@contextmanager
def busy_processes(count: int) -> Iterator[list[int]]:
    pids = []
    for _ in range(count):
        pid = os.fork()
        if not pid:
            while True:
                pass
        pids.append(pid)
    try:
        yield pids
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def test_what_wants_a_processor_is_told_from_what_waits() -> None:
    assert watching.running([os.getpid()]) >= 1
    with busy_processes(3) as pids, zombie(b") R 1") as ended:
        assert watching.running(pids) == 3
        assert watching.running([ended]) == 0
        assert watching.running([*pids, 2**22 + 1]) == 3


def test_processes_that_give_way_come_last() -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    with busy_processes(2) as pids:
        watching.give_way([*pids, 2**22 + 1])
        assert {os.getpriority(os.PRIO_PROCESS, pid) for pid in pids} == {watching.LAST}
    assert os.getpriority(os.PRIO_PROCESS, 0) == own < watching.LAST

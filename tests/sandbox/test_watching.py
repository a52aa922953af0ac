import ctypes
import os
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

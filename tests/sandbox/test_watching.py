import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


def test_a_folder_closed_to_whoever_counts_holds_more_than_any_limit(tmp_path: Path) -> None:
    def count() -> tuple[int, int]:
        if not os.geteuid():  # to whom no folder is closed
            os.setresuid(61_234, 61_234, 61_234)
        return watching.written_bytes([str(tmp_path / "closed")], 10)

    (tmp_path / "closed").mkdir(0o300)
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o755)
    assert in_child(count)[0] > 2**50

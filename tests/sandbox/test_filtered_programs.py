"""What has to go on working under a filter."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.sandbox.children import FEW, MANY, linux

pytestmark = linux

ROOT = Path(__file__).resolve().parents[2]
ORDINARY = {
    "threads": """
        import threading
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(abs, range(100))) == 4950
    """,
    "programs": """
        import subprocess
        assert subprocess.run(["/bin/sh", "-c", "echo a | tr a b"], check=True, capture_output=True).stdout == b"b\\n"
        assert subprocess.run(["/bin/sh", "-c", "exit 3"], start_new_session=True).returncode == 3
        import os
        assert os.waitstatus_to_exitcode(os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)[1]) == 0
    """,
    "multiprocessing": """
        import multiprocessing
        for method in ("fork", "spawn"):
            context = multiprocessing.get_context(method)
            with context.Pool(2) as pool:
                assert pool.map(abs, [-1, -2]) == [1, 2]
            queue, lock, value = context.Queue(), context.Lock(), context.Value("i", 0)
            process = context.Process(target=queue.put, args=(5,))
            process.start()
            assert queue.get() == 5
            process.join()
    """,
    "shared memory": """
        from multiprocessing.shared_memory import SharedMemory
        memory = SharedMemory(create=True, size=64)
        memory.buf[0] = 7
        memory.close()
        memory.unlink()
    """,
    "asyncio": """
        import asyncio
        async def run():
            process = await asyncio.create_subprocess_exec("/bin/cat", stdin=-1, stdout=-1)
            return await process.communicate(b"a")
        assert asyncio.run(run())[0] == b"a"
    """,
    "terminals": """
        import os, pty
        child, terminal = pty.fork()
        if not child:
            os.execv("/bin/sh", ["sh", "-c", "test -t 0 && echo yes"])
        assert b"yes" in os.read(terminal, 100)
        os.waitpid(child, 0)
    """,
    "files": """
        import shutil, tempfile, os, fcntl
        with tempfile.TemporaryDirectory() as folder:
            a, b = os.path.join(folder, "a"), os.path.join(folder, "b")
            with open(a, "w") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                file.write("x")
            os.chmod(a, 0o600)
            shutil.copy2(a, b)
            shutil.make_archive(b, "tar", folder)
            shutil.unpack_archive(b + ".tar", os.path.join(folder, "c"))
    """,
    "numpy": """
        import numpy
        a = numpy.ones((300, 300))
        assert (a @ a)[0, 0] == 300
        numpy.linalg.svd(a)
    """,
}
WITH_SOCKETS = {
    "listeners": """
        import threading
        from multiprocessing.connection import Client, Listener
        with Listener(family="AF_UNIX") as listener:
            thread = threading.Thread(target=lambda: Client(listener.address).send("a"))
            thread.start()
            with listener.accept() as connection:
                assert connection.recv() == "a"
            thread.join()
    """,
    "torch": """
        import torch
        from torch.utils.data import DataLoader, TensorDataset
        data = TensorDataset(torch.arange(64.0))
        with torch.no_grad():
            total = sum(batch.sum() for (batch,) in DataLoader(data, batch_size=8, num_workers=2))
        assert total == 2016
        model = torch.nn.Conv2d(3, 8, 3)
        model(torch.ones(2, 3, 16, 16)).sum().backward()
        assert model.weight.grad is not None
    """,
}
START = """
import platform, sys
sys.path.insert(0, {root!r})
from grader.sandbox.seccomp import install, program
if __name__ == "__main__":
    install(program(platform.machine(), **{choice!r}))
"""


def run_filtered(code: str, choice: dict[str, bool], folder: Path) -> None:
    lines = [line.removeprefix(" " * 8) for line in code.splitlines()]
    body = "".join(f"    {line}\n" for line in lines)
    script = folder / "script.py"  # spawning imports it once more
    script.write_text(START.format(root=str(ROOT), choice=choice) + body + "    print('done')\n", encoding="utf-8")
    done = subprocess.run([sys.executable, str(script)], check=False, capture_output=True, text=True, timeout=200)
    assert done.stdout == "done\n", done.stderr
    assert not done.returncode


@pytest.mark.parametrize("name", ORDINARY)
@pytest.mark.parametrize("choice", [FEW, MANY], ids=["few", "many"])
def test_ordinary_programs_go_on_working(name: str, choice: dict[str, bool], tmp_path: Path) -> None:
    run_filtered(ORDINARY[name], choice, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", WITH_SOCKETS)
@pytest.mark.parametrize("own_network", [False, True])
def test_programs_that_hand_over_files_by_sockets_go_on_working(
    name: str,
    own_network: bool,  # noqa: FBT001 - one of the cases
    tmp_path: Path,
) -> None:
    run_filtered(WITH_SOCKETS[name], MANY | {"own_network": own_network}, tmp_path)

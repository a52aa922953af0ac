import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from grader.errors import InfrastructureError, InputError
from grader.execution import execute
from grader.kernels import cgroups, server_process
from grader.kernels.choosing import Wanted, attempt
from grader.kernels.leftovers import FOLDER_PREFIX, GROUP_PREFIX
from grader.kernels.limits import Limits
from grader.kernels.server_process import started_early
from grader.kernels.warm import WarmKernels
from grader.records import Execution, FailureKind
from grader.sandbox import watching
from tests.kernels.contained import contained, offered_tier
from tests.processes import processes_with
from tests.runs import asked, notebook, values

pytestmark = pytest.mark.kernel
MIB = 1024**2


@pytest.fixture(scope="module")
def kernels() -> Iterator[WarmKernels]:
    with contained("numpy", "torch", memory_bytes=300 * MIB, disk_bytes=20 * MIB, processes=40, files=200) as kernels:
        yield kernels


def run(kernels: WarmKernels, *sources: str, watch: str = "a b c", **limits: float) -> Execution:
    changed = kernels.limits.model_copy(update=limits)
    return execute(notebook(*sources), asked(*watch.split()), kernels, changed)


def test_what_is_preloaded_is_there_and_works(kernels: WarmKernels) -> None:
    sources = (
        "import sys; a = 'torch' in sys.modules",
        "import numpy, torch; b = float(numpy.arange(4).sum() + torch.ones(3).sum())",
        "x = torch.ones(64, 64, requires_grad=True); (x @ x).sum().backward(); c = x.grad.shape",
    )
    execution = run(kernels, *sources)
    assert values(execution) == {"a": True, "b": 9.0, "c": (64, 64)}
    assert execution.isolation == offered_tier().name


def test_a_kernel_finds_nothing_of_the_grader(kernels: WarmKernels) -> None:
    looks = (
        "import sys; a = [name for name in sys.modules if name.split('.')[0] in ('grader', 'reference')]",
        "import os; b = sorted(name for name in os.environ if 'GRADER' in name or 'TOLD' in name)",
        "caches = [getattr(one, '_path_cache', ()) for one in sys.path_importer_cache.values()]",
        "c = [name for cache in caches for name in cache if name in ('submissions', 'problems', 'pipeline.py')]",
    )
    os.environ["TOLD_TO_NOBODY"] = "x"
    try:
        assert values(run(kernels, *looks)) == {"a": (), "b": (), "c": ()}
    finally:
        del os.environ["TOLD_TO_NOBODY"]


def test_kernels_do_not_see_each_others_files_and_begin_alike(kernels: WarmKernels) -> None:
    source = (
        "import os, numpy; a = os.listdir(); b = os.listdir(os.environ['TMPDIR']) == []; open('mine', 'w').write('x')"
    )
    first = values(run(kernels, source, "c = [numpy.random.rand(), hash('abc')]"))
    assert first["a"] in {(), (".ipython",)}
    assert values(run(kernels, source, "c = [numpy.random.rand(), hash('abc')]")) == first


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("bytearray(400 * 2**20)", "MemoryError"),
        ("import torch; torch.zeros(200_000_000)", "RuntimeError"),
        ("open('x', 'wb').write(bytes(30 * 2**20))", "OSError"),
        ("for n in range(300): open(f'f{n}', 'w').close()", "OSError"),
        ("import threading, time\nfor _ in range(99): threading.Thread(target=time.sleep, args=(9,)).start()", "RuntimeError"),
        ("import socket; socket.create_connection(('127.0.0.1', 22), 1)", "OSError"),
        ("open('/etc/shadow')", "OSError"),
        ("open('/usr/x', 'w')", "OSError"),
        ("import os; os.kill(1, 9) if os.getppid() != 1 else 1/0", "OSError"),
    ],
)  # fmt: skip
def test_a_limit_or_a_wall_is_an_ordinary_error(kernels: WarmKernels, source: str, error: str) -> None:
    if "range(300)" in source and not offered_tier().containment.namespaces:
        pytest.skip("the number of files is watched in this tier, not limited")
    execution = run(kernels, "a = 1", source, "c = 3")
    if "kill" in source and offered_tier().containment.namespaces:
        assert execution.failures[0].name in {"ZeroDivisionError", "PermissionError"}
        return
    kinds = {failure.cell: failure.kind for failure in execution.failures}
    assert kinds == {1: FailureKind.ERROR}
    assert issubclass(
        getattr(__import__("builtins"), execution.failures[0].name), getattr(__import__("builtins"), error)
    )
    assert values(execution) == {"a": 1, "c": 3}


def test_memory_that_several_processes_take_together_ends_the_kernel_and_is_named(kernels: WarmKernels) -> None:
    fill = "import os, time\nfor _ in range(4):\n  if not os.fork(): x = b'x' * (150 * 2**20); time.sleep(9); os._exit(0)\ntime.sleep(9)"
    execution = run(kernels, "a = 1", fill, "c = 3")
    failure = execution.failures[0]
    assert (failure.cell, failure.kind, failure.name) == (1, FailureKind.DIED, "memory_bytes")
    assert values(execution)["a"] == 1


def test_memory_that_processes_share_counts_once(kernels: WarmKernels) -> None:
    fork = "import os, time\nx = bytearray(120 * 2**20)\nfor _ in range(4):\n  if not os.fork(): time.sleep(1); os._exit(0)\nfor _ in range(4): os.wait()"
    execution = run(kernels, fork, "a = len(x)")
    assert (execution.failures, values(execution)) == ((), {"a": 120 * MIB})


def test_processor_time_ends_the_kernel() -> None:
    with contained(seconds_of_cpu=2) as kernels:
        execution = run(kernels, "a = 1", "while True: pass")
        assert (execution.failures[0].cell, execution.failures[0].name) == (1, "seconds_of_cpu")


def test_daemons_end_with_their_kernel(kernels: WarmKernels) -> None:
    token = os.urandom(8).hex()
    daemon = (
        f"import os, time; os.fork() and os._exit(0); os.setsid(); os.fork() and os._exit(0); time.sleep(600) # {token}"
    )
    execution = run(kernels, f"import subprocess, sys; subprocess.run([sys.executable, '-c', {daemon!r}])", "a = 1")
    assert values(execution) == {"a": 1}
    assert processes_with(token) == []


def test_a_dead_kernel_is_noticed_and_its_folder_goes(kernels: WarmKernels) -> None:
    execution = run(kernels, "a = 1", "import os; os._exit(3)", seconds_of_grace=1)
    assert execution.failures[0].kind is FailureKind.DIED
    assert [path.name for path in kernels.root.iterdir()] == ["view"]


def test_a_kernel_shares_processors_as_one_however_many_processes_it_has(kernels: WarmKernels) -> None:
    if not offered_tier().containment.own_user or not any("cpu" in folder.parts for folder in cgroups.parents()):
        pytest.skip("needs root and a hierarchy of control groups for processors")
    groups = values(run(kernels, "a = open('/proc/self/cgroup').read()"))["a"]
    assert [line for line in groups.splitlines() if ":cpu" in line and f"/{GROUP_PREFIX}" in line]


def test_several_kernels_at_once_get_the_same_results(kernels: WarmKernels) -> None:
    with ThreadPoolExecutor(6) as threads:
        runs = list(threads.map(lambda _: run(kernels, "import torch; a = torch.rand(3).tolist()"), range(12)))
    assert len({str(values(one)) for one in runs}) == 1


def test_when_the_fork_server_dies_that_is_nobody_elses_fault_and_the_next_kernel_has_a_new_one() -> None:
    with contained() as kernels:
        started = time.monotonic()
        with ThreadPoolExecutor(1) as threads:
            waiting = threads.submit(run, kernels, "import time; time.sleep(30)")
            while (
                not [path for path in kernels.root.iterdir() if path.name != "view"] and time.monotonic() < started + 20
            ):
                time.sleep(0.05)
            time.sleep(0.5)
            kernels._server._process.popen.kill()
            with pytest.raises(InfrastructureError, match="fork server"):
                waiting.result(timeout=30)
        assert values(run(kernels, "a = 1")) == {"a": 1}


def test_a_fork_server_that_does_not_answer_is_not_waited_for_for_ever() -> None:
    with contained(seconds_to_start=1) as kernels:
        outer = kernels._server._process.popen.pid
        inner = Path(f"/proc/{outer}/task/{outer}/children").read_text(encoding="ascii").split()
        server = int(inner[0]) if inner else outer
        os.kill(server, signal.SIGSTOP)
        try:
            with pytest.raises(InfrastructureError, match="no kernel could be started"):
                run(kernels, "a = 1")
        finally:
            os.kill(server, signal.SIGCONT)


def test_a_module_that_cannot_be_preloaded_is_named() -> None:
    with pytest.raises(InputError, match=r"no_such_module cannot be imported .*; install it beside the grader"):
        WarmKernels(offered_tier(), Limits(), ("no_such_module",))


def test_a_preparation_that_is_too_long_is_told_in_words() -> None:
    with pytest.raises(InfrastructureError, match=r"did not start: \d+ bytes of settings are more than 262144"):
        WarmKernels(offered_tier(), Limits(), preparation="#" * 300_000)


def test_a_process_started_early_becomes_the_first_fork_server_and_the_next_is_its_own() -> None:
    offered_tier()  # else whoever looks for one takes it
    look = "import sys; a = 'tor' 'ch' in sys.modules"  # not by its name, for which it would be seeded
    with started_early(["torch"]):
        early = server_process._spares[0].popen.pid
        with contained("torch") as first, contained() as second:
            assert first._server._process.popen.pid == early != second._server._process.popen.pid
            assert values(run(first, look)) == {"a": True}
            assert values(run(second, look)) == {"a": False}


@pytest.mark.parametrize(("likely", "preload"), [(["torch"], []), ([], ["torch"])])
def test_a_process_that_has_imported_something_else_becomes_no_fork_server(
    likely: list[str], preload: list[str]
) -> None:
    offered_tier()
    with started_early(likely):
        early = server_process._spares[0].popen
        with contained(*preload) as kernels:
            assert kernels._server._process.popen.pid != early.pid
        assert early.returncode is not None


def test_a_process_started_early_that_has_died_costs_no_tier() -> None:
    tier = offered_tier()
    with started_early():
        server_process._spares[0].popen.kill()
        server_process._spares[0].popen.wait()
        with contained() as kernels:
            assert values(run(kernels, "a = 1")) == {"a": 1}
            assert kernels.tier is tier


def test_where_no_process_can_be_started_early_the_usual_words_are_said_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError("no more processes")

    tier = offered_tier()
    monkeypatch.setattr(server_process, "ServerProcess", fails)
    with started_early(["numpy"]):
        tried = attempt(tier, Wanted(Limits()))
    assert (tried.kernels, tried.troubles) == (None, ["no more processes"])


def test_a_kernel_that_dies_while_it_waits_for_its_turn_is_nobody_elses_fault(kernels: WarmKernels) -> None:
    class Killing:
        """A turn that comes after all kernels have been killed."""

        def __enter__(self) -> None:
            server = kernels._server._process.popen.pid
            for pid in watching.descendants(server):
                if (Path("/proc") / str(pid) / "oom_score_adj").read_text(encoding="ascii").strip() == "1000":
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.2)  # nobody listens meanwhile

        def __exit__(self, *_: object) -> None:
            pass

    with pytest.raises(InfrastructureError, match="ended before the notebook ran"):
        execute(notebook("a = 1"), asked("a"), kernels, kernels.limits, Killing())
    assert values(run(kernels, "a = 1")) == {"a": 1}


def test_a_process_started_early_that_nobody_needs_is_ended_at_once() -> None:
    with started_early(["torch"]):
        popen = server_process._spares[0].popen
    assert popen.returncode is not None


def test_what_cannot_be_imported_early_is_told_by_who_asks_for_it() -> None:
    with started_early(["no_such_module"]), contained() as kernels:
        assert values(run(kernels, "a = 1")) == {"a": 1}


def test_a_run_leaves_no_file_and_no_process() -> None:
    with contained() as kernels:
        server = kernels._server._process.popen.pid
        run(kernels, "a = 1")
    assert not Path(f"/proc/{server}").exists()
    assert not kernels.root.exists()


PROGRAM = """
import sys
from grader.execution import execute
from grader.kernels.limits import Limits
from tests.kernels.contained import contained
from tests.runs import notebook
source = 'import subprocess, sys, time; subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600) # TOKEN"], start_new_session=True); time.sleep(600)'
execute(notebook(source), {}, contained(), Limits())
"""


def test_kill_minus_nine_of_the_grader_leaves_nothing_running_and_only_what_the_next_one_sweeps(tmp_path: Path) -> None:
    offered_tier()
    token = os.urandom(8).hex()
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    grader = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.replace("TOKEN", token)], cwd=Path(__file__).parents[2], env=environment
    )
    wait_for(lambda: len(processes_with(token)) > 1)  # the grader itself has the token, too
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    wait_for(lambda: not processes_with(token))
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(FOLDER_PREFIX)] == []


def wait_for(condition: Any) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_leaving_the_context_early_ends_the_kernel(kernels: WarmKernels) -> None:
    async def leave() -> None:
        async with kernels.kernel():
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(leave())
    assert [path.name for path in kernels.root.iterdir()] == ["view"]

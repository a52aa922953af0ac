"""A cell that ends its kernel costs only what depends on it."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import nbformat
import pytest

from grader.errors import InfrastructureError
from grader.kernels import Kernel
from grader.kernels.plain import PlainKernels
from grader.records import Execution, FailureKind
from tests.runs import failure_kinds, printed, run, values

pytestmark = pytest.mark.kernel

DIE = "import os; os._exit(3)"
HANG = "while True:\n  try:\n    import time; time.sleep(.1)\n  except BaseException: pass"


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A short folder in which all temporary files of a test appear."""
    with tempfile.TemporaryDirectory(prefix="t-", dir="/tmp") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


def messages(execution: Execution) -> list[str]:
    return [f"{failure.cell} {failure.message}" for failure in execution.failures]


def withouts(execution: Execution) -> dict[str, tuple[int, ...]]:
    return {captured.variable: captured.without for captured in execution.captured}


def test_the_cells_before_and_after_one_that_dies_count(temporary: Path) -> None:
    execution = run("a = 1; print('once')", "b = 1", f"b = 2\n{DIE}", "c = 3", "print(d)", "# note")
    assert values(execution) == {"a": 1, "b": 1, "c": 3}
    assert withouts(execution) == {"a": (), "b": (), "c": (2,)}
    assert execution.left_out == (2,)
    died, error = execution.failures
    assert (died.cell, died.kind, died.name, died.without) == (2, FailureKind.DIED, "kernel", ())
    assert died.message == "ended the kernel; the notebook ran again without it"
    assert (error.cell, error.kind, error.name, error.without) == (4, FailureKind.ERROR, "NameError", (2,))
    assert printed(execution, 0) == "once\n"
    nbformat.validate(execution.notebook)
    assert Execution.model_validate_json(execution.model_dump_json()) == execution
    assert list(temporary.iterdir()) == []


def test_what_the_first_run_saw_of_a_cell_stays() -> None:
    execution = run("import os\nprint(os.getpid())", DIE, "b = os.getpid()")
    assert printed(execution, 0).strip() != str(values(execution)["b"])


def test_a_cell_that_cannot_be_interrupted_is_left_out() -> None:
    execution = run("a = 1", HANG, "b = 2", "# note", seconds_per_cell=1, seconds_of_grace=0.5)
    (failure,) = execution.failures
    assert (failure.cell, failure.kind, failure.name) == (1, FailureKind.TIMEOUT, "seconds_per_cell")
    words = "ran longer than 1 s and did not stop when it was interrupted; the notebook ran again without it"
    assert failure.message == words
    assert values(execution) == {"a": 1, "b": 2}


def test_the_first_and_the_last_cell_may_die() -> None:
    execution = run(DIE, "a = 1", DIE)
    assert values(execution) == {"a": 1}
    assert messages(execution) == ["0 ended the kernel; the notebook ran again without it", "2 ended the kernel"]


def test_after_two_salvages_the_rest_is_not_reached() -> None:
    execution = run("a = 1", DIE, "b = 2", DIE, "c = 3", DIE, "d = 4")
    assert values(execution) == {"a": 1, "b": 2, "c": 3}
    assert withouts(execution) == {"a": (), "b": (1,), "c": (1, 3)}
    assert failure_kinds(execution) == {
        1: FailureKind.DIED, 3: FailureKind.DIED, 5: FailureKind.DIED, 6: FailureKind.NOT_REACHED
    }  # fmt: skip
    assert messages(execution)[2:] == ["5 ended the kernel", "6 the kernel ended in cells 2, 4 and 6"]


def test_a_thread_that_kills_later_cells_costs_at_most_three_kernels() -> None:
    thread = "import os, threading, time\nthreading.Timer(0.5, os._exit, [1]).start()\na = 1"
    execution = run(thread, *["time.sleep(0.4)"] * 12, "b = 2")
    assert len(execution.left_out) == 2
    assert values(execution) == {"a": 1}
    assert failure_kinds(execution)[13] is FailureKind.NOT_REACHED


def test_a_cell_that_dies_only_when_it_runs_again_keeps_its_answer(tmp_path: Path) -> None:
    second_time = f"from pathlib import Path\nmark = Path({str(tmp_path / 'mark')!r})\na = 1\n"
    dies_then = f"if mark.exists(): {DIE}\nmark.touch()"
    execution = run(second_time + dies_then, DIE, "b = 2")
    assert values(execution) == {"a": 1, "b": 2}
    assert withouts(execution) == {"a": (), "b": (1, 0)}
    assert messages(execution) == [
        "0 ended the kernel when it ran again; the notebook ran again without it",
        "1 ended the kernel; the notebook ran again without it",
    ]


def test_all_runs_share_the_time_of_the_notebook() -> None:
    execution = run("a = 1\nimport time; time.sleep(2)", DIE, "b = 2", seconds_per_notebook=3)
    assert values(execution) == {"a": 1}
    assert failure_kinds(execution) == {1: FailureKind.DIED, 2: FailureKind.NOT_REACHED}
    assert messages(execution)[1] == "2 the 3 s of the notebook were over in cell 1"


def test_outputs_of_cells_that_run_again_are_charged_once() -> None:
    prints = "print('x' * 800)"
    execution = run(prints, DIE, prints, output_bytes_per_notebook=2_000)
    assert [printed(execution, cell).count("x") for cell in (0, 2)] == [800, 800]


class LimitedKernels:
    """Kernels that tell of a limit when they end, and can be had only a number of times."""

    isolation = "none"
    prepared = ""

    def __init__(self, limit: str = "", times: int = 9, broken: bool = False) -> None:  # noqa: FBT001, FBT002 - a test's own
        self.limit, self.left, self.broken = limit, times, broken

    @asynccontextmanager
    async def kernel(self) -> AsyncIterator[Kernel]:
        self.left -= 1
        if self.left < 0:
            raise OSError("no more kernels")
        async with PlainKernels().kernel() as kernel:
            yield LimitedKernel(kernel, self)


class LimitedKernel:
    def __init__(self, kernel: Kernel, kernels: LimitedKernels) -> None:
        self.manager, self.kernel, self.kernels = kernel.manager, kernel, kernels

    async def ended(self) -> str:
        await self.kernel.ended()
        if self.kernels.broken:
            raise InfrastructureError("the machine was short of memory")
        return self.kernels.limit


def test_the_limit_that_ended_a_kernel_is_named_with_its_size() -> None:
    execution = run("a = 1", DIE, "b = 2", kernels=LimitedKernels("memory_bytes"))
    (failure,) = execution.failures
    assert (failure.kind, failure.name) == (FailureKind.DIED, "memory_bytes")
    assert failure.message.startswith("used more than 2 GiB of memory (limit memory_bytes);")
    assert values(execution) == {"a": 1, "b": 2}


def test_a_kernel_that_cannot_be_had_again_is_the_graders_fault() -> None:
    with pytest.raises(InfrastructureError, match="no more kernels"):
        run("a = 1", DIE, "b = 2", kernels=LimitedKernels(times=1))


def test_a_kernel_that_the_machine_ended_is_the_graders_fault() -> None:
    with pytest.raises(InfrastructureError, match="short of memory"):
        run("a = 1", DIE, "b = 2", kernels=LimitedKernels(broken=True))


def test_what_a_dead_kernel_started_and_left_is_gone() -> None:
    stray = "import subprocess; print(subprocess.Popen(['sleep', '999'], start_new_session=True).pid)"
    execution = run(stray, DIE, "b = 2")
    assert not _runs(int(printed(execution, 0)))


def _runs(pid: int) -> bool:
    """Whether it is a process that has not ended; one that has may wait for whoever adopted it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_notebook_that_takes_its_streams_away_goes_on_with_the_next_cell() -> None:
    execution = run("import sys\nsys.stdout = sys.stderr = None", "a = 1", seconds_per_cell=5)
    assert (execution.failures, values(execution)) == ((), {"a": 1})

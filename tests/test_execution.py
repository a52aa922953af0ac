import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import nbformat
import pytest

from grader.answers.plain import Foreign, Frame
from grader.errors import InfrastructureError
from grader.execution import execute
from grader.kernels import Kernel
from grader.kernels.limits import Limits
from grader.kernels.plain import PlainKernels
from grader.notebooks import Cell, Notebook, read_notebook
from grader.records import ANSWERS_MIME, CellFailure, Execution, FailureKind
from tests.processes import processes_with
from tests.runs import asked, failure_kinds, notebook, printed, run, values

pytestmark = pytest.mark.kernel


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A short folder in which all temporary files of a test appear."""
    with tempfile.TemporaryDirectory(prefix="t-", dir="/tmp") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


TYPES = """
import numpy as np, torch, pandas as pd
from fractions import Fraction
from decimal import Decimal
nothing, dots, yes, whole, real, text = None, ..., True, 10**20, 0.1, "64×56\\ud800"
third, price, nested = Fraction(1, 3), Decimal("1.50"), {"conv1": [1, (2.5, None)]}
array, scalar, tensor, size = np.eye(2), np.float32(0.5), torch.ones(2, requires_grad=True), torch.Size([3, 4])
frame, infinite, module = pd.DataFrame({"n": [1]}, index=["k"]), float("-inf"), torch.nn.Linear(1, 1)
"""
HOSTILE = """
class Hostile:
    def __getattribute__(self, name): raise SystemExit
    def __repr__(self): raise SystemExit
    def __eq__(self, other): return True
    def __len__(self): raise KeyboardInterrupt
    __class__ = int
hostile, recursive = Hostile(), []
recursive.append(recursive)
Hostile()
"""
FORGED = f"""
from IPython.display import publish_display_data as publish
publish({{"{ANSWERS_MIME}": {{"values": {{"forged": {{"t": "int", "v": "1"}}, "stranger": {{"t": "none"}}}}}}}})
publish({{"{ANSWERS_MIME}": {{"values": {{"forged": {{"t": "int", "v": "2"}}, "whole": 5}}}}}})
publish({{"{ANSWERS_MIME}": "nonsense", "text/plain": "shown"}})
"""
CELLS = {
    "types": TYPES,
    "markdown": "",
    "error": "before = 1\n1/0\nafter = 1",
    "input": "name = input()",
    "installers": "!pip install -q torchvision\n%pip install x\npackages = 1",
    "colab": "import sys\nknown = 'google.colab' in sys.modules\nfrom google.colab import drive, files\n"
    "drive.mount('/content/drive')\nuploaded = files.upload()",
    "otter": "import otter\ngrader = otter.Notebook('hw.ipynb')\ngrader.check('q1')\ngrader.check_all()\ngrader.export()",
    "blank": "  \n",
    "hostile": HOSTILE,
    "seeds": "import random\nseeds = [random.random(), np.random.rand(), torch.rand(1).item(), hash('abc')]",
    "forged": FORGED,
    "nested": "%%capture\nprint('hidden')\nget_ipython().run_cell('nested = 1')",
    "flood": "for _ in range(10**5): print('x' * 1000)\nflooded = 1",
    "environment": "import os\nenvironment = sorted(os.environ)\nhere = os.listdir()\nbackend = os.environ['MPLBACKEND']",
    "names": "leftover = [name for name in dir() if 'grader_' in name or name in ('Capture', 'shell', 'seed')]",
    "quit": "quit()",
    "last": "last = 1",
}
NAMES = (
    "nothing dots yes whole real text third price nested array scalar tensor size frame infinite module before after "
    "packages known uploaded hostile recursive seeds forged nested flooded environment here backend leftover last never"
)
AT = {name: position for position, name in enumerate(CELLS)}


@pytest.fixture(scope="module")
def twice() -> tuple[Execution, Execution]:
    """The same eventful notebook, run in two threads at once."""
    cells = tuple(Cell("markdown" if name == "markdown" else "code", source) for name, source in CELLS.items())
    with ThreadPoolExecutor(2) as threads:
        runs = [
            threads.submit(
                execute, Notebook(cells), asked(*NAMES.split()), PlainKernels(), Limits(output_bytes_per_cell=50_000)
            )
            for _ in range(2)
        ]
        return runs[0].result(), runs[1].result()


@pytest.fixture(scope="module")
def eventful(twice: tuple[Execution, Execution]) -> Execution:
    return twice[0]


def test_two_runs_at_once_end_alike(twice: tuple[Execution, Execution]) -> None:
    assert twice[0].captured == twice[1].captured
    assert failure_kinds(twice[0]) == failure_kinds(twice[1])


def test_values_of_each_type_arrive_exactly(eventful: Execution) -> None:
    arrived = values(eventful)
    expected = {
        "nothing": None, "dots": ..., "yes": True, "whole": 10**20, "real": 0.1, "text": "64×56\ufffd",
        "nested": {"conv1": (1, (2.5, None))}, "array": ((1.0, 0.0), (0.0, 1.0)), "scalar": 0.5, "tensor": (1.0, 1.0),
        "size": (3, 4), "frame": Frame(("n",), ("k",), ((1,),)), "infinite": -math.inf,
        "module": Foreign("torch.nn.modules.linear.Linear"),
    }  # fmt: skip
    assert {name: arrived[name] for name in expected} == expected
    assert (str(arrived["third"]), str(arrived["price"])) == ("1/3", "1.50")
    assert "never" not in arrived


def test_values_are_captured_in_order_each_in_its_own_cell(eventful: Execution) -> None:
    cells = [captured.cell for captured in eventful.captured]
    assert cells == sorted(cells)
    assert {c.cell for c in eventful.captured if c.variable == "real"} == {AT["types"]}
    assert {c.cell for c in eventful.captured if c.variable == "last"} == {AT["last"]}


def test_an_error_costs_only_what_follows_it_in_its_cell(eventful: Execution) -> None:
    failure = next(failure for failure in eventful.failures if failure.cell == AT["error"])
    assert (failure.kind, failure.name, failure.message) == (FailureKind.ERROR, "ZeroDivisionError", "division by zero")
    assert "1/0" in failure.traceback
    assert "\x1b" not in failure.traceback
    assert values(eventful)["before"] == 1
    assert "after" not in values(eventful)


def test_only_the_cells_that_fail_fail(eventful: Execution) -> None:
    assert failure_kinds(eventful) == {
        AT["error"]: FailureKind.ERROR,
        AT["input"]: FailureKind.ERROR,
        AT["hostile"]: FailureKind.ERROR,
    }
    assert eventful.isolation == "none"


def test_installers_say_that_they_install_nothing(eventful: Execution) -> None:
    assert printed(eventful, AT["installers"]).count("packages are not installed here") == 2
    assert values(eventful)["packages"] == 1


def test_colab_and_otter_are_there_in_name_once_imported(eventful: Execution) -> None:
    assert values(eventful)["known"] is False
    assert values(eventful)["uploaded"] == {}
    assert "no Drive" in printed(eventful, AT["colab"])
    assert printed(eventful, AT["otter"]).count("checked after hand-in") == 2
    assert printed(eventful, AT["otter"]).count("nothing is handed in") == 1


def test_hostile_objects_arrive_as_their_type(eventful: Execution) -> None:
    assert values(eventful)["hostile"] == Foreign("__main__.Hostile")
    assert values(eventful)["recursive"] == Foreign("list", too_large=True)


def test_a_forged_hand_over_is_a_claim_like_any_other(eventful: Execution) -> None:
    assert values(eventful)["forged"] == 2
    assert values(eventful)["whole"] == 10**20
    assert "stranger" not in values(eventful)


def test_a_flood_of_output_is_cut_and_the_cell_runs_on(eventful: Execution) -> None:
    assert len(printed(eventful, AT["flood"])) < 60_000
    assert "output cut here" in printed(eventful, AT["flood"])
    assert AT["flood"] in eventful.cut
    assert not {AT["types"], AT["error"], AT["last"]} & {*eventful.cut}
    assert values(eventful)["flooded"] == 1


def test_the_kernel_sees_a_bland_environment_and_an_empty_folder(eventful: Execution) -> None:
    arrived = values(eventful)
    own = {name for name in arrived["environment"] if not name.startswith(("JPY_", "PY", "CLICOLOR"))}
    expected = {"HOME", "IPYTHONDIR", "TMPDIR", "LANG", "TZ", "MPLBACKEND", "OMP_NUM_THREADS", "PATH"}
    ipython = {"TERM", "FORCE_COLOR", "PAGER", "GIT_PAGER", "LD_LIBRARY_PATH", "LC_CTYPE"}
    torch = {name for name in own if name.startswith(("TORCH", "KINETO", "KMP"))}
    assert own - ipython - torch == expected
    assert arrived["here"] == ()
    assert arrived["backend"].endswith("backend_inline")
    assert arrived["leftover"] == ()


def test_the_executed_notebook_is_valid_and_carries_its_answers(eventful: Execution) -> None:
    nbformat.validate(eventful.notebook)
    assert json.loads(json.dumps(eventful.notebook, allow_nan=False)) == eventful.notebook
    assert Execution.model_validate_json(eventful.model_dump_json()) == eventful
    (shown,) = (
        output["data"][ANSWERS_MIME]
        for output in eventful.notebook["cells"][AT["last"]]["outputs"]
        if ANSWERS_MIME in output.get("data", {})
    )
    assert shown == {"values": {"last": {"t": "int", "v": "1"}}}


def test_an_endless_loop_costs_only_its_cell() -> None:
    execution = run("a = 1", "b = 2\nwhile True: print('x' * 1000)", "c = 3", seconds_per_cell=1)
    (failure,) = execution.failures
    assert (failure.cell, failure.kind, failure.name) == (1, FailureKind.TIMEOUT, "seconds_per_cell")
    assert failure.message == "ran longer than 1 s"
    assert values(execution) == {"a": 1, "b": 2, "c": 3}


def test_the_time_of_the_notebook_is_limited_too() -> None:
    execution = run("a = 1", "import time; b = 2; time.sleep(60)", "c = 3", seconds_per_notebook=1)
    first, second = execution.failures
    assert (first.cell, first.kind, first.name) == (1, FailureKind.TIMEOUT, "seconds_per_notebook")
    assert (second.cell, second.kind) == (2, FailureKind.NOT_REACHED)
    assert "1 s of the notebook were over in cell 2" in second.message
    assert values(execution) == {"a": 1, "b": 2}


def test_a_colab_file_runs_and_keeps_its_ids(tmp_path: Path) -> None:
    path = tmp_path / "colab.ipynb"
    colab = {
        "nbformat": 4,
        "nbformat_minor": 0,
        "metadata": {"colab": {}, "kernelspec": {"name": "python3", "display_name": "Python 3"}, "accelerator": "GPU"},
        "cells": [
            {"cell_type": "code", "source": ["a = 5"], "metadata": {"id": "Ab_3"}, "outputs": [], "execution_count": 1}
        ],
    }
    path.write_text(json.dumps(colab))
    read = read_notebook(path)
    assert read.cells[0].original_id == "Ab_3"
    assert values(execute(read, asked("a"), PlainKernels(), Limits())) == {"a": 5}


class FailsTimes:
    """Kernels of which the first few do not start."""

    isolation = "none"
    prepared = ""

    def __init__(self, times: int) -> None:
        self.left = times

    def kernel(self) -> AbstractAsyncContextManager[Kernel]:
        self.left -= 1
        if self.left >= 0:
            raise OSError("no more processes")
        return PlainKernels().kernel()


def test_a_kernel_that_does_not_start_once_is_started_again() -> None:
    assert values(execute(notebook("a = 1"), asked("a"), FailsTimes(1), Limits())) == {"a": 1}


def test_a_kernel_that_does_not_start_twice_is_the_graders_fault() -> None:
    with pytest.raises(InfrastructureError, match="no more processes"):
        execute(notebook("a = 1"), asked("a"), FailsTimes(2), Limits())


def test_a_kernel_that_ends_at_once_is_the_graders_fault_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, temporary: Path
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(InfrastructureError, match="no kernel could be started"):
        run("a = 1")
    assert list(temporary.iterdir()) == []


def test_interrupting_the_grader_leaves_nothing_behind(temporary: Path) -> None:
    program = (
        "from grader.execution import *; from grader.notebooks import *; from grader.kernels.plain import *\n"
        "cell = Cell('code', 'open(\"begun\", \"w\"); import time; time.sleep(99)')\n"
        "execute(Notebook((cell,)), {}, PlainKernels(), Limits())"
    )
    grader = subprocess.Popen(
        [sys.executable, "-c", program], env=os.environ | {"TMPDIR": str(temporary)}, stderr=subprocess.PIPE
    )
    while not list(temporary.glob("*/home/begun")):
        time.sleep(0.05)
        assert grader.poll() is None
    grader.send_signal(signal.SIGINT)
    assert b"KeyboardInterrupt" in grader.communicate(timeout=20)[1]
    assert list(temporary.iterdir()) == []
    assert processes_with(f"HOME={temporary}", "environ") == []


def test_failures_are_plain_records() -> None:
    execution = run("raise ValueError('\\ud800\\x00' + 'm' * 10**5)")
    (failure,) = execution.failures
    assert CellFailure.model_validate_json(failure.model_dump_json()) == failure
    assert len(failure.message) < 1_100

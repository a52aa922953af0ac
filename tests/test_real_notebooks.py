"""What stands in notebooks of real classes, cell by cell, in kernels of each kind."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from grader.kernels import Kernels
from grader.kernels.plain import PlainKernels
from grader.records import CellFailure, Execution, FailureKind
from tests.kernels.contained import contained
from tests.runs import failure_kinds, printed, run, values

pytestmark = [pytest.mark.kernel, pytest.mark.slow]

CELLS = {
    "input": "name = input('Your name? ')",
    "getpass": "import getpass\nsecret = getpass.getpass()",
    "standard input": "import sys\nread = sys.stdin.read()\nlines = list(sys.stdin)",
    "breakpoint": "def halve(x):\n    breakpoint()\n    return x / 2\nhalved = halve(6)",
    "debugger": "import pdb\npdb.set_trace()\ndebugged = 1",
    "post mortem": "%debug",
    "installer": "!pip install -q torchvision\n%pip install x\ninstalled = 1",
    "installers in a script": "%%bash\npip install x\nsudo apt-get install -y \\\n  graphviz\necho done",
    "script": "%%bash\nmkdir data\necho 3 > data/x\ncat data/x",
    "command": "content = !cat data/x\ncontent = list(content)",
    "colab": "from google.colab import userdata, output, data_table, runtime\nfrom google.colab.patches import cv2_imshow\n"
    "token = userdata.get('token')",
    "drive": "from google.colab import drive\ndrive.mount('/content/drive')\nmounted = 1",
    "otter": "import otter\ngrader = otter.Notebook('hw.ipynb')",
    "otter checks": "grader.check('q1')\ngrader.check_all()\ngrader.export(force_save=True)\nchecked = 1",
    "otter without import": "del grader\ngrader.check('q1')\nnever = 1",
    "figure": "%matplotlib notebook\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nshown = 1",
    "figure at the end": "plt.plot([1, 3]);",
    "table": "import pandas as pd\npd.DataFrame({'layer': ['conv1']})",
    "data loader": "import torch\nfrom torch.utils.data import DataLoader, TensorDataset\n"
    "loader = DataLoader(TensorDataset(torch.arange(8.0)), batch_size=2, num_workers=2)\n"
    "loaded = sum(float(batch.sum()) for (batch,) in loader)",
    "pool": "import multiprocessing\ndef square(x):\n    print('in a worker')\n    return x * x\n"
    "with multiprocessing.Pool(2) as pool:\n    squares = pool.map(square, range(4))",
    "quit": "quit()",
    "exit": "before_exit = 1\nexit()",
    "sys.exit": "import sys\nsys.exit('enough')",
    "ask_exit": "get_ipython().ask_exit()",
    "still there": "still_there = before_exit",
    "progress": "from tqdm.notebook import tqdm\ncounted = sum(i for i in tqdm(range(4), desc='epoch'))",
    "widgets": "import no_such_widgets",
    "await": "import asyncio\nasync def later(x):\n    await asyncio.sleep(0.01)\n    return x\nawaited = await later(5)",
    "gather": "gathered = list(await asyncio.gather(*(later(i) for i in range(3))))",
    "timeit": "timing = %timeit -o -n 10 -r 2 sum(range(10))\ntimed = len(timing.all_runs)",
    "time": "%%time\nmeasured = 1",
    "thread": "import threading\nthread = threading.Thread(target=print, args=['in a thread'])\nthread.start()\nthread.join()",
    "warning": "import warnings\nwarnings.warn('careful')\nwarned = 1",
    "own module": "%%writefile helpers.py\ndef double(x): return 2 * x",
    "import of it": "%load_ext autoreload\n%autoreload 2\nfrom helpers import double\ndoubled = double(21)",
    "help": "sum?",
    "future": "from __future__ import annotations\nfuture = 1",
    "folder": "import os\nos.makedirs('deeper')\nos.chdir('deeper')\nmoved = os.path.basename(os.getcwd())",
    "training": "import torch.nn as nn\nmodel = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(72, 2))\n"
    "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\nfor _ in range(3):\n"
    "    loss = model(torch.rand(4, 1, 8, 8)).square().mean()\n    optimizer.zero_grad(); loss.backward(); optimizer.step()\n"
    "torch.save(model.state_dict(), 'model.pt')\ntrained = len(torch.load('model.pt'))",
    "reset": "%reset -f\nafter_reset = 1",
}
AT = {name: position for position, name in enumerate(CELLS)}
EXPECTED = {
    "read": "", "lines": (), "halved": 3.0, "debugged": 1, "installed": 1, "content": ("3",), "mounted": 1, "checked": 1,
    "shown": 1, "loaded": 28.0, "squares": (0, 1, 4, 9), "before_exit": 1, "still_there": 1, "counted": 6, "awaited": 5,
    "gathered": (0, 1, 2), "timed": 2, "measured": 1, "warned": 1, "doubled": 42, "future": 1, "moved": "deeper",
    "trained": 4, "after_reset": 1,
}  # fmt: skip


@pytest.fixture(scope="module", params=["plain", "contained"])
def kernels(request: pytest.FixtureRequest) -> Iterator[Kernels]:
    with ExitStack() as stack:
        yield PlainKernels() if request.param == "plain" else stack.enter_context(contained("numpy", "torch"))


@pytest.fixture(scope="module")
def real(kernels: Kernels) -> Execution:
    return run(*CELLS.values(), watch=" ".join([*EXPECTED, "name", "secret", "never"]), kernels=kernels)


def failure(execution: Execution, name: str) -> CellFailure:
    return next(failure for failure in execution.failures if failure.cell == AT[name])


def shown(execution: Execution, name: str) -> set[str]:
    """The MIME types of what a cell shows."""
    outputs = execution.notebook["cells"][AT[name]]["outputs"]
    return {mime for output in outputs for mime in output.get("data", {})}


def test_each_answer_is_captured(real: Execution) -> None:
    assert values(real) == EXPECTED


def test_only_what_cannot_work_here_fails_and_no_kernel_ends(real: Execution) -> None:
    names = ("input", "getpass", "post mortem", "otter without import", "sys.exit", "widgets")
    assert failure_kinds(real) == {AT[name]: FailureKind.ERROR for name in names}
    assert real.left_out == ()


@pytest.mark.parametrize("name", ["input", "getpass", "post mortem"])
def test_asking_the_student_is_an_ordinary_error(real: Execution, name: str) -> None:
    assert failure(real, name).name == "StdinNotImplementedError"
    assert "nobody is here to answer" in failure(real, name).message


def test_checks_of_otter_without_otter_are_an_ordinary_error(real: Execution) -> None:
    assert failure(real, "otter without import").name == "NameError"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("breakpoint", "nobody is here to look"),
        ("debugger", "nobody is here to look"),
        ("installer", "not installed here"),
        ("installers in a script", "not installed here"),
        ("installers in a script", "done"),
        ("script", "3"),
        ("drive", "there is no Drive"),
        ("otter checks", "checked after hand-in"),
        ("pool", "in a worker"),
        ("thread", "in a thread"),
        ("quit", "the kernel stays"),
        ("exit", "the kernel stays"),
        ("ask_exit", "the kernel stays"),
        ("timeit", "per loop"),
        ("time", "CPU times"),
        ("warning", "careful"),
    ],
)
def test_the_student_sees_what_happened(real: Execution, name: str, words: str) -> None:
    assert words in printed(real, AT[name])


@pytest.mark.parametrize(
    ("name", "mime"), [("figure", "image/png"), ("figure at the end", "image/png"), ("table", "text/html")]
)
def test_what_is_shown_is_kept(real: Execution, name: str, mime: str) -> None:
    assert mime in shown(real, name)


def test_an_endless_loop_costs_only_its_cell(kernels: Kernels) -> None:
    execution = run(
        "a = 1", "b = 2\nwhile True: pass", "import time; time.sleep(60)", "c = 3", kernels=kernels, seconds_per_cell=1
    )
    assert failure_kinds(execution) == {1: FailureKind.TIMEOUT, 2: FailureKind.TIMEOUT}
    assert values(execution) == {"a": 1, "b": 2, "c": 3}
    assert execution.left_out == ()


@pytest.mark.parametrize(
    "end",
    ["import os; os._exit(3)", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "import os; os.abort()"],
)
def test_a_cell_that_ends_the_kernel_is_left_out(kernels: Kernels, end: str) -> None:
    execution = run("a = 1", end, "b = 2", kernels=kernels)
    assert (values(execution), execution.left_out) == ({"a": 1, "b": 2}, (1,))

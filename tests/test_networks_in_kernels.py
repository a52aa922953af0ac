"""Networks as answers, described by a real kernel while a notebook runs."""

from typing import Any

import pytest

from grader.answers.decoding import decode
from grader.answers.network_facts import Facts
from grader.answers.networks import FailedNetwork, Network
from grader.execution import execute
from grader.kernels.limits import Limits
from grader.kernels.plain import PlainKernels
from grader.notebooks import Cell, Notebook
from grader.records import Asked, Execution, FailureKind

pytestmark = pytest.mark.kernel

IMPORTS = "import torch\nfrom torch import nn\nfrom torch.nn import functional as F"
SEQUENTIAL = (
    "plain = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10))"
)
OWN = """
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.left, self.right = nn.Conv2d(3, 3, 3, padding=1), nn.Conv2d(3, 5, (1, 7), padding=(0, 3))
    def forward(self, x):
        print("a forward of the student's")
        forwards.append(tuple(x.shape))
        return torch.cat([x + self.left(x), self.right(x)], 1)
class Own(nn.Module):
    def __init__(self):
        super().__init__()
        self.block, self.out = Block(), nn.Linear(8, 10)
    def forward(self, x):
        x = self.block(x)
        return self.out(F.max_pool2d(x, 2).mean((2, 3))) if x.shape[-1] > 8 else x
forwards = []
own = Own()
"""
TRAINED = """
optimizer = torch.optim.SGD(own.parameters(), lr=0.1)
seen = len(forwards)
for _ in range(2):
    optimizer.zero_grad()
    own(torch.rand(4, 3, 32, 32)).sum().backward()
    optimizer.step()
"""
HOSTILE = """
class Leaves(nn.Module):
    def forward(self, x):
        raise SystemExit("gone")
leaves, number = Leaves(), 7
huge = nn.Sequential(*(nn.Identity() for _ in range(20_000)))
def around(x):
    while True:
        x = x + 1
class Endless(nn.Module):
    def forward(self, x):
        return around(x)
endless = Endless()
"""
CELLS = {
    "imports": IMPORTS,
    "plain": SEQUENTIAL,
    "own": OWN,
    "trained": TRAINED,
    "fails": "fails = nn.Sequential(nn.Flatten(), nn.Linear(100, 10))",
    "mended": "fails[1] = nn.Linear(3072, 10)",
    "class": "made = Own",
    "hostile": HOSTILE,
    "last": "count, last = len(forwards), 1",
}
AT = {name: position for position, name in enumerate(CELLS)}
NETWORKS = "plain own fails made leaves huge endless".split()  # noqa: SIM905 - reads better
NUMBERS = "number seen count last".split()  # noqa: SIM905 - reads better


def run(*sources: str, **limits: float) -> Execution:
    shape = (3, 32, 32)
    asked = {name: Asked(cell_id="", model_input=shape) for name in NETWORKS} | {n: Asked(cell_id="") for n in NUMBERS}
    notebook = Notebook(tuple(Cell("code", source) for source in sources))
    return execute(notebook, asked, PlainKernels(), Limits(**limits))


def handed_over(execution: Execution, name: str) -> list[tuple[int, Any]]:
    """The cells after which a variable was handed over, with its values."""
    return [(one.cell, decode(one.data)) for one in execution.captured if one.variable == name]


@pytest.fixture(scope="module")
def execution() -> Execution:
    return run(*CELLS.values())


def test_no_cell_fails_for_being_described(execution: Execution) -> None:
    assert execution.failures == ()
    assert handed_over(execution, "last") == [(AT["last"], 1)]
    printed = [output.get("text", "") for cell in execution.notebook["cells"] for output in cell["outputs"]]
    assert "".join(printed).count("a forward of the student's") == 2  # in training


def test_a_sequential_is_handed_over_once(execution: Execution) -> None:
    ((cell, network),) = handed_over(execution, "plain")
    assert cell == AT["plain"]
    facts = Facts(network)
    assert (facts.output, facts.parameters, facts.receptive_field) == ((10,), 224 + 90, (3, 3))


def test_a_module_of_ones_own_is_followed_through_its_branches(execution: Execution) -> None:
    facts = Facts(handed_over(execution, "own")[0][1])
    assert facts.layers == {
        "convolution": 2, "add": 1, "concat": 1, "max_pool": 1, "global_average_pool": 1, "linear": 1,
    }  # fmt: skip
    assert (facts.final_map, facts.receptive_field) == ((8, 16, 16), (4, 8))


def test_training_a_network_neither_changes_its_description_nor_runs_it_once_more(execution: Execution) -> None:
    assert [cell for cell, _ in handed_over(execution, "own")] == [AT["own"]]
    ((_, seen),), ((_, count),) = handed_over(execution, "seen"), handed_over(execution, "count")
    assert (seen, count) == (1, 3)  # one for the description, two in training


def test_a_network_that_fails_says_why_until_it_is_mended(execution: Execution) -> None:
    (failed_in, failed), (mended_in, mended) = handed_over(execution, "fails")
    assert (failed_in, mended_in) == (AT["fails"], AT["mended"])
    assert isinstance(failed, FailedNetwork)
    assert failed.failure.startswith("RuntimeError: mat1 and mat2 shapes cannot be multiplied (1x3072 and 100x10)")
    assert isinstance(mended, Network)


def test_a_hostile_forward_spoils_its_own_answer_alone(execution: Execution) -> None:
    found = {name: handed_over(execution, name)[-1][1] for name in ("leaves", "huge", "endless", "number")}
    assert found["leaves"].failure == "SystemExit: gone"
    assert found["huge"].failure == "it has more than 5000 modules"
    assert found["endless"].failure == "it takes more than 2000 steps"
    assert found["number"] == 7
    assert handed_over(execution, "made")[0][1].type_name == "type"


def test_a_forward_that_hangs_costs_one_cell_its_time_and_nothing_else() -> None:
    hanging = (
        "class Hangs(nn.Module):\n    def forward(self, x):\n        while True: pass\nleaves, number = Hangs(), 7"
    )
    execution = run(IMPORTS, hanging, "last = 1", seconds_per_cell=8)
    assert [(failure.cell, failure.kind) for failure in execution.failures] == [(1, FailureKind.TIMEOUT)]
    assert handed_over(execution, "leaves")[0][1].failure == "it did not end in the time that a cell has"
    assert handed_over(execution, "number") == [(1, 7)]
    assert handed_over(execution, "last") == [(2, 1)]

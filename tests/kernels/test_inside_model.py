"""What is said of a network in the kernel it was made in, and that saying it changes nothing there."""

import random
import sys
import threading
from collections.abc import Callable
from types import MethodType
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from grader.kernels import inside_model
from grader.kernels.inside_flow import Flow
from grader.kernels.inside_model import Describer

IMAGE = (3, 8, 8)


def described(model: nn.Module, shape: tuple[int, ...] = IMAGE) -> dict[str, Any]:
    said = Describer(shape, Flow)(model)
    assert said is not None
    assert said["t"] == "network"
    assert said["input"] == list(shape)
    return said


def steps(forward: Callable[[Tensor], Any], shape: tuple[int, ...] = IMAGE) -> list[dict[str, Any]]:
    said = described(Does(forward), shape)
    assert "failure" not in said, said
    found: list[dict[str, Any]] = said["steps"]
    return found


class Does(nn.Module):
    """A network that does what a function does."""

    def __init__(self, forward: Callable[[Tensor], Any]) -> None:
        super().__init__()
        self.does = forward

    def forward(self, x: Tensor) -> Any:
        return self.does(x)


def small() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, padding="same", bias=False), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.Flatten(),
        nn.Linear(256, 10),
    )  # fmt: skip


def test_a_sequential_is_told_step_by_step() -> None:
    window = {"kernel": [3, 3], "stride": [1, 1], "padding": [1, 1], "dilation": [1, 1], "groups": 1}
    assert described(small()) == {
        "t": "network",
        "input": [3, 8, 8],
        "modules": [
            {"name": "0", "kind": "Conv2d", "parameters": 108},
            {"name": "1", "kind": "BatchNorm2d", "parameters": 8},
            {"name": "4", "kind": "Linear", "parameters": 2570},
        ],
        "steps": [
            {"function": "conv2d", "of": [0], "shape": [1, 4, 8, 8], "window": window},
            {"function": "batch_norm", "of": [1], "shape": [1, 4, 8, 8]},
            {"function": "relu", "of": [2], "shape": [1, 4, 8, 8]},
            {"function": "flatten", "of": [3], "shape": [1, 256]},
            {"function": "linear", "of": [4], "shape": [1, 10]},
        ],
        "output": 5,
        "shape": [1, 10],
    }


@pytest.mark.parametrize(
    ("forward", "function", "window"),
    [
        (lambda x: functional.conv2d(x, torch.ones(2, 3, 3, 1), None, 2, 1), "conv2d", ([3, 1], [2, 2], [1, 1], [1, 1], 1)),
        (lambda x: functional.conv2d(input=x, weight=torch.ones(3, 1, 2, 2), groups=3, dilation=3), "conv2d", ([2, 2], [1, 1], [0, 0], [3, 3], 3)),
        (nn.Conv2d(3, 1, (5, 2), padding="same", dilation=(1, 3)), "conv2d", ([5, 2], [1, 1], [2, 1], [1, 3], 1)),
        (nn.Conv2d(3, 1, 3, padding="valid"), "conv2d", ([3, 3], [1, 1], [0, 0], [1, 1], 1)),
        (nn.ConvTranspose2d(3, 6, 2, stride=2, groups=3), "conv_transpose2d", ([2, 2], [2, 2], [0, 0], [1, 1], 3)),
        (nn.MaxPool2d(2), "max_pool2d", ([2, 2], [2, 2], [0, 0], [1, 1], 1)),
        (nn.MaxPool2d(3, 1, padding=1, dilation=2, ceil_mode=True), "max_pool2d", ([3, 3], [1, 1], [1, 1], [2, 2], 1)),
        (lambda x: functional.max_pool2d(x, (4, 2)), "max_pool2d", ([4, 2], [4, 2], [0, 0], [1, 1], 1)),
        (lambda x: torch.max_pool2d(x, 2, 1), "max_pool2d", ([2, 2], [1, 1], [0, 0], [1, 1], 1)),
        (lambda x: functional.avg_pool2d(x, 3, 2, 1, *(False, False)), "avg_pool2d", ([3, 3], [2, 2], [1, 1], [1, 1], 1)),
        (lambda x: functional.avg_pool2d(x, x.shape[2:]), "avg_pool2d", ([8, 8], [8, 8], [0, 0], [1, 1], 1)),
        (lambda x: functional.pad(x, (1, 2, 3, 4)), "pad", ([1, 1], [1, 1], [3, 1], [1, 1], 1)),
        (lambda x: functional.pad(x, (5, 5)), "pad", ([1, 1], [1, 1], [0, 5], [1, 1], 1)),
        (lambda x: functional.pad(x, (-1, 0, 0, 0, 4, 4)), "pad", ([1, 1], [1, 1], [0, -1], [1, 1], 1)),
        (lambda x: x[:, :, 1::2, ::3], "getitem", ([1, 1], [2, 3], [-1, 0], [1, 1], 1)),
        (lambda x: x[..., 2:], "getitem", ([1, 1], [1, 1], [0, -2], [1, 1], 1)),
        (lambda x: x[:, :2], "getitem", ([1, 1], [1, 1], [0, 0], [1, 1], 1)),
    ],
)  # fmt: skip
def test_windows_are_told_however_a_function_is_called(forward: Any, function: str, window: Any) -> None:
    (step,) = steps(forward)
    assert step["function"] == function
    assert tuple(step["window"].values()) == window


@pytest.mark.parametrize(
    ("forward", "function", "axes"),
    [
        (lambda x: x.mean((2, 3)), "mean", [2, 3]),
        (lambda x: x.mean(dim=[-1, -2], keepdim=True), "mean", [3, 2]),
        (lambda x: torch.mean(x, 1), "mean", [1]),
        (lambda x: x.sum(), "sum", [0, 1, 2, 3]),
        (lambda x: x.permute(0, 2, 3, 1), "permute", [0, 2, 3, 1]),
        (lambda x: torch.permute(x, (0, -1, 1, 2)), "permute", [0, 3, 1, 2]),
        (lambda x: x.transpose(1, -1), "transpose", [0, 3, 2, 1]),
        (lambda x: torch.max(x, torch.zeros(1)), "max", None),
        (lambda x: x[:, 0], "getitem", None),
        (lambda x: x.T if x.dim() == 2 else x.mT, "mT", None),
    ],
)
def test_axes_are_told_where_a_function_takes_some_away_or_moves_them(forward: Any, function: str, axes: Any) -> None:
    (step,) = steps(forward)
    assert (step["function"], step.get("axes")) == (function, axes)
    assert "window" not in step


def test_joins_know_all_their_sources_and_constants_are_none() -> None:
    def forward(x: Tensor) -> Tensor:
        constant = torch.ones(1, 3, 8, 8) * 2
        one, other = x + constant, x * x
        one += other
        return torch.cat([one, other, constant], dim=1)

    assert [(step["function"], step["of"]) for step in steps(forward)] == [
        ("add", [0]),
        ("mul", [0]),
        ("add", [1, 2]),
        ("cat", [3, 2]),
    ]


def test_what_is_written_into_a_tensor_is_followed() -> None:
    def forward(x: Tensor) -> Tensor:
        y = torch.zeros(1, 3, 8, 8)
        y[:, :1] = x[:, :1]
        return y.relu()

    assert [(step["function"], step["of"]) for step in steps(forward)][-2:] == [("setitem", [1]), ("relu", [2])]


def test_a_constant_in_the_place_of_a_tensor_that_is_gone_is_no_step() -> None:
    def forward(x: Tensor) -> Tensor:
        for _ in range(50):
            y = x + 1
            del y
            _ = torch.ones(1).neg()
        return x.relu()

    assert [step["function"] for step in steps(forward)] == ["add"] * 50 + ["relu"]


def test_every_piece_that_a_function_returns_is_a_step() -> None:
    said = described(Does(lambda x: torch.cat(x.chunk(3, 1)[::-1], 1)))
    assert [(step["function"], step["of"]) for step in said["steps"]] == [("chunk", [0])] * 3 + [("cat", [3, 2, 1])]


def test_branches_that_python_takes_are_followed_as_taken() -> None:
    assert [s["function"] for s in steps(lambda x: x.relu() if x.sum() > 0 else x.tanh())] == ["sum", "gt", "tanh"]


def test_an_output_that_ignores_the_input_has_no_step() -> None:
    said = described(Does(lambda x: torch.from_numpy(x.numpy()[:, 0])))
    assert (said["output"], said["shape"]) == (None, [1, 8, 8])


def test_shared_parameters_count_once_and_frozen_ones_count() -> None:
    layer = nn.Linear(8, 8)
    layer.weight.requires_grad = False
    tied = nn.Linear(8, 8, bias=False)
    tied.weight = layer.weight
    own = nn.Sequential(layer, layer, tied)
    own.scale = nn.Parameter(torch.ones(5))
    assert [(row["name"], row["parameters"]) for row in described(own)["modules"]] == [("", 5), ("0", 72)]


class Noisy(nn.Module):
    """Does in its forward what a forward should not."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(3)
        self.calls = 0

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        print("looking at", x.shape)  # noqa: T201
        sys.stderr.write("warned")
        random.random()  # noqa: S311
        np.random.rand()  # noqa: NPY002
        y: Tensor = self.norm(x)
        return y + torch.rand(())


def test_describing_leaves_nothing_behind(capsys: pytest.CaptureFixture[str]) -> None:
    model, seen = Noisy(), list[Any]()
    model.norm.eval()
    model.norm.register_forward_hook(lambda *_: seen.append("after"))
    model.norm.register_forward_pre_hook(lambda *_: seen.append("before"))
    torch.manual_seed(1)
    np.random.seed(1)  # noqa: NPY002
    random.seed(1)
    states = [torch.get_rng_state().tolist(), random.getstate(), repr(np.random.get_state())]  # noqa: NPY002
    buffers = {name: buffer.clone() for name, buffer in model.norm.named_buffers()}
    assert len(described(model)["steps"]) == 2
    assert [torch.get_rng_state().tolist(), random.getstate(), repr(np.random.get_state())] == states  # noqa: NPY002
    assert (model.training, model.norm.training, model.calls, seen) == (True, False, 0, [])
    assert all(torch.equal(buffer, buffers[name]) for name, buffer in model.norm.named_buffers())
    assert torch.is_grad_enabled()
    assert capsys.readouterr() == ("", "")
    assert len(model.norm._forward_hooks) == len(model.norm._forward_pre_hooks) == 1


def test_lazy_layers_take_their_sizes_in_the_copy_only() -> None:
    model = nn.Sequential(nn.LazyConv2d(4, 3), nn.Flatten(), nn.LazyLinear(10))
    said = described(model)
    assert sum(row["parameters"] for row in said["modules"]) == 4 * 27 + 4 + 144 * 10 + 10
    assert said["shape"] == [1, 10]
    assert model(torch.zeros(1, 3, 4, 4)).shape == (1, 10)


def test_a_network_that_cannot_be_copied_is_described_itself() -> None:
    model = small()
    model.numbers = (number for number in range(3))  # type: ignore[assignment]
    assert len(described(model)["steps"]) == 5
    assert all(module.training for module in model.modules())


class Keeps(nn.Module):
    """Stores what it sees, in all the ways that a network can."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.seen, self.calls = nn.Conv2d(3, 4, 3), list[Any](), 0
        self.feature: Tensor | None = None
        self.register_buffer("total", torch.zeros(()))
        self.total: Tensor

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        self.feature = self.conv(x)
        self.seen.append(self.feature)
        self.total += 1
        return self.feature


@pytest.mark.parametrize("uncopyable", [False, True])
def test_what_a_network_keeps_of_its_last_forward_stays_whether_it_can_be_copied_or_not(*, uncopyable: bool) -> None:
    model, fired = Keeps(), list[str]()
    model.register_forward_hook(lambda *_: fired.append("after"))
    model.conv.register_forward_pre_hook(lambda *_: fired.append("before"))
    model(torch.ones(2, *IMAGE)).sum().backward()  # what is stored now is computed from weights
    if uncopyable:
        model.lock = threading.Lock()  # type: ignore[assignment]
    feature, fired[:] = model.feature, []
    assert len(described(model)["steps"]) == 1
    assert (model.feature is feature, len(model.seen), model.calls, model.total.item(), fired) == (True, 1, 1, 1, [])
    assert model.training
    assert model.conv.training
    model(torch.ones(2, *IMAGE))
    assert fired == ["before", "after"]


def test_describing_does_not_spoil_a_backward_that_is_still_to_come() -> None:
    model = Keeps()
    model.lock = threading.Lock()  # type: ignore[assignment]
    loss = (model(torch.ones(2, *IMAGE)) ** 2).sum()
    described(model)
    loss.backward()


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_a_weight_that_is_computed_is_copied_after_a_backward() -> None:
    layer = torch.nn.utils.weight_norm(nn.Conv2d(3, 4, 3))
    layer(torch.ones(1, *IMAGE)).sum().backward()
    weight = layer.weight
    assert len(described(nn.Sequential(layer))["steps"]) == 1
    assert layer.weight is weight


def traced(model: nn.Module) -> Any:
    return torch.jit.trace(model, torch.zeros(1, *IMAGE))  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("made", [torch.jit.script, traced])
@pytest.mark.parametrize("around", [lambda model: model, nn.Sequential])
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::torch.jit.TracerWarning")
def test_what_torch_jit_has_made_is_asked_for_as_it_was_before(made: Any, around: Any) -> None:
    said = described(around(made(small())))
    assert said["failure"] == "torch.jit hides its steps; hand over the network as it was before torch.jit"


class DropsInTraining(nn.Module):
    def __init__(self, *, drops: bool = True) -> None:
        super().__init__()
        self.norm, self.drop, self.drops = nn.BatchNorm1d(192), nn.Dropout(), drops

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm(x.flatten(1))
        return self.drop(x) if self.training and self.drops else x


def test_a_dropout_that_is_there_only_in_training_is_told_and_one_that_is_never_called_is_not() -> None:
    said = described(DropsInTraining())
    assert [(step["function"], step["shape"]) for step in said["steps"]] == [
        ("flatten", [1, 192]),
        ("batch_norm", [1, 192]),
        ("dropout", [1, 192]),
    ]
    assert said["shape"] == [1, 192]
    assert [step["function"] for step in described(DropsInTraining(drops=False))["steps"]] == ["flatten", "batch_norm"]


def test_weights_are_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = list[int]()

    def forward(layer: nn.Linear, x: Tensor) -> Tensor:
        seen.append(layer.weight.data_ptr())
        return x

    monkeypatch.setattr(nn.Linear, "forward", forward)
    layer = nn.Linear(8, 8)
    described(nn.Sequential(layer))
    assert seen == [layer.weight.data_ptr()]


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_the_input_is_of_the_type_of_the_weights(dtype: torch.dtype) -> None:
    assert described(small().to(dtype))["shape"] == [1, 10]


def test_a_compiled_network_is_described_as_what_was_compiled() -> None:
    assert described(torch.compile(small(), backend="eager")) == described(small())  # type: ignore[arg-type]


class Counted(nn.Sequential):
    forwards = 0

    def forward(self, x: Tensor) -> Tensor:
        Counted.forwards += 1
        y: Tensor = super().forward(x)  # type: ignore[no-untyped-call]
        return y


def test_a_network_runs_again_only_when_its_structure_has_changed() -> None:
    model, describe = Counted(*small()), Describer(IMAGE, Flow)
    Counted.forwards = 0
    first = describe(model)
    convolution = model[0]
    assert isinstance(convolution, nn.Conv2d)
    with torch.no_grad():
        convolution.weight.fill_(3)
    model.eval()
    assert describe(model) is first
    assert Counted.forwards == 1
    convolution.stride, convolution.padding = (2, 2), (1, 1)
    model[4] = nn.Linear(64, 10)
    changed = describe(model)
    assert changed is not None
    assert changed["steps"][0]["shape"] == [1, 4, 4, 4]
    assert describe(model) is changed
    assert Counted.forwards == 2
    assert describe(Counted(*small())) == first
    assert Counted.forwards == 3


class Configured(nn.Module):
    """Is told what to do by what it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.cfg: dict[str, Any] = {"k": 1, "act": nn.ReLU()}
        self._plan: list[Any] = [2, "M"]

    def forward(self, x: Tensor) -> Tensor:
        return functional.avg_pool2d(x, self.cfg["k"]) if self._plan[-1] == "M" else x.relu()


def steps_now(describe: Describer, model: nn.Module) -> list[Any]:
    return [(step["function"], step["shape"]) for step in (describe(model) or {})["steps"]]


def test_a_change_of_what_a_network_holds_in_dictionaries_lists_and_methods_is_noticed() -> None:
    model, describe = Configured(), Describer(IMAGE, Flow)
    assert steps_now(describe, model) == [("avg_pool2d", [1, 3, 8, 8])]
    assert describe(model) is describe(model)
    model.cfg["k"] = 4
    assert steps_now(describe, model) == [("avg_pool2d", [1, 3, 2, 2])]
    model._plan[-1] = 2
    assert steps_now(describe, model) == [("relu", [1, 3, 8, 8])]
    model.forward = MethodType(lambda _self, x: x.tanh(), model)  # type: ignore[method-assign]
    assert steps_now(describe, model) == [("tanh", [1, 3, 8, 8])]
    model.forward = MethodType(lambda _self, x: x.sigmoid(), model)  # type: ignore[method-assign]
    assert steps_now(describe, model) == [("sigmoid", [1, 3, 8, 8])]
    assert describe(model) is describe(model)


class OwnError(Exception):
    def __str__(self) -> str:
        raise SystemExit


def raising(error: BaseException) -> Callable[[Tensor], Tensor]:
    def forward(_x: Tensor) -> Tensor:
        raise error

    return forward


def endless(x: Tensor) -> Tensor:
    while True:
        try:
            x = x + 1
        except Exception:  # noqa: BLE001, S112 - as careless code does
            continue


def endless_depth(x: Tensor) -> Tensor:
    return endless_depth(x)


@pytest.mark.parametrize(
    ("forward", "failure"),
    [
        (nn.Conv2d(4, 4, 1), "RuntimeError: Given groups=1, weight of size [4, 4, 1, 1]"),
        (raising(SystemExit(3)), "SystemExit: 3"),
        (raising(KeyboardInterrupt()), "it did not end in the time that a cell has"),
        (raising(ValueError("a\nb\ud800" + "x" * 999)), "ValueError: a b\ufffdxxx"),
        (raising(OwnError()), "OwnError: "),
        (lambda x: (x, x), "it returns a value of type tuple, not one tensor"),
        (endless, f"it takes more than {inside_model.MAX_STEPS} steps"),
        (endless_depth, "RecursionError: "),
    ],
)  # fmt: skip
def test_a_network_that_does_not_run_says_why(forward: Any, failure: str) -> None:
    said = described(Does(forward))
    assert said.keys() == {"t", "input", "failure"}
    assert said["failure"].startswith(failure)
    assert len(said["failure"]) <= inside_model.MAX_REASON_CHARACTERS


def test_a_structure_without_end_or_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside_model, "MAX_MODULES", 5)
    assert described(small())["failure"] == "it has more than 5 modules"
    monkeypatch.setattr(inside_model, "MAX_MODULES", 6)
    monkeypatch.setattr(inside_model, "MAX_DESCRIPTION_BYTES", 500)
    assert described(small())["failure"] == "its description takes too much room"


def test_a_network_that_contains_itself_is_described() -> None:
    model = small()
    model[1].around = model
    assert len(described(model)["steps"]) == 5


def test_a_failure_is_tried_again_unless_it_took_long(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = list[int]()

    def forward(x: Tensor) -> Tensor:
        tries.append(1)
        if len(tries) < 3:
            raise NameError("not yet")
        return x

    model, describe = Does(forward), Describer(IMAGE, Flow)
    assert ["failure" in (describe(model) or {}) for _ in range(4)] == [True, True, False, False]
    tries.clear()
    monkeypatch.setattr(inside_model, "SECONDS_TO_TRY_AGAIN", -1.0)
    slow = Describer(IMAGE, Flow)
    assert ["failure" in (slow(model) or {}) for _ in range(4)] == [True, True, True, True]
    assert len(tries) == 1


@pytest.mark.parametrize("value", [3, nn.Linear, "net", None, torch.zeros(3)])
def test_what_is_no_network_is_left_to_the_encoding(value: object) -> None:
    assert Describer(IMAGE, Flow)(value) is None


def test_nothing_happens_where_torch_is_not_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    model = small()
    monkeypatch.delitem(sys.modules, "torch")
    assert Describer(IMAGE, Flow)(model) is None

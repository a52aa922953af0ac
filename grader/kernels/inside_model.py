"""Networks as data, as it runs in a student's kernel: what a network does to an input, described step by step.

Sent to the kernel as text, as `inside.py` is; imports the standard library only, and uses torch where the student has
imported it. A network is the one kind of answer whose description needs code of the student: its forward runs once, on
zeros, while every call of a torch function is written down. The fields are a contract with `grader.answers.networks`.
"""

import copy
import json
import os
import random
import sys
import warnings
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from itertools import islice
from time import monotonic
from types import BuiltinFunctionType, FunctionType
from typing import Any

MAX_STEPS = 2_000
"""Calls of torch functions in one forward; ResNet-152 has 520."""
MAX_MODULES = 5_000
"""Modules of one network; DenseNet-201 has 900."""
MAX_NAME_CHARACTERS = 100
"""Of the name of a module or a class."""
MAX_REASON_CHARACTERS = 300
"""Of the words that say why a network does not run; torch's own need about 100."""
MAX_DESCRIPTION_BYTES = 480 * 1024
"""Of one description as JSON, a little less than one value may have."""
SECONDS_TO_TRY_AGAIN = 2.0
"""A forward that failed within this time is tried again after every cell, since a later cell may mend it; one that took
longer would cost every cell as much."""

Tagged = dict[str, Any]
NewFlow = Callable[[Any, Any], Any]
"""Gives an empty record (see `inside_flow.Flow`), for torch and an input."""


class Describer:
    """Describes the network in one variable, and runs it again only when its structure has changed.

    Args:
        shape: of one example that the network is run on, without the batch.
        new_flow: gives the record that a forward is written down in.
    """

    def __init__(self, shape: Sequence[int], new_flow: NewFlow) -> None:
        self.shape, self.new_flow = list(shape), new_flow
        self.known: tuple[Any, Any, Tagged] | None = None

    def __call__(self, value: object) -> Tagged | None:
        """The description, or why there is none; None when the value is no network. Never raises."""
        try:
            torch = sys.modules.get("torch")
            if torch is None or not issubclass(type(value), torch.nn.Module):
                return None
            return self._known_or_new(torch, value)
        except BaseException as error:  # noqa: BLE001 - code of the student ran, and its cell did nothing wrong
            return self._failed(error)

    def _known_or_new(self, torch: Any, model: Any) -> Tagged:
        structure = _structure(torch, model)
        if self.known and self.known[0]() is model and self.known[1] == structure:
            return self.known[2]
        started = monotonic()
        described = self._described(torch, model)
        settled = "failure" not in described or monotonic() - started > SECONDS_TO_TRY_AGAIN
        self.known = (weakref.ref(model), structure, described) if settled else None
        return described

    def _described(self, torch: Any, model: Any) -> Tagged:
        try:
            return {"t": "network", "input": self.shape} | _run(torch, model, self.shape, self.new_flow)
        except BaseException as error:  # noqa: BLE001 - as above, and an interrupt ends this forward alone
            return self._failed(error)

    def _failed(self, error: BaseException) -> Tagged:
        return {"t": "network", "input": self.shape, "failure": _reason(error)}


class _TooLarge(BaseException):  # a bare `except Exception` around a layer must not hide it
    """The network exceeds a limit, or does not hand over a tensor; the words say so."""


def _run(torch: Any, model: Any, shape: list[int], new_flow: NewFlow) -> dict[str, Any]:
    """One forward on zeros, as a record of its steps."""
    model = vars(model)["_modules"].get("_orig_mod", model)  # compiled by torch.compile, which hides the steps
    with _undisturbed(torch, _modules(torch, model)):
        twin = _twin(torch, model)
        weight = next((one for one in twin.parameters() if one.is_floating_point()), torch.zeros(()))
        image = torch.zeros(1, *shape, dtype=weight.dtype, device=weight.device)
        flow = new_flow(torch, image)
        with _recorder(torch, flow):
            output = twin(image)
        if not isinstance(output, torch.Tensor):
            raise _TooLarge(f"it returns a value of type {type(output).__name__}, not one tensor")
    described = {
        "modules": _parameters(torch, twin),
        "steps": flow.steps,
        "output": flow.place(output),
        "shape": list(output.shape),
    }
    if len(json.dumps(described)) > MAX_DESCRIPTION_BYTES:
        raise _TooLarge("its description takes too much room")
    return described


def _modules(torch: Any, model: Any) -> list[Any]:
    found = list(islice(torch.nn.Module.modules(model), MAX_MODULES + 1))
    if len(found) > MAX_MODULES:
        raise _TooLarge(f"it has more than {MAX_MODULES} modules")
    return found


@contextmanager
def _undisturbed(torch: Any, modules: list[Any]) -> Iterator[None]:
    """What runs in here prints nothing, trains nothing, and leaves the random generators as they were."""
    training = [(module, vars(module).get("training", True)) for module in modules]
    generators: list[tuple[Callable[[Any], None], Any]] = [(random.setstate, random.getstate())]
    if numpy := sys.modules.get("numpy"):
        generators.append((numpy.random.set_state, numpy.random.get_state()))
    with ExitStack() as stack:
        nowhere = stack.enter_context(open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123 - a device
        for context in (redirect_stdout(nowhere), redirect_stderr(nowhere), warnings.catch_warnings()):
            stack.enter_context(context)
        for context in (torch.random.fork_rng([]), torch.no_grad()):
            stack.enter_context(context)
        warnings.simplefilter("ignore")
        try:
            for module in modules:
                vars(module)["training"] = False
            yield
        finally:
            for module, was in training:
                vars(module)["training"] = was
            for restore, state in generators:
                restore(state)


def _twin(torch: Any, model: Any) -> Any:
    """A copy that shares its weights but has no hooks, so that nothing that the student records is recorded twice.

    Layers that take their sizes from their first input take them in the copy only.
    """
    lazy = torch.nn.parameter.is_lazy
    shared = {id(weight): weight for weight in model.parameters() if not lazy(weight)}
    try:
        twin = copy.deepcopy(model, shared)
    except Exception:  # noqa: BLE001 - it holds what cannot be copied, such as a generator
        return model
    for module in torch.nn.Module.modules(twin):
        for hooks in ("_forward_hooks", "_backward_hooks", "_backward_pre_hooks"):
            vars(module)[hooks].clear()
        before = vars(module)["_forward_pre_hooks"]
        for key in [key for key, hook in before.items() if not _is_of_torch(hook)]:
            del before[key]
    return twin


def _is_of_torch(hook: Any) -> bool:
    """Whether torch itself has put it there: lazy layers and normalised weights need theirs."""
    return str(getattr(hook, "__module__", "")).startswith("torch.")


def _parameters(torch: Any, model: Any) -> list[dict[str, Any]]:
    """Name, class and number of parameters of every module that has some of its own; shared ones count once.

    Frozen parameters count, buffers such as running means do not.
    """
    seen: set[int] = set()
    rows = []
    for name, module in torch.nn.Module.named_modules(model):
        own = [weight for weight in vars(module)["_parameters"].values() if weight is not None]
        new = [weight for weight in own if id(weight) not in seen and not torch.nn.parameter.is_lazy(weight)]
        seen.update(map(id, new))
        if new:
            count = sum(weight.numel() for weight in new)
            rows.append({"name": _name(name), "kind": _name(type(module).__name__), "parameters": count})
    return rows


def _structure(torch: Any, model: Any) -> list[Any]:
    """What decides which steps a forward takes, as far as it can be seen without running it; weights do not."""
    return [
        (id(module), type(module), getattr(type(module), "forward", None), _settings(torch, module))
        for module in _modules(torch, model)
    ]


def _settings(torch: Any, module: Any) -> list[Any]:
    """Sizes, switches and functions that a module holds, and the shapes of its parameters."""
    held = [(name, value) for name, value in vars(module).items() if _is_setting(value) and name != "training"]
    weights = vars(module)["_parameters"].items()
    lazy = torch.nn.parameter.is_lazy
    return [held, [(name, None if one is None or lazy(one) else tuple(one.shape)) for name, one in weights]]


def _is_setting(value: Any) -> bool:
    if type(value) in (tuple, list):
        return all(type(item) is int for item in value)
    return type(value) in (bool, int, float, str, BuiltinFunctionType, FunctionType)


def _recorder(torch: Any, flow: Any) -> Any:
    """A context in which every call of a torch function is written down."""

    class Recorder(torch.overrides.TorchFunctionMode):  # type: ignore[misc]
        def __torch_function__(self, function: Any, _types: Any, args: Any = (), kwargs: Any = None) -> Any:
            result = function(*args, **(kwargs or {}))
            flow.follow(function, args, kwargs or {}, result)
            if len(flow.steps) > MAX_STEPS:
                raise _TooLarge(f"it takes more than {MAX_STEPS} steps")
            return result

    return Recorder()


def _name(text: str) -> str:
    return _sound(text)[:MAX_NAME_CHARACTERS]


def _reason(error: BaseException) -> str:
    if isinstance(error, _TooLarge):
        return str(error)
    if isinstance(error, KeyboardInterrupt):
        return "it did not end in the time that a cell has"
    try:
        words = " ".join(str(error).split())
    except BaseException:  # noqa: BLE001 - an exception of the student's own
        words = ""
    return _sound(f"{_name(type(error).__name__)}: {words}"[:MAX_REASON_CHARACTERS])


def _sound(text: str) -> str:
    """The text without the lone surrogates which no message can carry."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

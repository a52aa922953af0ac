"""Networks as data, as it runs in a student's kernel: what a network does to an input, described step by step.

Sent to the kernel as text, as `inside.py` is; imports the standard library only, and uses torch where the student has
imported it. A network is the one kind of answer whose description needs code of the student: its forward runs on zeros,
while every call of a torch function is written down. The fields are a contract with `grader.answers.networks`.
"""

import copy
import json
import os
import random
import sys
import warnings
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from itertools import islice
from time import monotonic
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

MAX_STEPS = 2_000
"""Calls of torch functions in one forward; ResNet-152 has 520."""
MAX_MODULES = 5_000
"""Modules of one network; DenseNet-201 has 900."""
MAX_NAME_CHARACTERS = 100
"""Of the name of a module or a class."""
MAX_REASON_CHARACTERS = 300
"""Of the words that say why a network does not run; torch's own need about 100."""
MAX_SETTINGS = 1_000
"""Entries of a list or dictionary of a module that are compared; a longer one is a history rather than a setting."""
MAX_DESCRIPTION_BYTES = 480 * 1024
"""Of one description as JSON, a little less than one value may have."""
SECONDS_TO_TRY_AGAIN = 2.0
"""A forward that failed within this time is tried again after every cell, since a later cell may mend it; one that took
longer would cost every cell as much."""

Tagged = dict[str, Any]
_PLAIN = (bool, int, float, str, type(None), BuiltinFunctionType, FunctionType)
_CONTAINERS = (dict, OrderedDict, list, set)  # exactly these, since another class may do anything when it is changed
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


class _Refused(BaseException):  # a bare `except Exception` around a layer must not hide it
    """The network exceeds a limit, hides its steps, or hands over no tensor; the words say so."""


def _run(torch: Any, model: Any, shape: list[int], new_flow: NewFlow) -> Tagged:
    """The record of one example, and of a network that hides its dropout while it does not train, as it trains."""
    model = vars(model)["_modules"].get("_orig_mod", model)  # compiled by torch.compile, which hides the steps
    told = _of_one(torch, model, shape, new_flow)
    if _holds_dropout(torch, model) and not _drops(told):
        with suppress(Exception):  # what it does when it does not train is known
            trained = _for_one(_forward(torch, model, [2, *shape], new_flow, training=True))
            told = trained if _drops(trained) else told
    if len(json.dumps(told)) > MAX_DESCRIPTION_BYTES:
        raise _Refused("its description takes too much room")
    return told


def _of_one(torch: Any, model: Any, shape: list[int], new_flow: NewFlow) -> Tagged:
    """What becomes of a batch of one; of two where a network needs them, or loses an axis of size one."""
    alone, trouble = None, None
    try:
        alone = _forward(torch, model, [1, *shape], new_flow)
    except (RuntimeError, ValueError, IndexError) as error:  # what torch says of sizes
        trouble = error
    if alone is None or alone["shape"][:1] != [1]:
        with suppress(Exception):  # the trouble with one example is what the student can see as well
            pair = _forward(torch, model, [2, *shape], new_flow)
            if pair["shape"][:1] == [2] and (alone is None or pair["shape"] != alone["shape"]):
                return _for_one(pair)
    if trouble:
        raise trouble
    return alone or {}


def _for_one(told: Tagged) -> Tagged:
    """The record of two examples as that of one of them."""
    steps = [step | {"shape": _halved(step["shape"])} for step in told["steps"]]
    return told | {"steps": steps, "shape": _halved(told["shape"])}


def _halved(shape: list[int]) -> list[int]:
    """Half of the axis of the batch: the first of size two, or the first axis where others have been merged into it."""
    if 2 in shape:  # noqa: PLR2004 - the batch
        place = shape.index(2)
        return [*shape[:place], 1, *shape[place + 1 :]]
    return [shape[0] // 2, *shape[1:]] if shape and shape[0] % 2 == 0 else shape


def _holds_dropout(torch: Any, model: Any) -> bool:
    kind = torch.nn.modules.dropout._DropoutNd  # noqa: SLF001 - the one class that all layers of dropout come from
    return any(issubclass(type(module), kind) for module in torch.nn.Module.modules(model))


def _drops(told: Tagged) -> bool:
    return any("dropout" in step["function"] for step in told["steps"])


def _forward(torch: Any, model: Any, sizes: list[int], new_flow: NewFlow, *, training: bool = False) -> Tagged:
    """One forward on zeros, as a record of its steps."""
    with _undisturbed(torch, _modules(torch, model)), _stand_in(torch, model) as twin:
        for module in torch.nn.Module.modules(twin):
            vars(module)["training"] = training
        weight = next((one for one in twin.parameters() if one.is_floating_point()), torch.zeros(()))
        images = torch.zeros(sizes, dtype=weight.dtype, device=weight.device)
        flow = new_flow(torch, images)
        with _recorder(torch, flow):
            output = twin(images)
        if not isinstance(output, torch.Tensor):
            raise _Refused(f"it returns a value of type {type(output).__name__}, not one tensor")
        modules = _parameters(torch, twin)
    return {"modules": modules, "steps": flow.steps, "output": flow.place(output), "shape": list(output.shape)}


def _modules(torch: Any, model: Any) -> list[Any]:
    found = list(islice(torch.nn.Module.modules(model), MAX_MODULES + 1))
    if len(found) > MAX_MODULES:
        raise _Refused(f"it has more than {MAX_MODULES} modules")
    if any(issubclass(type(module), torch.jit.ScriptModule) for module in found):
        raise _Refused("torch.jit hides its steps; hand over the network as it was before torch.jit")
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


@contextmanager
def _stand_in(torch: Any, model: Any) -> Iterator[Any]:
    """A copy, or the network itself where it cannot be copied; either way the network is afterwards as it was."""
    try:
        twin = _twin(torch, model)
    except Exception:  # noqa: BLE001 - it holds what cannot be copied, such as a generator
        with _as_it_was(torch, model):
            _detach_hooks(torch, model)
            yield model
        return
    _detach_hooks(torch, twin)
    yield twin


def _twin(torch: Any, model: Any) -> Any:
    """A copy that shares its weights.

    Layers that take their sizes from their first input take them in the copy only.
    """
    lazy = torch.nn.parameter.is_lazy
    known = {id(weight): weight for weight in model.parameters() if not lazy(weight)}
    for module in torch.nn.Module.modules(model):  # torch copies no tensor that was computed from weights
        found = _tensors(torch, vars(module).values())
        known |= {id(tensor): tensor.detach().clone() for tensor in found if not tensor.is_leaf}
    return copy.deepcopy(model, known)


def _tensors(torch: Any, values: Any) -> Iterator[Any]:
    """The tensors among values, and in lists and dictionaries among them."""
    for value in values:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else [value]
        yield from (one for one in inner if isinstance(one, torch.Tensor))


def _detach_hooks(torch: Any, model: Any) -> None:
    """Without its hooks, nothing that the student records is recorded twice."""
    for module in torch.nn.Module.modules(model):
        for hooks in ("_forward_hooks", "_backward_hooks", "_backward_pre_hooks"):
            vars(module)[hooks].clear()
        before = vars(module)["_forward_pre_hooks"]
        for key in [key for key, hook in before.items() if not _is_of_torch(hook)]:
            del before[key]


@contextmanager
def _as_it_was(torch: Any, model: Any) -> Iterator[None]:
    """Restores what every module holds: its values, its lists and dictionaries, and its tensors other than weights."""
    fields = [(vars(module), dict(vars(module))) for module in torch.nn.Module.modules(model)]
    values = [value for _, was in fields for value in was.values()]
    filled = [(value, copy.copy(value)) for value in values if type(value) in _CONTAINERS]
    tensors = [(tensor, tensor._version, tensor.detach().clone()) for tensor in _changeable(torch, values)]  # noqa: SLF001
    try:
        yield
    finally:
        for tensor, version, was in tensors:
            if tensor._version != version:  # noqa: SLF001 - torch's own count; writing for nothing would spoil a backward
                tensor.detach().copy_(was)
        for container, held in [*filled, *fields]:
            container.clear()
            (container.extend if type(container) is list else container.update)(held)


def _changeable(torch: Any, values: list[Any]) -> list[Any]:
    """Tensors that a forward may write to; weights are not written to, and take the most room."""
    lazy = torch.nn.parameter.is_lazy
    found = {id(tensor): tensor for tensor in _tensors(torch, values) if not isinstance(tensor, torch.nn.Parameter)}
    return [tensor for tensor in found.values() if not (lazy(tensor) or tensor.is_inference())]


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
    of_torch = vars(torch.nn.Module())  # hooks, parameters, the switch for training
    held = [(name, _setting(value)) for name, value in vars(module).items() if name not in of_torch]
    weights = vars(module)["_parameters"].items()
    lazy = torch.nn.parameter.is_lazy
    return [held, [(name, None if one is None or lazy(one) else tuple(one.shape)) for name, one in weights]]


def _setting(value: Any) -> Any:
    """What is compared of a value, as it is now: of lists and dictionaries their plain entries, of others the type."""
    if type(value) in (dict, OrderedDict) and len(value) <= MAX_SETTINGS:
        return [(_plain(key), _plain(item)) for key, item in value.items()]
    if type(value) in (tuple, list) and len(value) <= MAX_SETTINGS:
        return [_plain(item) for item in value]
    return _plain(value)


def _plain(value: Any) -> Any:
    if type(value) is MethodType:
        return value.__func__
    return value if type(value) in _PLAIN else type(value)


def _recorder(torch: Any, flow: Any) -> Any:
    """A context in which every call of a torch function is written down."""

    class Recorder(torch.overrides.TorchFunctionMode):  # type: ignore[misc]
        def __torch_function__(self, function: Any, _types: Any, args: Any = (), kwargs: Any = None) -> Any:
            result = function(*args, **(kwargs or {}))
            flow.follow(function, args, kwargs or {}, result)
            if len(flow.steps) > MAX_STEPS:
                raise _Refused(f"it takes more than {MAX_STEPS} steps")
            return result

    return Recorder()


def _name(text: str) -> str:
    return _sound(text)[:MAX_NAME_CHARACTERS]


def _reason(error: BaseException) -> str:
    if isinstance(error, _Refused):
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

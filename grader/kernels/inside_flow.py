"""What a network makes of its input, call by call, as it is recorded in a student's kernel.

Sent to the kernel as text, as `inside.py` is; imports the standard library only. The fields of a step are a contract with
`grader.answers.networks`, where they are checked and understood; here they are only written down.
"""

import re
import weakref
from collections.abc import Iterator, Mapping
from typing import Any

MAX_NAME_CHARACTERS = 100
"""Of the name of a function."""
NESTING = 3
"""Levels of lists in which tensors are handed to a function or come out of it."""

_Call = Mapping[str, Any]

# The parameters up to the last one that matters, as torch orders them; an average pool has no dilation.
_SIGNATURES = {
    "conv": ("input", "weight", "bias", "stride", "padding", "dilation", "groups"),
    "conv_transpose": ("input", "weight", "bias", "stride", "padding", "output_padding", "groups", "dilation"),
    "max_pool": ("input", "kernel_size", "stride", "padding", "dilation"),
    "avg_pool": ("input", "kernel_size", "stride", "padding"),
}
_SLIDING = re.compile(rf"({'|'.join(_SIGNATURES)})([123])d(?:_with_indices)?")
_REDUCTIONS = frozenset({"mean", "sum", "amax", "amin", "max", "min", "prod", "std", "var", "logsumexp"})


class Flow:
    """What was made of the input, call by call. The input is step 0; each tensor that depends on it is a step."""

    def __init__(self, torch: Any, image: Any) -> None:
        self.torch, self.image = torch, image
        self.steps: list[dict[str, Any]] = []
        self.places = {id(image): (weakref.ref(image), 0)}

    def place(self, tensor: Any) -> int | None:
        """The step that a tensor is the output of; None when it does not depend on the input."""
        known, step = self.places.get(id(tensor), (None, None))
        return step if known is not None and known() is tensor else None

    def follow(self, function: Any, args: Any, kwargs: dict[str, Any], result: Any) -> None:
        """Write one call down."""
        places = (self.place(tensor) for tensor in self._tensors([args, list(kwargs.values())]))
        of = list(dict.fromkeys(place for place in places if place is not None))
        if not of:
            return
        name = _function_name(function)
        for tensor in self._tensors(args[0] if name == "setitem" else result):
            step = {"function": name, "of": of, "shape": _sizes(tensor.shape)} | _details(name, args, kwargs)
            self.steps.append(step)
            self.places[id(tensor)] = (weakref.ref(tensor), len(self.steps))

    def _tensors(self, value: Any, depth: int = NESTING) -> Iterator[Any]:
        if isinstance(value, self.torch.Tensor):
            yield value
        elif isinstance(value, list | tuple) and depth:
            for item in value:
                yield from self._tensors(item, depth - 1)


def _function_name(function: Any) -> str:
    """As students call it, without the underscores of functions that change a tensor in place, or of operators."""
    name = str(getattr(function, "__name__", "?"))
    if name == "__get__":  # an attribute such as x.T
        name = str(getattr(getattr(function, "__self__", None), "__name__", "?"))
    return name.strip("_")[:MAX_NAME_CHARACTERS]


def _details(name: str, args: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Where a function's windows lie, or which axes it takes away or moves; nothing where that cannot be told.

    Padding and slicing are told as windows of one pixel, since they move and thin out a map as such windows do.
    """
    try:
        if sliding := _SLIDING.fullmatch(name):
            call = dict(zip(_SIGNATURES[sliding[1]], args, strict=False)) | kwargs
            return {"window": _window(call, axes=int(sliding[2]))}
        if name == "pad":
            return {"window": _padded(**dict(zip(("input", "pad"), args, strict=False)) | kwargs)}
        if name == "getitem":
            return _cut(args[0], args[1])
        axes = _axes(name, args, kwargs)
    except Exception:  # noqa: BLE001 - arguments in a form that nobody thought of; the step is told without them
        return {}
    return {} if axes is None else {"axes": axes}


def _window(call: _Call, axes: int) -> dict[str, Any]:
    kernel = list(call["weight"].shape[2:]) if "weight" in call else _each(call["kernel_size"], axes)
    dilation = _each(call.get("dilation", 1), axes)
    stride = call.get("stride")
    if stride is None or stride == []:
        stride = 1 if "weight" in call else kernel  # a pool's windows lie side by side
    padding = call.get("padding", 0)
    if isinstance(padding, str):
        reach = [spread * (size - 1) for spread, size in zip(dilation, kernel, strict=True)]
        padding = [total // 2 if padding == "same" else 0 for total in reach]  # an odd pixel comes last
    return {
        "kernel": _sizes(kernel),
        "stride": _each(stride, axes),
        "padding": _each(padding, axes),
        "dilation": dilation,
        "groups": int(call.get("groups", 1)),
    }


def _padded(input: Any, pad: Any, **_: Any) -> dict[str, Any]:  # noqa: A002 - torch's name
    """The window of F.pad, which lists sizes from the last axis on, both ends of each."""
    axes = input.dim() - 2
    before = [int(size) for size in pad[::2]][:axes][::-1]
    return _window_of_one([0] * (axes - len(before)) + before, [1] * axes)


def _cut(tensor: Any, index: Any) -> dict[str, Any]:
    """The window of slices such as x[:, :, ::2, ::2]; of any other index nothing is told."""
    parts = list(index) if isinstance(index, tuple) else [index]
    whole = [slice(None)] * (tensor.dim() - sum(type(part) is slice for part in parts))
    dots = [place for place, part in enumerate(parts) if part is Ellipsis] or [len(parts)]
    parts[dots[0] : dots[0] + 1] = whole
    if not all(type(part) is slice for part in parts):
        return {}
    ranges = [part.indices(size) for part, size in zip(parts, tensor.shape, strict=True)][2:]
    return {"window": _window_of_one([-start for start, _, _ in ranges], [step for _, _, step in ranges])}


def _window_of_one(padding: list[int], stride: list[int]) -> dict[str, Any]:
    ones = [1] * len(stride)
    return {"kernel": ones, "stride": stride, "padding": padding, "dilation": ones, "groups": 1}


def _axes(name: str, args: Any, kwargs: dict[str, Any]) -> list[int] | None:
    """The axes that a mean or the like takes away, or the order in which a permuted tensor has its axes."""
    axes = args[0].dim()
    if name in _REDUCTIONS:
        which = kwargs.get("dim", args[1] if len(args) > 1 else None)
        if hasattr(which, "shape"):
            return None  # torch.max(a, b) compares two tensors
        return [axis % axes for axis in (range(axes) if which is None else _each(which, 1))]
    if name == "permute":
        return [axis % axes for axis in _each(kwargs.get("dims", args[1] if len(args) == 2 else args[1:]), axes)]  # noqa: PLR2004
    if name in {"transpose", "swapaxes", "swapdims"}:
        order, (one, other) = list(range(axes)), args[1:]
        order[one], order[other] = order[other], order[one]
        return order
    return None


def _each(value: Any, axes: int) -> list[int]:
    """One number per axis, of which torch takes one for all."""
    numbers = [int(number) for number in value] if isinstance(value, list | tuple) else [int(value)]
    return numbers * axes if len(numbers) == 1 else numbers


def _sizes(shape: Any) -> list[int]:
    return [int(size) for size in shape]

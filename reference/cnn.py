"""Sizes, counts and receptive fields of convolutional networks, by arithmetic alone.

A network is a layer; a sequence of networks, one after the other; a mapping from names to networks, likewise in order;
or `Parallel` networks. Layers are named as torch names the modules of nested Sequentials: ``2.0.1`` is the second
layer of the first path of the third step, and a mapping puts its keys in place of the numbers.

    tower = [Conv2d(192, 16, 1), ReLU(), Conv2d(16, 32, 5, padding=2)]
    trace([Parallel([Conv2d(192, 64, 1), tower])], (192, 28, 28))[-1].output_shape == (96, 28, 28)
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from .layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    Shape,
    ShapeError,
    SizeRule,
    Sizes,
    Sliding,
    output_size,
)

__all__ = [
    "AdaptiveAvgPool2d",
    "AvgPool2d",
    "BatchNorm2d",
    "Conv2d",
    "Dropout",
    "Flatten",
    "Layer",
    "Linear",
    "MaxPool2d",
    "Network",
    "Parallel",
    "ReLU",
    "ReceptiveField",
    "Shape",
    "ShapeError",
    "SizeRule",
    "Sizes",
    "Traced",
    "cumulative_receptive_fields",
    "output_size",
    "receptive_field",
    "trace",
]

Network: TypeAlias = "Layer | Parallel | Sequence[Network] | Mapping[str, Network]"


@dataclass(frozen=True)
class Parallel:
    """Networks that all read the same input; their outputs are stacked by channel ("concat") or added ("add").

    An empty path hands its input on, as the shortcut of a residual block does.
    """

    paths: Sequence[Network]
    merge: str = "concat"

    def __post_init__(self) -> None:
        """Refuse what has no output."""
        if not self.paths:
            raise ValueError("Parallel needs at least one path")
        if self.merge not in {"concat", "add"}:
            raise ValueError(f"merge must be 'concat' or 'add', not {self.merge!r}")

    def merged_shape(self, shapes: Sequence[Shape]) -> Shape:
        """Shape of the merged output, given one shape per path; ShapeError when they do not match."""
        first, *rest = shapes
        listed = " and ".join(map(str, shapes))
        if self.merge == "add":
            if any(shape != first for shape in rest):
                raise ShapeError(f"expected paths of equal shapes to add, got {listed}")
            return first
        if any(shape[1:] != first[1:] for shape in rest):
            raise ShapeError(f"expected paths that differ in channels only, got {listed}")
        return sum(shape[0] for shape in shapes), *first[1:]


@dataclass(frozen=True)
class Traced:
    """What one layer, or the merging of parallel paths, does to an example."""

    name: str
    layer: Layer | Parallel
    output_shape: Shape
    parameters: int
    macs: int
    """Multiply-adds of convolutions and linear layers; biases, pools and sums are not counted."""

    @property
    def values(self) -> int:
        """Number of output values."""
        return math.prod(self.output_shape)


def trace(layers: Network, input_shape: Shape, size_rule: SizeRule = output_size) -> tuple[Traced, ...]:
    """What each layer puts out, in the order of execution; after the paths of a `Parallel`, their merged output.

    Args:
        layers: the network.
        input_shape: (channels, height, width) or (features,), without the batch.
        size_rule: gives the sizes after convolutions and pools; another rule than torch's shows what a mistake yields.

    Raises:
        ShapeError: a layer cannot take what reaches it; the message names the layer.
        TypeError: something is no layer.

    """
    if len(input_shape) not in {1, 3} or not all(isinstance(size, int) and size > 0 for size in input_shape):
        raise ShapeError(f"input_shape must be (channels, height, width) or (features,), not {input_shape!r}")
    return tuple(_trace(layers, tuple(input_shape), "", size_rule))


def _trace(network: Network, shape: Shape, name: str, size_rule: SizeRule) -> list[Traced]:
    if isinstance(network, Layer):
        with _placed(name, network):
            output = network.output_shape(shape, size_rule)
        return [Traced(name, network, output, network.parameters, network.macs(output))]
    records: list[Traced] = []
    if isinstance(network, Parallel):
        outputs = []
        for key, path in _steps(network.paths):
            branch = _trace(path, shape, _join(name, key), size_rule)
            outputs.append(_output(branch, shape))
            records += branch
        with _placed(name, network):
            merged = network.merged_shape(outputs)
        return [*records, Traced(name, network, merged, 0, 0)]
    for key, step in _steps(network):
        records += _trace(step, _output(records, shape), _join(name, key), size_rule)
    return records


def _output(records: Sequence[Traced], otherwise: Shape) -> Shape:
    return records[-1].output_shape if records else otherwise


def _steps(network: Sequence[Network] | Mapping[str, Network]) -> Iterator[tuple[str, Network]]:
    match network:
        case Mapping():
            yield from network.items()
        case [*steps]:
            yield from ((str(number), step) for number, step in enumerate(steps))
        case _:
            raise TypeError(f"{network!r} is no layer, nor a list or mapping of layers")


def _join(name: str, key: str) -> str:
    return f"{name}.{key}" if name else key


@contextmanager
def _placed(name: str, layer: Layer | Parallel) -> Iterator[None]:
    try:
        yield
    except ShapeError as error:
        raise ShapeError(f"layer {name or 0} ({type(layer).__name__}): {error}") from None


@dataclass(frozen=True)
class ReceptiveField:
    """The part of the input that an output depends on, in input pixels as (height, width); by default one pixel.

    Along each axis, output i sees the pixels from ``i * stride - padding`` on, `size` of them. Some of them lie outside
    of the input when i is near an edge.
    """

    size: tuple[int, int] = (1, 1)
    stride: tuple[int, int] = (1, 1)
    """Distance between the windows of neighbouring outputs: the effective stride, or jump."""
    padding: tuple[int, int] = (0, 0)
    """How far the window of the first output begins before the input: the effective padding, at top and left."""


def receptive_field(layers: Network) -> ReceptiveField:
    """The receptive field of an output of `layers` at their input.

    Layer by layer, r += (k - 1) * d * j, the padding grows by p * j, and then j *= s, for kernel k, dilation d, stride s
    and effective stride j. Parallel paths together see the union of their windows, taken as one window when there are
    gaps. Padding and groups do not change r. With symbols for sizes, all three are expressions.

    Source: Araujo, Norris and Sim, "Computing receptive fields of convolutional neural networks", Distill, 2019.

    Raises:
        ValueError: parallel paths have different strides, or a layer makes every output see the whole input.
        TypeError: something is no layer; or which path sees more depends on a symbol, which may help to declare positive.

    """
    return _seen(layers, ReceptiveField(), "")


def cumulative_receptive_fields(layers: Sequence[Network] | Mapping[str, Network]) -> tuple[ReceptiveField, ...]:
    """The receptive field at the input of `layers` after each of their steps; errors are those of `receptive_field`."""
    field, fields = ReceptiveField(), []
    for key, step in _steps(layers):
        field = _seen(step, field, key)
        fields.append(field)
    return tuple(fields)


def _seen(network: Network, before: ReceptiveField, name: str) -> ReceptiveField:
    match network:
        case Sliding():
            return _slid(network, before)
        case Flatten() | Linear() | AdaptiveAvgPool2d():
            kind = type(network).__name__
            raise ValueError(f"layer {name or 0} ({kind}): from here on every output sees everything; stop before it")
        case Layer():
            return before
        case Parallel():
            return _united([_seen(path, before, _join(name, key)) for key, path in _steps(network.paths)], name)
        case _:
            for key, step in _steps(network):
                before = _seen(step, before, _join(name, key))
            return before


def _slid(layer: Sliding, before: ReceptiveField) -> ReceptiveField:
    axes = [
        (size + (window.kernel - 1) * window.dilation * jump, jump * window.stride, padding + window.padding * jump)
        for window, size, jump, padding in zip(layer.windows, before.size, before.stride, before.padding, strict=True)
    ]
    return _of_axes(axes)


def _united(fields: Sequence[ReceptiveField], name: str) -> ReceptiveField:
    strides = [field.stride for field in fields]
    if any(stride != strides[0] for stride in strides):
        raise ValueError(f"layer {name or 0} (Parallel): its paths have different effective strides: {strides}")
    axes = []
    for axis in (0, 1):
        padding = max(field.padding[axis] for field in fields)
        end = max(field.size[axis] - field.padding[axis] for field in fields)
        axes.append((end + padding, strides[0][axis], padding))
    return _of_axes(axes)


def _of_axes(axes: Sequence[tuple[int, int, int]]) -> ReceptiveField:
    (height, down, top), (width, across, left) = axes
    return ReceptiveField(size=(height, width), stride=(down, across), padding=(top, left))

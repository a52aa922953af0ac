"""Networks of one's own design, in the form in which the grader takes a network from a solver.

It is a dictionary of facts, and under "description" the record of what the network does to an input, as it would be taken
from a torch.nn.Module. The facts come from `reference.cnn` and not from the record, so that the one is held against the other.
"""

from collections.abc import Mapping
from math import prod
from typing import Any

from .cnn import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    Network,
    Parallel,
    ReLU,
    Shape,
    Traced,
    output_size,
    receptive_field,
    trace,
)
from .layers import Sliding

_FUNCTIONS: dict[type[Layer], str] = {
    Conv2d: "conv2d",
    MaxPool2d: "max_pool2d",
    AvgPool2d: "avg_pool2d",
    AdaptiveAvgPool2d: "adaptive_avg_pool2d",
    BatchNorm2d: "batch_norm",
    ReLU: "relu",
    Dropout: "dropout",
    Flatten: "flatten",
    Linear: "linear",
}


def design(features: Network, head: Network, image: Shape) -> dict[str, Any]:
    """Facts and description of a network.

    Args:
        features: the network up to its last feature map.
        head: what follows: pools over the whole map, flattens, and linear layers.
        image: shape of one input, without the batch.
    """
    maps = trace(features, image)
    rows = [*maps, *trace(head, maps[-1].output_shape)]
    return {
        "output": rows[-1].output_shape,
        "parameters": sum(row.parameters for row in rows),
        "weights": sum(_weights(row.layer) for row in rows),
        "macs": sum(row.macs for row in rows),
        "final_map": maps[-1].output_shape,
        "largest_map": max((row.output_shape for row in maps), key=prod),
        "receptive_field": receptive_field(features).size,
        "description": _description([features, head], image),
    }


def _weights(layer: Layer | Parallel) -> int:
    """Parameters of a convolution or a linear layer without its biases."""
    match layer:
        case Conv2d():
            return layer.parameters - (layer.out_channels if layer.bias else 0)
        case Linear():
            return layer.in_features * layer.out_features
    return 0


def _description(network: Network, image: Shape) -> dict[str, Any]:
    """The record that a forward of the network leaves behind; see `grader/kernels/inside_model.py`."""
    steps: list[dict[str, Any]] = []
    output, shape = _run(network, 0, tuple(image), steps)
    modules = [_module(row) for row in trace(network, image) if row.parameters]
    return {
        "t": "network",
        "input": [*image],
        "modules": modules,
        "steps": steps,
        "output": output,
        "shape": [1, *shape],
    }


def _module(row: Traced) -> dict[str, Any]:
    return {"name": row.name, "kind": type(row.layer).__name__, "parameters": row.parameters}


def _run(network: Network, source: int, shape: Shape, steps: list[dict[str, Any]]) -> tuple[int, Shape]:
    """Writes the steps of a network behind those that are there; the last one's number and shape."""
    match network:
        case Layer():
            shape = network.output_shape(shape, output_size)
            steps.append(
                {"function": _FUNCTIONS[type(network)], "of": [source], "shape": [1, *shape], **_window(network)}
            )
            return len(steps), shape
        case Parallel():
            return _merge(network, source, shape, steps)
    for step in network.values() if isinstance(network, Mapping) else network:
        source, shape = _run(step, source, shape, steps)
    return source, shape


def _merge(network: Parallel, source: int, shape: Shape, steps: list[dict[str, Any]]) -> tuple[int, Shape]:
    ends = [_run(path, source, shape, steps) for path in network.paths]
    shape = network.merged_shape([shape for _, shape in ends])
    if network.merge == "concat":
        steps.append({"function": "cat", "of": [end for end, _ in ends], "shape": [1, *shape]})
        return len(steps), shape
    total, *others = (end for end, _ in ends)
    for other in others:
        steps.append({"function": "add", "of": [total, other], "shape": [1, *shape]})
        total = len(steps)
    return total, shape


def _window(layer: Layer) -> dict[str, Any]:
    if not isinstance(layer, Sliding):
        return {}
    sizes = {
        name: [getattr(window, name) for window in layer.windows]
        for name in ("kernel", "stride", "padding", "dilation")
    }
    return {"window": {**sizes, "groups": getattr(layer, "groups", 1)}}

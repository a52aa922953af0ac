"""Networks that differ from a given one in one thing, for proving that a problem tells them apart.

They need not be ones that torch could run: what counts is that one fact is another.
"""

from collections.abc import Callable, Sequence
from typing import Any

from grader.answers.network_facts import GLOBAL_AVERAGE_POOL, Facts
from grader.answers.networks import Network, Step
from grader.answers.torch_functions import Kind

# Functions by the kind of layer that they make, where they do not have its name.
_FUNCTIONS = {
    "convolution": "conv2d",
    "transposed_convolution": "conv_transpose2d",
    "max_pool": "max_pool2d",
    "average_pool": "avg_pool2d",
    GLOBAL_AVERAGE_POOL: "mean",
    "activation": "relu",
    "concat": "cat",
}
# What makes a global pool of a map by something else than the average.
_OTHER_POOLS = {"adaptive_avg_pool2d": "adaptive_max_pool2d", "avg_pool2d": "max_pool2d", "mean": "amax"}


def with_output(network: Network, shape: Sequence[int]) -> Network:
    """An output of that shape, without the batch."""
    return _continued(network, "reshape", shape)


def with_parameters(network: Network, total: int) -> Network:
    """As many parameters as that."""
    return _changed(network, modules=[{"name": "", "kind": "", "parameters": total}])


def with_field(network: Network, size: int) -> Network:
    """A receptive field of that size, from its first window; all others are a pixel wide."""
    first = next((number for number in network.used if network.steps[number - 1].window), 0)

    def resized(number: int, step: Step) -> dict[str, Any]:
        if step.window is None:
            return {}
        axes = len(step.window.kernel)
        window = {"kernel": (size if number == first else 1,) * axes, "dilation": (1,) * axes, "padding": (0,) * axes}
        return {"window": step.window.model_dump() | window}

    return _each(network, resized)


def with_last_map(network: Network, shape: Sequence[int]) -> Network:
    """A last feature map of that shape, without the batch, as if the last one had been padded or cut."""
    last, axes = _last_map(network), len(shape) - 1
    ones = (1,) * axes
    window = {"kernel": ones, "stride": ones, "padding": (0,) * axes, "dilation": ones}
    padded = {"function": "pad", "of": [last], "shape": (1, *shape), "window": window}
    behind = [
        step.model_dump(exclude_unset=True) | {"of": [source + (source >= last) for source in step.of]}
        for step in network.steps[last:]
    ]
    output = (network.output or 0) + 1
    whole = (1, *shape) if output == last + 1 else network.shape
    return _changed(network, steps=[*network.steps[:last], padded, *behind], output=output, shape=whole)


def without_layer(network: Network, layer: str) -> Network:
    """No layer of that kind; something else stands in its place."""
    if layer == GLOBAL_AVERAGE_POOL:
        return _each(network, lambda _, step: {"function": _OTHER_POOLS.get(step.function, step.function)})
    return _each(network, lambda _, step: {"function": "clone"} if step.kind == layer else {})


def with_layer(network: Network, layer: str) -> Network:
    """One more layer of that kind, behind all others."""
    if layer == Kind.CONCAT:
        return _with_concat(network)
    if layer == Kind.LINEAR:
        return _appended(network, {"function": "linear", "of": (network.output or 0,), "shape": network.shape})
    return _continued(network, _FUNCTIONS.get(layer, layer), network.shape[1:])


def _last_map(network: Network) -> int:
    """The last step that puts out the last feature map."""
    shape = (1, *Facts(network).final_map)
    return max(number for number in network.used if network.shape_of(number) == shape)


def _continued(network: Network, function: str, shape: Sequence[int]) -> Network:
    """With one more step, which takes the last feature map and the output."""
    sources = tuple(dict.fromkeys((_last_map(network), network.output or 0, 0)))
    step = {"function": function, "of": sources, "shape": (1, *shape)}
    if function == "mean":
        step["axes"] = tuple(range(2, len(network.input) + 1))
    return _appended(network, step)


def _with_concat(network: Network) -> Network:
    """The last feature map cut into two and joined again."""
    last, count = _last_map(network), len(network.steps)
    _, channels, *pixels = network.shape_of(last)
    halves = [
        {"function": "chunk", "of": (last,), "shape": (1, n, *pixels)} for n in (channels // 2, -(-channels // 2))
    ]
    whole = {"function": "cat", "of": (count + 1, count + 2), "shape": (1, channels, *pixels)}
    behind = {"function": "reshape", "of": (count + 3, network.output or 0), "shape": network.shape}
    return _appended(network, *halves, whole, behind)


def _appended(network: Network, *steps: dict[str, Any]) -> Network:
    output = len(network.steps) + len(steps)
    return _changed(network, steps=[*network.steps, *steps], output=output, shape=steps[-1]["shape"])


def _each(network: Network, change: Callable[[int, Step], dict[str, Any]]) -> Network:
    steps = enumerate(network.steps, start=1)
    return _changed(
        network, steps=[step.model_dump(exclude_unset=True) | change(number, step) for number, step in steps]
    )


def _changed(network: Network, **fields: Any) -> Network:
    return Network.model_validate({name: getattr(network, name) for name in Network.model_fields} | fields)

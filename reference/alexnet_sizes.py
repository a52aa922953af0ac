"""Sizes of a network that closely resembles AlexNet: parameters, feature maps, memory to train it, largest batch.

Memory while training = bytes of all feature maps of a batch + bytes of all parameters and of their gradients, so that
the largest batch is floor((memory of the GPU - bytes of parameters and gradients) / bytes of one image's feature maps).
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from math import prod

from .cnn import Conv2d, Layer, Linear, MaxPool2d, ShapeError, output_size, trace

Shape = tuple[int, ...]
GIGABYTE = {"decimal": 10**9, "binary": 2**30}


def convolutions(
    conv_bias: bool = False, padding: str = "given", pool_kernel: int = 2, first_stride: int = 4
) -> dict[str, Layer]:
    """The part before the feature maps are flattened. The question counts no biases here."""

    def conv(channels: tuple[int, int], kernel: int, pad: int, stride: int = 1) -> Conv2d:
        return Conv2d(*channels, kernel, stride, pad if padding == "given" else 0, bias=conv_bias)

    return {
        "conv1": conv((3, 64), 11, 5, stride=first_stride),
        "pool1": MaxPool2d(pool_kernel, 2),
        "conv2": conv((64, 192), 5, 2),
        "pool2": MaxPool2d(pool_kernel, 2),
        "conv3": conv((192, 384), 3, 1),
        "conv4": conv((384, 256), 3, 1),
        "conv5": conv((256, 256), 3, 1),
        "pool3": MaxPool2d(pool_kernel, 2),
    }


def classifier(linear_bias: bool = True) -> dict[str, Layer]:
    """The fully connected part."""
    return {
        "fc1": Linear(256 * 7 * 7, 4096, bias=linear_bias),
        "fc2": Linear(4096, 4096, bias=linear_bias),
        "fc3": Linear(4096, 1000, bias=linear_bias),
    }


def parameters(
    convolutions: Mapping[str, Layer], classifier: Mapping[str, Layer], kernel_channels: str = "all"
) -> dict[str, int]:
    """Learned numbers in every layer that has any."""
    counted = {}
    for name, layer in {**convolutions, **classifier}.items():
        if isinstance(layer, Conv2d) and kernel_channels == "one":
            counted[name] = replace(layer, in_channels=1).parameters
        elif not isinstance(layer, MaxPool2d):
            counted[name] = layer.parameters
    return counted


def feature_maps(
    convolutions: Mapping[str, Layer],
    classifier: Mapping[str, Layer],
    image: list[int],
    rounding: str = "down",
    last_window: str = "counted",
    padded: str = "both sides",
) -> dict[str, Shape]:
    """Output shape of every layer, channels first."""

    def size_rule(size: int, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool) -> int:
        if padded == "one side":
            size, padding = size + padding, 0
        windows = output_size(size, kernel, stride, padding, dilation, ceil_mode or rounding == "up")
        return windows if last_window == "counted" else windows - 1

    shapes: dict[str, Shape] = {row.name: row.output_shape for row in trace(convolutions, tuple(image), size_rule)}
    # The classifier's shapes are printed in the sheet, so that a slip in the convolutions does not reach them.
    return shapes | {row.name: row.output_shape for row in trace(classifier, (256 * 7 * 7,))}


def feature_maps_continued(
    feature_maps: Mapping[str, Shape], convolutions: Mapping[str, Layer], classifier: Mapping[str, Layer]
) -> dict[str, Shape]:
    """Output shape of every layer behind the first for the output shape before it, where the layer can take that."""
    follows = {}
    for (before, _), (name, layer) in pairwise(convolutions.items()):
        shape = feature_maps[before]
        # Wrong channels are a slip of the layer before alone: this one is printed with the channels that it puts out.
        taking = replace(layer, in_channels=shape[0]) if isinstance(layer, Conv2d) else layer
        with suppress(ShapeError):
            follows[name] = trace({name: taking}, shape)[0].output_shape
    return follows | {row.name: row.output_shape for row in trace(classifier, (256 * 7 * 7,))}


def feature_bytes(
    feature_maps: Mapping[str, Shape],
    image: list[int],
    bytes_per_value: int = 4,
    feature_copies: int = 1,
    pools: str = "counted",
    linear_outputs: str = "counted",
    flattened: str = "not counted",
    input_image: str = "ignored",
) -> int:
    """Bytes of one image's feature maps."""
    skipped = ("pool",) * (pools != "counted") + ("fc",) * (linear_outputs != "counted")
    values = sum(prod(shape) for name, shape in feature_maps.items() if not name.startswith(skipped))
    if flattened == "counted":
        values += prod(feature_maps["pool3"])
    if input_image == "stored":
        values += prod(image)
    return bytes_per_value * feature_copies * values


def parameter_bytes(
    parameters: Mapping[str, int],
    bytes_per_value: int = 4,
    gradient_copies: int = 1,
    optimizer_copies: int = 0,
) -> int:
    """Bytes of all parameters with their gradients, which do not grow with the batch."""
    return bytes_per_value * (1 + gradient_copies + optimizer_copies) * sum(parameters.values())


def training_bytes(parameter_bytes: int, feature_bytes: int) -> int:
    """Bytes to train on one image at a time."""
    return parameter_bytes + feature_bytes


def largest_batch(
    training_bytes: int,
    parameter_bytes: int,
    gpu_gigabytes: int,
    gigabyte: str = "decimal",
    per_image: str = "feature maps",
    fixed: str = "parameters and gradients",
    batch_rounding: str = "down",
) -> int:
    """The largest batch that fits; one image's share is what the memory of a batch of one has over the parameters'."""
    memory = gpu_gigabytes * GIGABYTE[gigabyte]
    image_bytes = training_bytes - (parameter_bytes if per_image == "feature maps" else 0)
    fixed_bytes = parameter_bytes if fixed == "parameters and gradients" and per_image == "feature maps" else 0
    if image_bytes <= 0:
        raise ValueError("no batch follows: an image would take no memory at all")
    batch = (memory - fixed_bytes) // image_bytes
    if batch < 1:
        raise ValueError("no batch follows: not even one image fits")
    return batch + 1 if batch_rounding == "up" else batch

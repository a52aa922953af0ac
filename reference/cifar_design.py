"""A network for CIFAR-10 in the style of Inception-v4, and the numbers to report of a network.

Source: Szegedy, Ioffe, Vanhoucke and Alemi, "Inception-v4, Inception-ResNet and the Impact of Residual Connections on
Learning", 2016, figures 4 to 8, with a quarter of the channels; one convolution stands for the stem, since images of
CIFAR-10 are as small as the maps behind that stem.
"""

from math import prod
from typing import Any

from .cnn import AdaptiveAvgPool2d, AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, Network, Parallel, ReLU
from .designs import design

_BLOCKS = {"a": 2, "b": 3, "c": 1}
_CHANNELS = {"a": 96, "b": 256, "c": 384}


def cifar_design(image: list[int], classes: int) -> dict[str, Any]:
    """A design that keeps every bound: a stem, blocks at 32, 16 and 8 pixels, and an average over what is left."""
    head = [AdaptiveAvgPool2d(1), Flatten(), Linear(_CHANNELS["c"], classes)]
    return design(_features(image[0]), head, tuple(image))


def design_field(cifar_design: dict[str, Any]) -> int:
    """Side of what a pixel of the last map sees of the image; the longer side if it is no square."""
    return int(max(cifar_design["receptive_field"]))


def design_largest_map(cifar_design: dict[str, Any], counted_as: str = "values") -> int:
    """Values in the largest feature map, for one image."""
    return int(prod(cifar_design["largest_map"])) * {"values": 1, "bytes": 4}[counted_as]


def design_parameters(cifar_design: dict[str, Any], counted_parameters: str = "all") -> int:
    """Trained numbers."""
    return int(cifar_design["parameters" if counted_parameters == "all" else "weights"])


def design_macs(cifar_design: dict[str, Any], counted_operations: str = "multiply-adds") -> int:
    """Multiply-adds of convolutions and linear layers, for one image."""
    return int(cifar_design["macs"]) * {"multiply-adds": 1, "multiplications and additions": 2}[counted_operations]


def _features(channels: int) -> list[Network]:
    """Everything before the pool over the last map."""
    return [
        *_convolutions(channels, (_CHANNELS["a"], 3)),
        *(_block_a(_CHANNELS["a"]) for _ in range(_BLOCKS["a"])),
        _reduction_a(_CHANNELS["a"]),
        *(_block_b(_CHANNELS["b"]) for _ in range(_BLOCKS["b"])),
        _reduction_b(_CHANNELS["b"]),
        *(_block_c(_CHANNELS["c"]) for _ in range(_BLOCKS["c"])),
    ]


def _block_a(channels: int) -> Parallel:
    return Parallel(
        [
            [_pool(), *_convolutions(channels, (24, 1))],
            _convolutions(channels, (24, 1)),
            _convolutions(channels, (16, 1), (24, 3)),
            _convolutions(channels, (16, 1), (24, 3), (24, 3)),
        ]
    )


def _reduction_a(channels: int) -> Parallel:
    return Parallel(
        [
            MaxPool2d(3, 2, 1),
            _convolutions(channels, (96, 3), stride=2),
            _convolutions(channels, (48, 1), (56, 3), (64, 3), stride=2),
        ]
    )


def _block_b(channels: int) -> Parallel:
    across, down = (1, 7), (7, 1)
    return Parallel(
        [
            [_pool(), *_convolutions(channels, (32, 1))],
            _convolutions(channels, (96, 1)),
            _convolutions(channels, (48, 1), (56, across), (64, down)),
            _convolutions(channels, (48, 1), (48, across), (56, down), (56, across), (64, down)),
        ]
    )


def _reduction_b(channels: int) -> Parallel:
    return Parallel(
        [
            MaxPool2d(3, 2, 1),
            _convolutions(channels, (48, 1), (48, 3), stride=2),
            _convolutions(channels, (64, 1), (64, (1, 7)), (80, (7, 1)), (80, 3), stride=2),
        ]
    )


def _block_c(channels: int) -> Parallel:
    across, down = (1, 3), (3, 1)
    return Parallel(
        [
            [_pool(), *_convolutions(channels, (64, 1))],
            _convolutions(channels, (64, 1)),
            [*_convolutions(channels, (96, 1)), _split(96)],
            [*_convolutions(channels, (96, 1), (112, across), (128, down)), _split(128)],
        ]
    )


def _split(channels: int) -> Parallel:
    return Parallel([_convolutions(channels, (64, (1, 3))), _convolutions(channels, (64, (3, 1)))])


def _pool() -> AvgPool2d:
    return AvgPool2d(3, 1, 1)


def _convolutions(channels: int, *layers: tuple[int, int | tuple[int, int]], stride: int = 1) -> list[Network]:
    """Convolutions of so many filters and that kernel, one after the other; the last one has the stride."""
    network: list[Network] = []
    for number, (filters, kernel) in enumerate(layers, start=1):
        padding = (kernel[0] // 2, kernel[1] // 2) if isinstance(kernel, tuple) else kernel // 2
        own_stride = stride if number == len(layers) else 1
        network += [Conv2d(channels, filters, kernel, own_stride, padding, bias=False), ReLU()]
        channels = filters
    return network

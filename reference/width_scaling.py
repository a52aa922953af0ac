"""What becomes of memory and compute when every layer of a convolutional network has half as many channels.

A convolution of C_in to C_out channels puts out H W C_out values, learns k k C_in C_out weights, and takes a multiply-add
per weight and place. The first convolution reads the image, whose channels stay. Source: the counting rules of `layers`.
"""

from fractions import Fraction
from math import prod

from .cnn import Conv2d, Shape


def full_layer(channels: int, kernel: int) -> Conv2d:
    """A layer from the middle of the network."""
    return Conv2d(channels, channels, kernel, padding=kernel // 2, bias=False)


def half_layer(channels: int, kernel: int) -> Conv2d:
    """The same layer in the network of half the width."""
    return full_layer(channels // 2, kernel)


def feature_memory(
    full_layer: Conv2d, half_layer: Conv2d, side: int, ratio_of: str = "half to full", maps_shrink: str = "once"
) -> Fraction:
    """Values of the feature maps, half width by full width: 1/2."""
    full, half = (prod(_output(layer, side)) for layer in (full_layer, half_layer))
    return _ratio(Fraction(half, full) ** (1 if maps_shrink == "once" else 2), ratio_of)


def filter_memory(
    full_layer: Conv2d, half_layer: Conv2d, ratio_of: str = "half to full", filters_halved: str = "inputs and outputs"
) -> Fraction:
    """Weights of the filters, half width by full width: 1/4."""
    half = half_layer.parameters * (1 if filters_halved == "inputs and outputs" else 2)
    return _ratio(Fraction(half, full_layer.parameters), ratio_of)


def compute(
    full_layer: Conv2d,
    half_layer: Conv2d,
    side: int,
    ratio_of: str = "half to full",
    compute_halved: str = "inputs and outputs",
) -> Fraction:
    """Multiply-adds, half width by full width: 1/4."""
    full, half = (layer.macs(_output(layer, side)) for layer in (full_layer, half_layer))
    return _ratio(Fraction(half * (1 if compute_halved == "inputs and outputs" else 2), full), ratio_of)


def first_layer(
    image_channels: int,
    first_filters: int,
    kernel: int,
    first_bias: bool = False,
    first_inputs: str = "kept",
    kernel_channels: str = "all",
) -> dict[str, int]:
    """Weights of the first convolution at full and at half width; the image keeps its channels."""
    inputs = image_channels if kernel_channels == "all" else 1
    full, half = (Conv2d(inputs, filters, kernel, bias=first_bias) for filters in (first_filters, first_filters // 2))
    return {"full": full.parameters, "half": half.parameters // (1 if first_inputs == "kept" else 2)}


def _output(layer: Conv2d, side: int) -> Shape:
    return layer.out_channels, side, side


def _ratio(half_to_full: Fraction, ratio_of: str) -> Fraction:
    return {
        "half to full": half_to_full,
        "full to half": 1 / half_to_full,
        "what is saved": 1 - half_to_full,
    }[ratio_of]

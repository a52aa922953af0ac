"""Parameters of one linear and one convolution layer on a small colour image."""

from math import prod

from .cnn import Conv2d, Linear


def linear_parameters(image: list[int], outputs: int, linear_bias: bool = True, colours: str = "all") -> int:
    """Learned numbers of a linear layer from the flattened image to `outputs`; biases count."""
    inputs = prod(image) if colours == "all" else prod(image[1:])
    return Linear(inputs, outputs, bias=linear_bias).parameters


def convolution_parameters(
    image: list[int],
    filters: int,
    kernel: int,
    convolution_bias: bool = False,
    kernel_channels: str = "all",
    counted_filters: str = "all",
) -> int:
    """Learned numbers of a convolution over the image; biases do not count."""
    channels = image[0] if kernel_channels == "all" else 1
    counted = filters if counted_filters == "all" else 1
    return Conv2d(channels, counted, kernel, bias=convolution_bias).parameters


def convolution_outputs(image: list[int], filters: int, kernel: int, border: str = "valid") -> tuple[int, int, int]:
    """Shape of the convolution's output, without padding."""
    lost = kernel - 1 if border == "valid" else 0
    return (filters, image[1] - lost, image[2] - lost)

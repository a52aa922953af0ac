"""Parameters of one linear and one convolution layer on a small colour image, and what the convolution puts out.

A linear layer learns inputs * outputs weights and outputs biases; a convolution k * k * channels weights for each of its
filters, whatever the size of the image. Source: documentation of torch.nn.Linear and torch.nn.Conv2d.
"""

from math import prod

from .cnn import Conv2d, Linear, output_size


def linear_parameters(
    image: list[int], outputs: int, linear_biases: str = "one per output", colours: str = "all"
) -> int:
    """Learned numbers of a linear layer from the flattened image to `outputs`; biases count."""
    inputs = prod(image) if colours == "all" else prod(image[1:])
    biases = {"one per output": outputs, "one": 1, "one per input": inputs, "none": 0}[linear_biases]
    return Linear(inputs, outputs, bias=False).parameters + biases


def convolution_parameters(
    image: list[int],
    filters: int,
    kernel: int,
    convolution_biases: str = "none",
    kernel_channels: str = "all",
    counted_filters: str = "all",
    counted: str = "what is learned",
    sharing: str = "over all places",
    border: str = "valid",
    last_window: str = "counted",
) -> int:
    """Learned numbers of a convolution over the image; biases do not count."""
    places = convolution_outputs(image, filters, kernel, border, last_window)
    if counted == "outputs":
        return prod(places)
    channels = image[0] if kernel_channels == "all" else 1
    learning = filters if counted_filters == "all" else 1
    weights = Conv2d(channels, learning, kernel, bias=False).parameters
    biases = {"none": 0, "one per filter": learning, "one per channel pair": image[0] * learning}[convolution_biases]
    return (weights + biases) * (prod(places[1:]) if sharing == "none" else 1)


def convolution_outputs(
    image: list[int], filters: int, kernel: int, border: str = "valid", last_window: str = "counted"
) -> tuple[int, int, int]:
    """Shape of the convolution's output, without padding."""
    uncounted = 0 if last_window == "counted" else 1
    padding = 0 if border == "valid" else kernel // 2
    height, width = (output_size(size, kernel, 1, padding) - uncounted for size in image[1:])
    return filters, height, width

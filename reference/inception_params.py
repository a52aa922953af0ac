"""Free parameters of GoogLeNet's inception (3a), with the 1x1 reductions and without.

Source: Szegedy et al., "Going Deeper with Convolutions" (2015), table 1, row inception (3a).
"""

from collections.abc import Mapping
from fractions import Fraction

from .cnn import Conv2d

Widths = Mapping[str, int]
Branches = Mapping[str, tuple[Conv2d, ...]]


def input_channels(widths: Widths, counted_input: str = "previous layer") -> int:
    """Channels that enter the module."""
    own_output = sum(widths[name] for name in ("1x1", "3x3", "5x5", "pool"))
    return {"previous layer": widths["input"], "own output": own_output}[counted_input]


def reduced_branches(
    input_channels: int, widths: Widths, large_kernel: int = 5, reductions: str = "counted and used"
) -> Branches:
    """The convolutions of each branch, the 1x1 reductions before the 3x3 and the 5x5 included."""
    branches = {"1x1": _convolutions((input_channels, 1, widths["1x1"]))}
    for name, kernel in (("3x3", 3), ("5x5", large_kernel)):
        narrow = widths[f"{name} reduce"]
        entering = input_channels if reductions == "counted only" else narrow
        reduction = _convolutions((input_channels, 1, narrow)) if reductions != "used only" else ()
        branches[name] = reduction + _convolutions((entering, kernel, widths[name]))
    return branches | {"pool": _convolutions((input_channels, 1, widths["pool"]))}


def naive_branches(input_channels: int, widths: Widths, large_kernel: int = 5) -> Branches:
    """The same without reductions."""
    kernels = {"1x1": 1, "3x3": 3, "5x5": large_kernel, "pool": 1}
    return {name: _convolutions((input_channels, kernel, widths[name])) for name, kernel in kernels.items()}


def reduced_by_branch(
    reduced_branches: Branches, biases: str = "one per output channel", kernel_channels: str = "all"
) -> dict[str, int]:
    """Parameters of each branch, with the reductions."""
    return {name: _count(branch, biases, kernel_channels) for name, branch in reduced_branches.items()}


def naive_by_branch(
    naive_branches: Branches, biases: str = "one per output channel", kernel_channels: str = "all"
) -> dict[str, int]:
    """Parameters of each branch, without the reductions."""
    return {name: _count(branch, biases, kernel_channels) for name, branch in naive_branches.items()}


def inception_reduced(reduced_by_branch: Mapping[str, int], pool_projection: str = "counted") -> int:
    """Parameters of the module with reductions: 163,696."""
    return _total(reduced_by_branch, pool_projection)


def inception_naive(naive_by_branch: Mapping[str, int], pool_projection: str = "counted") -> int:
    """Parameters of the module without reductions: 393,472."""
    return _total(naive_by_branch, pool_projection)


def inception_ratio(inception_naive: int, inception_reduced: int, ratio_of: str = "naive to reduced") -> Fraction:
    """How many times larger the naive module is."""
    ratio = Fraction(inception_naive, inception_reduced)
    return ratio if ratio_of == "naive to reduced" else 1 / ratio


def largest_branch(reduced_by_branch: Mapping[str, int]) -> str:
    """The branch with the most parameters, with reductions."""
    return max(reduced_by_branch, key=lambda name: reduced_by_branch[name])


def _convolutions(*sizes: tuple[int, int, int]) -> tuple[Conv2d, ...]:
    return tuple(Conv2d(entering, leaving, kernel) for entering, kernel, leaving in sizes)


def _count(branch: tuple[Conv2d, ...], biases: str, kernel_channels: str) -> int:
    total = 0
    for layer in branch:
        weights = layer.parameters - layer.out_channels
        if kernel_channels == "one":
            weights //= layer.in_channels
        total += weights + _bias_count(layer, biases)
    return total


def _bias_count(layer: Conv2d, biases: str) -> int:
    return {
        "one per output channel": layer.out_channels,
        "one per layer": 1,
        "one per channel pair": layer.in_channels * layer.out_channels,
        "none": 0,
    }[biases]


def _total(by_branch: Mapping[str, int], pool_projection: str) -> int:
    return sum(count for name, count in by_branch.items() if name != "pool" or pool_projection == "counted")

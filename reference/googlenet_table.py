"""Parameters of GoogLeNet, row by row, against the column that its paper prints.

Source: Szegedy et al., "Going Deeper with Convolutions" (2015), table 1. The widths in it reproduce the printed operations,
so that it is the printed parameters that are off where the two columns disagree.
"""

from collections.abc import Mapping, Sequence

from .cnn import Conv2d, Linear

Learning = Conv2d | Linear
Rows = Mapping[str, Sequence[Learning]]


def module_inputs(
    first_input: int, modules: Mapping[str, Mapping[str, int]], entering: str = "outputs before"
) -> dict[str, int]:
    """Channels that enter each inception module: what the one before stacks from its four branches."""
    stacked = {name: sum(widths[branch] for branch in _BRANCHES) for name, widths in modules.items()}
    if entering == "own outputs":
        return stacked
    return dict(zip(modules, (first_input, *stacked.values()), strict=False))


def stem_rows(stem: Mapping[str, int], second_reduction: str = "counted") -> Rows:
    """The two rows of convolutions before the modules; the second has a 1x1 convolution before its 3x3."""
    reduction = Conv2d(stem["conv1"], stem["conv2 reduce"], 1)
    wide = Conv2d(stem["conv2 reduce"], stem["conv2"], 3)
    return {
        "conv1": [Conv2d(stem["image"], stem["conv1"], 7)],
        "conv2": [reduction, wide] if second_reduction == "counted" else [wide],
    }


def module_rows(
    modules: Mapping[str, Mapping[str, int]],
    module_inputs: Mapping[str, int],
    large_kernel: int = 5,
    reductions: str = "counted and used",
    pool_projection: str = "counted",
) -> Rows:
    """The convolutions of every inception module."""
    table: dict[str, Sequence[Learning]] = {}
    for name, widths in modules.items():
        inputs = module_inputs[name]
        ones = [Conv2d(inputs, widths["1x1"], 1)]
        threes = _reduced(inputs, widths, "3x3", 3, reductions)
        fives = _reduced(inputs, widths, "5x5", large_kernel, reductions)
        projection = [Conv2d(inputs, widths["pool"], 1)] if pool_projection == "counted" else []
        table[name] = [*ones, *threes, *fives, *projection]
    return table


def linear_row(modules: Mapping[str, Mapping[str, int]], classes: int, linear_input: str = "averaged") -> Rows:
    """The classifier, which reads one number for each channel that the last module stacks."""
    *_, last = modules.values()
    channels = sum(last[branch] for branch in _BRANCHES)
    return {"linear": [Linear(channels * (1 if linear_input == "averaged" else 7 * 7), classes)]}


def googlenet_parameters(
    stem_rows: Rows,
    module_rows: Rows,
    linear_row: Rows,
    counted: str = "weights and biases",
    kernel_channels: str = "all",
) -> dict[str, int]:
    """Parameters of every row: with biases, or the weights alone."""
    table = {**stem_rows, **module_rows, **linear_row}
    return {name: sum(_count(layer, counted, kernel_channels) for layer in layers) for name, layers in table.items()}


def misprinted_rows(
    googlenet_parameters: Mapping[str, int],
    printed: Mapping[str, float],
    allowed: int,
    kilo: int = 1024,
    deviations: str = "both ways",
) -> list[str]:
    """Rows whose printed number is further from the counted one than is allowed, in the table's K."""
    off = {name: printed[name] * kilo - count for name, count in googlenet_parameters.items()}
    if deviations == "both ways":
        return [name for name, much in off.items() if abs(much) > allowed * kilo]
    return [name for name, much in off.items() if -much > allowed * kilo]


_BRANCHES = ("1x1", "3x3", "5x5", "pool")


def _reduced(inputs: int, widths: Mapping[str, int], branch: str, kernel: int, reductions: str) -> list[Conv2d]:
    """A larger convolution with the 1x1 reduction before it."""
    narrow = widths[f"{branch} reduce"]
    reduction = [Conv2d(inputs, narrow, 1)] if reductions != "used only" else []
    return [*reduction, Conv2d(inputs if reductions == "counted only" else narrow, widths[branch], kernel)]


def _count(layer: Learning, counted: str, kernel_channels: str) -> int:
    outputs = layer.out_channels if isinstance(layer, Conv2d) else layer.out_features
    weights = layer.parameters - outputs
    if kernel_channels == "one" and isinstance(layer, Conv2d):
        weights //= layer.in_channels
    biases = {"weights and biases": outputs, "weights": 0, "one bias per layer": 1}[counted]
    return weights + biases

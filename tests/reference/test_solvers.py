"""The reference solvers of the problems agree with torch and with the library's general rules."""

import math
import tomllib
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from reference import (
    alexnet_sizes,
    googlenet_table,
    inception_params,
    layer_sizes,
    momentum_paths,
    receptive_field,
    resnet50_field,
    width_scaling,
)
from reference.cnn import (
    AdaptiveAvgPool2d,
    BatchNorm2d,
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    Network,
    Parallel,
    trace,
)
from reference.cnn import receptive_field as field_of
from reference.optimizers import SGD
from tests.reference.architectures import googlenet, resnet_features

ROOT = Path(__file__).parents[2]
IMAGE = [3, 224, 224]
WIDTHS = {"input": 192, "1x1": 64, "3x3 reduce": 96, "3x3": 128, "5x5 reduce": 16, "5x5": 32, "pool": 32}
ALEXNET = {
    "conv1": nn.Conv2d(3, 64, 11, 4, 5, bias=False),
    "pool1": nn.MaxPool2d(2, 2),
    "conv2": nn.Conv2d(64, 192, 5, padding=2, bias=False),
    "pool2": nn.MaxPool2d(2, 2),
    "conv3": nn.Conv2d(192, 384, 3, padding=1, bias=False),
    "conv4": nn.Conv2d(384, 256, 3, padding=1, bias=False),
    "conv5": nn.Conv2d(256, 256, 3, padding=1, bias=False),
    "pool3": nn.MaxPool2d(2, 2),
    "fc1": nn.Linear(256 * 7 * 7, 4096, device="meta"),
    "fc2": nn.Linear(4096, 4096, device="meta"),
    "fc3": nn.Linear(4096, 1000, device="meta"),
}


def count(*modules: nn.Module) -> int:
    return sum(parameter.numel() for module in modules for parameter in module.parameters())


def test_alexnet_parameters_are_those_of_the_torch_modules() -> None:
    counted = alexnet_sizes.parameters(alexnet_sizes.convolutions(), alexnet_sizes.classifier())
    assert counted == {name: count(module) for name, module in ALEXNET.items() if count(module)}


def test_alexnet_feature_maps_are_those_of_a_forward_pass() -> None:
    x, shapes = torch.zeros(1, *IMAGE, device="meta"), {}
    for name, module in ALEXNET.items():
        x = module.to("meta")(x.flatten(1) if name == "fc1" else x)
        shapes[name] = tuple(x.shape[1:])
    assert alexnet_sizes.feature_maps(alexnet_sizes.convolutions(), alexnet_sizes.classifier(), IMAGE) == shapes


def test_the_largest_batch_fits_and_one_more_does_not() -> None:
    parameters = alexnet_sizes.parameters(alexnet_sizes.convolutions(), alexnet_sizes.classifier())
    maps = alexnet_sizes.feature_maps(alexnet_sizes.convolutions(), alexnet_sizes.classifier(), IMAGE)
    fixed = alexnet_sizes.parameter_bytes(parameters)
    per_image = alexnet_sizes.feature_bytes(maps, IMAGE)
    assert per_image == 4 * sum(math.prod(shape) for shape in maps.values())
    for gigabyte, size in (("decimal", 10**9), ("binary", 2**30)):
        batch = alexnet_sizes.largest_batch(fixed + per_image, fixed, 8, gigabyte)
        assert fixed + batch * per_image <= 8 * size < fixed + (batch + 1) * per_image


def test_no_batch_follows_from_a_memory_below_that_of_the_parameters() -> None:
    with pytest.raises(ValueError, match="no batch follows"):
        alexnet_sizes.largest_batch(1, 2, 8)


def test_inception_parameters_are_those_of_the_torch_modules() -> None:
    inputs = inception_params.input_channels(WIDTHS)
    reduced = inception_params.reduced_by_branch(inception_params.reduced_branches(inputs, WIDTHS))
    naive = inception_params.naive_by_branch(inception_params.naive_branches(inputs, WIDTHS))
    assert reduced == {
        "1x1": count(nn.Conv2d(192, 64, 1)),
        "3x3": count(nn.Conv2d(192, 96, 1), nn.Conv2d(96, 128, 3)),
        "5x5": count(nn.Conv2d(192, 16, 1), nn.Conv2d(16, 32, 5)),
        "pool": count(nn.Conv2d(192, 32, 1)),
    }
    assert naive["5x5"] == count(nn.Conv2d(192, 32, 5))
    assert inception_params.inception_reduced(reduced) == 163_696
    assert inception_params.inception_naive(naive) == 393_472


def test_single_layers_are_those_of_torch() -> None:
    assert layer_sizes.linear_parameters([3, 64, 64], 1000) == count(nn.Linear(3 * 64 * 64, 1000))
    convolution = nn.Conv2d(3, 16, 5, bias=False)
    assert layer_sizes.convolution_parameters([3, 64, 64], 16, 5) == count(convolution)
    assert layer_sizes.convolution_outputs([3, 64, 64], 16, 5) == convolution(torch.zeros(3, 64, 64)).shape


@pytest.mark.parametrize("mistake", [{"counted": "outputs"}, {"counted": "outputs", "border": "same"}])
def test_the_outputs_counted_for_parameters_are_those_that_come_out(mistake: dict[str, str]) -> None:
    border = mistake.get("border", "valid")
    counted = layer_sizes.convolution_parameters([3, 64, 64], 16, 5, **mistake)
    assert counted == nn.Conv2d(3, 16, 5, padding=border)(torch.zeros(3, 64, 64)).numel()


GOOGLENET = tomllib.loads((ROOT / "problems/googlenet_table/problem.toml").read_text(encoding="utf-8"))["given"]


def googlenet_parameters(counted: str = "weights and biases") -> dict[str, int]:
    stem, modules = googlenet_table.stem_rows(GOOGLENET["stem"]), GOOGLENET["modules"]
    inputs = googlenet_table.module_inputs(GOOGLENET["first_input"], modules)
    linear = googlenet_table.linear_row(modules, GOOGLENET["classes"])
    return googlenet_table.googlenet_parameters(stem, googlenet_table.module_rows(modules, inputs), linear, counted)


def test_the_rows_of_googlenet_are_those_of_the_whole_network() -> None:
    rows = dict.fromkeys(googlenet_parameters(), 0)
    for layer in trace(googlenet(), (3, 224, 224)):
        rows["linear" if layer.name.startswith("head") else layer.name.partition(".")[0]] += layer.parameters
    assert googlenet_parameters() == rows
    assert sum(rows.values()) == 6_998_552  # as in Caffe's bvlc_googlenet


@pytest.mark.parametrize("counted", ["weights and biases", "weights"])
def test_seven_rows_of_googlenet_are_misprinted_whether_biases_count_or_not(counted: str) -> None:
    parameters = googlenet_parameters(counted)
    misprinted = googlenet_table.misprinted_rows(parameters, GOOGLENET["printed"], GOOGLENET["allowed"])
    assert misprinted == ["conv1", "4a", "4c", "4d", "4e", "5a", "5b"]


def course_network(width: int = 1) -> list[Network]:
    """The residual network of the width problem, at 1/width of its width; blocks normalise before they convolve."""
    channels, tables = 32 // width, [(4, 16, 64), (6, 32, 128), (3, 64, 256)]
    layers: list[Network] = [Conv2d(3, channels, 3, padding=1, bias=False)]
    for level, (blocks, narrow, wide) in enumerate(tables):
        for block in range(blocks):
            layers.append(
                preactivated(channels, narrow // width, wide // width, stride=2 if level and not block else 1)
            )
            channels = wide // width
    return [*layers, BatchNorm2d(channels), AdaptiveAvgPool2d(1), Flatten(), Linear(channels, 10)]


def preactivated(channels: int, narrow: int, wide: int, stride: int) -> Network:
    convolutions = [
        Conv2d(channels, narrow, 1, stride, bias=False),
        Conv2d(narrow, narrow, 3, padding=1, bias=False),
        Conv2d(narrow, wide, 1, bias=False),
    ]
    body = [step for layer in convolutions for step in (BatchNorm2d(layer.in_channels), layer)]
    return Parallel([body, [Conv2d(channels, wide, 1, stride, bias=False)] if channels != wide else []], merge="add")


def test_the_ratios_of_the_whole_network_are_admitted_beside_those_of_one_layer() -> None:
    full, half = (trace(course_network(width), (3, 28, 28)) for width in (1, 2))
    assert [sum(row.macs for row in rows) for rows in (full, half)] == [48_648_192, 12_332_032]
    assert [sum(row.parameters for row in rows) for rows in (full, half)] == [371_882, 95_194]
    convolutions = [[row for row in rows if isinstance(row.layer, Conv2d)] for rows in (full, half)]
    values, filters = (
        [sum(getattr(row, name) for row in rows) for rows in convolutions] for name in ("values", "parameters")
    )
    assert (values, filters) == ([696_192, 348_096], [363_872, 91_184])
    layers = width_scaling.full_layer(64, 3), width_scaling.half_layer(64, 3)
    for (whole, part), typical in (
        (values, width_scaling.feature_memory(*layers, 28)),
        (filters, width_scaling.filter_memory(*layers)),
        ([371_882, 95_194], width_scaling.filter_memory(*layers)),
        ([48_648_192, 12_332_032], width_scaling.compute(*layers, 28)),
    ):
        assert abs(Fraction(part, whole) - typical) <= Fraction(3, 100) * typical


def test_the_first_layer_at_half_the_width_has_half_the_weights() -> None:
    assert width_scaling.first_layer(3, 32, 3) == {
        "full": count(nn.Conv2d(3, 32, 3, bias=False)),
        "half": count(nn.Conv2d(3, 16, 3, bias=False)),
    }


@pytest.mark.parametrize(("downsampling", "size"), [("1x1", 483), ("3x3", 427)])
def test_the_longest_path_of_resnet50_has_the_field_of_the_whole_network(downsampling: str, size: int) -> None:
    windows = resnet50_field.resnet50_windows(downsampling)
    block = "v1" if downsampling == "1x1" else "v1.5"
    whole = resnet_features(block, (3, 4, 6, 3))
    stages = resnet50_field.resnet50_stages(windows)
    assert resnet50_field.resnet50(stages, windows) == field_of(whole).size[0] == size


def test_the_stages_of_resnet50_end_at_the_whole() -> None:
    stages = resnet50_field.resnet50_stages(resnet50_field.resnet50_windows())
    assert list(stages.values()) == [7, 11, 35, 99, 291, 483]


def test_the_field_after_the_pool_is_n_plus_8_whatever_the_stride_of_the_pool() -> None:
    assert receptive_field.after_pool(receptive_field.two_convolutions(5), 5) == "n + 8"
    for n, stride in ((1, 1), (2, 2), (3, 1), (7, 3), (20, 20)):
        assert field_of([Conv2d(1, 1, 5), Conv2d(1, 1, 5), MaxPool2d(n, stride)]).size == (n + 8, n + 8)


@pytest.mark.parametrize("velocity", ["torch", "sutskever"])
def test_momentum_at_a_constant_rate_is_torchs_in_both_forms(velocity: str) -> None:
    gradient = momentum_paths.ravine_gradient([1, 10])
    ours = momentum_paths.momentum_path(momentum_paths.momentum_rule(0.05, 0.9, velocity), gradient, [10, 1], 5)
    np.testing.assert_allclose(ours, torch_path(0.05, 0.9, [1.0] * 5), rtol=0, atol=1e-12)


def test_the_falling_rate_is_torchs_and_the_other_form_parts_from_it() -> None:
    gradient = momentum_paths.ravine_gradient([1, 10])
    paths = [
        momentum_paths.drop_path(momentum_paths.drop_rule(0.05, 0.9, 5, 2, 0.1, velocity), gradient, [10, 1], 5)
        for velocity in ("torch", "sutskever")
    ]
    np.testing.assert_allclose(paths[0], torch_path(0.05, 0.9, [1, 1, 0.1, 0.1, 0.1]), rtol=0, atol=1e-12)
    assert np.abs(paths[0] - paths[1])[:3].max() < 1e-12
    assert np.abs(paths[0] - paths[1])[3:].min() > 0.1


def torch_path(learning_rate: float, momentum: float, factors: list[float]) -> list[list[float]]:
    point = torch.tensor([10.0, 1.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([point], lr=learning_rate, momentum=momentum)
    points = [point.tolist()]
    for factor in factors:
        optimizer.param_groups[0]["lr"] = learning_rate * factor
        optimizer.zero_grad()
        (0.5 * (point[0] ** 2 + 10 * point[1] ** 2)).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        points.append(point.tolist())
    return points


def test_the_first_steps_over_the_edge_of_the_saddle_are_counted() -> None:
    assert momentum_paths.saddle_steps(momentum_paths.saddle_gradient(), [1, 0.001], 0.1, 0.9) == {
        "plain": 38,
        "momentum": 19,
    }


def test_no_momentum_leaves_a_ridge_without_noise() -> None:
    saddle = momentum_paths.saddle_gradient()
    assert momentum_paths.ridge_escape(saddle, [1, 0.001], 0.1, 0.9) is False
    assert momentum_paths.ridge_escape(saddle, [1, 0.001], 0.1, 0.9, ridge="beside") is True


def test_the_path_over_the_saddle_is_torchs() -> None:
    rule, saddle = momentum_paths.momentum_rule(0.05, 0.9), momentum_paths.saddle_gradient()
    ours = momentum_paths.saddle_path(rule, saddle, [1, 0.1], 5)
    point = torch.tensor([1.0, 0.1], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([point], lr=0.05, momentum=0.9)
    for expected in ours[1:]:
        optimizer.zero_grad()
        (point[0] ** 2 - point[1] ** 2).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        np.testing.assert_allclose(point.tolist(), expected, rtol=0, atol=1e-12)


def test_a_saddle_that_is_never_left_has_no_number_of_steps() -> None:
    bowl = momentum_paths.saddle_gradient("x^2 + y^2")
    with pytest.raises(ValueError, match="never left"):
        momentum_paths.saddle_steps(bowl, [1, 0.001], 0.1, 0.9)


def test_what_follows_from_the_reference_path_is_the_reference_path() -> None:
    gradient = momentum_paths.ravine_gradient([1, 10])
    points = momentum_paths.momentum_path(SGD(0.05, 0.9), gradient, [10, 1], 5)
    nexts = momentum_paths.momentum_continued(points, gradient, SGD(0.05, 0.9))
    for (_, point), allowed in zip(pairwise(points), nexts, strict=True):
        np.testing.assert_allclose(allowed, [point, point], atol=1e-12)

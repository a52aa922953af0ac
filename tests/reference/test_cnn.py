import math
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from reference.cnn import (
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
    ShapeError,
    output_size,
    trace,
)
from reference.layers import Window
from tests.reference import architectures as nets
from tests.reference.torch_networks import as_torch, measured

PHOTO = (3, 224, 224)


def parameters(network: Network, shape: tuple[int, ...] = PHOTO) -> int:
    return sum(row.parameters for row in trace(network, shape))


ALEXNET_ROWS = {
    "conv1": ((64, 56, 56), 200_704, 23_232, 72_855_552),
    "pool1": ((64, 28, 28), 50_176, 0, 0),
    "conv2": ((192, 28, 28), 150_528, 307_200, 240_844_800),
    "pool2": ((192, 14, 14), 37_632, 0, 0),
    "conv3": ((384, 14, 14), 75_264, 663_552, 130_056_192),
    "conv4": ((256, 14, 14), 50_176, 884_736, 173_408_256),
    "conv5": ((256, 14, 14), 50_176, 589_824, 115_605_504),
    "pool3": ((256, 7, 7), 12_544, 0, 0),
    "flatten": ((12_544,), 12_544, 0, 0),
    "fc1": ((4096,), 4_096, 51_384_320, 51_380_224),
    "fc2": ((4096,), 4_096, 16_781_312, 16_777_216),
    "fc3": ((1000,), 1_000, 4_097_000, 4_096_000),
}


def test_every_row_of_alexnet() -> None:
    rows = trace(nets.alexnet(), PHOTO)
    assert {r.name: (r.output_shape, r.values, r.parameters, r.macs) for r in rows} == ALEXNET_ROWS
    assert list(ALEXNET_ROWS) == [row.name for row in rows]
    assert sum(row.values for row in rows if row.name != "flatten") == 636_392
    assert sum(row.parameters for row in rows) == 74_731_176
    assert sum(row.macs for row in rows) == 805_023_744


NETWORKS: dict[str, tuple[Network, tuple[int, ...], int, int]] = {
    # name: (network, input shape, parameters, multiply-adds)
    "AlexNet with all biases": (nets.alexnet(conv_bias=True), PHOTO, 74_732_328, 805_023_744),
    "VGG-16": (nets.vgg16(), PHOTO, 138_357_544, 15_470_264_320),
    "ResNet-18": (nets.resnet("basic", (2, 2, 2, 2)), PHOTO, 11_689_512, 1_814_073_344),
    "ResNet-34": (nets.resnet("basic", (3, 4, 6, 3)), PHOTO, 21_797_672, 3_663_761_408),
    "ResNet-50 v1.5": (nets.resnet("v1.5", (3, 4, 6, 3)), PHOTO, 25_557_032, 4_089_184_256),
    "ResNet-50 v1": (nets.resnet("v1", (3, 4, 6, 3)), PHOTO, 25_557_032, 3_857_973_248),
    "Inception (3a)": (nets.inception(192, 64, (96, 128), (16, 32), 32), (192, 28, 28), 163_696, 128_049_152),
    "GoogLeNet": (nets.googlenet(), PHOTO, 6_998_552, 1_582_671_872),
    "Inception-C": (nets.inception_c(8), (8, 8, 8), 1_488, 90_112),
    "MobileNet": (nets.mobilenet(), PHOTO, 4_231_976, 568_740_352),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_known_networks_have_torchs_names_shapes_and_counts(name: str) -> None:
    network, shape, count, macs = NETWORKS[name]
    rows = trace(network, shape)
    assert [(row.name, row.output_shape, row.parameters, row.macs) for row in rows] == measured(network, shape)
    assert (sum(row.parameters for row in rows), sum(row.macs for row in rows)) == (count, macs)


def test_names_are_those_of_nested_sequentials() -> None:
    network: Network = [ReLU(), Parallel([[], [ReLU(), {"mean": AvgPool2d(1)}]]), [[Flatten()]]]
    names = [row.name for row in trace(network, (1, 2, 2))]
    assert names == ["0", "1.1.0", "1.1.1.mean", "1", "2.0.0"]


def test_merged_output_has_a_record_of_its_own_after_its_paths() -> None:
    merged = trace([Parallel([Conv2d(3, 4, 1), []])], (3, 5, 5))[-1]
    assert (merged.name, merged.output_shape, merged.parameters, merged.macs) == ("0", (7, 5, 5), 0, 0)


def test_an_empty_network_has_no_records() -> None:
    assert trace([], PHOTO) == ()


GOOGLENET_SIZES = {"conv1.2": 56, "conv2.4": 28, "3b.1": 14, "4e.1": 7}


def test_googlenet_has_its_published_sizes_by_rounding_up() -> None:
    sizes = {row.name: row.output_shape[1] for row in trace(nets.googlenet(), PHOTO) if row.name in GOOGLENET_SIZES}
    assert sizes == GOOGLENET_SIZES


def plus_one_forgotten(*arguments: Any) -> int:
    return output_size(*arguments) - 1


def rounded_up(size: int, *others: Any) -> int:
    kernel, stride, padding, dilation, _ = others
    return output_size(size, kernel, stride, padding, dilation, ceil_mode=True)


def no_padding(size: int, kernel: int, stride: int, _: int, *rest: Any) -> int:
    return output_size(size, kernel, stride, 0, *rest)


@pytest.mark.parametrize(
    ("rule", "sizes"),
    [
        (plus_one_forgotten, [55]),
        (rounded_up, [57, 29, 29, 15, 15, 15, 15, 8]),
        (no_padding, [54, 27, 23, 11, 9, 7, 5, 2]),
    ],
)
def test_another_size_rule_shows_what_a_mistake_yields(rule: Any, sizes: list[int]) -> None:
    convolutions = dict(list(nets.alexnet().items())[: len(sizes)])
    assert [row.output_shape[1] for row in trace(convolutions, PHOTO, rule)] == sizes


def test_a_mistaken_size_does_not_fit_the_classifier() -> None:
    with pytest.raises(ShapeError, match=r"layer fc1 \(Linear\): expected 12544 input features, got 1024"):
        trace(nets.alexnet(), PHOTO, no_padding)


pairs = st.integers(1, 4) | st.tuples(st.integers(1, 4), st.integers(1, 4))


def _halves(kernel: Any) -> Any:
    return tuple(k // 2 for k in kernel) if isinstance(kernel, tuple) else kernel // 2


@st.composite
def layer_after(draw: st.DrawFn, channels: int) -> Layer:
    kernel, stride, dilation = draw(pairs), draw(pairs), draw(st.integers(1, 3))
    padding = draw(st.sampled_from([0, _halves(kernel)]))
    conv = partial(Conv2d, channels, draw(st.sampled_from([2, 4])), kernel, dilation=dilation)
    conv = partial(conv, groups=draw(st.sampled_from([1, 2])), bias=draw(st.booleans()))
    return draw(
        st.sampled_from(
            [
                conv(stride=stride, padding=draw(st.sampled_from([padding, (3, 1), "valid"]))),
                conv(padding="same"),
                MaxPool2d(kernel, draw(st.none() | st.just(stride)), padding, dilation, ceil_mode=draw(st.booleans())),
                AvgPool2d(kernel, stride, padding, ceil_mode=draw(st.booleans())),
                draw(st.sampled_from([AdaptiveAvgPool2d(3), AdaptiveAvgPool2d((2, 5)), AdaptiveAvgPool2d((None, 4))])),
                BatchNorm2d(channels, affine=draw(st.booleans())),
                Linear(draw(st.integers(3, 5)), 7, bias=draw(st.booleans())),
                ReLU(),
                Dropout(0.1),
            ]
        )
    )


@st.composite
def stacks(draw: st.DrawFn) -> list[Network]:
    layers: list[Network] = []
    channels = 2
    for _ in range(draw(st.integers(1, 5))):
        layer = draw(layer_after(channels))
        if isinstance(layer, Conv2d):
            channels = layer.out_channels
        layers.append(layer)
    return layers


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@settings(max_examples=400, deadline=None)
@given(stacks(), st.integers(1, 20), st.integers(1, 20))
def test_random_stacks_agree_with_torch_on_sizes_and_on_what_does_not_fit(
    layers: list[Network], height: int, width: int
) -> None:
    shape = (2, height, width)
    try:
        expected = measured(layers, shape)
    except RuntimeError:
        with pytest.raises(ShapeError):
            trace(layers, shape)
    else:
        assert [(r.name, r.output_shape, r.parameters, r.macs) for r in trace(layers, shape)] == expected


windows = st.builds(Window, *[st.integers(1, 6)] * 2, st.integers(0, 3), st.integers(1, 3), st.booleans())


@given(st.integers(1, 30), windows.filter(lambda window: 2 * window.padding <= window.kernel))
def test_output_size_counts_the_places_of_a_window(size: int, window: Window) -> None:
    reach, end = window.dilation * (window.kernel - 1) + 1, size + 2 * window.padding
    starts = range(0, end, window.stride)
    if window.ceil_mode:  # the last may begin before the padding at the end, if the one before leaves something over
        places = [s for s in starts if s < size + window.padding and s - window.stride + reach < end]
    else:
        places = [s for s in starts if s + reach <= end]
    counted = output_size(size, window.kernel, window.stride, window.padding, window.dilation, window.ceil_mode)
    assert max(0, counted) == len(places)


@given(st.integers(1, 9), st.integers(1, 4), st.integers(8, 20))
def test_same_padding_keeps_the_size_for_even_and_odd_windows(kernel: int, dilation: int, size: int) -> None:
    layer = Conv2d(1, 1, kernel, padding="same", dilation=dilation)
    assert trace([layer], (1, size, size))[0].output_shape == (1, size, size)


@pytest.mark.parametrize(
    ("layers", "shape", "words"),
    [
        ({"c": Conv2d(3, 8, 3)}, (4, 9, 9), r"layer c \(Conv2d\): expected 3 input channels, got 4"),
        (
            [ReLU(), [Conv2d(3, 8, 3)]],
            (3, 2, 9),
            r"layer 1.0 \(Conv2d\): a window of 3 does not fit into 2 with padding 0",
        ),
        ([MaxPool2d(2)], (9,), r"layer 0 \(MaxPool2d\): expected \(channels, height, width\), got \(9,\)"),
        ([BatchNorm2d(3)], (4, 9, 9), r"layer 0 \(BatchNorm2d\): expected 3 input channels, got 4"),
        ([Flatten(), Linear(80, 2)], (1, 9, 9), r"layer 1 \(Linear\): expected 80 input features, got 81"),
        ([Parallel([[MaxPool2d((3, 1))], []])], (1, 9, 9), r"layer 0 \(Parallel\): .* \(1, 3, 9\) and \(1, 9, 9\)"),
        ([Parallel([[Conv2d(1, 2, 1)], []], "add")], (1, 9, 9), r"expected paths of equal shapes to add"),
        ([ReLU()], (3, 0, 9), r"input_shape must be"),
        ([ReLU()], (3, 9), r"input_shape must be"),
    ],
)
def test_a_misfit_names_the_layer_and_both_sizes(layers: Network, shape: tuple[int, ...], words: str) -> None:
    with pytest.raises(ShapeError, match=words):
        trace(layers, shape)


INVALID: list[tuple[type[Layer], dict[str, Any]]] = [
    (Conv2d, {"in_channels": 3, "out_channels": 4, "kernel_size": 3, "groups": 2}),
    (Conv2d, {"in_channels": 4, "out_channels": 3, "kernel_size": 3, "groups": 2}),
    (Conv2d, {"in_channels": 4, "out_channels": 4, "kernel_size": 3, "groups": 0}),
    (Conv2d, {"in_channels": 4, "out_channels": 4, "kernel_size": 3, "padding": "same", "stride": (1, 2)}),
    (Conv2d, {"in_channels": 4, "out_channels": 4, "kernel_size": 3, "padding": "full"}),
    (Conv2d, {"in_channels": 4, "out_channels": 4, "kernel_size": 3, "padding": -1}),
    (Conv2d, {"in_channels": 4, "out_channels": 4, "kernel_size": 3, "stride": 0}),
    (Conv2d, {"in_channels": 4, "out_channels": 4, "kernel_size": 3, "dilation": 0}),
    (Conv2d, {"in_channels": 4, "out_channels": 4, "kernel_size": 0}),
    (Conv2d, {"in_channels": 4, "out_channels": 4, "kernel_size": (3, 3, 3)}),
    (Conv2d, {"in_channels": 4, "out_channels": 4, "kernel_size": 2.5}),
    (Conv2d, {"in_channels": 4, "out_channels": 4, "kernel_size": 3, "padding": ("same", "same")}),
    (MaxPool2d, {"kernel_size": 3, "padding": "same"}),
    (MaxPool2d, {"kernel_size": 3, "padding": 2}),
    (MaxPool2d, {"kernel_size": (4, 2), "padding": (2, 2)}),
    (AvgPool2d, {"kernel_size": 3, "padding": 2}),
    (AvgPool2d, {"kernel_size": 3, "stride": 0}),
    (AdaptiveAvgPool2d, {"output_size": -1}),
    (Dropout, {"p": 1.5}),
]


@pytest.mark.parametrize(("kind", "arguments"), INVALID)
def test_layers_that_torch_refuses_cannot_be_described(kind: type[Layer], arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"must be|needs"):
        kind(**arguments)


@pytest.mark.parametrize(("paths", "merge"), [([], "concat"), ([[]], "mean")])
def test_parallel_needs_a_path_and_a_known_way_to_merge(paths: list[Network], merge: str) -> None:
    with pytest.raises(ValueError, match=r"at least one path|merge must be"):
        Parallel(paths, merge)


@pytest.mark.parametrize("network", ["conv", [None], {"a": 3}, [Conv2d]])
def test_what_is_no_layer_is_named(network: Any) -> None:
    with pytest.raises(TypeError, match="is no layer"):
        trace(network, PHOTO)


@pytest.mark.parametrize(
    ("layer", "count"), [(Linear(64 * 64 * 3, 1000), 12_289_000), (Conv2d(3, 16, 5, bias=False), 1_200)]
)
def test_single_layers_have_parameters(layer: Layer, count: int) -> None:
    assert layer.parameters == count == sum(p.numel() for p in as_torch(layer).parameters())


def test_halving_all_channels_quarters_the_inner_weights() -> None:
    full, half = Conv2d(64, 128, 3, bias=False), Conv2d(32, 64, 3, bias=False)
    assert full.parameters == 4 * half.parameters
    assert full.macs((128, 8, 8)) == 4 * half.macs((64, 8, 8))
    assert math.prod((128, 8, 8)) == 2 * math.prod((64, 8, 8))


def test_defaults_are_torchs() -> None:
    pool, conv = MaxPool2d((3, 2)), Conv2d(3, 4, (3, 2))
    assert [window.stride for window in pool.windows] == [3, 2]
    assert isinstance(as_torch(conv), nn.Conv2d)
    assert conv.parameters == 3 * 4 * 6 + 4

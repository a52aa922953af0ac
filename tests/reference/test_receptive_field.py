from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Symbol

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
    ReceptiveField,
    ReLU,
    cumulative_receptive_fields,
    receptive_field,
)
from tests.reference import architectures as nets
from tests.reference.torch_networks import seen_by

# Channels do not matter to what an output sees, so the networks are as narrow as they can be.
NETWORKS: dict[str, tuple[Network, int, int, int]] = {
    # each with its size, stride and padding
    "AlexNet of the homework": (dict(list(nets.alexnet().items())[:8]), 167, 32, 69),
    "AlexNet": (nets.original_alexnet_features(), 195, 32, 66),
    "VGG-16": (nets.vgg16_features(1), 212, 32, 90),
    "ResNet-18": (nets.resnet_features("basic", (2, 2, 2, 2), 1), 435, 32, 217),
    "ResNet-34": (nets.resnet_features("basic", (3, 4, 6, 3), 1), 899, 32, 449),
    "ResNet-50 v1": (nets.resnet_features("v1", (3, 4, 6, 3), 1), 483, 32, 241),
    "ResNet-50 v1.5": (nets.resnet_features("v1.5", (3, 4, 6, 3), 1), 427, 32, 213),
    "Inception (3a)": (nets.inception(3, 1, (1, 1), (1, 1), 1), 5, 1, 2),
    "Inception-C": (nets.inception_c(3), 5, 1, 2),
    "MobileNet": (nets.mobilenet(1)[:-3], 315, 32, 157),
}


def assert_torch_sees_the_same(network: Network, field: ReceptiveField, channels: int = 3) -> None:
    """In an image just large enough for the first output whose window has no part in the padding."""
    place = tuple(-(-padding // stride) for padding, stride in zip(field.padding, field.stride, strict=True))
    first = [i * s - p for i, s, p in zip(place, field.stride, field.padding, strict=True)]
    last = [start + size - 1 for start, size in zip(first, field.size, strict=True)]
    height, width = (end + 4 for end in last)
    seen = seen_by(network, (channels, height, width), (place[0], place[1]))
    assert seen == list(zip(first, last, strict=True))


@pytest.mark.parametrize("name", NETWORKS)
def test_known_networks_see_what_is_published(name: str) -> None:
    network, size, stride, padding = NETWORKS[name]
    assert receptive_field(network) == ReceptiveField((size, size), (stride, stride), (padding, padding))


@pytest.mark.parametrize("name", NETWORKS)
def test_known_networks_see_what_gradients_say(name: str) -> None:
    network = NETWORKS[name][0]
    assert_torch_sees_the_same(network, receptive_field(network))


@pytest.mark.parametrize(
    ("block", "counts", "sizes"),
    [
        ("v1", (3, 4, 6, 3), [7, 11, 35, 99, 291, 483]),
        ("v1.5", (3, 4, 6, 3), [7, 11, 35, 91, 267, 427]),
        ("v1", (3, 4, 23, 3), [7, 11, 35, 99, 835, 1027]),
        ("v1.5", (3, 4, 23, 3), [7, 11, 35, 91, 811, 971]),
        ("v1", (3, 8, 36, 3), [7, 11, 35, 163, 1315, 1507]),
    ],
)
def test_receptive_field_grows_from_stage_to_stage(block: str, counts: tuple[int, ...], sizes: list[int]) -> None:
    fields = cumulative_receptive_fields(nets.resnet_features(block, counts, 1))
    assert [field.size for field in fields] == [(size, size) for size in sizes]


def test_shortcuts_alone_see_no_more_than_the_stem() -> None:
    shortcut = [Conv2d(1, 1, 1, 2) for _ in range(3)]
    assert receptive_field([Conv2d(3, 1, 7, 2, 3), MaxPool2d(3, 2, 1), *shortcut]).size == (11, 11)


pairs = st.integers(1, 3) | st.tuples(st.integers(1, 3), st.integers(1, 3))


@st.composite
def sliding(draw: st.DrawFn) -> Layer:
    kernel, stride, dilation = draw(pairs), draw(pairs), draw(pairs)
    half = tuple(k // 2 for k in kernel) if isinstance(kernel, tuple) else kernel // 2
    padding: Any = draw(st.sampled_from([0, half]))
    groups = draw(st.sampled_from([1, 2]))
    return draw(
        st.sampled_from(
            [
                Conv2d(2, 2, kernel, stride, draw(st.sampled_from([padding, (2, 0)])), dilation, groups),
                Conv2d(2, 2, kernel, 1, "same", dilation),
                MaxPool2d(kernel, stride, padding, dilation),
                AvgPool2d(kernel, stride, padding),
                ReLU(),
                BatchNorm2d(2),
            ]
        )
    )


@st.composite
def aligned_paths(draw: st.DrawFn) -> Parallel:
    kernels = draw(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3)), min_size=1, max_size=3))
    paths: list[Network] = [[Conv2d(2, 2, kernel, padding="same", dilation=d), ReLU()] for kernel, d in kernels]
    return Parallel([*paths, []], merge="add")


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@settings(max_examples=300, deadline=None)
@given(st.lists(sliding() | aligned_paths(), min_size=1, max_size=4))
def test_random_networks_see_what_gradients_say(network: list[Network]) -> None:
    assert_torch_sees_the_same(network, receptive_field(network), channels=2)


@given(st.lists(sliding(), max_size=5))
def test_the_backward_rule_gives_the_same(layers: list[Network]) -> None:
    for axis in (0, 1):
        size = 1
        for layer in reversed(layers):
            if isinstance(layer, Conv2d | MaxPool2d | AvgPool2d):
                window = layer.windows[axis]
                size = (size - 1) * window.stride + window.dilation * (window.kernel - 1) + 1
        assert receptive_field(layers).size[axis] == size


@given(st.lists(sliding(), max_size=5))
def test_the_last_cumulative_field_is_that_of_the_whole(layers: list[Network]) -> None:
    assert ([ReceptiveField(), *cumulative_receptive_fields(layers)])[-1] == receptive_field(layers)


N, S1, S2 = Symbol("n", integer=True, positive=True), Symbol("s1"), Symbol("s2")


def test_a_pool_of_n_after_two_convolutions_sees_n_plus_8() -> None:
    convolutions = [Conv2d(1, 1, 5), Conv2d(1, 1, 5)]
    assert receptive_field([*convolutions, MaxPool2d(N)]).size == (N + 8, N + 8)
    assert receptive_field([*convolutions, MaxPool2d((N, 2), 3)]).size == (N + 8, 10)
    assert receptive_field([*convolutions, MaxPool2d(Symbol("n"))]).stride == (Symbol("n"), Symbol("n"))


def test_strides_can_be_symbols() -> None:
    size = receptive_field([Conv2d(1, 1, 5, S1), Conv2d(1, 1, 5, S2), AvgPool2d(N)]).size[0]
    assert (size - (5 + 4 * S1 + (N - 1) * S1 * S2)).expand() == 0


def test_kernel_dilation_and_padding_can_be_symbols() -> None:
    n, d, p = Symbol("n"), Symbol("d"), Symbol("p")
    field = receptive_field([Conv2d(1, 1, n, padding=p, dilation=d), MaxPool2d(3, padding=p)])
    assert field.size[0] == 3 + (n - 1) * d
    assert field.padding[0] == 2 * p


def test_a_path_with_a_symbol_is_compared_if_its_sign_tells() -> None:
    paths = [[Conv2d(1, 1, 2 * N + 1, padding=N)], [Conv2d(1, 1, 3, padding=1)], []]
    assert receptive_field(Parallel(paths)).size == (2 * N + 1, 2 * N + 1)


def test_paths_see_the_union_of_their_windows() -> None:
    ahead, behind = Conv2d(1, 1, 3, padding=2), Conv2d(1, 1, 3)  # pixels -2..0 and 0..2 of the first output
    assert receptive_field([Parallel([ahead, behind])]) == ReceptiveField((5, 5), (1, 1), (2, 2))


def test_a_layer_without_window_changes_nothing() -> None:
    assert receptive_field([ReLU(), Dropout(), BatchNorm2d(3), []]) == ReceptiveField((1, 1), (1, 1), (0, 0))


@pytest.mark.parametrize("layer", [Flatten(), Linear(3, 3), AdaptiveAvgPool2d(1)])
def test_a_layer_from_which_on_all_is_seen_is_refused(layer: Layer) -> None:
    with pytest.raises(ValueError, match=r"layer 1\.head \(\w+\): .* sees everything; stop before it"):
        receptive_field([Conv2d(3, 3, 3), {"head": layer}])


def test_paths_of_different_strides_are_refused() -> None:
    with pytest.raises(
        ValueError, match=r"layer 1 \(Parallel\): .* different effective strides: \[\(4, 4\), \(2, 2\)\]"
    ):
        receptive_field([MaxPool2d(2), Parallel([[MaxPool2d(2)], []])])


def test_what_is_no_layer_is_named() -> None:
    nothing: Any = None
    with pytest.raises(TypeError, match="None is no layer"):
        receptive_field([nothing])

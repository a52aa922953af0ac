"""What is worked out of a network agrees with the library, with gradients and with what torch says."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from torch import Tensor, nn
from torch.nn import functional

from grader.answers.network_facts import Facts, known_facts
from grader.answers.receptive_fields import Axis, fields_of
from grader.errors import Unreadable
from reference.cnn import (
    AdaptiveAvgPool2d,
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    Network,
    Parallel,
    ShapeError,
    receptive_field,
    trace,
)
from tests.answers.networks_as_data import network_of
from tests.reference import architectures as nets
from tests.reference.test_cnn import NETWORKS as COUNTED
from tests.reference.test_cnn import stacks
from tests.reference.test_receptive_field import NETWORKS as SEEING
from tests.reference.test_receptive_field import aligned_paths, sliding
from tests.reference.torch_networks import as_torch

SMALL = [name for name in COUNTED if name not in {"VGG-16", "AlexNet with all biases", "ResNet-34", "ResNet-50 v1"}]


def field_of(model: nn.Module, shape: tuple[int, ...]) -> list[Axis]:
    """The field of what comes out."""
    network = network_of(model, shape)
    assert network.output is not None
    seen = fields_of(network)[network.output]
    assert isinstance(seen, tuple), seen
    return list(seen)


@pytest.mark.parametrize("name", SMALL)
def test_known_networks_have_the_counts_of_the_library(name: str) -> None:
    network, shape, parameters, macs = COUNTED[name]
    facts = Facts(network_of(as_torch(network), shape))
    rows = trace(network, shape)
    assert (facts.parameters, facts.macs, facts.output) == (parameters, macs, rows[-1].output_shape)
    maps = [row.output_shape for row in rows if len(row.output_shape) == 3 and row.output_shape[1] > 1]
    assert facts.final_map == maps[-1]
    assert facts.largest_map == max(maps, key=math.prod)


def test_alexnet_has_the_feature_values_of_the_homework() -> None:
    facts = Facts(network_of(as_torch(nets.alexnet()), (3, 224, 224)))
    assert facts.feature_values == 636_392
    assert facts.weights == 74_721_984
    assert facts.layers == {"convolution": 5, "max_pool": 3, "linear": 3}


@pytest.mark.parametrize("name", SEEING)
def test_known_networks_see_what_is_published(name: str) -> None:
    network, size, stride, padding = SEEING[name]
    assert field_of(as_torch(network), (3, 256, 256)) == [Axis(size, stride, padding)] * 2


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@settings(max_examples=100)
@given(stacks())
def test_random_stacks_have_the_counts_of_the_library(layers: list[Network]) -> None:
    try:
        rows = trace(layers, (2, 16, 16))
    except ShapeError:
        return
    facts = Facts(network_of(as_torch(layers), (2, 16, 16)))
    assert facts.parameters == sum(row.parameters for row in rows)
    assert facts.macs == sum(row.macs for row in rows)
    assert facts.output == rows[-1].output_shape


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@settings(max_examples=100)
@given(network=stacks() | aligned_paths().map(lambda paths: [paths]) | sliding().map(lambda layer: [layer]))
def test_random_networks_see_what_the_library_says(network: list[Network]) -> None:
    try:
        rows, field = trace(network, (2, 40, 40)), receptive_field(network)
    except ValueError:
        return
    if not any(isinstance(row.layer, Linear) for row in rows) and math.prod(rows[-1].output_shape[1:]) > 1:
        axes = [Axis(*along) for along in zip(field.size, field.stride, field.padding, strict=True)]
        assert field_of(as_torch(network), (2, 40, 40)) == axes


def test_the_head_of_a_network_does_not_change_what_its_last_map_sees() -> None:
    head: list[Network] = [AdaptiveAvgPool2d(1), Flatten(), Linear(512, 10)]
    facts = Facts(network_of(as_torch([nets.resnet_features("basic", (2, 2, 2, 2)), head]), (3, 64, 64)))
    assert (facts.receptive_field, facts.final_map, facts.output) == ((435, 435), (512, 2, 2), (10,))


class Block(nn.Module):
    """A layer of a residual network for CIFAR-10, whose shortcut skips pixels and adds channels of zeros."""

    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        self.one = nn.Conv2d(channels, channels * stride, 3, stride, 1, bias=False)
        self.two = nn.Conv2d(channels * stride, channels * stride, 3, 1, 1, bias=False)
        self.stride, self.added = stride, channels * (stride - 1)

    def forward(self, x: Tensor) -> Tensor:
        y = self.two(functional.relu(self.one(x)))
        y += functional.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.added))
        return functional.relu(y)


class Dense(nn.Module):
    """Layers that each read all that came before."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Conv2d(3 + 4 * n, 4, 3, padding=d, dilation=d) for n, d in enumerate((1, 2, 4)))

    def forward(self, x: Tensor) -> Tensor:
        found = [x]
        for layer in self.layers:
            found.append(layer(torch.cat(found, dim=1)).relu_())
        return torch.cat(found, 1)


class Shuffled(nn.Module):
    """A grouped convolution behind a shuffle of the channels, as in ShuffleNet."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Conv2d(4, 8, 3, groups=2), nn.Conv2d(8, 8, (1, 5), groups=8)

    def forward(self, x: Tensor) -> Tensor:
        x = self.one(x)
        batch, channels, height, width = x.shape
        x = x.view(batch, 2, channels // 2, height, width).transpose(1, 2).reshape(batch, channels, height, width)
        left, right = self.two(x).chunk(2, dim=1)
        return torch.stack([left, right]).sum(0)


class Padded(nn.Module):
    """Padding of its own, uneven, and a map that is cut."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 4, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(functional.pad(x, (2, 1, 3, 0)))
        return functional.avg_pool2d(x[..., 1:, :-2], (2, 3), 1)


CUSTOM: dict[str, tuple[Callable[[], nn.Module], int]] = {
    "residual blocks with shortcuts of zeros": (lambda: nn.Sequential(Block(3, 1), Block(3, 2), Block(6, 2)), 3),
    "dense and dilated": (Dense, 3),
    "grouped and shuffled": (Shuffled, 4),
    "padded and cut": (Padded, 3),
    "pooled to a grid": (lambda: nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.AdaptiveAvgPool2d(12)), 3),
}


@pytest.mark.parametrize("name", CUSTOM)
def test_networks_with_a_forward_of_their_own_see_what_gradients_say(name: str) -> None:
    make, channels = CUSTOM[name]
    model = make().double()
    for parameter in model.parameters():
        nn.init.constant_(parameter, 0.01)
    image = torch.ones(1, channels, 48, 48, dtype=torch.float64, requires_grad=True)
    output = model(image)
    place = [size // 2 for size in output.shape[2:]]
    output[0, :, *place].sum().backward()
    assert image.grad is not None
    touched = image.grad[0].abs().sum(0) > 0
    for axis, seen in enumerate(field_of(model, (channels, 48, 48))):
        hit = torch.nonzero(touched.any(dim=1 - axis)).flatten().tolist()
        first = place[axis] * seen.stride - seen.padding
        assert (hit[0], hit[-1]) == (first, first + seen.size - 1)


def does(forward: Callable[[Tensor], Tensor]) -> nn.Module:
    class Does(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return forward(x)

    return Does()


def test_paths_see_the_union_of_their_windows() -> None:
    def forward(x: Tensor) -> Tensor:
        before, behind = functional.pad(x, (2, 0, 1, 0)), functional.pad(x, (0, 2, 0, 1))
        return functional.avg_pool2d(before, (2, 3), 1) + functional.avg_pool2d(behind, (2, 3), 1)

    assert field_of(does(forward), (1, 9, 9)) == [Axis(3, 1, 1), Axis(5, 1, 2)]


POOLED: dict[str, Callable[[Tensor], Tensor]] = {
    "mean": lambda x: x.mean((2, 3)),
    "mean over one axis after the other": lambda x: x.mean(3).mean(2),
    "adaptive": lambda x: functional.adaptive_avg_pool2d(x, 1).flatten(1),
    "a pool over the whole": lambda x: functional.avg_pool2d(x, x.shape[-1]).squeeze(),
    "flattened": lambda x: x.view(x.shape[0], -1),
    "flattened and averaged": lambda x: x.flatten(2).mean(-1),
    "channels last": lambda x: x.permute(0, 2, 3, 1).mean((1, 2)),
    "maximum": lambda x: x.amax(dim=(2, 3)),
}


@pytest.mark.parametrize("name", POOLED)
def test_the_last_map_is_what_is_pooled_over_or_flattened(name: str) -> None:
    convolution = nn.Conv2d(3, 8, 5, stride=2)
    facts = Facts(network_of(nn.Sequential(convolution, does(POOLED[name])), (3, 21, 21)))
    assert facts.final_map == (8, 9, 9)
    assert facts.receptive_field == (5, 5)
    assert facts.count("global_average_pool") == (name not in {"flattened", "maximum"})


AVERAGED: dict[str, Callable[[Tensor], Tensor]] = {
    "flattened by view": lambda x: x.view(x.shape[0], x.shape[1], -1).mean(-1),
    "as many channels as pixels": lambda x: x[:, :, :2, :4].flatten(2).mean(2),
    "kept axes": lambda x: x.mean(3, keepdim=True).mean(2, keepdim=True),
    "tokens": lambda x: functional.layer_norm(x.flatten(2).transpose(1, 2), (8,)).relu().mean(1),
    "there and back": lambda x: x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).mean((2, 3)),
    "pooled as a sequence": lambda x: functional.adaptive_avg_pool1d(x.flatten(2), 1).squeeze(2),
    "in groups": lambda x: x.view(1, 2, 4, *x.shape[2:]).mean((3, 4)).flatten(1),
}
NOT_AVERAGED: dict[str, Callable[[Tensor], Tensor]] = {
    "over channels": lambda x: x.mean(1).flatten(1),
    "over channels, as many as pixels": lambda x: x[:, :, :2, :4].flatten(2).mean(1),
    "over rows alone": lambda x: x.mean(3).flatten(1),
    "maximum of flattened": lambda x: x.flatten(2).amax(2),
    "maximum with its place": lambda x: x.flatten(2).max(2)[0],
    "weights over all": lambda x: functional.conv2d(x, torch.ones(4, 8, *x.shape[2:])).flatten(1),
    "a linear layer": lambda x: functional.linear(x.flatten(1), torch.ones(10, 8 * x.shape[2] * x.shape[3])),
}
PERHAPS_AVERAGED: dict[str, tuple[Callable[[Tensor], Tensor], str]] = {
    "a sum that is divided": (lambda x: x.sum((2, 3)) / 81, "sum"),
    "a sum of flattened": (lambda x: x.flatten(2).sum(2) / 81, "sum"),
    "one sum after the other": (lambda x: x.sum(3).sum(2) / 81, "sum"),
    "einsum": (lambda x: torch.einsum("bchw->bc", x) / 81, "einsum"),
    "another reduction": (lambda x: x.logsumexp((2, 3)), "logsumexp"),
    "shrunk": (lambda x: functional.interpolate(x, size=1, mode="area").flatten(1), "interpolate"),
    "axes moved": (lambda x: x.movedim(1, -1).mean((1, 2)), "mean"),
    "axes moved, and more": (lambda x: x.moveaxis(1, 3).relu().mean((1, 2)), "mean"),
    "all of it": (lambda x: x.flatten(1).mean(1, keepdim=True), "mean"),
}


def counting(forward: Callable[[Tensor], Tensor]) -> Facts:
    return Facts(network_of(nn.Sequential(nn.Conv2d(3, 8, 5, stride=2), does(forward)), (3, 21, 21)))


@pytest.mark.parametrize("name", AVERAGED)
def test_a_global_average_counts_however_it_is_spelt(name: str) -> None:
    facts = counting(AVERAGED[name])
    assert facts.count("global_average_pool") == facts.layers["global_average_pool"] == 1


@pytest.mark.parametrize("name", NOT_AVERAGED)
def test_what_is_known_to_be_another_thing_is_no_global_average(name: str) -> None:
    assert counting(NOT_AVERAGED[name]).count("global_average_pool") == 0


@pytest.mark.parametrize("name", PERHAPS_AVERAGED)
def test_what_may_be_a_global_average_is_left_to_a_person(name: str) -> None:
    forward, function = PERHAPS_AVERAGED[name]
    with pytest.raises(Unreadable, match=f"whether {function} averages the last feature map"):
        counting(forward).count("global_average_pool")
    assert counting(forward).count("convolution") == 1


def test_a_sum_of_an_earlier_map_or_beside_an_average_leaves_no_doubt() -> None:
    def excited(x: Tensor) -> Tensor:
        return functional.max_pool2d(x * x.sum((2, 3), keepdim=True).sigmoid(), 3)

    assert counting(lambda x: excited(x).flatten(1)).count("global_average_pool") == 0
    assert counting(lambda x: x.mean((2, 3)) + x.sum((2, 3))).count("global_average_pool") == 1


class Excited(nn.Module):
    """Channels scaled by what the whole map says."""

    def forward(self, x: Tensor) -> Tensor:
        return x * x.mean((2, 3), keepdim=True).sigmoid()


UNCLEAR: dict[str, tuple[nn.Module, str]] = {
    "squeeze and excitation": (Excited(), "mul joins a map with values that may come from all over it"),
    "upsampling": (nn.Upsample(scale_factor=2), "not known what interpolate sees"),
    "transposed convolution": (nn.ConvTranspose2d(3, 3, 2, 2), "not known what conv_transpose2d sees"),
    "uneven parts": (nn.AdaptiveAvgPool2d(7), "not known what adaptive_avg_pool2d sees"),
    "turned": (does(lambda x: x + x.mT.mT), "not known what mT sees"),
    "laid out anew": (does(lambda x: x + x.permute(0, 1, 3, 2)), "add joins a map with values"),
    "weights from the input": (does(lambda x: functional.conv2d(x, x[:, :, :3, :3])), "sees of several maps"),
    "different strides": (
        as_torch(Parallel([MaxPool2d(2), Conv2d(3, 3, 5)])),
        "cat joins maps whose pixels lie differently far apart",
    ),
    "pixels picked": (does(lambda x: x[:, :, [0, 1]] * 2), "not known what getitem sees"),
    "a map of a vector": (
        nn.Sequential(nn.Flatten(), nn.Linear(192, 75), nn.Unflatten(1, (3, 5, 5)), nn.Conv2d(3, 3, 3)),
        "conv2d makes a map of what was none",
    ),
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_what_no_rule_knows_is_said_to_be_unclear_and_never_guessed(name: str) -> None:
    model, words = UNCLEAR[name]
    facts = Facts(network_of(model, (3, 8, 8)))
    with pytest.raises(Unreadable, match=words):
        _ = facts.receptive_field
    assert "receptive_field" not in known_facts(network_of(model, (3, 8, 8)))


def test_transposed_convolutions_have_the_multiply_adds_of_the_one_they_turn_round() -> None:
    there, back = nn.Conv2d(6, 4, 3, 2, 1, groups=2), nn.ConvTranspose2d(4, 6, 3, 2, 1, output_padding=1, groups=2)
    facts = [Facts(network_of(m, shape)) for m, shape in ((there, (6, 8, 8)), (back, (4, 4, 4)))]
    assert facts[0].macs == facts[1].macs == 4 * 16 * 3 * 9
    assert facts[0].weights == facts[1].weights == there.weight.numel() == back.weight.numel()


def test_what_nobody_has_counted_has_no_number_of_multiply_adds() -> None:
    attention = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    with pytest.raises(Unreadable, match=r"not known what \w+ computes"):
        _ = Facts(network_of(attention, (5, 8))).macs


def test_what_only_moves_values_has_no_multiply_adds_and_a_softmax_changes_nothing() -> None:
    scaled = nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.Upsample(scale_factor=2), nn.PixelShuffle(2), nn.Softmax(1), nn.Flatten()
    )
    assert Facts(network_of(scaled, (3, 8, 8))).macs == 4 * 27 * 36
    facts = Facts(network_of(nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.LogSoftmax(1)), (3, 8, 8)))
    assert (facts.macs, facts.final_map, facts.receptive_field) == (4 * 27 * 36, (4, 6, 6), (3, 3))


@pytest.mark.parametrize(
    "normalised",
    [torch.nn.utils.weight_norm, nn.utils.parametrizations.weight_norm, nn.utils.parametrizations.spectral_norm],
)
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_layers_with_normalised_weights_are_still_layers(normalised: Callable[[nn.Module], nn.Module]) -> None:
    facts = Facts(network_of(nn.Sequential(normalised(nn.Conv2d(3, 4, 3)), nn.ReLU()), (3, 8, 8)))
    assert (facts.layers, facts.macs) == ({"convolution": 1, "activation": 1}, 4 * 27 * 36)


def test_only_what_the_output_depends_on_counts() -> None:
    class WithIdleBranch(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.used, self.idle = nn.Conv2d(3, 4, 3), nn.Conv2d(3, 64, 7)

        def forward(self, x: Tensor) -> Tensor:
            torch.cat([self.idle(x), self.idle(x)], 1)
            y: Tensor = self.used(x)
            return y

    facts = Facts(network_of(WithIdleBranch(), (3, 8, 8)))
    assert facts.layers == {"convolution": 1}
    assert (facts.macs, facts.largest_map) == (4 * 27 * 36, (4, 6, 6))


def test_padding_is_no_feature_map() -> None:
    facts = Facts(network_of(nn.Sequential(nn.Conv2d(3, 4, 3), nn.ZeroPad2d(2), nn.Conv2d(4, 1, 5)), (3, 8, 8)))
    assert facts.largest_map == (4, 6, 6)


def test_joins_count_where_they_join_and_norms_by_their_kind() -> None:
    model = nn.Sequential(Dense(), nn.BatchNorm2d(15), nn.Dropout(), Block(15, 1), nn.AvgPool2d(2), nn.Tanh())
    layers = Facts(network_of(model, (3, 8, 8))).layers
    expected = {
        "convolution": 5,
        "concat": 3,
        "activation": 6,
        "batch_norm": 1,
        "dropout": 1,
        "add": 1,
        "average_pool": 1,
    }
    assert layers == expected


def test_an_output_without_a_batch_is_no_output_of_one_example() -> None:
    facts = Facts(network_of(does(lambda x: x.flatten()[:10]), (3, 8, 8)))
    with pytest.raises(Unreadable, match=r"shape \(10,\)"):
        _ = facts.output


def test_a_network_without_maps_says_so() -> None:
    facts: Any = Facts(network_of(nn.Sequential(nn.Flatten(), nn.Linear(12, 4), nn.Linear(4, 2)), (3, 2, 2)))
    assert (facts.output, facts.macs, facts.layers) == ((2,), 12 * 4 + 8, {"linear": 2})
    for name in ("final_map", "largest_map", "receptive_field"):
        with pytest.raises(Unreadable, match="no layer puts out a feature map"):
            getattr(facts, name)


class Next(nn.Module):
    """A block of ConvNeXt, whose linear layers work on channels last."""

    def __init__(self) -> None:
        super().__init__()
        self.deep = nn.Conv2d(8, 8, 7, padding=3, groups=8)
        self.norm, self.wide, self.narrow = nn.LayerNorm(8), nn.Linear(8, 32), nn.Linear(32, 8)
        self.scale = nn.Parameter(torch.ones(8))

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm(self.deep(x).permute(0, 2, 3, 1))
        y = self.scale * self.narrow(functional.gelu(self.wide(y)))
        z: Tensor = x + y.permute(0, 3, 1, 2)
        return z


def test_channels_last_for_a_while_is_followed() -> None:
    model = nn.Sequential(nn.Conv2d(3, 8, 4, 4), Next(), Next(), does(lambda x: x.mean((2, 3))), nn.Linear(8, 10))
    facts = Facts(network_of(model, (3, 64, 64)))
    assert facts.receptive_field == (4 + 2 * 6 * 4,) * 2
    assert facts.final_map == (8, 16, 16)
    assert facts.layers["global_average_pool"] == 1
    assert facts.macs == 256 * (8 * 48 + 2 * (8 * 49 + 2 * 8 * 32)) + 80


LOST: dict[str, tuple[Callable[[Tensor], Tensor], str]] = {
    "pixels rolled": (lambda x: x.permute(0, 2, 3, 1).roll(1, 1).permute(0, 3, 1, 2), "roll is not followed"),
    "two of them added": (
        lambda x: (x.permute(0, 2, 3, 1) + x.permute(0, 2, 3, 1).relu()).permute(0, 3, 1, 2),
        "add is not followed",
    ),
    "rows mixed": (
        lambda x: functional.linear(x.permute(0, 1, 3, 2), torch.ones(6, 6)).permute(0, 1, 3, 2),
        "linear is not followed",
    ),
    "pixels in a row": (
        lambda x: x.flatten(2).transpose(1, 2).reshape(1, 6, 6, 8).permute(0, 3, 1, 2),
        "permute makes a map of what was none",
    ),
}


@pytest.mark.parametrize("name", LOST)
def test_a_map_that_comes_back_by_ways_not_followed_is_unclear(name: str) -> None:
    forward, words = LOST[name]
    facts = Facts(
        network_of(nn.Sequential(nn.Conv2d(3, 8, 3), does(forward), does(lambda x: x.mean((2, 3)))), (3, 8, 8))
    )
    with pytest.raises(Unreadable, match=words):
        _ = facts.receptive_field
    assert facts.layers["global_average_pool"] == 1


def test_heads_of_an_attention_are_no_last_map_and_its_products_no_linear_layers() -> None:
    def attention(x: Tensor) -> Tensor:
        tokens = x.flatten(2).transpose(1, 2).view(1, 36, 2, 4).transpose(1, 2)
        return (tokens @ tokens.mT).softmax(-1).mean((1, 2, 3))

    facts = Facts(network_of(nn.Sequential(nn.Conv2d(3, 8, 3), does(attention)), (3, 8, 8)))
    assert "linear" not in facts.layers
    with pytest.raises(Unreadable, match="matmul multiplies what comes from the input with itself"):
        _ = facts.macs
    with pytest.raises(Unreadable, match="makes a map of what was none"):
        _ = facts.final_map


def test_a_product_with_weights_is_a_linear_layer_however_it_is_written() -> None:
    weight = nn.Parameter(torch.ones(12, 4))
    facts = Facts(network_of(does(lambda x: x.flatten(1) @ (weight * 2)), (3, 2, 2)))
    assert (facts.layers, facts.macs, facts.weights) == ({"linear": 1}, 48, 48)


@pytest.mark.parametrize(
    ("joined", "count"),
    [
        (lambda x: torch.cat([x, x.relu()], 1), 1),
        (lambda x: torch.cat([x, x.relu()], 2), 0),
        (lambda x: torch.cat([x, x.relu()], 0), 0),
        (lambda x: torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1), 0),
        (lambda x: torch.cat([x.mean((2, 3), keepdim=True), x.amax((2, 3), keepdim=True)], 1), 0),
    ],
)
def test_only_maps_joined_over_their_channels_are_joined_branches(
    joined: Callable[[Tensor], Tensor], count: int
) -> None:
    assert Facts(network_of(does(joined), (3, 8, 8))).layers.get("concat", 0) == count


class Squeezed(nn.Module):
    """Takes away every axis of size one before its last layer, and with a single example that of the batch."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.norm, self.out = (
            nn.Conv2d(3, 8, 3),
            nn.BatchNorm1d(8, track_running_stats=False),
            nn.Linear(8, 2),
        )
        self.normalised = False

    def forward(self, x: Tensor) -> Tensor:
        x = functional.adaptive_avg_pool2d(self.conv(x), 1).squeeze()
        y: Tensor = self.out(self.norm(x) if self.normalised else x)
        return y


@pytest.mark.parametrize("normalised", [False, True])
def test_a_network_that_needs_two_examples_is_told_as_for_one(*, normalised: bool) -> None:
    model = Squeezed()
    model.normalised = normalised
    facts = Facts(network_of(model, (3, 8, 8)))
    assert (facts.output, facts.final_map, facts.receptive_field) == ((2,), (8, 6, 6), (3, 3))
    assert facts.macs == 36 * 27 * 8 + 16
    assert facts.feature_values == 36 * 8 + 8 + 2

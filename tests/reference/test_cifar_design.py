"""The solver's own network has the published numbers, and its description is what a kernel would say of it."""

import json

import pytest

from grader.kernels.inside_flow import Flow
from grader.kernels.inside_model import Describer
from reference import cifar_design
from reference.cnn import Conv2d, MaxPool2d, Network, Parallel, trace
from reference.designs import design
from tests.reference import architectures as nets
from tests.reference.torch_networks import as_torch

IMAGE = [3, 32, 32]
SOLVED = cifar_design.cifar_design(IMAGE, 10)


def weights(network: Network, channels: int) -> int:
    return sum(row.parameters for row in trace(network, (channels, 32, 32)))


def test_every_block_has_a_quarter_of_the_channels_of_inception_v4() -> None:
    blocks = [
        (cifar_design._block_a(96), 96, 96, 19_776),
        (cifar_design._reduction_a(96), 96, 256, 144_000),
        (cifar_design._block_b(256), 256, 256, 183_232),
        (cifar_design._reduction_b(256), 256, 384, 171_520),
        (cifar_design._block_c(384), 384, 384, 284_160),
    ]
    for block, channels, out, count in blocks:
        assert weights(block, channels) == count
        assert trace(block, (channels, 32, 32))[-1].output_shape[0] == out


def test_the_whole_has_its_numbers() -> None:
    assert {name: fact for name, fact in SOLVED.items() if name != "description"} == {
        "output": (10,),
        "parameters": 1_195_370,
        "weights": 1_195_360,
        "macs": 289_918_720,
        "final_map": (384, 8, 8),
        "largest_map": (96, 32, 32),
        "receptive_field": (119, 119),
    }
    assert cifar_design.design_field(SOLVED) == 23 + 4 * 2 + 24 * 3 + 16 * 1
    assert cifar_design.design_largest_map(SOLVED) == 98_304
    assert cifar_design.design_parameters(SOLVED) == 1_195_370
    assert cifar_design.design_macs(SOLVED) == 289_918_720


@pytest.mark.parametrize(
    "features",
    [
        nets.inception(3, 4, (4, 8), (2, 4), 4),
        [Conv2d(3, 7, (3, 2), (1, 2), 1, 2, bias=False), MaxPool2d(3, 2, ceil_mode=True)],
        nets.vgg16_features(2),
        cifar_design._features(3),
    ],
    ids=["inception", "dilated", "vgg", "the design"],
)
def test_a_description_is_what_a_kernel_would_say(features: Network) -> None:
    image = (3, 32, 32)
    said = Describer(image, Flow)(as_torch([features, []]))
    assert json.loads(json.dumps(design(features, [], image)["description"])) == said


def test_paths_that_are_added_are_added_one_after_the_other() -> None:
    paths: list[Network] = [[Conv2d(3, 3, 1)], [], [Conv2d(3, 3, 1)]]
    steps = design([Parallel(paths, "add")], [], (3, 8, 8))["description"]["steps"]
    assert [(step["function"], step["of"]) for step in steps] == [
        ("conv2d", [0]),
        ("conv2d", [0]),
        ("add", [1, 0]),
        ("add", [3, 2]),
    ]

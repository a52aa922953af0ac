"""Networks of the field in the terms of `reference.cnn`; `width` scales the channels where only shapes in space matter."""

from collections.abc import Mapping, Sequence

from reference.cnn import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Linear,
    MaxPool2d,
    Network,
    Parallel,
    ReLU,
)


def alexnet(*, conv_bias: bool = False) -> dict[str, Network]:
    return {
        "conv1": Conv2d(3, 64, 11, stride=4, padding=5, bias=conv_bias),
        "pool1": MaxPool2d(2),
        "conv2": Conv2d(64, 192, 5, padding=2, bias=conv_bias),
        "pool2": MaxPool2d(2),
        "conv3": Conv2d(192, 384, 3, padding=1, bias=conv_bias),
        "conv4": Conv2d(384, 256, 3, padding=1, bias=conv_bias),
        "conv5": Conv2d(256, 256, 3, padding=1, bias=conv_bias),
        "pool3": MaxPool2d(2),
        "flatten": Flatten(),
        "fc1": Linear(12544, 4096),
        "fc2": Linear(4096, 4096),
        "fc3": Linear(4096, 1000),
    }


def original_alexnet_features() -> list[Network]:
    return [
        *(Conv2d(3, 64, 11, stride=4, padding=2), ReLU(), MaxPool2d(3, 2)),
        *(Conv2d(64, 192, 5, padding=2), ReLU(), MaxPool2d(3, 2)),
        *(Conv2d(192, 384, 3, padding=1), ReLU()),
        *(Conv2d(384, 256, 3, padding=1), ReLU()),
        *(Conv2d(256, 256, 3, padding=1), ReLU(), MaxPool2d(3, 2)),
    ]


def vgg16_features(width: int = 64) -> list[Network]:
    layers: list[Network] = []
    channels = 3
    for wider, count in ((1, 2), (2, 2), (4, 3), (8, 3), (8, 3)):
        for _ in range(count):
            layers += [Conv2d(channels, wider * width, 3, padding=1), ReLU()]
            channels = wider * width
        layers.append(MaxPool2d(2, 2))
    return layers


def vgg16() -> list[Network]:
    fully_connected = [
        Linear(25088, 4096),
        ReLU(),
        Dropout(),
        Linear(4096, 4096),
        ReLU(),
        Dropout(),
        Linear(4096, 1000),
    ]
    return [*vgg16_features(), AdaptiveAvgPool2d(7), Flatten(), *fully_connected]


def _normed(channels: int, out_channels: int, kernel: int, stride: int = 1, groups: int = 1) -> list[Network]:
    conv = Conv2d(channels, out_channels, kernel, stride, kernel // 2, groups=groups, bias=False)
    return [conv, BatchNorm2d(out_channels)]


def _residual(body: list[Network], channels: int, out_channels: int, stride: int) -> list[Network]:
    same = stride == 1 and channels == out_channels
    shortcut = [] if same else _normed(channels, out_channels, 1, stride)
    return [Parallel([body, shortcut], merge="add"), ReLU()]


def basic_block(channels: int, narrow: int, stride: int) -> list[Network]:
    body = [*_normed(channels, narrow, 3, stride), ReLU(), *_normed(narrow, narrow, 3)]
    return _residual(body, channels, narrow, stride)


def bottleneck(channels: int, narrow: int, stride: int) -> list[Network]:
    """torchvision's ("v1.5"): the stride is in the 3x3."""
    tail = _normed(narrow, 4 * narrow, 1)
    body = [*_normed(channels, narrow, 1), ReLU(), *_normed(narrow, narrow, 3, stride), ReLU(), *tail]
    return _residual(body, channels, 4 * narrow, stride)


def original_bottleneck(channels: int, narrow: int, stride: int) -> list[Network]:
    """He et al. (2015): the stride is in the first 1x1."""
    tail = _normed(narrow, 4 * narrow, 1)
    body = [*_normed(channels, narrow, 1, stride), ReLU(), *_normed(narrow, narrow, 3), ReLU(), *tail]
    return _residual(body, channels, 4 * narrow, stride)


RESIDUAL_BLOCKS = {"basic": basic_block, "v1.5": bottleneck, "v1": original_bottleneck}


def resnet_features(block: str, counts: Sequence[int], width: int = 64) -> dict[str, Network]:
    expansion = 1 if block == "basic" else 4
    network: dict[str, Network] = {"stem": [*_normed(3, width, 7, 2), ReLU()], "maxpool": MaxPool2d(3, 2, 1)}
    channels = width
    for stage, count in enumerate(counts):
        narrow, blocks = width * 2**stage, []
        for index in range(count):
            stride = 2 if stage and not index else 1
            blocks.append(RESIDUAL_BLOCKS[block](channels, narrow, stride))
            channels = expansion * narrow
        network[f"layer{stage + 1}"] = blocks
    return network


def resnet(block: str, counts: Sequence[int]) -> dict[str, Network]:
    channels = 512 if block == "basic" else 2048
    head: Mapping[str, Network] = {"avgpool": AdaptiveAvgPool2d(1), "flatten": Flatten(), "fc": Linear(channels, 1000)}
    return {**resnet_features(block, counts), **head}


def inception(channels: int, ones: int, threes: tuple[int, int], fives: tuple[int, int], pooled: int) -> Parallel:
    return Parallel(
        [
            [Conv2d(channels, ones, 1), ReLU()],
            [Conv2d(channels, threes[0], 1), ReLU(), Conv2d(threes[0], threes[1], 3, padding=1), ReLU()],
            [Conv2d(channels, fives[0], 1), ReLU(), Conv2d(fives[0], fives[1], 5, padding=2), ReLU()],
            [MaxPool2d(3, 1, 1), Conv2d(channels, pooled, 1), ReLU()],
        ]
    )


def googlenet() -> dict[str, Network]:
    """Szegedy et al. (2015), table 1, without the auxiliary classifiers."""
    pool = MaxPool2d(3, 2, ceil_mode=True)
    return {
        "conv1": [Conv2d(3, 64, 7, 2, 3), ReLU(), pool],
        "conv2": [Conv2d(64, 64, 1), ReLU(), Conv2d(64, 192, 3, padding=1), ReLU(), pool],
        "3a": inception(192, 64, (96, 128), (16, 32), 32),
        "3b": [inception(256, 128, (128, 192), (32, 96), 64), pool],
        "4a": inception(480, 192, (96, 208), (16, 48), 64),
        "4b": inception(512, 160, (112, 224), (24, 64), 64),
        "4c": inception(512, 128, (128, 256), (24, 64), 64),
        "4d": inception(512, 112, (144, 288), (32, 64), 64),
        "4e": [inception(528, 256, (160, 320), (32, 128), 128), pool],
        "5a": inception(832, 256, (160, 320), (32, 128), 128),
        "5b": inception(832, 384, (192, 384), (48, 128), 128),
        "head": [AvgPool2d(7), Flatten(), Dropout(0.4), Linear(1024, 1000)],
    }


def inception_c(width: int) -> Parallel:
    """A nested module of Inception-v4, with 1x3 and 3x1 kernels and paths that split."""
    rows, columns = Conv2d(width, width, (1, 3), padding=(0, 1)), Conv2d(width, width, (3, 1), padding=(1, 0))
    split = Parallel([[rows], [columns]])
    return Parallel(
        [
            [AvgPool2d(3, 1, 1), Conv2d(width, width, 1)],
            [Conv2d(width, width, 1)],
            [Conv2d(width, width, 1), split],
            [Conv2d(width, width, 1), rows, columns, split],
        ]
    )


def mobilenet(width: int = 32) -> list[Network]:
    """Howard et al. (2017): a depthwise 3x3 and a 1x1 in turn."""
    layers: list[Network] = [*_normed(3, width, 3, 2), ReLU()]
    channels = width
    blocks = [(2, 1), (4, 2), (4, 1), (8, 2), (8, 1), (16, 2), *[(16, 1)] * 5, (32, 2), (32, 1)]
    for wider, stride in blocks:
        layers += [*_normed(channels, channels, 3, stride, groups=channels), ReLU()]
        layers += [*_normed(channels, wider * width, 1), ReLU()]
        channels = wider * width
    return [*layers, AvgPool2d(7), Flatten(), Linear(channels, 1000)]

"""The receptive field of ResNet-50 before its global average pooling, stage by stage.

Rules: forwards r += (k - 1) * j, then j *= s; backwards r = (r - 1) * s + k. Source: Araujo, Norris and Sim, "Computing
Receptive Fields of Convolutional Neural Networks", Distill (2019). The network: He et al. (2015), table 1; the original
takes the stride of a stage in the first 1x1 convolution, torchvision ("v1.5") in the 3x3.
"""

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from .cnn import Conv2d, receptive_field


class Window(NamedTuple):
    """What matters of a layer to its receptive field."""

    stage: str
    kernel: int
    stride: int


def resnet50_windows(
    downsampling: str = "1x1",
    stage_strides: str = "taken",
    all_strides: str = "taken",
    first_convolution: str = "7x7, stride 2",
    max_pool: str = "3x3, stride 2",
    block: str = "bottleneck",
) -> list[Window]:
    """The layers on the longest path of ResNet-50 that have a kernel, from the image on."""
    windows = [*_OPENINGS[first_convolution], *_POOLS[max_pool]]
    for stage, blocks in enumerate(_BLOCKS, start=_FIRST_STAGE):
        for index in range(blocks):
            stride = 2 if index == 0 and stage > _FIRST_STAGE and stage_strides == "taken" else 1
            windows += _block(f"stage {stage}", stride, downsampling, block)
    return [window._replace(stride=1) for window in windows] if all_strides == "ignored" else windows


def resnet50_stages(resnet50_windows: list[Window], recursion: str = "(r - 1) s + k") -> dict[str, int]:
    """Receptive field on the image after the first convolution, the max-pool and each stage."""
    return _by_stage(resnet50_windows, recursion)


def resnet50_stages_continued(resnet50_stages: dict[str, int], resnet50_windows: list[Window]) -> dict[str, int]:
    """Receptive field after every stage behind the first for the field before it, which a stage widens by as much as ever."""
    rightly = _by_stage(resnet50_windows, "(r - 1) s + k")
    return {
        stage: resnet50_stages[before] + rightly[stage] - rightly[before]
        for before, stage in pairwise(rightly)
        if before in resnet50_stages
    }


def resnet50(
    resnet50_stages: dict[str, int],
    resnet50_windows: list[Window],
    recursion: str = "(r - 1) s + k",
    end: str = "before average pooling",
) -> int:
    """Receptive field at the input of the global average pooling, that of the last stage: 483, or 427 with the stride in the 3x3."""
    field = resnet50_stages[_LAST_STAGE]
    if end == "after average pooling":
        pooled = [*resnet50_windows, Window("average pool", 7, 1)]
        return field + _field(pooled, recursion) - _field(resnet50_windows, recursion)
    return field


_FIRST_STAGE, _BLOCKS = 2, (3, 4, 6, 3)
_LAST_STAGE = f"stage {_FIRST_STAGE + len(_BLOCKS) - 1}"
_OPENINGS = {
    "7x7, stride 2": [Window("conv1", 7, 2)],
    "7x7, stride 1": [Window("conv1", 7, 1)],
    "left out": [],
}
_POOLS = {
    "3x3, stride 2": [Window("max pool", 3, 2)],
    "3x3, stride 1": [Window("max pool", 3, 1)],
    "2x2, stride 2": [Window("max pool", 2, 2)],
    "left out": [],
}


def _block(stage: str, stride: int, downsampling: str, block: str) -> list[Window]:
    if block == "basic":
        return [Window(stage, 3, stride), Window(stage, 3, 1)]
    if block == "shortcut":
        return [Window(stage, 1, stride)]
    narrow, wide = (stride, 1) if downsampling == "1x1" else (1, stride)
    return [Window(stage, 1, narrow), Window(stage, 3, wide), Window(stage, 1, 1)]


def _rightly(windows: list[Window]) -> int:
    return _library_field(tuple(windows))


@cache
def _library_field(windows: tuple[Window, ...]) -> int:
    """The same few networks are asked for again and again."""
    return receptive_field([Conv2d(1, 1, window.kernel, window.stride) for window in windows]).size[0]


def _whole_kernels(windows: list[Window]) -> int:
    """The forward rule with k where k - 1 is right."""
    size, jump = 1, 1
    for window in windows:
        size += window.kernel * jump
        jump *= window.stride
    return size


def _early_jumps(windows: list[Window]) -> int:
    """The forward rule with the jump multiplied by a layer's own stride before the layer grows the field."""
    size, jump = 1, 1
    for window in windows:
        jump *= window.stride
        size += (window.kernel - 1) * jump
    return size


def _doubled(windows: list[Window]) -> int:
    """The backward rule with r * s + (k - 1) where (r - 1) * s + k is right."""
    size = 1
    for window in reversed(windows):
        size = size * window.stride + window.kernel - 1
    return size


def _by_stage(windows: list[Window], recursion: str) -> dict[str, int]:
    last = {window.stage: position for position, window in enumerate(windows, start=1)}
    return {stage: _field(windows[:count], recursion) for stage, count in last.items()}


def _field(windows: list[Window], recursion: str) -> int:
    rules: dict[str, Callable[[list[Window]], int]] = {
        "(r - 1) s + k": _rightly,
        "r s + k - 1": _doubled,
        "k for k - 1": _whole_kernels,
        "jump updated first": _early_jumps,
    }
    return rules[recursion](windows)

"""Layers of a convolutional network as descriptions: sizes and counts without weights.

Names, order and defaults of the arguments are torch's, as far as they bear on sizes; what torch takes at another
position is keyword-only here. Wherever a kernel size, stride, padding or dilation is an int, a symbol (such as sympy's)
may stand too, and receptive fields come out as expressions of it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from numbers import Integral
from typing import Any, TypeAlias

Shape: TypeAlias = tuple[int, ...]
"""Shape of one example, without the batch: (channels, height, width) or (features,)."""

Sizes: TypeAlias = int | tuple[int, int]
"""One size for both axes, or (height, width)."""

SizeRule: TypeAlias = Callable[[int, int, int, int, int, bool], int]
"""Called as (size, kernel, stride, padding, dilation, ceil_mode); returns the number of outputs along the axis."""


class ShapeError(ValueError):
    """A layer cannot take the shape that reaches it."""


def output_size(
    size: int, kernel: int, stride: int, padding: int = 0, dilation: int = 1, ceil_mode: bool = False
) -> int:
    """Number of places, along one axis, where a window fits; below 1 when it fits nowhere.

    All sizes are in pixels; `padding` is added at each end. In `ceil_mode` a last window may hang over the far end, as
    long as it starts inside the input or the padding before it.

    Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016, relationship 6;
    for `ceil_mode` the documentation of torch.nn.MaxPool2d.
    """
    room = size + 2 * padding - dilation * (kernel - 1) - 1
    if not ceil_mode:
        return room // stride + 1
    places = -(-room // stride) + 1
    return places - 1 if (places - 1) * stride >= size + padding else places


def _is_symbol(value: object) -> bool:
    return bool(getattr(value, "free_symbols", ()))


def _at_least(least: int, **values: int) -> None:
    for name, value in values.items():
        if not _is_symbol(value) and not (isinstance(value, Integral) and value >= least):
            raise ValueError(f"{name} must be a whole number of at least {least}, not {value!r}")


def _pair(name: str, value: Any) -> tuple[Any, Any]:
    if not isinstance(value, tuple | list):
        return value, value
    if len(value) != 2:  # noqa: PLR2004 - height and width
        raise ValueError(f"{name} must be one number or (height, width), not {value!r}")
    return value[0], value[1]


@dataclass(frozen=True)
class Window:
    """How a kernel slides along one axis, in pixels."""

    kernel: int
    stride: int
    padding: int
    """At each end."""
    dilation: int
    ceil_mode: bool = False
    extra: int = 0
    """More padding at the far end, which 'same' needs when the window spans an even number of pixels."""

    def __post_init__(self) -> None:
        """Refuse what torch refuses."""
        _at_least(1, kernel_size=self.kernel, stride=self.stride, dilation=self.dilation)
        _at_least(0, padding=self.padding)

    def padded_same(self) -> "Window":
        """As this, padded to give as many outputs as inputs at a stride of 1; an odd pixel comes last, as in torch."""
        total = self.dilation * (self.kernel - 1)
        return replace(self, padding=total // 2, extra=total % 2)

    def places(self, size: int, size_rule: SizeRule) -> int:
        """Number of outputs for `size` inputs; ShapeError when there are none."""
        # As in torch, the odd pixel of 'same' belongs to the input: a rule knows of equal padding only.
        padded = size + self.extra
        places = size_rule(padded, self.kernel, self.stride, self.padding, self.dilation, self.ceil_mode)
        if places < 1:
            reach = self.dilation * (self.kernel - 1) + 1
            raise ShapeError(f"a window of {reach} does not fit into {size} with padding {self.padding}")
        return places


def _windows(
    kernel_size: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes = 1, ceil_mode: bool = False
) -> tuple[Window, Window]:
    kernels, strides = _pair("kernel_size", kernel_size), _pair("stride", stride)
    paddings, dilations = _pair("padding", padding), _pair("dilation", dilation)
    sizes = zip(kernels, strides, paddings, dilations, strict=True)
    height, width = (Window(*along, ceil_mode) for along in sizes)
    return height, width


class Layer:
    """A layer: by default one that works on each value for itself."""

    @property
    def parameters(self) -> int:
        """Number of trained values."""
        return 0

    def output_shape(self, shape: Shape, size_rule: SizeRule) -> Shape:  # noqa: ARG002 - for the layers with windows
        """Shape that comes out when `shape` goes in; ShapeError when it cannot."""
        return shape

    def macs(self, output_shape: Shape) -> int:  # noqa: ARG002 - for the layers with weights
        """Multiply-adds that it takes to compute an output of `output_shape`; a bias adds none."""
        return 0


def _plane(shape: Shape) -> tuple[int, int, int]:
    if len(shape) != 3:  # noqa: PLR2004 - channels, height, width
        raise ShapeError(f"expected (channels, height, width), got {shape}")
    channels, height, width = shape
    return channels, height, width


def _expect(what: str, expected: int, got: int) -> None:
    if got != expected:
        raise ShapeError(f"expected {expected} {what}, got {got}")


class Sliding(Layer):
    """A layer whose outputs each see one window of the input."""

    @property
    def windows(self) -> tuple[Window, Window]:
        """The windows along height and width."""
        raise NotImplementedError

    def output_shape(self, shape: Shape, size_rule: SizeRule) -> Shape:
        """As many channels as before, by the places of the window along each axis."""
        channels, *sizes = _plane(shape)
        height, width = (window.places(size, size_rule) for window, size in zip(self.windows, sizes, strict=True))
        return channels, height, width


@dataclass(frozen=True)
class Conv2d(Sliding):
    """Convolution, grouped and dilated; `padding` in pixels, or 'valid' (none), or 'same' (as torch places it)."""

    in_channels: int
    out_channels: int
    kernel_size: Sizes
    stride: Sizes = 1
    padding: Sizes | str = 0
    dilation: Sizes = 1
    groups: int = 1
    bias: bool = True

    def __post_init__(self) -> None:
        """Refuse what torch refuses."""
        _at_least(1, in_channels=self.in_channels, out_channels=self.out_channels, groups=self.groups)
        for name, channels in (("in_channels", self.in_channels), ("out_channels", self.out_channels)):
            if channels % self.groups:
                raise ValueError(f"{name}={channels} must be a multiple of groups={self.groups}")
        if isinstance(self.padding, str) and self.padding not in {"same", "valid"}:
            raise ValueError(f"padding must be pixels, 'same' or 'valid', not {self.padding!r}")
        if self.padding == "same" and any(window.stride != 1 for window in self.windows):
            raise ValueError(f"padding='same' needs stride=1, not {self.stride!r}")
        _ = self.windows

    @property
    def windows(self) -> tuple[Window, Window]:
        """The windows along height and width."""
        if not isinstance(self.padding, str):
            return _windows(self.kernel_size, self.stride, self.padding, self.dilation)
        height, width = _windows(self.kernel_size, self.stride, 0, self.dilation)
        return (height.padded_same(), width.padded_same()) if self.padding == "same" else (height, width)

    @property
    def _weights(self) -> int:
        return self.out_channels * (self.in_channels // self.groups) * math.prod(w.kernel for w in self.windows)

    @property
    def parameters(self) -> int:
        """One kernel over the channels of its group, and perhaps one bias, per output channel."""
        return self._weights + (self.out_channels if self.bias else 0)

    def output_shape(self, shape: Shape, size_rule: SizeRule) -> Shape:
        """`out_channels` by the places of the window along each axis."""
        _expect("input channels", self.in_channels, _plane(shape)[0])
        return self.out_channels, *super().output_shape(shape, size_rule)[1:]

    def macs(self, output_shape: Shape) -> int:
        """Every weight is used once at every place."""
        return self._weights * math.prod(output_shape[1:])


class _Pool(Sliding):
    def __post_init__(self) -> None:
        """Refuse what torch refuses."""
        for window in self.windows:
            known = not (_is_symbol(window.padding) or _is_symbol(window.kernel))
            if known and 2 * window.padding > window.kernel:
                raise ValueError(f"padding={window.padding} must be at most half of kernel_size={window.kernel}")


@dataclass(frozen=True)
class MaxPool2d(_Pool):
    """The largest value in each window; `stride` None means the kernel size."""

    kernel_size: Sizes
    stride: Sizes | None = None
    padding: Sizes = 0
    dilation: Sizes = 1
    ceil_mode: bool = field(default=False, kw_only=True)

    @property
    def windows(self) -> tuple[Window, Window]:
        """The windows along height and width."""
        stride = self.kernel_size if self.stride is None else self.stride
        return _windows(self.kernel_size, stride, self.padding, self.dilation, self.ceil_mode)


@dataclass(frozen=True)
class AvgPool2d(_Pool):
    """The mean of each window; `stride` None means the kernel size."""

    kernel_size: Sizes
    stride: Sizes | None = None
    padding: Sizes = 0
    ceil_mode: bool = False

    @property
    def windows(self) -> tuple[Window, Window]:
        """The windows along height and width."""
        stride = self.kernel_size if self.stride is None else self.stride
        return _windows(self.kernel_size, stride, self.padding, ceil_mode=self.ceil_mode)


@dataclass(frozen=True)
class AdaptiveAvgPool2d(Layer):
    """Means over a grid of `output_size` parts; None along an axis keeps its size."""

    output_size: int | tuple[int | None, int | None]

    def __post_init__(self) -> None:
        """Refuse what torch refuses, and empty outputs."""
        for size in _pair("output_size", self.output_size):
            _at_least(1, output_size=1 if size is None else size)

    def output_shape(self, shape: Shape, size_rule: SizeRule) -> Shape:  # noqa: ARG002 - its sizes are given
        """As many channels as before, by `output_size`."""
        channels, *sizes = _plane(shape)
        wanted = _pair("output_size", self.output_size)
        height, width = (old if new is None else new for old, new in zip(sizes, wanted, strict=True))
        return channels, height, width


@dataclass(frozen=True)
class Linear(Layer):
    """A matrix applied along the last axis."""

    in_features: int
    out_features: int
    bias: bool = True

    def __post_init__(self) -> None:
        """Refuse empty matrices."""
        _at_least(1, in_features=self.in_features, out_features=self.out_features)

    @property
    def parameters(self) -> int:
        """One weight per input and output, and perhaps one bias per output."""
        return self.out_features * (self.in_features + (1 if self.bias else 0))

    def output_shape(self, shape: Shape, size_rule: SizeRule) -> Shape:  # noqa: ARG002 - no window slides
        """`out_features` in place of the last axis."""
        _expect("input features", self.in_features, shape[-1])
        return *shape[:-1], self.out_features

    def macs(self, output_shape: Shape) -> int:
        """Each output is a sum over all inputs."""
        return self.in_features * math.prod(output_shape)


@dataclass(frozen=True)
class BatchNorm2d(Layer):
    """Normalisation per channel; its running statistics are not trained and no parameters."""

    num_features: int
    affine: bool = field(default=True, kw_only=True)

    def __post_init__(self) -> None:
        """Refuse a layer without channels."""
        _at_least(1, num_features=self.num_features)

    @property
    def parameters(self) -> int:
        """A scale and a shift per channel, if it has them."""
        return 2 * self.num_features if self.affine else 0

    def output_shape(self, shape: Shape, size_rule: SizeRule) -> Shape:  # noqa: ARG002 - no window slides
        """The shape that came in."""
        _expect("input channels", self.num_features, _plane(shape)[0])
        return shape


@dataclass(frozen=True)
class Flatten(Layer):
    """All values of an example in one row."""

    def output_shape(self, shape: Shape, size_rule: SizeRule) -> Shape:  # noqa: ARG002 - no window slides
        """The number of values."""
        return (math.prod(shape),)


@dataclass(frozen=True)
class ReLU(Layer):
    """The positive part of each value."""


@dataclass(frozen=True)
class Dropout(Layer):
    """Values dropped at random with probability `p` while training."""

    p: float = 0.5

    def __post_init__(self) -> None:
        """Refuse what torch refuses."""
        if not 0 <= self.p <= 1:
            raise ValueError(f"p must be a probability from 0 to 1, not {self.p!r}")

"""Where a network averages a whole feature map, however that is spelt: by an average pool, by a mean over the axes in
space, or by a mean over the one axis to which they were flattened.

The axes along which the pixels of a map lie are followed through changes of layout. Where they are lost, or where a whole
map goes into something that no rule knows, there may be an average in disguise: this is told and never guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

from grader.answers.networks import Network, Step
from grader.answers.torch_functions import Kind

Shape = tuple[int, ...]
# The axes along which pixels lie, those of size 1 left out; None where that is not known.
Axes = tuple[int, ...] | None

_AVERAGES = frozenset({Kind.MEAN, Kind.AVERAGE_POOL})
# What takes the values of a map in by weights of its own, or picks some of them, is no average.
_OTHERS = frozenset({Kind.CONVOLUTION, Kind.TRANSPOSED, Kind.LINEAR, Kind.MAX_POOL})
_PICKING = frozenset({"amax", "amin", "max", "min", "argmax", "argmin"})
# What may put the channels last without saying so.
_TURNING = frozenset({"movedim", "moveaxis", "T"})
_KEEPING = frozenset({Kind.POINTWISE, Kind.ACTIVATION, Kind.BATCH_NORM, Kind.DROPOUT, Kind.ADD, Kind.CONCAT})


@dataclass(frozen=True, slots=True)
class _Pixels:
    """The pixels of a map, in the output of a later step or of its own."""

    origin: int
    """The step that puts out the map."""
    axes: Axes


class GlobalAverages:
    """The global averages of one network.

    Args:
        network: the network.
        maps: the steps that put out a feature map of more than one pixel and that the output depends on, with the input.
    """

    def __init__(self, network: Network, maps: Sequence[int]) -> None:
        self.steps: set[int] = set()
        """Those that average a whole map; the last one where it takes several."""
        self.unclear = ""
        """A function that may average the last map, though that cannot be told; or ""."""
        self._network, self._last = network, max(maps, default=0)
        self._pixels: dict[int, _Pixels] = {}
        for number in maps:
            self._pixels[number] = _Pixels(number, self._in_space(number))
        for number in network.used:
            if number not in self._pixels:
                self._follow(number, network.steps[number - 1])

    def _in_space(self, number: int) -> Axes:
        """The last axes of a map, unless a map that it was made from was turned round."""
        shape = self._network.shape_of(number)
        if number and self._is_turned(self._network.steps[number - 1]):
            return None
        return _longer(range(len(shape) - len(self._network.input) + 1, len(shape)), shape)

    def _is_turned(self, step: Step) -> bool:
        turned = any(source in self._pixels and self._pixels[source].axes is None for source in step.of)
        return step.function in _TURNING or (turned and step.kind in _KEEPING)

    def _follow(self, number: int, step: Step) -> None:
        source = next((source for source in step.of if source in self._pixels), None)
        if source is None or step.kind in _OTHERS or step.function in _PICKING:
            return
        before, pixels = self._network.shape_of(source), self._pixels[source]
        axes = _axes_behind(step, before, pixels.axes)
        if axes and axes[-1] >= len(step.shape):
            axes = None  # the description contradicts itself
        if axes == () and step.kind in _AVERAGES:
            self.steps.add(number)
            return
        if axes is None and _may_average(step, before) and pixels.origin == self._last:
            self.unclear = self.unclear or step.function
        self._pixels[number] = _Pixels(pixels.origin, axes)


def _may_average(step: Step, before: Shape) -> bool:
    """Whether a step behind which pixels are lost may have made one value of all of them."""
    return step.kind is Kind.UNKNOWN or (step.kind is not Kind.WINDOW and prod(step.shape) < prod(before))


def _axes_behind(step: Step, before: Shape, axes: Axes) -> Axes:
    """The axes along which pixels lie behind a step.

    Args:
        step: the step.
        before: the shape of what goes in, with the batch.
        axes: those along which they lie there.
    """
    if axes is None:
        return None
    if step.kind in {Kind.MEAN, Kind.REDUCTION}:
        return _reduced(step, before, axes)
    if step.kind is Kind.LAYOUT:
        return _laid_out(step, before, axes)
    if step.kind is Kind.AVERAGE_POOL and len(step.shape) == len(before):
        return _longer(axes, step.shape)
    kept = step.kind in _KEEPING and len(step.shape) == len(before)
    return axes if kept and all(step.shape[axis] == before[axis] for axis in axes) else None


def _reduced(step: Step, before: Shape, axes: tuple[int, ...]) -> Axes:
    """What a mean leaves; a sum or the like over pixels is followed no further, since it may be divided later."""
    if step.axes is None or (step.kind is Kind.REDUCTION and not set(axes).isdisjoint(step.axes)):
        return None
    left = [axis for axis in axes if axis not in step.axes]
    if len(step.shape) == len(before):
        return tuple(left)
    return tuple(axis - sum(gone < axis for gone in set(step.axes)) for axis in left)


def _laid_out(step: Step, before: Shape, axes: tuple[int, ...]) -> Axes:
    """Permuted axes, or those of a view in which all pixels of a channel still stand together."""
    if step.axes is not None:
        return tuple(place for place, axis in enumerate(step.axes) if axis in axes)
    if not axes or prod(step.shape) != prod(before):
        return None
    ahead, pixels = prod(before[: axes[0]]), prod(before[axis] for axis in axes)
    if prod(before[axes[0] : axes[-1] + 1]) != pixels:
        return None  # channels stand between
    for first, end in combinations(range(len(step.shape) + 1), 2):
        if prod(step.shape[:first]) == ahead and prod(step.shape[first:end]) == pixels:
            return _longer(range(first, end), step.shape)
    return None


def _longer(axes: Sequence[int], shape: Shape) -> tuple[int, ...]:
    """The axes of more than one pixel."""
    return tuple(axis for axis in axes if shape[axis] != 1)

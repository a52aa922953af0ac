"""What the outputs of a network's steps see of its input, worked out from the record of the steps.

Layer by layer r += (k - 1) * d * j, the padding grows by p * j, and then j *= s, for kernel k, dilation d, stride s and
effective stride j. Paths that meet see the union of their windows, taken as one window when there are gaps.

Source: Araujo, Norris and Sim, "Computing receptive fields of convolutional neural networks", Distill, 2019.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

from grader.answers.networks import LARGEST_SHIFT, Network, Step, Window
from grader.answers.torch_functions import Kind

POOLS = frozenset({Kind.MAX_POOL, Kind.AVERAGE_POOL})
_SLIDING = POOLS | {Kind.CONVOLUTION, Kind.WINDOW}
_REDUCING = frozenset({Kind.MEAN, Kind.REDUCTION})
# What may make a map of values that were none: it looks at more than one of them, or nobody knows at what.
_MAKING = _SLIDING | {Kind.TRANSPOSED, Kind.MOVED, Kind.UNKNOWN}

# Each pixel for itself, or what torch takes as such.
_EACH_FOR_ITSELF = frozenset({Kind.POINTWISE, Kind.ACTIVATION, Kind.DROPOUT, Kind.BATCH_NORM})
LARGEST_FIELD = 10**12  # pixels along one axis, beyond any image; keeps the numbers of a forged record small


@dataclass(frozen=True, slots=True)
class Axis:
    """Along one axis, output i sees the pixels from ``i * stride - padding`` on, `size` of them."""

    size: int = 1
    stride: int = 1
    padding: int = 0


@dataclass(frozen=True, slots=True)
class Unclear:
    """A map of which it is not clear what its pixels see, and why."""

    why: str
    doubtful: bool = False
    """Whether it may be no map at all, such as the heads of an attention, so that its sizes say nothing either."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A map whose axes have another order for a while, such as channels last; so far it counts as no map."""

    order: tuple[int, ...]
    """The axis of the map that each axis of the output is."""
    seen: "tuple[Axis, ...] | Unclear"
    """What the map sees that it becomes when it is turned back."""


# What is known of an output: the field along each axis of a map; why that is unclear; None when it is no map any more.
Seen = tuple[Axis, ...] | Unclear | Turned | None


def fields_of(network: Network) -> list[Seen]:
    """What is seen of the input by the output of every step, the input itself first."""
    axes = len(network.input) - 1
    seen: list[Seen] = [(Axis(),) * axes if axes > 0 else None]
    for step in network.steps:
        sources = [(seen[number], network.shape_of(number)) for number in step.of]
        seen.append(_turned(step, sources, axes) or _seen(step, sources, axes))
    return seen


def is_map(seen: Seen, shape: Sequence[int], axes: int) -> bool:
    """Whether an output is a map of more than one pixel, by what it sees and its shape with the batch."""
    return isinstance(seen, tuple | Unclear) and _is_shape_of_map(shape, axes)


def _is_shape_of_map(shape: Sequence[int], axes: int) -> bool:
    return axes > 0 and len(shape) == axes + 2 and prod(shape[2:]) > 1


def _seen(step: Step, sources: Sequence[tuple[Seen, tuple[int, ...]]], axes: int) -> Seen:
    (first, shape), *others = sources
    if all(seen is None or isinstance(seen, Turned) for seen, _ in sources):
        return _made(step, axes)
    if _flattens(step, shape, axes):
        return None
    if unclear := next((seen for seen, _ in sources if isinstance(seen, Unclear)), None):
        return replace(unclear, doubtful=unclear.doubtful and step.kind not in _SLIDING)
    if others and step.kind not in _MAKING:
        return _united(step, sources, axes)
    if others or not isinstance(first, tuple):
        return Unclear(f"it is not known what {step.function} sees of several maps")
    return _carried(step, first, shape[-axes:], step.shape[-axes:])


def _made(step: Step, axes: int) -> Unclear | None:
    """A map that was none before, if it has the shape of one."""
    permuted = step.kind is Kind.LAYOUT and step.axes is not None
    if not _is_shape_of_map(step.shape, axes) or not (permuted or step.kind in _MAKING):
        return None
    return Unclear(f"{step.function} makes a map of what was none", doubtful=permuted)


def _turned(step: Step, sources: Sequence[tuple[Seen, tuple[int, ...]]], axes: int) -> Seen:
    """What becomes of a map whose axes change places, until they are back in their places; None where none do.

    In between, what takes each pixel for itself or mixes the channels of one is followed, and nothing else.
    """
    (first, shape), *others = sources
    if not others and is_map(first, shape, axes) and isinstance(first, tuple | Unclear):
        return _reordered(step, Turned(tuple(range(axes + 2)), first))
    turned = next((seen for seen, _ in sources if isinstance(seen, Turned)), None)
    if turned is None or any(isinstance(seen, tuple | Unclear) for seen, _ in sources):
        return None
    if len(step.shape) != axes + 2:
        return None
    if others or not (followed := _reordered(step, turned) or _kept(step, shape, turned)):
        return Turned(
            turned.order, Unclear(f"{step.function} is not followed while the axes of a map have changed places")
        )
    return followed


def _reordered(step: Step, turned: Turned) -> Seen:
    """Behind a permutation of all axes; None behind anything else."""
    places = tuple(range(len(turned.order)))
    if step.kind is not Kind.LAYOUT or step.axes is None or tuple(sorted(step.axes)) != places:
        return None
    order = tuple(turned.order[axis] for axis in step.axes)
    return turned.seen if order == places else Turned(order, turned.seen)


def _kept(step: Step, shape: tuple[int, ...], turned: Turned) -> Seen:
    """The same where no pixel sees another one; None where that is not known."""
    if step.kind is Kind.LINEAR:
        keeps = turned.order[-1] == 1 and step.shape[:-1] == shape[:-1]
    else:
        keeps = step.kind in _EACH_FOR_ITSELF and step.shape == shape
    return turned if keeps else None


def _flattens(step: Step, shape: tuple[int, ...], axes: int) -> bool:
    """Whether the last axes of the output are those in space no more.

    Args:
        step: the step.
        shape: of what goes in first, with the batch.
        axes: how many axes in space there are.
    """
    if step.kind is Kind.LINEAR:
        return True
    if step.kind in _REDUCING and step.axes is not None:
        return any(axis >= len(shape) - axes for axis in step.axes)
    if step.kind is Kind.LAYOUT and step.axes is not None:
        return step.axes[-axes:] != tuple(range(len(step.axes)))[-axes:]
    if step.kind is Kind.LAYOUT or step.kind is Kind.MEAN:
        return step.shape[-axes:] != shape[-axes:]
    if step.kind in POOLS and step.window is None:
        return prod(step.shape[-axes:]) == 1
    return step.kind in {Kind.MOVED, Kind.UNKNOWN} and not _is_shape_of_map(step.shape, axes)


def _united(step: Step, sources: Sequence[tuple[Seen, tuple[int, ...]]], axes: int) -> Seen:
    """The union of what several maps of one size see."""
    fields = [seen for seen, shape in sources if isinstance(seen, tuple) and shape[-axes:] == step.shape[-axes:]]
    if len(fields) < len(sources):
        return Unclear(f"{step.function} joins a map with values that may come from all over it")
    united = []
    for along in zip(*fields, strict=True):
        if len({axis.stride for axis in along}) > 1:
            return Unclear(f"{step.function} joins maps whose pixels lie differently far apart")
        padding = max(axis.padding for axis in along)
        size = max(axis.size - axis.padding for axis in along) + padding
        united.append(Axis(size, along[0].stride, padding))
    return tuple(united)


def _carried(step: Step, seen: tuple[Axis, ...], before: tuple[int, ...], after: tuple[int, ...]) -> Seen:
    """What is seen behind a step with one source.

    Args:
        step: the step.
        seen: what its source sees.
        before: pixels of the source along each axis.
        after: pixels of the output.
    """
    window = step.window
    if step.kind in POOLS and window is None:
        window = _parts(before, after)
    if step.kind in _SLIDING and window is not None and len(window.kernel) == len(seen):
        slid = tuple(map(_slid, seen, window.kernel, window.stride, window.padding, window.dilation))
        return slid if all(map(_is_sensible, slid)) else Unclear(f"{step.function} sees more than any image has")
    if step.kind in _MAKING:
        return Unclear(f"it is not known what {step.function} sees")
    return seen if before == after else Unclear(f"{step.function} changes the size of a map")


def _slid(axis: Axis, kernel: int, stride: int, padding: int, dilation: int) -> Axis:
    size = axis.size + (kernel - 1) * dilation * axis.stride
    return Axis(size, axis.stride * stride, axis.padding + padding * axis.stride)


def _is_sensible(axis: Axis) -> bool:
    return max(axis.size, axis.stride, abs(axis.padding)) <= LARGEST_FIELD


def _parts(before: tuple[int, ...], after: tuple[int, ...]) -> Window | None:
    """The window of an adaptive pool; None when its parts are not equal, so that it has none."""
    if len(before) != len(after) or 0 in (*before, *after):
        return None
    sizes = tuple(size // small for size, small in zip(before, after, strict=True))
    if any(size * small != whole for size, small, whole in zip(sizes, after, before, strict=True)):
        return None
    if max(sizes, default=0) > LARGEST_SHIFT:
        return None  # no real map is so large
    return Window(kernel=sizes, stride=sizes, padding=(0,) * len(sizes), dilation=(1,) * len(sizes))

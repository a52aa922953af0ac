"""What is to be known of a network: counts, sizes and its receptive field, from the record of its steps alone.

Only steps that the output depends on count. What cannot be told is Unreadable, and never guessed: a network may do what no
rule here knows.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from math import prod
from typing import Any

from grader.answers.global_averages import GlobalAverages
from grader.answers.networks import Network, Step
from grader.answers.receptive_fields import POOLS, Seen, Unclear, fields_of, is_map
from grader.answers.torch_functions import WITHOUT_WEIGHTS, Kind
from grader.errors import Unreadable

GLOBAL_AVERAGE_POOL = "global_average_pool"
# Kinds of steps that are layers. Of joins only those count that join two outputs or more.
JOINS = frozenset({Kind.CONCAT, Kind.ADD})
_NO_LAYERS = {Kind.POINTWISE, Kind.WINDOW, Kind.LAYOUT, Kind.MEAN, Kind.REDUCTION, Kind.MOVED, Kind.UNKNOWN}
LAYERS = frozenset(Kind) - _NO_LAYERS
_WEIGHTED = frozenset({Kind.CONVOLUTION, Kind.TRANSPOSED, Kind.LINEAR})


class Facts:
    """The facts of one network; each raises Unreadable where it cannot be told."""

    def __init__(self, network: Network) -> None:
        self._network = network

    @property
    def output(self) -> tuple[int, ...]:
        """The shape of the output, without a batch of one in front."""
        shape = self._network.shape
        if shape[:1] != (1,):
            raise Unreadable(f"an output of shape {shape}", expected="one whose first size is that of the batch, 1")
        return shape[1:]

    @property
    def parameters(self) -> int:
        """The number of parameters, frozen ones among them; each counts once, however often it is used."""
        return self._network.parameters

    @property
    def weights(self) -> int:
        """Of these, those of convolutions and linear layers without their biases."""
        return sum(_weights(step, source) for step, source in self._steps() if _has_weights(step))

    @property
    def macs(self) -> int:
        """Multiply-adds of convolutions and linear layers; biases, pools and sums are not counted.

        Courses differ in whether a product of two activations, as in attention, counts, so that a network with one has none.
        """
        steps = list(self._steps())
        for step, _ in steps:
            if step.kind is Kind.UNKNOWN and step.function not in WITHOUT_WEIGHTS:
                raise Unreadable(f"it is not known what {step.function} computes")
            if step.kind in _WEIGHTED and not _has_weights(step):
                raise Unreadable(f"{step.function} multiplies what comes from the input with itself, not with weights")
        return sum(_macs(step, source) for step, source in steps if step.kind in _WEIGHTED)

    @property
    def layers(self) -> Mapping[str, int]:
        """How many layers there are of each kind; a product of two activations is no linear one.

        `count` says where an average over a whole map may be hidden.
        """
        found = Counter(str(self._step(number).kind) for number in self._network.used if self._is_layer(number))
        found[GLOBAL_AVERAGE_POOL] = len(self._averages.steps)
        return +found

    def count(self, layer: str) -> int:
        """How many layers there are of one kind, by its name in `layers`."""
        number, unclear = self.layers.get(layer, 0), self._averages.unclear
        if layer == GLOBAL_AVERAGE_POOL and not number and unclear:
            raise Unreadable(f"it is not known whether {unclear} averages the last feature map")
        return number

    @property
    def largest_map(self) -> tuple[int, ...]:
        """The shape of the feature map with the most values, the first of them if there are several."""
        shapes = [self._shape(n) for n in self._maps if self._step(n).kind not in {Kind.WINDOW, Kind.LAYOUT}]
        if not shapes:
            raise Unreadable("no layer puts out a feature map")
        return max(shapes, key=prod)

    @property
    def final_map(self) -> tuple[int, ...]:
        """The shape of the last map of more than one pixel: what is pooled over or flattened."""
        seen = self._seen[self._final]
        if isinstance(seen, Unclear) and seen.doubtful:
            raise Unreadable(seen.why)
        return self._shape(self._final)

    @property
    def receptive_field(self) -> tuple[int, ...]:
        """What a pixel of the last map sees of the input, in pixels along each axis."""
        seen = self._seen[self._final]
        if isinstance(seen, Unclear):
            raise Unreadable(seen.why)
        return tuple(axis.size for axis in seen) if isinstance(seen, tuple) else ()

    @property
    def feature_values(self) -> int:
        """All values that convolutions, pools and linear layers put out."""
        return sum(
            prod(self._shape(n))
            for n in self._network.used
            if self._step(n).kind in POOLS or _has_weights(self._step(n)) or n in self._averages.steps
        )

    @cached_property
    def _seen(self) -> list[Seen]:
        return fields_of(self._network)

    @cached_property
    def _maps(self) -> list[int]:
        return [number for number in self._network.used if self._is_map(number)]

    @cached_property
    def _averages(self) -> GlobalAverages:
        image = (0,) if self._is_map(0) else ()
        return GlobalAverages(self._network, (*image, *self._maps))

    @property
    def _final(self) -> int:
        if not self._maps:
            raise Unreadable("no layer puts out a feature map")
        return self._maps[-1]

    def _is_map(self, number: int) -> bool:
        return is_map(self._seen[number], self._network.shape_of(number), len(self._network.input) - 1)

    def _is_layer(self, number: int) -> bool:
        step = self._step(number)
        if step.kind is Kind.CONCAT:
            return len(step.of) > 1 and self._is_map(number) and self._joins_channels(step)
        if step.kind is Kind.LINEAR:
            return _has_weights(step)
        return step.kind in LAYERS and not (step.kind in JOINS and len(step.of) == 1)

    def _joins_channels(self, step: Step) -> bool:
        """Whether all maps that are joined have the pixels of the whole; vectors that are joined are no branches."""
        sources = [self._network.shape_of(number) for number in step.of]
        return all(shape[:1] + shape[2:] == step.shape[:1] + step.shape[2:] for shape in sources)

    def _step(self, number: int) -> Step:
        return self._network.steps[number - 1]

    def _shape(self, number: int) -> tuple[int, ...]:
        """Without the batch."""
        return self._network.shape_of(number)[1:]

    def _steps(self) -> Iterator[tuple[Step, tuple[int, ...]]]:
        """Every step that counts, with the shape of what goes in first."""
        for number in self._network.used:
            step = self._step(number)
            yield step, self._network.shape_of(step.of[0])


def _has_weights(step: Step) -> bool:
    """Whether it multiplies with weights: what is made of the input is only one of the factors."""
    return step.kind in _WEIGHTED and not (step.kind is Kind.LINEAR and len(step.of) > 1)


def _macs(step: Step, source: tuple[int, ...]) -> int:
    """Every weight of a convolution is used once at every place."""
    if step.kind is Kind.LINEAR:
        return prod(step.shape) * _last(source)
    axes = len(step.window.kernel) if step.window else 0
    slid = source if step.kind is Kind.TRANSPOSED else step.shape
    return _weights(step, source) * prod(slid[len(slid) - axes :])


def _weights(step: Step, source: tuple[int, ...]) -> int:
    """One kernel over the channels of its group per output channel, or one weight per input and output."""
    if step.kind is Kind.LINEAR:
        return _last(step.shape) * _last(source)
    if step.window is None or min(len(source), len(step.shape)) <= len(step.window.kernel):
        raise Unreadable(f"it is not known how {step.function} slides")
    kernel, groups = step.window.kernel, step.window.groups
    channels = source[-len(kernel) - 1] * step.shape[-len(kernel) - 1]
    return channels // groups * prod(kernel)


def _last(shape: tuple[int, ...]) -> int:
    return shape[-1] if shape else 1


FACTS = tuple(name for name, member in vars(Facts).items() if isinstance(member, property) and name[0] != "_")


class KnownFacts(dict[str, Any]):
    """Facts by name. To ask for one that cannot be told is a ValueError that says which and why."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        facts, self.untold = Facts(network), dict[str, str]()
        for name in FACTS:
            try:
                self[name] = getattr(facts, name)
            except Unreadable as trouble:
                self.untold[name] = str(trouble)

    def __missing__(self, name: str) -> Any:
        """No value; for the functions of a solver, which ask for facts by name."""
        if name in self.untold:
            raise ValueError(f"the {name.replace('_', ' ')} of this network cannot be told: {self.untold[name]}")
        raise KeyError(name)


def known_facts(network: Network) -> KnownFacts:
    """The facts that can be told, by name, for the functions of a solver."""
    return KnownFacts(network)

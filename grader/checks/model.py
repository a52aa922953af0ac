"""A network: a torch.nn.Module, of which every one within the bounds is right."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, PositiveInt, ValidationError, model_validator

from grader.answers.network_facts import FACTS, Facts, known_facts
from grader.answers.networks import INPUT_AXES, FailedNetwork, Network, as_data, network_in
from grader.answers.reading import Reading
from grader.answers.values import Foreign, Plain, kind_of
from grader.checks.bounds import Bound, Bounds, MapBounds, beyond
from grader.checks.check import RIGHT, Check, Encoded, Match
from grader.checks.near_misses import (
    with_field,
    with_last_map,
    with_layer,
    with_output,
    with_parameters,
    without_layer,
)
from grader.checks.network_sizes import network_sizes
from grader.checks.requirements import (
    Requirement,
    bounded,
    layers_bounded,
    map_bounded,
    of_shape,
    sides_bounded,
    values_bounded,
)
from grader.errors import Unreadable
from grader.records import Sizes

LayerName = Literal[
    "convolution", "transposed_convolution", "linear", "max_pool", "average_pool", "global_average_pool",
    "batch_norm", "dropout", "activation", "concat", "add",
]  # fmt: skip
_EXPECTED = "a network such as net = Net(), made of torch.nn.Module"


class Model(Check):
    """A network. Each bound is marked and earns its share; only layers that the output depends on count."""

    kind: Literal["model"]
    has_many_answers: ClassVar[bool] = True

    input: Annotated[tuple[PositiveInt, ...], Field(min_length=1, max_length=INPUT_AXES)]
    """The shape of one example, without the batch: [3, 32, 32]."""
    output: tuple[PositiveInt, ...] | None = None
    """The shape that comes out for one example, without the batch: [10]."""
    parameters: Bounds | None = None
    """How many parameters there may be; frozen ones count, buffers do not."""
    receptive_field: Bounds | None = None
    """Side of what a pixel of the last feature map sees of the input, in pixels, along each axis."""
    final_map: MapBounds | None = None
    """Sizes of the last feature map, which is pooled over or flattened."""
    largest_map: Bounds | None = None
    """Values in the largest feature map."""
    macs: Bounds | None = None
    """Multiply-adds of convolutions and linear layers for one example. Where two activations are multiplied, as in attention, a
    person has to count."""
    needs: tuple[LayerName, ...] = ()
    """Kinds of layers that have to be there. A dropout that is not seen waits for a person: it may be there only in training."""
    forbids: tuple[LayerName, ...] = ()
    """Kinds of layers that must not be there."""

    @model_validator(mode="after")
    def _asks_for_something(self) -> "Model":
        if not list(self._requirements()):
            raise ValueError("nothing is asked of the network; give output, needs or a bound")
        listed = (*self.needs, *self.forbids)
        if twice := next((name for name in listed if listed.count(name) > 1), None):
            raise ValueError(f"needs and forbids name {twice!r} twice")
        return self

    @property
    def model_input(self) -> tuple[int, ...]:
        """The shape of the input."""
        return self.input

    def without_answers(self) -> Self:
        """Without its bounds."""
        return type(self)(kind="model", input=self.input, parameters=Bound(low=0))

    def expect(self, solved: Any) -> Network:
        """A design that keeps every bound: a dictionary of its facts, and under "description" what a kernel would say of it."""
        if not isinstance(solved, dict) or "description" not in solved:
            raise ValueError(f"a dictionary of facts with a description is expected of the solver, not {solved!r:.100}")
        try:
            network = network_in(solved["description"])
        except ValidationError as error:
            raise ValueError(f"the solver's description is none: {error.errors()[0]['msg']}") from error
        if not isinstance(network, Network) or network.input != self.input:
            raise ValueError(f"the solver's description has to be that of a network on {self.input}")
        _check_facts({name: fact for name, fact in solved.items() if name != "description"}, network)
        if short := [item for item, _ in self._items(network) if not item.right]:
            raise ValueError(f"the solver's own network breaks a bound: {short[0].name}: {short[0].read_as}")
        return network

    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """A network that runs on the input."""
        match answer:
            case Network() if answer.input == self.input:
                return (Reading(answer, _layers_text(answer)),)
            case FailedNetwork():
                example = f"torch.zeros{(1, *self.input)}"  # a batch of one, for the student to see the same failure
                raise Unreadable(str(answer).rstrip(" ."), expected=f"one that gives a tensor for {example}")
            case Foreign(type_name="type"):
                raise Unreadable("a class of networks rather than a network", expected=_EXPECTED)
        raise Unreadable(kind_of(answer), expected=_EXPECTED)

    def compare(self, reading: Reading, expected: Network) -> Match:  # noqa: ARG002 - the bounds say all there is to say
        """Bound by bound."""
        found = self._items(reading.value)
        items = tuple(item for item, _ in found)
        wrong = [item.name for item in items if not item.right]
        credit = Fraction(len(items) - len(wrong), len(items))
        if credit == RIGHT:
            return Match(credit, items)
        unread = [trouble for _, trouble in found if trouble]
        return Match(
            credit,
            items,
            note=f"wrong={','.join(wrong)}",
            message=f"Look again at: {', '.join(wrong)}.",
            told=True,
            given=Fraction(len(items) - len(unread), len(items)),
            unread="; ".join(unread),
        )

    def explains(self, reading: Reading, expected: Network) -> bool:  # noqa: ARG002 - as above
        """No mistake leads to one network rather than another."""
        return False

    def same(self, one: Network, other: Network) -> bool:
        """Equal in all that is asked about."""
        return known_facts(one) == known_facts(other)

    def upstream(self, reading: Reading, expected: Network) -> dict[str, Any]:  # noqa: ARG002 - as above
        """The facts that can be told, by name."""
        return known_facts(reading.value)

    def sizes(self, reading: Reading) -> tuple[Sizes, ...]:
        """Parameters by module, and feature maps."""
        return network_sizes(reading.value)

    def right_answers(self, expected: Network) -> Sequence[Encoded]:
        """The solver's own design."""
        return (Encoded(as_data(expected)),)

    def wrong_answers(self, expected: Network) -> Sequence[Encoded]:
        """The same with one thing altered, so that it breaks one of the bounds, where it can by one."""
        altered = [
            network for network in self._near(expected) if not all(item.right for item, _ in self._items(network))
        ]
        return [Encoded(as_data(network)) for network in altered]

    def _near(self, network: Network) -> Iterator[Network]:
        if self.output is not None:
            yield with_output(network, (*self.output, 2))
        for total in beyond(self.parameters):
            yield with_parameters(network, total)
        for size in beyond(self.receptive_field):
            yield with_field(network, size)
        for place, bound in self.final_map.by_place.items() if self.final_map else ():
            shape = Facts(network).final_map
            yield from (with_last_map(network, (*shape[:place], size, *shape[place + 1 :])) for size in beyond(bound))
        yield from (without_layer(network, layer) for layer in self.needs)
        yield from (with_layer(network, layer) for layer in self.forbids)

    def _items(self, network: Network) -> list[tuple[Any, str]]:
        facts = Facts(network)
        return [requirement.item(facts) for requirement in self._requirements()]

    def _requirements(self) -> Iterator[Requirement]:
        if self.output is not None:
            yield of_shape("output", self.output, lambda facts: facts.output)
        if self.parameters is not None:
            yield bounded("parameters", self.parameters, lambda facts: facts.parameters)
        if self.receptive_field is not None:
            yield sides_bounded("receptive field", self.receptive_field, lambda facts: facts.receptive_field)
        if self.final_map is not None:
            yield map_bounded("last feature map", self.final_map, lambda facts: facts.final_map)
        if self.largest_map is not None:
            yield values_bounded("largest feature map", self.largest_map, lambda facts: facts.largest_map)
        if self.macs is not None:
            yield bounded("multiply-adds", self.macs, lambda facts: facts.macs)
        yield from (layers_bounded(layer, Bound(low=1)) for layer in self.needs)
        yield from (layers_bounded(layer, Bound(low=0, high=0)) for layer in self.forbids)


def _layers_text(network: Network) -> str:
    """The layers that were found, so that a student sees what was taken for what."""
    try:
        layers = Facts(network).layers
    except Unreadable:
        return str(network)
    counts = ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in layers.items())
    return f"layers: {counts}" if counts else str(network)


def _check_facts(said: dict[str, Any], network: Network) -> None:
    """ValueError unless what a solver says of its network is what its description shows."""
    known = known_facts(network)
    for name, fact in said.items():
        if name not in FACTS:
            raise ValueError(f"{name!r} is no fact of a network; there is: {', '.join(FACTS)}")
        if name not in known or fact != known[name]:
            shown = known.get(name, "nothing that can be told")
            raise ValueError(f"the solver says {name} = {fact!r:.100}, but its description shows {shown}")

"""What is asked of a network, point by point, with the words that a report has for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from grader.answers.network_facts import Facts
from grader.answers.reading import TIMES, number_text
from grader.answers.torch_functions import Kind
from grader.checks.bounds import Bound, MapBounds
from grader.errors import Unreadable
from grader.records import Item

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that is asked of a network."""

    name: str
    wanted: str
    """In words: "at least 32"."""
    fact: Callable[[Facts], Any]
    """What the network is or has; may raise Unreadable."""
    words: Callable[[Any], str]
    holds: Callable[[Any], bool]

    def item(self, facts: Facts) -> tuple[Item, str]:
        """How a network meets it, and why that cannot be told, or ""."""
        try:
            fact = self.fact(facts)
        except Unreadable as trouble:
            return Item(name=self.name, read_as=f"not clear: {trouble}", right=False), f"{self.name}: {trouble}"
        return Item(name=self.name, read_as=f"{self.words(fact)}, {self.wanted}", right=self.holds(fact)), ""


def bounded(name: str, bound: Bound, fact: Callable[[Facts], int]) -> Requirement:
    """A number within a bound."""
    return Requirement(name, str(bound), fact, number_text, bound.holds)


def sides_bounded(name: str, bound: Bound, fact: Callable[[Facts], Shape]) -> Requirement:
    """A size of which every side lies within a bound."""
    return Requirement(name, str(bound), fact, size_text, lambda sides: all(map(bound.holds, sides)))


def values_bounded(name: str, bound: Bound, fact: Callable[[Facts], Shape]) -> Requirement:
    """A feature map of which the number of values lies within a bound."""
    return Requirement(name, str(bound), fact, _values_text, lambda shape: bound.holds(prod(shape)))


def _values_text(shape: Shape) -> str:
    return f"{number_text(prod(shape))} values in {shape_text(shape)}"


def of_shape(name: str, shape: Shape, fact: Callable[[Facts], Shape]) -> Requirement:
    """An output of this very shape."""
    return Requirement(name, f"exactly {shape_text(shape)}", fact, shape_text, lambda found: found == shape)


def map_bounded(name: str, bounds: MapBounds, fact: Callable[[Facts], Shape]) -> Requirement:
    """A feature map whose sizes lie within bounds."""
    return Requirement(name, str(bounds), fact, shape_text, bounds.holds)


def layers_bounded(layer: str, bound: Bound) -> Requirement:
    """Layers of one kind."""
    fact = _dropouts if layer == Kind.DROPOUT and bound.low else lambda facts: facts.count(layer)
    return bounded(f"{layer.replace('_', ' ')} layers", bound, fact)


def _dropouts(facts: Facts) -> int:
    """A network runs as it does after training, where code of its own may leave dropout out."""
    found = facts.layers.get(Kind.DROPOUT, 0)
    if not found:
        raise Unreadable("no dropout is seen while the network does not train, and it may be there while it trains")
    return found


def size_text(sides: Sequence[int]) -> str:
    """One number where all sides are equal."""
    return number_text(sides[0]) if len(set(sides)) == 1 else shape_text(sides)


def shape_text(shape: Sequence[int]) -> str:
    """The sizes with multiplication signs."""
    return f" {TIMES} ".join(map(number_text, shape)) or "a single value"

"""Numbers from the student's own training run: nobody else has them, so only what is unusual can be told."""

import itertools
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from grader.answers.reading import Reading
from grader.answers.relations import Relation, parse_relation
from grader.answers.rows import are_told_apart
from grader.answers.tables import Table, read_rows
from grader.answers.values import Plain, only_element
from grader.checks.band import Band
from grader.checks.check import RIGHT, WRONG, Check, Match
from grader.checks.usual import Usual, usual_numbers
from grader.errors import Unreadable
from grader.records import Item


class Measurement(Check):
    """Measured numbers by name. All that are usual count fully; a person looks at what is not, and it is never zero for that."""

    solved: ClassVar[bool] = False

    kind: Literal["measurement"]
    values: dict[str, Band] = Field(min_length=1)
    """What was measured, and between what bounds it usually is."""
    relations: tuple[str, ...] = ()
    """What usually holds between the numbers: "half <= full + 0.5"."""

    @model_validator(mode="after")
    def _tells_its_values_apart(self) -> "Measurement":
        if not are_told_apart(self.values):
            raise ValueError("two of the values have one name, but for case, blanks, underscores and hyphens")
        return self

    @model_validator(mode="after")
    def _relations_are_read(self) -> "Measurement":
        for text in self.relations:
            try:
                parse_relation(text, tuple(self.values))
            except Unreadable as error:
                raise ValueError(f"the relation {text!r} has {error}") from error
        return self

    @model_validator(mode="after")
    def _can_be_usual(self) -> "Measurement":
        if self._found is None:
            raise ValueError(
                "no numbers within the bounds were found for which all relations hold, so that nothing would ever be usual;"
                " change the bounds or the relations"
            )
        return self

    @cached_property
    def _found(self) -> Usual | None:
        return usual_numbers(self.values, self._relations)

    @property
    def _usual(self) -> Usual:
        """Numbers within the bounds for which all relations hold."""
        return self._found or {}

    @cached_property
    def _relations(self) -> tuple[Relation, ...]:
        return tuple(parse_relation(text, tuple(self.values)) for text in self.relations)

    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """A dict, a table, or a list in the order of the values; a number alone where one is asked for."""
        alone = only_element(answer)
        is_single = len(self.values) == 1 and isinstance(alone, int | float | Fraction | str)
        readers = {name: band.read for name, band in self.values.items()}
        return (read_rows((alone,) if is_single else answer, readers),)

    def compare(self, reading: Reading, expected: None) -> Match:  # noqa: ARG002 - there is no reference
        """Value by value, and then the relations between those that were given."""
        table: Table = reading.value
        best = {name: self.values[name].best(readings) for name, readings in table.readable.items()}
        odd = {name: self.values[name].unusual(one) for name, one in best.items() if not self._is_usual(name, one)}
        finite = {name: one.value for name, one in best.items() if not isinstance(one.value, float)}
        held = {relation: relation.holds(finite) for relation in self._relations if relation.names <= finite.keys()}
        items = (
            *(self._item(name, table, best) for name in self.values),
            *itertools.starmap(_relation_item, held.items()),
        )
        odd |= {str(relation): "does not hold here" for relation, holds in held.items() if not holds}
        if odd:
            return self._unusual(items, odd)
        credit = Fraction(len(best), len(self.values))
        if credit == RIGHT:
            return Match(credit, items)
        missing = ", ".join(name for name in self.values if name not in best)
        return Match(
            credit,
            items,
            note=f"missing={missing}",
            message=f"Still missing: {missing}.",
            told=True,
            given=credit,
            unread=table.unread,
        )

    def _is_usual(self, name: str, reading: Reading) -> bool:
        return self.values[name].includes(reading.value)

    def _item(self, name: str, table: Table, best: Mapping[str, Reading]) -> Item:
        if name in best:
            return Item(name=name, read_as=best[name].text, right=self._is_usual(name, best[name]))
        cell = table.cells.get(name)
        return Item(name=name, read_as=f"not readable: {cell}" if cell else "no answer", right=False)

    def _unusual(self, items: tuple[Item, ...], odd: Mapping[str, str]) -> Match:
        """A person looks, since a run may be unusual and yet be the student's own."""
        words = "; ".join(f"{name}: {what}" for name, what in odd.items())
        bands = "; ".join(f"{name}: {self.values[name]}" for name in odd if name in self.values)
        return Match(
            WRONG,
            items,
            note=f"unusual={','.join(odd)}",
            awaits=f"A person will look at this, since it is unusual, which need not be wrong. {words}.",
            suggestion=f"Usual is {bands}." if bands else "",
        )

    def without_answers(self) -> Self:
        """Without what is usual."""
        bands = {name: Band(low=Fraction(0), high=Fraction(0), unit=band.unit) for name, band in self.values.items()}
        return self.model_copy(update={"values": bands, "relations": ()})

    def items_read(self, reading: Reading) -> tuple[Item, ...]:
        """The values."""
        return self.compare(reading, None).items

    def left_unread(self, reading: Reading) -> str:
        """Values, and such under unknown names."""
        return str(reading.value.unread)

    def right_answers(self, expected: None) -> Sequence[Any]:  # noqa: ARG002 - there is no reference
        """Usual numbers by name and in order, and each at its bounds where the relations allow it."""
        usual = self._usual
        bounds = ({**usual, name: bound} for name, band in self.values.items() for bound in (band.low, band.high))
        allowed = [self._spelled(values) for values in bounds if self._all_hold(values)]
        return [self._spelled(usual), list(self._spelled(usual).values()), *allowed]

    def wrong_answers(self, expected: None) -> Sequence[Any]:  # noqa: ARG002 - there is no reference
        """Each number just beyond its bounds, and each left out."""
        usual = self._usual
        beyond = [
            self._spelled({**usual, name: bound})
            for name, band in self.values.items()
            for bound in (band.low - _little(band), band.high + _little(band))
        ]
        fewer = [{other: usual[other] for other in usual if other != name} for name in usual] if len(usual) > 1 else []
        return [*beyond, *map(self._spelled, fewer)]

    def _all_hold(self, values: Usual) -> bool:
        return all(relation.holds(values) for relation in self._relations)

    def _spelled(self, values: Usual) -> dict[str, Any]:
        return {name: self.values[name].spelled(value) for name, value in values.items()}


def _relation_item(relation: Relation, holds: bool) -> Item:  # noqa: FBT001 - it is what the item tells
    return Item(name=str(relation), read_as="holds" if holds else "does not hold here", right=holds)


def _little(band: Band) -> Fraction:
    """A step out of a band that is as small as its width tells."""
    return (band.high - band.low or abs(band.high) or Fraction(1)) / 1000

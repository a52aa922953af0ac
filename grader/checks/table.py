"""Several answers of one kind, by name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal, cast

from pydantic import Field, model_validator

from grader.answers.reading import Reading
from grader.answers.rows import are_told_apart
from grader.answers.tables import read_rows
from grader.answers.values import Plain
from grader.checks.cells import Cell
from grader.checks.check import Check, Match, Span
from grader.checks.clues import Clue, Lock
from grader.errors import Unreadable
from grader.records import Item


class Table(Check):
    """A dictionary, a DataFrame, or a list in the order of the rows. Each cell is marked and earns its share."""

    kind: Literal["table"]
    rows: tuple[str, ...] = Field(min_length=1)
    """The names of the cells, as the statement gives them."""
    cells: Cell
    """The kind of every cell."""
    aliases: dict[str, str] = Field(default_factory=dict)
    """Other names of rows: "conv2_x" = "stage 2"."""
    continuation: str = ""
    """For rows that build on each other: the solver's function that takes the table itself and gives, by row, the value that
    follows from the row before it, as far as one does; with it, a slip costs only its own row."""

    @model_validator(mode="after")
    def _tells_its_rows_apart(self) -> "Table":
        if not are_told_apart(self.rows):
            raise ValueError("two of the rows have one name, but for case, blanks, underscores and hyphens")
        return self

    @model_validator(mode="after")
    def _aliases_name_rows(self) -> "Table":
        if unknown := sorted(set(self.aliases.values()) - set(self.rows)):
            raise ValueError(f"an alias stands for {unknown[0]!r}, which is no row")
        return self

    def expect(self, solved: Any) -> dict[str, Any]:
        """The solver's dictionary. Under a mistake it may lack a row: a layer that was left out has no size."""
        if not isinstance(solved, dict):
            raise ValueError(f"a dictionary is expected of the solver, not {solved!r}")
        return {row: self.cells.expect(solved[row]) for row in self.rows if row in solved}

    def check_continuation(self, solved: Any, expected: dict[str, Any]) -> None:
        """ValueError unless `solved` continues the reference, row by row, to the reference itself.

        Args:
            solved: what the function `continuation` returned for the reference.
            expected: the reference, by row.
        """
        nexts = self.expect(solved)
        if unknown := sorted(set(map(str, solved)) - set(self.rows)):
            raise ValueError(f"the continuation has a row {unknown[0]!r}, which is not asked for")
        if not nexts.keys() & set(self.rows[1:]):
            raise ValueError("the continuation has no row behind the first")
        for row, value in nexts.items():
            if not self.cells.same(value, expected[row]):
                raise ValueError(f"the continuation of the reference itself is another in row {row!r}")

    @property
    def read_by(self) -> frozenset[str]:
        """As its cells."""
        return self.cells.read_by

    def under(self, readings: Sequence[Reading], conventions: Mapping[str, Any]) -> list[Reading]:
        """The table with every cell read by the conventions, as far as it can be."""
        if self.read_by.isdisjoint(conventions):
            return list(readings)
        return [self._bound(reading, conventions) for reading in readings]

    def _bound(self, reading: Reading, conventions: Mapping[str, Any]) -> Reading:
        readable = {row: tuple(self.cells.under(cell, conventions)) for row, cell in reading.value.readable.items()}
        tags = dict.fromkeys(tag for cell in readable.values() for one in cell for tag in one.tags)
        cells = {row: readable.get(row, cell) for row, cell in reading.value.cells.items()}
        return replace(reading, value=replace(reading.value, cells=cells), tags=tuple(tags))

    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """All cells that can be read; one that cannot does not spoil the others."""
        return (read_rows(answer, dict.fromkeys(self.rows, self.cells.read), self.aliases),)

    def compare(self, reading: Reading, expected: dict[str, Any]) -> Match:
        """Cell by cell."""
        items = tuple(self._item(row, reading.value.cells.get(row), expected.get(row)) for row in self.rows)
        return self._match(reading, items)

    def compare_continued(self, reading: Reading, expected: dict[str, Any], solved: Any) -> Match:
        """Cell by cell, each also right when it follows from the student's own wrong cell before it.

        The first row follows from nothing but what is given, so that the first cell that is wrong stays so.

        Args:
            reading: the student's table.
            expected: the reference, by row.
            solved: by row what follows from the row before it in `upstream`; may lack rows.
        """
        alone, nexts, own = self.compare(reading, expected), self.expect(solved), self.upstream(reading, expected)
        items = list(alone.items)
        for number, (before, row) in enumerate(pairwise(self.rows), start=1):
            is_own = before in expected and not self.cells.same(own[before], expected[before])
            if is_own and not items[number].right:
                item = self._item(row, reading.value.cells.get(row), nexts.get(row))
                words = f"{item.read_as}, which follows from your own {before}"
                items[number] = item.model_copy(update={"read_as": words}) if item.right else items[number]
        match = self._match(reading, tuple(items))
        words = f"{match.message} Later rows were held against your own rows before them."
        return replace(match, message=words) if match.credit > alone.credit else alone

    def _match(self, reading: Reading, items: tuple[Item, ...]) -> Match:
        wrong = [item.name for item in items if not item.right]
        credit = Fraction(len(items) - len(wrong), len(items))
        if not wrong:
            return Match(credit, items)
        return Match(
            credit,
            items,
            note=f"wrong={','.join(wrong)}",
            message=f"Look again at: {', '.join(wrong)}.",
            given=Fraction(len(reading.value.readable), len(items)),
            unread=reading.value.unread,
        )

    def _item(self, row: str, cell: tuple[Reading, ...] | Unreadable | None, expected: Any) -> Item:
        if cell is None:
            return Item(name=row, read_as="no answer", right=False)
        if isinstance(cell, Unreadable):
            return Item(name=row, read_as=f"not readable: {cell}", right=False)
        right = self._right(cell, expected)
        return Item(name=row, read_as=(right or cell)[0].text, right=bool(right))

    def _right(self, cell: tuple[Reading, ...], expected: Any) -> list[Reading]:
        """The readings of a cell that are right; none is, where a mistake has left the row out."""
        return [reading for reading in cell if expected is not None and self.cells.compare(reading, expected).right]

    def explains(self, reading: Reading, expected: dict[str, Any]) -> bool:
        """Every cell that was given and can be read is explained."""
        return all(
            row in expected and any(self.cells.explains(one, expected[row]) for one in cell)
            for row, cell in reading.value.readable.items()
        )

    def same(self, one: dict[str, Any], other: dict[str, Any]) -> bool:
        """Equal in every cell."""
        return one.keys() == other.keys() and all(self.cells.same(one[row], other[row]) for row in one)

    def upstream(self, reading: Reading, expected: dict[str, Any]) -> dict[str, Any]:
        """The student's wrong cells among the reference's; those that are blank, rounded or absurd do not end follow-through."""
        own, cells = dict(expected), cast("Check", self.cells)  # one signature, whatever the kind
        for row, cell in reading.value.readable.items():
            if row in expected and not self._right(cell, expected[row]):
                value = cells.upstream(cell[0], expected[row])
                if cells.plausible(value, expected[row]):
                    own[row] = value
        return own

    def slip(self, reading: Reading, expected: dict[str, Any]) -> str:
        """One slip that leads to every wrong cell."""
        cells = [
            (cell[0], expected[row])
            for row, cell in reading.value.readable.items()
            if row in expected and not self._right(cell, expected[row])
        ]
        slips = {self.cells.slip(cell, value) for cell, value in cells}
        return slips.pop() if len(slips) == 1 else ""

    def shows_little(self, reading: Reading) -> bool:
        """One cell alone may agree by luck."""
        return len(reading.value.readable) < 2  # noqa: PLR2004 - two cells do not

    def span(self, reading: Reading) -> Span | None:
        """That of the first cell which can be read in one way alone."""
        for row, cell in reading.value.readable.items():
            span = self.cells.span(cell[0]) if len(cell) == 1 else None
            if span is not None:
                return replace(span, item=row)
        return None

    def landmark(self, value: dict[str, Any], item: str) -> float | None:
        """That of one cell."""
        return self.cells.landmark(value[item], "") if item in value else None

    @property
    def sealable(self) -> bool:
        """Cell by cell."""
        return self.cells.sealable

    def items_of(self, expected: Any) -> tuple[str, ...]:  # noqa: ARG002 - a table is the same in all cases
        """The rows."""
        return self.rows

    def clues(self, reading: Reading, items: Sequence[str]) -> Iterator[Clue]:  # noqa: ARG002 - as in `items_of`
        """Of every cell that can be read."""
        yield from self._of_cells(reading, lambda one: self.cells.clues(one, ()))

    def further_clues(self, reading: Reading) -> Iterator[Clue]:
        """As its cells."""
        yield from self._of_cells(reading, self.cells.further_clues)

    def _of_cells(self, reading: Reading, clues_of: Callable[[Reading], Iterator[Clue]]) -> Iterator[Clue]:
        for row, cell in reading.value.readable.items():
            for one in cell:
                yield from (replace(clue, item=row) for clue in clues_of(one))

    def locks(self, expected: dict[str, Any]) -> Iterator[Lock]:
        """As `clues`."""
        for row, value in expected.items():
            yield from (Lock(replace(lock.clue, item=row), lock.piece) for lock in self.cells.locks(value))

    def guesses(self, expected: dict[str, Any]) -> int:
        """As its easiest cell, since each is found for itself."""
        return min(self.cells.guesses(value) for value in expected.values())

    def pieced(self, pieces: Mapping[str, Any], items: Sequence[str]) -> dict[str, Any]:  # noqa: ARG002 - as above
        """The rows that were opened."""
        return self.expect(dict(pieces))

    @property
    def continues(self) -> bool:
        """Row by row, where it is said how."""
        return bool(self.continuation)

    def items_read(self, reading: Reading) -> tuple[Item, ...]:
        """The rows."""
        return self.compare(reading, {}).items

    def left_unread(self, reading: Reading) -> str:
        """Cells, and rows under unknown names."""
        return str(reading.value.unread)

    def right_answers(self, expected: dict[str, Any]) -> Sequence[Any]:
        """A dictionary of each sort of right cells."""
        cells = {row: self.cells.right_answers(value) for row, value in expected.items()}
        return [
            {row: answers[min(sort, len(answers) - 1)] for row, answers in cells.items()}
            for sort in range(max(map(len, cells.values()), default=0))
        ]

    def wrong_answers(self, expected: dict[str, Any]) -> Sequence[Any]:
        """Each cell wrong for itself."""
        right = {row: self.cells.right_answers(value)[0] for row, value in expected.items()}
        return [
            right | {row: wrong} for row, value in expected.items() for wrong in self.cells.wrong_answers(value)[:1]
        ]

"""Tables of answers by name: a dict, a DataFrame, a list of pairs, or a list in the order of the rows."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.answers.plain import is_blank, show
from grader.answers.reading import Reading
from grader.answers.values import Frame, Plain, kind_of
from grader.errors import Unreadable

Cell = tuple[Reading, ...] | Unreadable
Pair = tuple[Plain, Plain]


@dataclass(frozen=True, slots=True)
class Table:
    """What was read of a table."""

    cells: dict[str, Cell]
    """Per key, in the order of the keys: all readings, or why there is none. A cell left blank is absent."""
    extra: tuple[str, ...]
    """Names of rows that nobody asked for, as shown; hostile."""

    @property
    def readable(self) -> dict[str, tuple[Reading, ...]]:
        """The cells with readings."""
        return {key: cell for key, cell in self.cells.items() if not isinstance(cell, Unreadable)}

    @property
    def unreadable(self) -> list[Unreadable]:
        """Why the other cells have none."""
        return [cell for cell in self.cells.values() if isinstance(cell, Unreadable)]


def read_table(
    plain: Plain,
    keys: Sequence[str],
    read_cell: Callable[[Plain], tuple[Reading, ...]],
    aliases: Mapping[str, str] | None = None,
) -> Table:
    """A table by name of its rows, cell by cell, so that one bad cell does not spoil the others.

    Args:
        plain: a dict; a DataFrame with the keys as index and one column, or with a column of keys and one of values; a
            list of pairs; or a list as long as `keys`, in their order.
        keys: the names of the rows, told apart without case, blanks, underscores and hyphens.
        read_cell: reads one cell, or raises Unreadable.
        aliases: other names of rows, each with its key.

    Returns:
        The cells that were filled in. What has none of the forms above is Unreadable.

    """
    given: dict[str, list[Plain]] = {key: [] for key in keys}
    by_name = {_folded(key): key for key in keys}
    by_name |= {_folded(alias): key for alias, key in (aliases or {}).items()}
    extra = []
    for name, value in _pairs(plain, keys):
        key = by_name.get(_folded(show(name)))
        if key is None:
            extra.append(show(name))
        elif not is_blank(value) and not _is_missing(plain, value):
            given[key].append(value)
    return Table({key: _cell(key, values, read_cell) for key, values in given.items() if values}, tuple(extra))


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]", "", name.casefold())


def _pairs(plain: Plain, keys: Sequence[str]) -> Iterable[Pair]:
    """Name and value of every row."""
    match plain:
        case dict():
            return plain.items()
        case Frame():
            return _rows(plain, keys)
        case tuple() if plain and all(_is_pair(member) for member in plain):
            return _two_columns(plain)
        case tuple() if len(plain) == len(keys):
            return zip(keys, plain, strict=True)
        case _:
            raise Unreadable(kind_of(plain), expected=f"a dict with {len(keys)} entries: {', '.join(keys)}")


def _is_pair(member: Plain) -> bool:
    return isinstance(member, tuple) and len(member) == 2 and isinstance(member[0], str)  # noqa: PLR2004 - it is a pair


def _two_columns(rows: Iterable[Plain]) -> list[Pair]:
    return [(row[0], row[1]) for row in rows if isinstance(row, tuple)]


def _rows(frame: Frame, keys: Sequence[str]) -> Iterable[Pair]:
    match len(frame.columns):
        case 1:
            return zip(frame.index, (row[0] for row in frame.rows), strict=True)
        case 2:
            return _two_columns(frame.rows)
        case columns:
            raise Unreadable(
                f"a table of {columns} columns", expected=f"one with the rows {', '.join(keys)} and one column"
            )


def _is_missing(plain: Plain, value: Plain) -> bool:
    """Whether it is the NaN by which pandas marks a cell without a value."""
    return isinstance(plain, Frame) and isinstance(value, float) and value != value  # noqa: PLR0124 - only NaN differs


def _cell(key: str, values: list[Plain], read_cell: Callable[[Plain], tuple[Reading, ...]]) -> Cell:
    if len(values) > 1:
        return Unreadable("given more than once", place=f"row {key}", expected="one value")
    try:
        return read_cell(values[0])
    except Unreadable as trouble:
        return trouble.within(f"row {key}")

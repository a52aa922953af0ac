"""Tables of answers by name: a dict, a DataFrame, a list of pairs, or a list in the order of the rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from grader.answers.plain import is_blank, show
from grader.answers.reading import Reading
from grader.answers.rows import folded, named_values
from grader.answers.values import Frame, Plain
from grader.errors import Unreadable

Cell = tuple[Reading, ...] | Unreadable
Reader = Callable[[Plain], tuple[Reading, ...]]

# Of the names of rows that nobody asked for, which are hostile and may be many.
LONGEST_EXTRA = 200


@dataclass(frozen=True, slots=True)
class Table:
    """What was read of a table."""

    cells: dict[str, Cell]
    """Per key, in the order of the keys: all readings, or why there is none. A cell left blank is absent."""
    missing: tuple[str, ...]
    """The keys of which no cell was filled in."""
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

    @property
    def unread(self) -> str:
        """What could not be read, in words: cells, and rows that may have been given under names that nobody knows."""
        words = list(map(str, self.unreadable))
        if self.missing and self.extra:
            words.append(
                f"there is no row {', '.join(self.missing)}, but there is {', '.join(self.extra)}"[:LONGEST_EXTRA]
            )
        return "; ".join(words)


def read_rows(plain: Plain, readers: Mapping[str, Reader], aliases: Mapping[str, str] | None = None) -> Reading:
    """The reading of a table of which at least one cell can be read; arguments as of `read_table`."""
    table = read_table(plain, readers, aliases)
    if not table.readable:
        nothing = Unreadable("no row that was asked for", expected=f"the rows {', '.join(readers)}")
        raise next(iter(table.unreadable), nothing)
    extra = f"; not asked for: {', '.join(table.extra)}"[:LONGEST_EXTRA] if table.extra else ""
    return Reading(table, f"{len(table.readable)} of {len(readers)} entries{extra}")


def read_table(
    plain: Plain,
    readers: Mapping[str, Reader],
    aliases: Mapping[str, str] | None = None,
) -> Table:
    """A table by name of its rows, cell by cell, so that one bad cell does not spoil the others.

    Args:
        plain: a dict; a DataFrame with the keys as index and one column, with a column of keys and one of values, or
            with the keys as columns and one row; a list of pairs; or a list as long as there are keys, in their order.
        readers: by the names of the rows, which are told apart without case, blanks, underscores and hyphens: what reads
            the cell, or raises Unreadable.
        aliases: other names of rows, each with its key.

    Returns:
        The cells that were filled in. What has none of the forms above is Unreadable.

    """
    keys = tuple(readers)
    given: dict[str, list[Plain]] = {key: [] for key in keys}
    by_name = {folded(key): key for key in keys}
    by_name |= {folded(alias): key for alias, key in (aliases or {}).items()}
    extra = []
    for name, value in named_values(plain, keys, aliases or ()):
        key = by_name.get(folded(show(name)))
        if key is None:
            extra.append(show(name))
        elif not is_blank(value) and not _is_missing(plain, value):
            given[key].append(value)
    cells = {key: _cell(key, values, readers[key]) for key, values in given.items() if values}
    return Table(cells, tuple(key for key in keys if key not in cells), tuple(extra))


def _is_missing(plain: Plain, value: Plain) -> bool:
    """Whether it is the NaN by which pandas marks a cell without a value."""
    return isinstance(plain, Frame) and isinstance(value, float) and value != value  # noqa: PLR0124 - only NaN differs


def _cell(key: str, values: list[Plain], read_cell: Reader) -> Cell:
    if len(values) > 1:
        return Unreadable("given more than once", place=f"row {key}", expected="one value")
    try:
        return read_cell(values[0])
    except Unreadable as trouble:
        return trouble.within(f"row {key}")

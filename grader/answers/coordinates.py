"""Points whose coordinates have names: {"x": [...], "y": [...]}, or a DataFrame with columns w1 and w2 among others."""

import re
from collections.abc import Iterator

from grader.answers.plain import show
from grader.answers.values import Frame, Plain, kind_of
from grader.errors import Unreadable

_AXES = "xyz"
_DECORATION = re.compile(r"[\s_$\\{}()\[\]]")
_INDEXED = re.compile(r"(?P<stem>[^\W\d_]+)(?P<index>[0-9]{1,3})")


def points_by_name(table: Frame | dict[Plain, Plain], dimensions: int) -> Plain:
    """The points of a table with their coordinates in order, by the names x and y, or one name with indices.

    A frame whose names tell nothing is taken as it stands; a dict is Unreadable, and so is a table with several such names.
    """
    columns = _columns(table)
    found = list(_coordinates([name for name, _ in columns], dimensions))
    if not found and isinstance(table, Frame):
        return table.rows
    if len(found) != 1:
        expected = "lists under the names x and y, or w1 and w2"
        raise Unreadable(f"{kind_of(table)} that does not tell which entries are the coordinates", expected=expected)
    chosen = [columns[position][1] for position in found[0]]
    lists = [column for column in chosen if isinstance(column, tuple)]
    if len(lists) < dimensions or len(set(map(len, lists))) > 1:
        raise Unreadable("coordinates that are no lists of one length", expected="as many of each as there are points")
    return tuple(zip(*lists, strict=True))


def _columns(table: Frame | dict[Plain, Plain]) -> list[tuple[str, Plain]]:
    """Name and content of every column, the name without what is but decoration: "w_1", "$w_{1}$" and "w[1]" are w1."""
    pairs: list[tuple[Plain, Plain]]
    if isinstance(table, Frame):
        contents = [tuple(row[position] for row in table.rows) for position in range(len(table.columns))]
        pairs = list(zip(table.columns, contents, strict=True))
    else:
        pairs = list(table.items())
    return [(_DECORATION.sub("", show(name).casefold()), content) for name, content in pairs]


def _coordinates(names: list[str], dimensions: int) -> Iterator[list[int]]:
    """Every choice of columns that may be the coordinates, as their positions."""
    series = [list(_AXES[:dimensions])] if dimensions <= len(_AXES) else []
    stems = dict.fromkeys(found["stem"] for name in names if (found := _INDEXED.fullmatch(name)))
    for stem in stems:
        series += [[f"{stem}{index}" for index in range(first, first + dimensions)] for first in (0, 1)]
    for wanted in series:
        if all(names.count(name) == 1 for name in wanted):
            yield [names.index(name) for name in wanted]

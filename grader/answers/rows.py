"""Names with their values in whatever form a student gives them: dicts, tables, lists of pairs, lists in a known order."""

import re
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from grader.answers.plain import show
from grader.answers.values import Frame, Plain, kind_of
from grader.errors import Unreadable

Pair = tuple[Plain, Plain]


def are_told_apart(keys: Collection[str]) -> bool:
    """Whether no two names of rows are one, but for case, blanks, underscores and hyphens."""
    return len({folded(key) for key in keys}) == len(keys)


def folded(name: str) -> str:
    """What counts of a name when names are compared."""
    return re.sub(r"[\s_-]", "", name.casefold())


def named_values(plain: Plain, keys: Sequence[str], aliases: Iterable[str] = ()) -> Iterable[Pair]:
    """Name and value of every row.

    Args:
        plain: what was given.
        keys: the names that are asked for, in their order.
        aliases: other names by which they go.
    """
    match plain:
        case dict():
            return plain.items()
        case Frame():
            return _rows(plain, keys, {folded(name) for name in (*keys, *aliases)})
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


def _rows(frame: Frame, keys: Sequence[str], known: Collection[str]) -> Iterable[Pair]:
    if len(frame.rows) == 1 and _known_among(frame.columns, known) > _known_among(frame.index, known):
        return zip(frame.columns, frame.rows[0], strict=True)  # pd.DataFrame([answers])
    match len(frame.columns):
        case 1:
            return zip(frame.index, (row[0] for row in frame.rows), strict=True)
        case 2:
            return _two_columns(frame.rows)
        case columns:
            if (pairs := _by_content(frame, known)) is not None:
                return pairs
            raise Unreadable(
                f"a table of {columns} columns", expected=f"one with the rows {', '.join(keys)} and one column"
            )


def _known_among(names: Iterable[Plain], known: Collection[str]) -> int:
    return sum(folded(show(name)) in known for name in names)


def _by_content(frame: Frame, known: Collection[str]) -> list[Pair] | None:
    """Name and value where one of many columns alone holds numbers, and another, or the index, the names."""
    columns = list(zip(*frame.rows, strict=True))
    numbers = [column for column in columns if all(map(_is_number, column))]
    names = max((frame.index, *columns), key=lambda column: _known_among(column, known))
    if len(numbers) != 1 or names is numbers[0]:
        return None
    return list(zip(names, numbers[0], strict=True))


def _is_number(plain: Plain) -> bool:
    return isinstance(plain, int | float | Fraction | Decimal) and not isinstance(plain, bool)

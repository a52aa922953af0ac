"""A table of marks as it comes back, whatever a spreadsheet has made of it."""

import csv
import io
from collections.abc import Iterable

from grader.errors import InputError
from grader.review.cells import one_kind_of_line_ends
from grader.review.table import BYTE_ORDER_MARK

NEEDED = ("question", "student", "points", "comment", "fingerprint")
_DELIMITERS = ",;\t"


def rows_of(text: str, where: str) -> list[tuple[int, dict[str, str]]]:
    """The number of each row, its header being row 1, and its cells by column; rows without any are left out.

    What stands beyond the last column is under the empty name.

    Args:
        text: the table, with the delimiters, line ends and marks in front of whatever program wrote it.
        where: what messages call it.

    Raises:
        InputError: it is no such table.
    """
    lines = one_kind_of_line_ends(text.removeprefix(BYTE_ORDER_MARK))
    first, _, rest = lines.partition("\n")
    skipped = first.strip('" ').casefold().startswith("sep=")  # with which Excel is told the delimiter
    lines = rest if skipped else lines
    delimiter = _delimiter(lines.partition("\n")[0], where)
    # An answer may be longer than Python's usual limit of a cell, and the whole text is in memory already.
    csv.field_size_limit(max(csv.field_size_limit(), len(lines)))
    try:
        rows = list(csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InputError(f"{where} cannot be read as a table ({error}); export it again, and save it as CSV") from error
    header = _names(rows[0])
    numbered = enumerate(rows[1:], start=3 if skipped else 2)
    return [(number, _cells(header, row)) for number, row in numbered if any(cell.strip() for cell in row)]


def _delimiter(header: str, where: str) -> str:
    """That with which the header has all columns."""
    missing = {one: [name for name in NEEDED if name not in _names(header.split(one))] for one in _DELIMITERS}
    best = min(_DELIMITERS, key=lambda one: len(missing[one]))
    if missing[best]:
        raise InputError(
            f"{where} has no column {', '.join(missing[best])}; the first row has to name the columns as they were exported"
        )
    return best


def _names(header: Iterable[str]) -> list[str]:
    return [name.strip().strip('"').strip().casefold() for name in header]


def _cells(header: list[str], row: list[str]) -> dict[str, str]:
    cells = dict(zip(header, row, strict=False))
    return {**dict.fromkeys(NEEDED, ""), **cells, "": "".join(row[len(header) :]).strip()}

"""A table as a platform gives it, in which single cells are changed: every other byte stays as it was.

The csv module of Python tells what a cell says, and forgets how it was written; platforms care about quotes, marks and ends
of lines. So a cell is kept here as it stands in the file beside what it says.
"""

import codecs
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from grader.errors import InputError

# The gradebook of 50,000 students with 100 columns has half of it.
MOST_BYTES = 64 * 1024**2
# 20,000 students with 100 columns; more would take gigabytes of memory.
MOST_CELLS = 2_000_000
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell."""

    raw: str
    """As it stands in the file, with its quotes."""
    value: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row, which may go over several lines of the file."""

    cells: tuple[Cell, ...]
    end: str
    number: int
    """Of its first line in the file, from 1."""

    @property
    def blank(self) -> bool:
        """Whether it is an empty line."""
        return len(self.cells) == 1 and not self.cells[0].raw


@dataclass(frozen=True)
class Sheet:
    """A whole file."""

    file: Path
    mark: bytes
    """Which says the encoding, at the beginning of the file; may be empty."""
    encoding: str
    delimiter: str
    lines: tuple[Line, ...]

    @cached_property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(cell.value.strip() for cell in self.lines[0].cells)

    @property
    def rows(self) -> Iterator[int]:
        """The positions of all rows after the header that are not blank."""
        return (at for at, line in enumerate(self.lines) if at and not line.blank)

    def cell(self, row: int, column: int | None) -> str:
        """What a cell says; empty where a row has no such cell, or a file no such column."""
        cells = self.lines[row].cells
        return cells[column].value if column is not None and column < len(cells) else ""

    def column(self, *names: str) -> int | None:
        """The first column with one of these names, whatever the case."""
        wanted = {name.casefold() for name in names}
        return next((at for at, name in enumerate(self.header) if name.casefold() in wanted), None)

    def filled(self, values: Mapping[tuple[int, int], str]) -> "Sheet":
        """With other values in some cells, by row and column."""
        lines = list(self.lines)
        for (row, column), value in values.items():
            cells = list(lines[row].cells)
            cells += [Cell("", "")] * (column + 1 - len(cells))
            cells[column] = Cell(written(value, self.delimiter, quoted=cells[column].raw.startswith('"')), value)
            lines[row] = replace(lines[row], cells=tuple(cells))
        return replace(self, lines=tuple(lines))

    def only(self, rows: Collection[int], columns: Collection[int]) -> "Sheet":
        """With the header, some rows and some columns."""
        end = self.lines[0].end or "\r\n"
        kept = (line for at, line in enumerate(self.lines) if at == 0 or at in rows)
        lines = (
            Line(tuple(cell for at, cell in enumerate(line.cells) if at in columns), line.end or end, line.number)
            for line in kept
        )
        return replace(self, lines=tuple(lines))

    def content(self) -> bytes:
        """The file."""
        text = "".join(self.delimiter.join(cell.raw for cell in line.cells) + line.end for line in self.lines)
        return self.mark + text.encode(self.encoding)


def written(value: str, delimiter: str, *, quoted: bool = False) -> str:
    """A cell as it stands in a file, in quotes where it needs them (RFC 4180)."""
    if quoted or any(c in value for c in f'"\r\n{delimiter}') or value != value.strip():
        return '"' + value.replace('"', '""') + '"'
    return value


def read_sheet(file: Path) -> Sheet:
    """A file with commas, semicolons or tabs, as a platform exports it.

    The encoding is what the mark at the beginning says, or UTF-8, or else some other one in which letters take one byte: names
    may then be read wrong, and are written back as they were.

    Raises:
        InputError: it cannot be read, is too large, or is no such table.
    """
    data = _data(file)
    mark, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", ""))
    encoding, text = _decoded(file, data[len(mark) :], encoding)
    if "\0" in text or data.startswith(b"PK\x03\x04"):
        raise InputError(f"{file} is no CSV file; give the file as it was downloaded, or save it as CSV (UTF-8)")
    first = re.split(r"[\r\n]", re.sub('"[^"]*"', "", text).lstrip("\r\n"), maxsplit=1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    if not first.count(delimiter):
        raise InputError(f"{file}: line 1 has less than two columns; give the file as it was downloaded")
    return Sheet(file, mark, encoding, delimiter, _rectangle(file, text, delimiter))


def _data(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{file} cannot be opened ({error.strerror}); give the downloaded file") from error
    if len(data) > MOST_BYTES:
        raise InputError(f"{file} has more than {MOST_BYTES // 1024**2} MiB; give the downloaded gradebook")
    return data


def _decoded(file: Path, data: bytes, encoding: str) -> tuple[str, str]:
    try:
        return encoding or "utf-8", data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding:
            raise InputError(f"{file}: byte {error.start} is no {encoding}; download it again") from error
        return "latin-1", data.decode("latin-1")


def _rectangle(file: Path, text: str, delimiter: str) -> tuple[Line, ...]:
    """The lines, none of which is longer than the first. PHP does not double a quote behind a backslash, nor does Moodle."""
    troubles = []
    for escaped in (False, True):
        try:
            lines = tuple(_lines(file, text, delimiter, escaped=escaped))
            _refuse_long_lines(file, lines)
        except InputError as error:
            troubles.append(error)
        else:
            return lines
    raise troubles[0]


def _refuse_long_lines(file: Path, lines: tuple[Line, ...]) -> None:
    width = len(lines[0].cells)
    for line in lines:
        if len(line.cells) > width:
            words = f"{len(line.cells)} columns and the first line {width}; download the file again"
            raise InputError(f"{file}: line {line.number} has {words}")


def _lines(file: Path, text: str, delimiter: str, *, escaped: bool) -> Iterator[Line]:
    inside = r'(?:[^"\\]|\\.|"")*+' if escaped else r'[^"]*+(?:""[^"]*+)*+'
    cell = re.compile(rf'("{inside}"|[^"{delimiter}\r\n][^{delimiter}\r\n]*+|)({delimiter}|\r\n|\r|\n|\Z)', re.DOTALL)
    at, number, count = 0, 1, 0
    cells: list[Cell] = []
    while True:
        found = cell.match(text, at)
        if found is None:
            words = f"column {len(cells) + 1}: a quotation mark is not closed, or text follows it"
            raise InputError(f"{file}: line {number}, {words}; download the file again")
        raw, end = found.groups()
        cells.append(Cell(raw, raw[1:-1].replace('""', '"') if raw.startswith('"') else raw))
        at, count = found.end(), count + 1
        if count > MOST_CELLS:
            raise InputError(f"{file} has more than {MOST_CELLS:,} cells; download only this homework's column")
        if end == delimiter:
            continue
        yield Line(tuple(cells), end, number)
        number += sum(len(re.findall(r"\r\n|\r|\n", one.raw)) for one in cells) + 1
        cells = []
        if at == len(text):
            return

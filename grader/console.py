"""Where commands print: results on standard output, all else on standard error."""

import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import bidirectional

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.text import Text

from grader.some_of_many import MOST_SHOWN

WIDTH = 80
"""Columns of what goes into a file or another program, however wide the terminal is from which that was asked for."""
_LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"


def _width() -> int | None:
    """Columns of standard output; None leaves it to the terminal, or to whoever has set COLUMNS."""
    return None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH


out_console = Console(highlight=False, emoji=False, width=_width())
err_console = Console(stderr=True, highlight=False, emoji=False)


@dataclass(frozen=True)
class Shown:
    """What a command prints besides warnings and errors."""

    progress: bool = True
    """What it does and how far it is, on standard error."""
    results: bool = True
    """Tables for people, on standard output."""

    def tell(self, words: str) -> None:
        """Say what is done; the words are shown as they are."""
        if self.progress:
            err_console.print(inert(words), soft_wrap=True)

    def show(self, *results: RenderableType) -> None:
        """Print results, a table or a line each; those that hold students' texts have made them inert."""
        if self.results:
            for one in results:
                out_console.print(one, soft_wrap=isinstance(one, str))


def printable(text: str) -> str:
    """Text that may hold a student's, in one line and without controls."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def inert(text: str) -> str:
    """Text that may hold a student's, as rich markup which shows it and does nothing: no style, no control, one line."""
    return escape(printable(text))


def short_name(name: str, columns: int) -> str:
    """A name in one line of at most so many columns, without controls; it may still hold markup."""
    text = Text(printable(name))
    text.truncate(columns, overflow="ellipsis")
    return text.plain


def name_cell(name: str, columns: int) -> Text:
    """A name for a column of a table, inert, which leaves the order of the columns behind it alone.

    Without the mark, terminals that know Hebrew and Arabic would show the numbers behind such a name in front of it.
    """
    short = short_name(name, columns)
    turns = any(bidirectional(letter) in {"R", "AL", "AN"} for letter in short)
    return Text(short + _LEFT_TO_RIGHT * turns, no_wrap=True, overflow="ellipsis")


def warn(words: str) -> None:
    """Print a warning; the words are shown as they are."""
    err_console.print(f"[bold yellow]warning:[/] {inert(words)}", soft_wrap=True)


def warn_of_each(words: str, names: Sequence[str]) -> None:
    """Print a warning about some things, a line for each, and how many more there are."""
    warn(f"{words} ({len(names)}):")
    for name in names[:MOST_SHOWN]:
        err_console.print(f"  {inert(name)}", soft_wrap=True)
    if len(names) > MOST_SHOWN:
        err_console.print(f"  and {len(names) - MOST_SHOWN} more", soft_wrap=True)


class Log(logging.Handler):
    """Prints the log above a bar, if there is one, and inert: an error may speak of what a student has written."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print one entry; see `logging.Handler`."""
        err_console.print("\n".join(map(inert, self.format(record).splitlines())), soft_wrap=True)

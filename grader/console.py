"""Where commands print: results on standard output, all else on standard error."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

# Of a list of names: a data set beside the notebooks may have thousands of files.
MOST_SHOWN = 10

out_console, err_console = Console(highlight=False, emoji=False), Console(stderr=True, highlight=False, emoji=False)


def inert(text: str) -> str:
    """Text that may hold a student's, as rich markup which shows it and does nothing: no style, no control, one line."""
    return escape("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text))


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


def some(names: Sequence[object]) -> str:
    """The first of many names."""
    more = f" and {len(names) - MOST_SHOWN} more" if len(names) > MOST_SHOWN else ""
    return ", ".join(map(str, names[:MOST_SHOWN])) + more

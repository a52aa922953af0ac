"""The first of many names, wherever some are told."""

from collections.abc import Sequence

# Of a list of names: a data set beside the notebooks may have thousands of files.
MOST_SHOWN = 10


def some(names: Sequence[object], most: int = MOST_SHOWN) -> str:
    """The first of many names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(str, names[:most])) + more

"""A file that is written as a whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NEW = ".new"
"""At the end of the name of a file that is being written, behind the number of the process that writes it."""


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Where to write what takes the file's place at the end; a run may be interrupted, and another one may write the same file.

    Raises:
        OSError: it cannot be written.
    """
    new = file.with_name(f"{file.name}.{os.getpid()}{NEW}")
    try:
        yield new
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)

"""Processes of this machine, as tests look for them."""

from contextlib import suppress
from pathlib import Path


def processes_with(token: str) -> list[str]:
    """Those whose command line has a text in it."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if token.encode() in file.read_bytes():
                found.append(file.parent.name)
    return found

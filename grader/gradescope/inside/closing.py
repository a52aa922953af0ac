"""The folder of Gradescope's container closed to everybody but root, before any code of a student runs. The standard library only."""

import os
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISLNK

_OWN_USER_ONLY = 0o700


def close_folder(folder: Path) -> list[str]:
    """Takes everybody else's rights from all that lies in the folder, and makes the folder of results if it is missing.

    That is enough for whatever is deeper, too, since nobody comes there who may not enter the folder above it.

    Args:
        folder: shaped like /autograder.

    Returns:
        What could not be closed, in words for the staff. Before a notebook runs, the grader tests that it cannot read them.
    """
    (folder / "results").mkdir(mode=_OWN_USER_ONLY, exist_ok=True)
    return list(_closed(folder))


def _closed(folder: Path) -> Iterator[str]:
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        try:
            mode = entry.stat(follow_symlinks=False).st_mode
            if not S_ISLNK(mode) and mode & ~_OWN_USER_ONLY & 0o777:
                Path(entry.path).chmod(mode & _OWN_USER_ONLY)
        except OSError as error:
            yield f"{entry.path} cannot be closed to other users ({error.strerror})"

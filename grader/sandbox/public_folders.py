"""Folders that everybody on a machine may write to, for kernels that have no file system of their own.

What a kernel leaves there is counted while it runs, and removed when it ends.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress

from grader.sandbox.settings import Containment
from grader.sandbox.view import SHARED_MEMORY
from grader.sandbox.watching import paths_in_use, written_bytes

_EVERYWHERE = ("/tmp", "/var/tmp", "/run/lock", SHARED_MEMORY)


class PublicFolders:
    """What one kernel has in folders that are not its own.

    Args:
        containment: of the kernel.
        user: whose files are the kernel's; where it shares its user, only those that were not there before it are.
    """

    def __init__(self, containment: Containment, user: int) -> None:
        self._shared, self._user = containment.shares_user, user
        # Landlock leaves only the folder without which processes cannot share locks.
        self._folders = (SHARED_MEMORY,) if containment.landlock or self._shared else _EVERYWHERE
        self._before = set(self._entries()) if self._shared else set()

    def written(self, most_files: int) -> tuple[int, int]:
        """Bytes and number of files, which with a shared user may be another kernel's."""
        return written_bytes(list(self._own()), most_files)

    def remove(self) -> None:
        """Remove them. With a shared user others lose what they did not mean to keep: honest ones unlink theirs at once."""
        _remove(list(self._own()))

    def remove_unused(self) -> None:
        """As `remove`, but with a shared user nothing that any process has open or mapped, since that is another's."""
        paths = list(self._own())
        if paths and self._shared:
            used = set(paths_in_use())
            paths = [path for path in paths if not any(one == path or one.startswith(f"{path}/") for one in used)]
        _remove(paths)

    def _own(self) -> Iterator[str]:
        return (path for path in self._entries() if path not in self._before)

    def _entries(self) -> Iterator[str]:
        for folder in self._folders:
            with suppress(OSError), os.scandir(folder) as entries:
                for entry in entries:
                    with suppress(OSError):
                        if entry.stat(follow_symlinks=False).st_uid == self._user:
                            yield entry.path


def _remove(paths: list[str]) -> None:
    if paths:
        # The system's own tool manages folders that are thousands of levels deep.
        subprocess.run(["/bin/rm", "-rf", "--", *paths], check=False, stderr=subprocess.DEVNULL)  # noqa: S603 - no shell

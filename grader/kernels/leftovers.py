"""What a grader that was killed could not remove: folders of kernels, and control groups. The next one does."""

import fcntl
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR
from time import time

from grader.kernels.plain import remove

FOLDER_PREFIX = "gw-"
"""Names of folders of contained kernels begin so."""
_SECONDS_TO_BE_MARKED = 60
"""A folder that is younger may be about to be marked."""
GROUP_PREFIX = "grader-"
"""Names of control groups begin so, then comes the process that made them."""


def mark_as_used(folder: Path) -> int:
    """Have others see that a folder is in use, as long as this process lives and the returned descriptor is open."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def sweep_folders() -> None:
    """Remove folders that this user's graders have left behind."""
    for place in {tempfile.gettempdir(), "/tmp"}:  # noqa: S108 - folders move there when the usual path is too long
        for folder in Path(place).glob(f"{FOLDER_PREFIX}*"):
            with suppress(OSError):
                facts = folder.lstat()
                old = time() - facts.st_ctime > _SECONDS_TO_BE_MARKED
                if old and facts.st_uid == os.geteuid() and S_ISDIR(facts.st_mode):
                    _remove_unless_used(folder)


def sweep_groups(parents: tuple[Path, ...]) -> None:
    """Remove control groups of graders that have ended.

    Args:
        parents: where groups are made.
    """
    for parent in parents:
        for group in parent.glob(f"{GROUP_PREFIX}*"):
            process = group.name.removeprefix(GROUP_PREFIX).partition("-")[0]
            if process.isdigit() and not Path("/proc", process).exists():
                with suppress(OSError):
                    group.rmdir()


def _remove_unless_used(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return
    finally:
        os.close(descriptor)
    remove(folder)

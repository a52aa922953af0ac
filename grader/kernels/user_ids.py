"""User ids for kernels, where each has one of its own."""

import os
import random
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from grader.errors import InfrastructureError

# Above the users of any system, and where the whole range of 32 bits is there, above what is given to containers.
_HIGH, _LOW = range(2_000_000_000, 2_100_000_000), range(20_000, 60_000)


class UserIds:
    """Gives each kernel of a run another user id that nobody on the machine uses."""

    def __init__(self) -> None:
        self._lock = Lock()
        space = _HIGH if _mapped(_HIGH[-1]) else _LOW
        # Two graders on one machine begin at different places.
        begin = random.SystemRandom().randrange(len(space))
        self._left: Iterator[int] = (space[(begin + step) % len(space)] for step in range(len(space)))

    def take(self) -> int:
        """The next one; InfrastructureError after the last."""
        with self._lock:
            used = users_with_processes()
            for user in self._left:
                if user not in used:
                    return user
        raise InfrastructureError("all user ids for kernels have been used; start the grader again")


def users_with_processes() -> set[int]:
    """The owners of all processes that this process sees."""
    owners = set()
    for folder in os.scandir("/proc"):
        if folder.name.isdigit():
            try:
                owners.add(folder.stat().st_uid)
            except OSError:  # it has ended
                continue
    return owners


def _mapped(user: int) -> bool:
    """Whether this user id exists in the user namespace of this process."""
    for line in Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines():
        first, _, length = map(int, line.split())
        if first <= user < first + length:
            return True
    return False

"""What was worked out for one student and comes up again for others, kept as long as it takes little room."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")

# Of the answers for which something is kept; what is worked out from them takes about ten times the room, in bytes.
MOST_CHARACTERS = 4 * 1024**2
# Longer answers hardly ever come twice.
LONGEST = 20_000
# What an entry takes besides its answer.
OVERHEAD = 100


class Kept(Generic[Value]):
    """Values by key. When they take too much room all of them are forgotten, and are worked out again as they come up."""

    def __init__(self) -> None:
        self._values: dict[Hashable, Value] = {}
        self._characters = 0

    def once(self, key: Hashable, characters: int, work: Callable[[], Value]) -> Value:
        """The value kept under the key, or else what `work` gives.

        Args:
            key: everything that the value depends on.
            characters: length of the answer in it.
            work: gives the value; what it raises is not kept.
        """
        values = self._values
        if key in values:
            return values[key]
        value = work()
        if characters <= LONGEST:
            self._characters += characters + OVERHEAD
            if self._characters > MOST_CHARACTERS:
                self._values, self._characters = {}, 0  # threads that still read the old ones are not disturbed
            self._values[key] = value
        return value

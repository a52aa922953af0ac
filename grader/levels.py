"""Settings of which each value tells all that those before it tell."""

from enum import StrEnum
from typing import Self


class Levels(StrEnum):
    """Base of such settings; their values stand in the order in which they tell more."""

    def includes(self, other: Self) -> bool:
        """Whether whoever is told so much is told the other level, too."""
        levels = list(type(self))
        return levels.index(self) >= levels.index(other)

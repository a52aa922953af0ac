"""What a proof finds wrong in a problem."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that does not come out as it should."""

    place: str
    """Table and key in the problem file: "parts.volume"."""
    words: str
    """What comes out instead, and what would mend it."""
    warning: bool = False
    """Whether marks are right all the same, so that a word of explanation in the file settles it."""

    def __str__(self) -> str:
        """On one line, as an error of the file is told."""
        return f"{self.place}: {self.words}"


# One for everything that was tried.
Tried = Iterator[Flaw | None]

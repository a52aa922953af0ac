"""How much the self-check tells a student of one answer, before it is handed in."""

from enum import StrEnum


class CheckLevel(StrEnum):
    """Each level with all that those before it tell."""

    FORM = "form"
    """Whether it can be read, and as what. Nothing about the right answer goes into the sealed keys."""
    VERDICT = "verdict"
    """Whether it is right; of a table or a path, what of it."""
    HINT = "hint"
    """Which known mistake it shows, and the question that leads on."""

    def includes(self, other: "CheckLevel") -> bool:
        """Whether whoever is told so much is told the other level, too."""
        levels = list(CheckLevel)
        return levels.index(self) >= levels.index(other)

"""What is wrong with an archive, or odd about it."""

from typing import NamedTuple


class Finding(NamedTuple):
    """One thing, with its remedy."""

    serious: bool
    """Whether the archive does not work, or should not be uploaded."""
    place: str
    """The member, or the archive's name."""
    words: str


def error(place: str, words: str) -> Finding:
    """What does not work."""
    return Finding(serious=True, place=place, words=words)


def warning(place: str, words: str) -> Finding:
    """What is odd."""
    return Finding(serious=False, place=place, words=words)

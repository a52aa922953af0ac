"""Clues: what an answer and the values that it may stand for have in common, as text that can be sealed.

Whatever an answer is right by, or is explained by when it is written out, shares a clue with it; the reverse need not hold. So
whoever has only the digest of a clue learns nothing, and whoever has the answer opens the value, and compares as grading does.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Clue:
    """A piece of an answer, as text."""

    text: str
    item: str = ""
    """The row of a table or the step of a path that it is about."""


@dataclass(frozen=True, slots=True)
class Lock:
    """A clue, and the piece of an expected value that it opens."""

    clue: Clue
    piece: Any
    """Plain Python, such as a solver may return."""

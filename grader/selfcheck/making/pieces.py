"""What each clue opens, while a part is sealed."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json

from grader.checks.check import Check
from grader.checks.clues import Clue, Lock
from grader.kernels.inside import encode
from grader.selfcheck.keys.opened import Contents, Meaning, Piece


class Pieces:
    """The pieces of all values of a part: each once below its clues, with all the cases that it belongs to."""

    def __init__(self, check: Check) -> None:
        self._check = check
        self._by_clue: dict[Clue, dict[bytes, Piece]] = {}
        self._right: set[tuple[str, bytes]] = set()

    @property
    def contents(self) -> dict[Clue, Contents]:
        """By clue, what it opens."""
        return {clue: Contents(pieces=tuple(pieces.values())) for clue, pieces in self._by_clue.items()}

    def add_right(self, value: Any, case: str, words: Mapping[str, Meaning]) -> None:
        """Adds a right value.

        Args:
            value: an expected value of the check.
            case: what it is the value of.
            words: of the conventions that it is right by.
        """
        for lock in self._check.locks(value):
            self._right.add((lock.clue.item, _text(lock)))
            self._add(lock, case, words={case: dict(words)} if words else {}, keys={})

    def add_mistaken(self, value: Any, case: str, key: bytes) -> None:
        """Adds the value that a known mistake leads to, when all right ones are there.

        Args:
            value: as the check would expect it.
            case: what it is the value of.
            key: opens the hint. Pieces that are right as well do not show the mistake, and have none.
        """
        for lock in self._check.locks(value):
            shows = (lock.clue.item, _text(lock)) not in self._right
            self._add(lock, case, words={}, keys={case: key} if shows else {})

    def _add(self, lock: Lock, case: str, words: dict[str, dict[str, Meaning]], keys: dict[str, bytes]) -> None:
        known, text = self._by_clue.setdefault(lock.clue, {}), _text(lock)
        piece = known.get(text) or Piece(item=lock.clue.item, value=encode(lock.piece))
        more = {"cases": (*piece.cases, case), "words": piece.words | words, "keys": piece.keys | keys}
        known[text] = piece.model_copy(update=more)


def _text(lock: Lock) -> bytes:
    return to_json(encode(lock.piece))

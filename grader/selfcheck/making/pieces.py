"""What each clue opens, while a part is sealed."""

from collections.abc import Mapping
from typing import Any

from grader.checks.check import Check
from grader.checks.clues import Clue, Lock
from grader.kernels.inside import encode
from grader.selfcheck.keys.opened import Meaning, Piece


class Pieces:
    """By clue, what it opens: each piece of a value once, with all the cases that it belongs to."""

    def __init__(self, check: Check) -> None:
        self._check = check
        self.by_clue: dict[Clue, list[Piece]] = {}

    def add(
        self,
        value: Any,
        case: str,
        *,
        words: Mapping[str, Meaning] | None = None,
        key: bytes = b"",
        unless: set[tuple[str, str]] | frozenset[tuple[str, str]] = frozenset(),
    ) -> None:
        """Adds a value, right or of a known mistake.

        Args:
            value: an expected value of the check.
            case: what it is the value of.
            words: of the conventions that it is right by.
            key: opens the hint of the case.
            unless: items and pieces of right answers: who has one of these has not made the mistake, and gets no key.
        """
        for lock in self._check.locks(value):
            shows = key if (lock.clue.item, repr(lock.piece)) not in unless else b""
            self._add(lock, case, dict(words or {}), shows)

    def _add(self, lock: Lock, case: str, words: dict[str, Meaning], key: bytes) -> None:
        known, data = self.by_clue.setdefault(lock.clue, []), encode(lock.piece)
        place = next((n for n, piece in enumerate(known) if piece.value == data), len(known))
        piece = known.pop(place) if place < len(known) else Piece(item=lock.clue.item, value=data)
        update = {
            "cases": (*piece.cases, case),
            "words": piece.words | ({case: words} if words else {}),
            "keys": piece.keys | ({case: key} if key else {}),
        }
        known.insert(place, piece.model_copy(update=update))

"""What an answer opens of a sealed part."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from grader.answers.decoding import decode
from grader.answers.reading import Reading
from grader.checks.check import Check
from grader.checks.clues import Clue
from grader.selfcheck.keys.locking import all_stretched, unbox
from grader.selfcheck.keys.opened import Contents, Hint, Meaning, Piece
from grader.selfcheck.keys.sealed import Cost, SealedPart


class Opening:
    """What the readings of one answer have opened so far."""

    def __init__(self, part: SealedPart, cost: Cost) -> None:
        self._part, self._cost = part, cost
        self._check: Check = part.check  # one signature, whatever the kind
        self._boxes = {entry.id: entry.box for entry in part.entries}
        self._pieces: dict[str, dict[str, Any]] = {}
        self._words: dict[str, dict[str, Meaning]] = {}
        self._keys: dict[str, bytes] = {}

    def open(self, clues: Iterable[Clue]) -> None:
        """Opens all that the clues open; each costs a guess. ValueError if the keys are damaged."""
        for name, key in all_stretched(clues, self._part.salt, self._cost).values():
            if name in self._boxes:
                content = unbox(key, self._boxes[name])
                if content is None:
                    raise ValueError("the file of sealed keys is damaged")  # and the answer is not wrong for that
                for piece in Contents.model_validate(content).pieces:
                    self._take(piece)

    def _take(self, piece: Piece) -> None:
        value = decode(piece.value)
        for case in piece.cases:
            self._pieces.setdefault(case, {})[piece.item] = value
        self._words |= piece.words
        self._keys |= piece.keys

    def accepted(self, number: int) -> Any:
        """The right answer under an accepted choice of conventions, as far as it was opened; None if nothing was."""
        return self._value(f"a{number}")

    def words(self, number: int) -> dict[str, Meaning]:
        """By convention of this choice."""
        return self._words.get(f"a{number}", {})

    def hints(self, readings: Sequence[Reading]) -> list[Hint]:
        """The known mistakes that explain an answer, each as certain as it is here."""
        found: dict[str, Hint] = {}
        for case, key in self._keys.items():
            value = self._value(case)
            if value is None or not any(self._check.explains(reading, value) for reading in readings):
                continue
            content = unbox(key, self._part.hints.get(case, b""))
            hint = None if content is None else self._weighed(Hint.model_validate(content), readings)
            if hint is not None:
                found.setdefault(hint.what, hint)
        return list(found.values())

    def _weighed(self, hint: Hint, readings: Sequence[Reading]) -> Hint | None:
        coarse = max((reading.unit_in_last_place for reading in readings), default=Fraction(0))
        certain = hint.weighed(coarse)
        if certain is None:
            return None
        luck = any(map(self._check.shows_little, readings))
        return hint.model_copy(update={"certain": certain and not luck})

    def _value(self, case: str) -> Any:
        return self._check.pieced(self._pieces.get(case, {}), self._part.items)

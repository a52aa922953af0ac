"""One answer held against what it opens."""

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from itertools import islice
from typing import Any

from grader.answers.reading import Reading
from grader.check_level import CheckLevel
from grader.checks.check import WRONG, Check, Match
from grader.checks.clues import Clue
from grader.looking import Looked, look_at
from grader.records import Answer
from grader.selfcheck.judging.opening import Opening
from grader.selfcheck.keys.opened import Hint
from grader.selfcheck.keys.sealed import Cost, SealedPart

Held = tuple[Match, Reading]
MOST_GUESSES = 500
"""At one answer: half a minute. A path of 60 steps takes 120, a table of 100 rows about as many."""


class Attempt:
    """The answer to one part. What costs guesses is worked out when it is asked for, and once."""

    def __init__(self, part: SealedPart, answer: Answer, cost: Cost) -> None:
        self.part, self.answer = part, answer
        self.check: Check = part.check  # one signature, whatever the kind
        self._cost = cost

    @cached_property
    def looked(self) -> Looked:
        """What is seen of it."""
        return look_at(self.check, self.answer)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Every way to read it."""
        return self.looked.readings

    @property
    def is_judged(self) -> bool:
        """Whether it is told, or can be known, if it is right."""
        is_told = self.part.told.includes(CheckLevel.VERDICT)
        return is_told and bool(self.readings) and self.is_guessed_at_once

    @cached_property
    def counts(self) -> bool:
        """Whether it is judged, so that others may be held against it; one on which the check fails is said to fail in its own place."""
        try:
            return self.is_judged and bool(self.held)
        except Exception:  # noqa: BLE001 - whatever it is
            return False

    @property
    def depends_on_conventions(self) -> bool:
        """Whether it is more right under one accepted choice of conventions than under another."""
        return self.is_judged and len({match.credit for match, _ in self.held}) > 1

    @property
    def is_guessed_at_once(self) -> bool:
        """Whether there are few enough ways to read it; else to try all would take minutes."""
        return not self.check.secret or len(self._clues) <= MOST_GUESSES

    @cached_property
    def _clues(self) -> list[Clue]:
        """Those of all readings, or one more than are tried."""
        clues = (clue for reading in self.readings for clue in self.check.clues(reading, self.part.items))
        return list(islice(clues, MOST_GUESSES + 1))

    @cached_property
    def held(self) -> tuple[Held, ...]:
        """By accepted choice of conventions: how far it agrees with what it opens, and read in which way."""
        if not self.check.secret:
            return (self._best(list(self.readings), None),)
        self._opening.open(self._clues)
        held = self._held()
        if not any(match.right for match, _ in held):
            right = {item.name for match, _ in held for item in match.items if item.right}
            further = (clue for reading in self.readings for clue in self.check.further_clues(reading))
            self._opening.open(islice((clue for clue in further if clue.item not in right), MOST_GUESSES))
            held = self._held()
        return held

    @cached_property
    def _opening(self) -> Opening:
        return Opening(self.part, self._cost)

    def _held(self) -> tuple[Held, ...]:
        return tuple(
            self._best(self.check.under(self.readings, choice.read_under), self._opening.accepted(number))
            for number, choice in enumerate(self.part.accepted)
        )

    def _best(self, readings: list[Reading], expected: Any) -> Held:
        if expected is None and self.check.secret:
            return Match(WRONG, unread=self.check.left_unread(readings[0])), readings[0]
        return max(((self.check.compare(one, expected), one) for one in readings), key=lambda pair: pair[0].credit)

    def credit(self, choice: Mapping[str, int]) -> Fraction:
        """How far it agrees under a choice of all conventions of its problem."""
        return self.held[self.number_of(choice)][0].credit

    def number_of(self, choice: Mapping[str, int]) -> int:
        """Which of the accepted choices that is, as far as it matters here."""
        return next(
            number
            for number, one in enumerate(self.part.accepted)
            if all(choice.get(name, value) == value for name, value in one.of.items())
        )

    @property
    def right_number(self) -> int | None:
        """The first accepted choice under which it is right."""
        return next((number for number, (match, _) in enumerate(self.held) if match.right), None)

    def convention(self, number: int) -> str:
        """What an answer rests on that is right under an accepted choice, in words; empty for the sheet's own."""
        choice, reading = self.part.accepted[number], self.held[number][1]
        for name, meaning in self._opening.words(number).items():
            is_read_so = (name, choice.read_under.get(name)) in reading.tags
            if choice.of[name] and (meaning.changes or is_read_so):
                return meaning.words
        return ""

    def differs_by(self, number: int, choice: Mapping[str, int]) -> str:
        """The conventions of an accepted choice that are others than those of a choice, in words."""
        own, meanings = self.part.accepted[number].of, self._opening.words(number)
        return " and ".join(meanings[name].words for name in meanings if own[name] != choice.get(name, own[name]))

    @cached_property
    def hints(self) -> list[Hint]:
        """The known mistakes that explain it, where the teacher lets them be told."""
        numbers = range(len(self.part.accepted))
        accepted = [value for value in map(self._opening.accepted, numbers) if value is not None]
        as_far_as_it_goes = any(self.check.explains(one, value) for one in self.readings for value in accepted)
        return [] if as_far_as_it_goes else self._opening.hints(self.readings)

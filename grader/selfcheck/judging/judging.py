"""Answers and sealed keys in, judgements out."""

import itertools
import logging
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

from grader.checks.check import Match
from grader.looking import GRADER_FAULT
from grader.records import Answer, Outcome
from grader.selfcheck.judging.attempt import Attempt
from grader.selfcheck.judging.judged import CheckedItem, Judgement, Standing
from grader.selfcheck.judging.wrong import told_of
from grader.selfcheck.keys.sealed import Cost, SealedHomework, SealedProblem

OTHER_CONVENTION = (
    "This is right by itself, where {words}; but your other answers use another convention. Which do you mean?"
)
FOLLOWS = "It builds on {names}, which {are} not right either. What follows rightly from your own is credited when it is graded."
TOO_MANY_WAYS = "It is not checked whether this is right: there are too many ways to read it. Write its numbers out."
CONTINUED = "What follows rightly from your own value before it is credited when it is graded."
FAULT = "The check failed, which says nothing about the answer. Fetch the file of sealed keys again; if that does not help, tell your course."

_SETTLED = {
    Outcome.BLANK: Standing.BLANK,
    Outcome.UNREADABLE: Standing.UNREADABLE,
    Outcome.DID_NOT_RUN: Standing.DID_NOT_RUN,
    Outcome.GRADER_FAULT: Standing.FAULT,
}

log = logging.getLogger(__name__)


def judge(
    sealed: SealedHomework, answers: Mapping[str, Answer], only: Collection[str] | None = None
) -> tuple[Judgement, ...]:
    """What there is to say of each answer, in the order of the sheet. Never raises for what a student gave.

    Args:
        sealed: the keys.
        answers: by variable; a missing one is blank.
        only: the variables to judge, by default all; the others of a problem still show which conventions are kept to.
    """
    return tuple(
        judgement for problem in sealed.problems for judgement in _Problem(problem, answers, sealed.cost).judged(only)
    )


class _Problem:
    """The answers to one problem, in which a student keeps to one convention."""

    def __init__(self, problem: SealedProblem, answers: Mapping[str, Answer], cost: Cost) -> None:
        self._name, self._mixed_credit = problem.name, problem.mixed_credit
        self._attempts = {
            part.part: Attempt(part, answers.get(part.variable) or Answer(variable=part.variable), cost)
            for part in problem.parts
        }

    def judged(self, only: Collection[str] | None) -> Iterator[Judgement]:
        for attempt in self._attempts.values():
            if only is None or attempt.part.variable in only:
                yield self._contained(attempt)

    def _contained(self, attempt: Attempt) -> Judgement:
        """One part; a failure of ours stays with it."""
        try:
            return self._judgement(attempt)
        except Exception:
            log.debug("%s: not checked", attempt.part.part, exc_info=True)  # whoever checks is a student
            return self._of(attempt, Standing.FAULT, message=FAULT)

    def _judgement(self, attempt: Attempt) -> Judgement:
        if attempt.looked.settled:
            outcome, words = attempt.looked.settled
            return self._of(attempt, _SETTLED[outcome], message=FAULT if words == GRADER_FAULT else words)
        if not attempt.is_judged:
            return self._of_form(attempt)
        number = attempt.number_of(self._conventions) if attempt.depends_on_conventions else 0
        match, reading = attempt.held[number]
        if match.right:
            convention, items = attempt.convention(number), _checked(match)
            message = " ".join(filter(None, (match.message, _remark(attempt))))
            return self._of(
                attempt, Standing.RIGHT, read_as=reading.text, message=message, convention=convention, items=items
            )
        if match.unread:
            return self._of(
                attempt, Standing.UNREADABLE, read_as=reading.text, message=_unread(match.unread), items=_checked(match)
            )
        return self._not_right(attempt, number)

    def _not_right(self, attempt: Attempt, number: int) -> Judgement:
        match, _ = attempt.held[number]
        if attempt.right_number is None:
            message, hint = told_of(attempt, match)
            message = f"{message} {self._carried(attempt, match)}".strip()
        else:
            words = attempt.differs_by(attempt.right_number, self._conventions)
            message, hint = OTHER_CONVENTION.format(words=words), ""
        return self._of(
            attempt,
            Standing.NOT_RIGHT,
            read_as=_read_as(attempt),
            message=message,
            hint=hint,
            items=_checked(match) if attempt.check.tells_items else (),
        )

    def _carried(self, attempt: Attempt, match: Match) -> str:
        """What grading may credit beyond what is right by itself."""
        before = [self._attempts[name] for name in attempt.part.builds_on]
        wrong = [one.part.variable for one in before if one.counts and one.right_number is None]
        if wrong:
            return FOLLOWS.format(names=" and ".join(wrong), are="is" if len(wrong) == 1 else "are")
        return CONTINUED if attempt.check.continues and match.credit else ""

    @cached_property
    def _conventions(self) -> dict[str, int]:
        """The choice of conventions that makes the most of all answers, the sheet's own before others."""
        depending = [one for one in self._attempts.values() if one.counts and one.depends_on_conventions]
        most: dict[str, int] = {}
        for attempt in depending:
            for choice in attempt.part.accepted:
                most |= {name: max(value, most.get(name, 0)) for name, value in choice.of.items()}
        choices = [
            dict(zip(most, values, strict=True)) for values in itertools.product(*(range(n + 1) for n in most.values()))
        ]
        return max(choices, key=lambda choice: sum((self._worth(one, choice) for one in depending), Fraction(0)))

    def _worth(self, attempt: Attempt, choice: Mapping[str, int]) -> Fraction:
        mixed = Fraction(0) if attempt.right_number is None else self._mixed_credit
        return max(attempt.credit(choice), mixed) * attempt.part.points

    def _of_form(self, attempt: Attempt) -> Judgement:
        check, reading = attempt.check, attempt.readings[0]
        unread = check.left_unread(reading)
        items = tuple(CheckedItem(name=item.name, read_as=item.read_as) for item in check.items_read(reading))
        standing = Standing.UNREADABLE if unread else Standing.READABLE
        words = _unread(unread) if unread else _remark(attempt)
        return self._of(attempt, standing, read_as=_read_as(attempt), message=words, items=items)

    def _of(self, attempt: Attempt, standing: Standing, **told: Any) -> Judgement:
        part = attempt.part
        return Judgement(
            problem=self._name,
            part=part.part,
            variable=part.variable,
            title=part.title,
            standing=standing,
            cell=attempt.answer.cell,
            **told,
        )


def _checked(match: Match) -> tuple[CheckedItem, ...]:
    return tuple(CheckedItem(name=item.name, read_as=item.read_as, right=item.right) for item in match.items)


def _read_as(attempt: Attempt) -> str:
    return " or ".join(reading.text for reading in attempt.readings)


def _unread(words: str) -> str:
    return f"A part of this could not be read: {words}."


def _remark(attempt: Attempt) -> str:
    """What is to be said of the form of an answer that can be read."""
    check, part = attempt.check, attempt.part
    if part.form_only and not check.written:
        return f"Whether it is right is not told: {part.form_only}."
    if part.entries and not attempt.is_guessed_at_once:
        return TOO_MANY_WAYS
    return check.remark(attempt.readings)

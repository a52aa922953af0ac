"""Right answers in words, as they would be read of a student: for teachers, and for students where a homework reveals them."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from grader.answers.reading import Reading
from grader.checks.check import Check
from grader.checks.set import Unordered
from grader.course import Problem
from grader.errors import ProblemError
from grader.handing_in import readings_of_value
from grader.kept import Kept
from grader.records import Item

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RightAnswer:
    """What is right in one part."""

    text: str = ""
    """Empty where there is no single right answer."""
    items: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """By name, of a table or a path."""

    @property
    def besides_items(self) -> str:
        """What is not said by the items already."""
        return "" if self.items else self.text

    def beside(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        """The items of an answer, those that are not right with what is."""
        if not self.items or all(item.right for item in items):
            return items
        return tuple(
            item if item.right else item.model_copy(update={"expected": self.items.get(item.name, "")})
            for item in items
        )


class RightAnswers:
    """The right answers to one problem; each is put into words once."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._kept: Kept[RightAnswer] = Kept()

    def of_the_sheet(self, part: str) -> RightAnswer:
        """The right answer to a part under the sheet's own conventions; none where the problem has a fault."""
        try:
            return self.of(part, self._problem.expected(part, self._problem.assignments[0]))
        except ProblemError:
            return RightAnswer()

    def of(self, part: str, expected: Any) -> RightAnswer:
        """The right answer to a part.

        Args:
            part: its name.
            expected: a value of the solver in the form that the part's check compares.
        """
        check: Check = self._problem.parts[part].check  # one signature, whatever the kind
        if not check.solved or check.has_many_answers:
            return RightAnswer()
        value = repr(expected)  # some are dictionaries, which make no key
        return self._kept.once((part, value), len(value), lambda: _in_words(check, expected))


def _in_words(check: Check, expected: Any) -> RightAnswer:
    try:
        reading = readings_of_value(check, expected)[0]
        # The items of a set are named by what was given, which is not what is right.
        given = () if isinstance(check, Unordered) else check.compare(reading, expected).items
        items = {item.name: item.read_as for item in given}
    except Exception:
        # Nobody loses a point since the right answer could not be said.
        log.exception("the right answer could not be put into words")
        return RightAnswer()
    text = ", ".join(map(" ".join, items.items())) or _text(reading)
    return RightAnswer(text, MappingProxyType(items))


def _text(reading: Reading) -> str:
    """As it is read; a ratio that has no end also in digits."""
    value = reading.value
    return (
        f"{reading.text} = {float(value):.6g}…" if isinstance(value, Fraction) and "/" in reading.text else reading.text
    )

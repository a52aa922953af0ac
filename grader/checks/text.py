"""Words, which a person reads and marks."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, Self

from pydantic import PositiveInt

from grader.answers.plain import show_text
from grader.answers.reading import Reading
from grader.answers.values import Plain
from grader.checks.check import WRONG, Check, Match
from grader.checks.rubric import Rubric, suggestion


class Text(Check):
    """A Markdown cell, or a string. Never marked here: it waits for a person, with what the rubric's keywords suggest."""

    solved: ClassVar[bool] = False
    written: ClassVar[bool] = True
    reads_anything: ClassVar[bool] = True

    kind: Literal["text"]
    rubric: Rubric = ()
    """What the marker looks for; its points make the part's."""
    words_at_most: PositiveInt | None = None
    """How long the answer is asked to be. A longer one is marked as well; it is said to the student and to the marker."""

    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """Anything is a text to be looked at; blank only where pictures stand for it."""
        text = "" if answer is None or answer is ... else show_text(answer)
        words = len(text.split())
        return (Reading(text, f"{words} word{'s' * (words != 1)}" if words else ""),)

    def compare(self, reading: Reading, expected: Any) -> Match:  # noqa: ARG002 - there is none
        """For a person."""
        too_long = self._too_long(reading.value)
        hints = filter(None, (suggestion(self.rubric, reading.value), too_long))
        awaits = f"A person reads this and gives the points.{f' It has {too_long}.' if too_long else ''}"
        return Match(WRONG, told=True, awaits=awaits, suggestion="; ".join(hints))

    def _too_long(self, text: str) -> str:
        words = len(text.split())
        asked = self.words_at_most
        return f"{words} words where at most {asked} were asked for" if asked and words > asked else ""

    def without_answers(self) -> Self:
        """Without the rubric."""
        return self.model_copy(update={"rubric": ()})

    def right_answers(self, expected: Any) -> Sequence[Any]:  # noqa: ARG002 - there is none
        """None: no answer earns points before a person has read it."""
        return ()

    def wrong_answers(self, expected: Any) -> Sequence[Any]:  # noqa: ARG002 - there is none
        """Some texts, which earn nothing by themselves."""
        return "It depends.", "0", 1, ["one", "two"]

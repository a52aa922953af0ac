"""A picture, which a person looks at and marks."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, Self

from pydantic import StrictBool

from grader.answers.plain import show_text
from grader.answers.reading import Reading
from grader.answers.values import Plain
from grader.checks.check import WRONG, Check, Match
from grader.checks.rubric import Rubric, suggestion


class Figure(Check):
    """What code in the answer's cell shows, or what is attached to the cell. Never marked here: it waits for a person."""

    solved: ClassVar[bool] = False
    written: ClassVar[bool] = True
    drawn: ClassVar[bool] = True

    kind: Literal["figure"]
    by_hand: StrictBool = False
    """Whether it is meant to be sketched and attached to a Markdown cell rather than drawn by code. Both are accepted."""
    rubric: Rubric = ()
    """What the marker looks for; its points make the part's. Keywords are looked for in the words beside the picture."""

    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """What is written beside the picture."""
        return (Reading("" if answer is None or answer is ... else show_text(answer), ""),)

    def compare(self, reading: Reading, expected: Any) -> Match:  # noqa: ARG002 - there is none
        """For a person."""
        hint = suggestion(self.rubric, reading.value) if reading.value else ""
        return Match(WRONG, told=True, awaits="A person looks at this and gives the points.", suggestion=hint)

    def without_answers(self) -> Self:
        """Without the rubric."""
        return self.model_copy(update={"rubric": ()})

    def right_answers(self, expected: Any) -> Sequence[Any]:  # noqa: ARG002 - there is none
        """None: no answer earns points before a person has looked at it."""
        return ()

    def wrong_answers(self, expected: Any) -> Sequence[Any]:  # noqa: ARG002 - there is none
        """None: whatever Python holds is no picture, and cannot be read."""
        return ()

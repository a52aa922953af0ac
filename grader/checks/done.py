"""Something that was to be done, such as a reading: the student says so."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from grader.answers.choices import read_done
from grader.answers.reading import Reading
from grader.answers.values import Plain
from grader.checks.check import RIGHT, WRONG, Check, Match


class Done(Check):
    """A completion: True, "yes", "done" or 1."""

    solved: ClassVar[bool] = False
    secret: ClassVar[bool] = False

    kind: Literal["done"]

    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """Whether it is done."""
        return read_done(answer)

    def compare(self, reading: Reading, expected: None) -> Match:  # noqa: ARG002 - nothing is expected but that it is done
        """Done, or not."""
        if reading.value:
            return Match(RIGHT)
        return Match(WRONG, note="not-done", message="You say that this is not done.", told=True)

    def right_answers(self, expected: None) -> Sequence[Any]:  # noqa: ARG002 - as above
        """That it is done."""
        return True, "done", 1

    def wrong_answers(self, expected: None) -> Sequence[Any]:  # noqa: ARG002 - as above
        """That it is not."""
        return False, "not yet"

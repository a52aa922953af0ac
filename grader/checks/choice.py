"""One of several named options, or yes or no."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from pydantic import Field, model_validator

from grader.answers.choices import read_choice, read_yesno
from grader.answers.reading import Reading
from grader.answers.values import Plain
from grader.checks.check import RIGHT, WRONG, Check, Match
from grader.checks.clues import Clue, Lock
from grader.errors import Unreadable


class _Label(Check):
    """What a choice and a yes-or-no share: labels have no tolerance."""

    def compare(self, reading: Reading, expected: Any) -> Match:
        """Equal."""
        return Match(RIGHT if reading.value == expected else WRONG)

    def shows_little(self, reading: Reading) -> bool:  # noqa: ARG002 - the signature of all checks
        """Always: there are few labels."""
        return True

    @property
    def sealable(self) -> bool:
        """By its label; but there are few to try."""
        return True

    def clues(self, reading: Reading, items: Sequence[str]) -> Iterator[Clue]:  # noqa: ARG002 - a label has none
        """The label."""
        yield Clue(str(reading.value))

    def locks(self, expected: Any) -> Iterator[Lock]:
        """As `clues`."""
        yield Lock(Clue(str(expected)), expected)

    def right_answers(self, expected: Any) -> Sequence[Any]:
        """The label itself."""
        return (expected,)


class Choice(_Label):
    """One of the declared options, in any case and punctuation."""

    kind: Literal["choice"]
    options: tuple[str, ...] = Field(min_length=2)
    """The labels to choose from."""

    @model_validator(mode="after")
    def _tells_its_options_apart(self) -> "Choice":
        try:
            for option in self.options:
                self.read(f"{option}.")  # a full stop, since the very label is always read as itself
        except Unreadable as error:
            raise ValueError(f"option {option!r} has no letter or digit that tells it from the others") from error
        return self

    def expect(self, solved: Any) -> str:
        """The solver's label."""
        if solved not in self.options:
            raise ValueError(f"one of {', '.join(self.options)} is expected of the solver, not {solved!r}")
        return str(solved)

    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """One of the options."""
        return read_choice(answer, self.options)

    def guesses(self, expected: str) -> int:  # noqa: ARG002 - whichever it is
        """Every label."""
        return len(self.options)

    def wrong_answers(self, expected: str) -> Sequence[Any]:
        """Every other label."""
        return [option for option in self.options if option != expected]


class YesNo(_Label):
    """Yes or no: a bool or a word."""

    kind: Literal["yesno"]

    def expect(self, solved: Any) -> bool:
        """The solver's truth value."""
        if not isinstance(solved, bool):
            raise ValueError(f"True or False is expected of the solver, not {solved!r}")
        return solved

    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """A bool or a word."""
        return read_yesno(answer)

    def guesses(self, expected: bool) -> int:  # noqa: ARG002, FBT001 - whichever it is
        """Both."""
        return 2

    def wrong_answers(self, expected: bool) -> Sequence[Any]:  # noqa: FBT001 - it is the answer
        """The other one."""
        return (not expected,)

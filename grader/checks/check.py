"""What every check offers: the options of one kind of answer, and its rule of comparison."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator

from grader.answers.plain import is_blank
from grader.answers.reading import Reading
from grader.answers.values import Plain
from grader.checks.clues import Clue, Lock
from grader.records import Drawing, Item, JsonValue, Record, Sizes

# Of a number in a file: an exponent of nine digits would take all memory.
_LONGEST_EXACT, _EXPONENT_DIGITS = 100, 3


def _exact(value: Any) -> Fraction:
    """The very number that was written: the float 0.1 stands for 1/10 and not for the nearest binary fraction."""
    text = str(value)
    exponent = text.lower().partition("e")[2].strip().lstrip("+-0")
    try:
        if len(text) <= _LONGEST_EXACT and len(exponent) <= _EXPONENT_DIGITS:
            return Fraction(text)
    except (ValueError, ZeroDivisionError):
        pass
    raise ValueError(f'{text[:_LONGEST_EXACT]!r} is no number such as 4, 0.5 or "1/3"')


# A share, a tolerance or a number of points as a problem file writes it.
Exact = Annotated[Fraction, BeforeValidator(_exact)]

WRONG, RIGHT = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Encoded:
    """An answer that is already in the tagged encoding of the capture code."""

    data: JsonValue


@dataclass(frozen=True, slots=True)
class Match:
    """How far an answer agrees with a reference."""

    credit: Fraction
    """0 is wrong, 1 is right."""
    items: tuple[Item, ...] = ()
    """The cells of a table, the steps of a path."""
    note: str = ""
    """What cost credit, for the finding: "unit-missing", "step=3"."""
    message: str = ""
    """The same in words for the student."""
    told: bool = False
    """Whether `message` says all there is to say, so that no mistake is looked for."""
    given: Fraction = Fraction(1)
    """Share of the answer that is there and can be read: of a table's cells, of a path's steps."""
    unread: str = ""
    """What of the answer could not be read, so that a person has to look unless it is right all the same."""
    awaits: str = ""
    """Why a person has to mark it, in words for the student; else empty."""
    suggestion: str = ""
    """What may help that person; never shown to the student."""

    @property
    def right(self) -> bool:
        """Whether nothing is missing."""
        return self.credit is RIGHT or self.credit == 1


@dataclass(frozen=True, slots=True)
class Span:
    """Where the landmark of a value lies that explains an answer, so that it can be looked up instead of searched for."""

    low: float
    high: float
    item: str = ""
    """The item of a table that the landmark is taken from."""


class Options(Record):
    """A closed set of options, as a table of a problem file gives them; the words below each one describe it."""


class Check(Options, ABC):
    """One kind of answer. Pure: touches no files, processes, clock or network."""

    solved: ClassVar[bool] = True
    """Whether a solver gives the reference. If not, the options say all there is to say, and `expected` is None."""
    secret: ClassVar[bool] = True
    """Whether students may not know beforehand what is right."""
    tells_items: ClassVar[bool] = True
    """Whether of a wrong answer each item is told to be right or not, once it is sealed."""
    written: ClassVar[bool] = False
    """Whether the answer may stand in a Markdown cell."""
    drawn: ClassVar[bool] = False
    """Whether the answer is a picture, so that without one there is nothing to look at."""
    reads_anything: ClassVar[bool] = False
    """Whether no answer is unreadable."""
    has_many_answers: ClassVar[bool] = False
    """Whether quite different answers are right, so that later parts build on the student's own whatever it is."""

    @property
    def model_input(self) -> tuple[int, ...]:
        """For a network: the shape of one example that it is described with, without the batch."""
        return ()

    reference_stands_in: ClassVar[bool] = False
    """Of such a kind: whether later parts build on the solver's answer where the student's is missing or wrong."""

    def expect(self, solved: Any) -> Any:
        """What a solver returned, in the form in which this check compares; ValueError when it is of a wrong type."""
        raise NotImplementedError  # only of a check that is not `solved`

    def is_unanswered(self, answer: Plain) -> bool:
        """Whether nothing was answered, so that there is nothing to read."""
        return is_blank(answer)

    @abstractmethod
    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """All readings of an answer; raises Unreadable when there is none."""

    @property
    def read_by(self) -> frozenset[str]:
        """The conventions by which its answers may be read in several ways (see `coherence.READING_TAGS`)."""
        return frozenset()

    def under(self, readings: Sequence[Reading], conventions: Mapping[str, Any]) -> list[Reading]:
        """The readings that agree with the conventions, or all of them if none does."""
        return [reading for reading in readings if reading.agrees(conventions)] or list(readings)

    @abstractmethod
    def compare(self, reading: Reading, expected: Any) -> Match:
        """Marks: whether the reading counts as the expected value, within the declared tolerance."""

    def explains(self, reading: Reading, expected: Any) -> bool:
        """Explaining is stricter than marking: whether the reading is this very value, as far as it was written out.

        The same as comparing, for a kind without a tolerance.
        """
        return self.compare(reading, expected).right

    def same(self, one: Any, other: Any) -> bool:
        """Whether two expected values are the same, so that nothing tells them apart."""
        return bool(one == other)

    def plausible(self, value: Any, expected: Any) -> bool:  # noqa: ARG002 - for numbers
        """Whether a student's value is near enough to the expected one for later parts to follow from it."""
        return True

    def upstream(self, reading: Reading, expected: Any) -> Any:  # noqa: ARG002 - tables complete themselves from it
        """The student's value in the form that later functions of the solver take."""
        return reading.value

    def shows_little(self, reading: Reading) -> bool:  # noqa: ARG002 - for labels and tables
        """Whether an answer agrees with some mistake or other by luck, so that none is said to be the reason."""
        return False

    def slip(self, reading: Reading, expected: Any) -> str:  # noqa: ARG002 - for numbers and shapes
        """The name of a slip of the pen that leads from the expected value to a wrong answer, or "" (see `slips`)."""
        return ""

    def span(self, reading: Reading) -> Span | None:  # noqa: ARG002 - for numbers
        """Where the landmark of every value lies that `explains` the reading; None when the kind has no landmarks."""
        return None

    def landmark(self, value: Any, item: str) -> float | None:
        """The number by which an expected value is looked up; None when no answer with this item is explained by it."""
        raise NotImplementedError  # only of a kind without `span`

    def drawing(self, reading: Reading, expected: Any, match: Match) -> Drawing | None:  # noqa: ARG002 - for paths
        """The answer and the reference to be drawn over each other, for what can be drawn in the plane."""
        return None

    def sizes(self, reading: Reading) -> tuple[Sizes, ...]:  # noqa: ARG002 - for networks
        """The layers of what was read, to be drawn as large as they are, for a kind that has some."""
        return ()

    # How it is sealed for the self-check (see `clues`).

    @property
    def sealable(self) -> bool:
        """Whether right answers can be sealed, so that an answer opens what it is right by."""
        return False

    def without_answers(self) -> Self:
        """A check that reads the same, and knows nothing that students may not."""
        return self

    def items_of(self, expected: Any) -> tuple[str, ...]:  # noqa: ARG002 - for tables and paths
        """The names of the rows or steps that an expected value is opened by."""
        return ()

    def clues(self, reading: Reading, items: Sequence[str]) -> Iterator[Clue]:
        """What of an answer opens the values that it may be right by.

        Args:
            reading: of the answer.
            items: the names of the rows or steps that are asked for.
        """
        raise NotImplementedError  # only of a kind that is `sealable`

    def further_clues(self, reading: Reading) -> Iterator[Clue]:  # noqa: ARG002 - for quantities
        """What else it may be credited by, where it is not right."""
        return iter(())

    def locks(self, expected: Any) -> Iterator[Lock]:
        """All clues of answers that a value may be right by, each with the piece of the value that it opens."""
        raise NotImplementedError  # only of a kind that is `sealable`

    def guesses(self, expected: Any) -> int:
        """About how many answers somebody has to try to find a right one who knows how long it is; fewer, who knows the field."""
        raise NotImplementedError  # only of a kind that is `sealable`

    def pieced(self, pieces: Mapping[str, Any], items: Sequence[str]) -> Any:  # noqa: ARG002 - for tables and paths
        """The expected value as far as its pieces were opened; None if there is nothing to compare with.

        Args:
            pieces: by item, in the form in which a solver returns them.
            items: as in `clues`.
        """
        return self.expect(pieces[""]) if "" in pieces else None

    @property
    def continues(self) -> bool:
        """Whether grading credits what follows from the student's own item before."""
        return False

    def items_read(self, reading: Reading) -> tuple[Item, ...]:  # noqa: ARG002 - for tables and measurements
        """The items with how they were read, whatever is right."""
        return ()

    def remark(self, readings: Sequence[Reading]) -> str:  # noqa: ARG002 - for quantities
        """What a student is to know of the form of an answer that can be read; else empty."""
        return ""

    def left_unread(self, reading: Reading) -> str:  # noqa: ARG002 - for tables and sets
        """What of the answer could not be read, in words; else empty."""
        return ""

    @abstractmethod
    def right_answers(self, expected: Any) -> Sequence[Any]:
        """Answers as a student may give them in Python that earn full credit: plain ones, and some just inside the tolerance."""

    @abstractmethod
    def wrong_answers(self, expected: Any) -> Sequence[Any]:
        """Answers in Python that are read but do not earn full credit, however near: just outside the tolerance."""

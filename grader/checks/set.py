"""Several answers of one kind, in no order."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any, ClassVar, Literal, cast

from pydantic import StrictBool

from grader.answers.plain import SHOWN_LENGTH
from grader.answers.reading import Reading
from grader.answers.sets import Members, Readings, read_set
from grader.answers.values import Plain
from grader.checks.cells import Cell
from grader.checks.check import RIGHT, Check, Match
from grader.checks.choice import Choice
from grader.checks.clues import Clue, Lock
from grader.checks.matching import matched
from grader.checks.quantity import Quantity
from grader.checks.real import Real
from grader.records import Item


class Unordered(Check):
    """A set or list in whatever order. Each member earns its share of all that are expected or, if more, of all given."""

    tells_items: ClassVar[bool] = False

    kind: Literal["set"]
    items: Cell
    """The kind of every member."""
    may_be_empty: StrictBool = False
    """Whether nothing at all may be the answer: an empty list, or the word "none"."""

    @property
    def _item(self) -> Check:
        return cast("Check", self.items)  # one signature, whatever the kind

    def expect(self, solved: Any) -> tuple[Any, ...]:
        """The solver's list or set."""
        if not isinstance(solved, list | tuple | set | frozenset):
            raise ValueError(f"a list or set is expected of the solver, not {solved!r}")
        if not solved and not self.may_be_empty:
            raise ValueError("the set of the solver is empty; set may_be_empty, so that such an answer is read")
        # The order of a set changes from run to run, and no report may.
        in_order = sorted(solved, key=repr) if isinstance(solved, set | frozenset) else solved
        expected = tuple(self._item.expect(member) for member in in_order)
        for position, member in enumerate(expected):
            if any(self._item.same(member, other) for other in expected[:position]):
                raise ValueError(f"the solver gives {member} more than once, or two that are the same")
        return expected

    @property
    def read_by(self) -> frozenset[str]:
        """As its members."""
        return self._item.read_by

    def shows_little(self, reading: Reading) -> bool:  # noqa: ARG002 - the signature of all checks
        """Always: mistakes alter one member or two."""
        return True

    def is_unanswered(self, answer: Plain) -> bool:
        """An empty list is an answer where the set may be empty."""
        return super().is_unanswered(answer) and not (self.may_be_empty and answer in ((), {}))

    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """All members that can be read; one that cannot does not spoil the others."""
        return read_set(answer, self._item.read, may_be_empty=self.may_be_empty)

    def compare(self, reading: Reading, expected: tuple[Any, ...]) -> Match:
        """The greatest number of members that are right at once; what was given too much counts against them."""
        given = reading.value.readable
        allowed = [[self._is_right(readings, member) for member in expected] for _, readings in given]
        right = matched(allowed)
        # What is right, but was found already, is the same once more.
        extra = dict.fromkeys(shown for (shown, _), fits in zip(given, allowed, strict=True) if not any(fits))
        most = max(len(expected), len(right) + len(extra) + len(reading.value.unreadable))
        credit = Fraction(len(right), most) if most else RIGHT
        items = tuple(
            Item(name=shown, read_as=readings[0].text, right=any(fits))
            for (shown, readings), fits in zip(given, allowed, strict=True)
        )
        if credit == RIGHT:
            return Match(credit, items)
        return self._lacking(reading.value, credit, items, list(extra), len(expected) - len(right))

    def _lacking(
        self, members: Members, credit: Fraction, items: tuple[Item, ...], extra: list[str], missing: int
    ) -> Match:
        """What keeps a set from being right: what is too much by name, what is missing by number, since names would tell."""
        too_much = ", ".join(extra)[:SHOWN_LENGTH]
        words = [f"Not among what is asked for: {too_much}."] if extra else []
        words += [f"Still missing: {missing}."] if missing else []
        notes = [f"extra={too_much}"] if extra else []
        notes += [f"missing={missing}"] if missing else []
        return Match(
            credit,
            items,
            note=",".join(notes),
            message=" ".join(words),
            given=Fraction(len(members.readable), len(members.all)) if members.all else RIGHT,
            unread="; ".join(map(str, members.unreadable)),
        )

    def _is_right(self, readings: Readings, expected: Any) -> bool:
        return any(self._item.compare(reading, expected).right for reading in readings)

    def explains(self, reading: Reading, expected: tuple[Any, ...]) -> bool:
        """Every member that was given is explained, and none is missing."""
        given = [readings for _, readings in reading.value.readable]
        fits = [
            [any(self._item.explains(one, member) for one in readings) for member in expected] for readings in given
        ]
        return len(given) == len(matched(fits)) == len(expected) and not reading.value.unreadable

    def same(self, one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
        """Equal, in whatever order."""
        fits = [[self._item.same(left, right) for right in other] for left in one]
        return len(one) == len(other) == len(matched(fits))

    def upstream(self, reading: Reading, expected: tuple[Any, ...]) -> Any:
        """As a set."""
        like = expected[0] if expected else None
        return frozenset(self._item.upstream(readings[0], like) for _, readings in reading.value.readable)

    @property
    def sealable(self) -> bool:
        """As a whole, so that there is more to guess than a member; of members that are right or wrong without a tolerance."""
        is_exact = not isinstance(self.items, Real | Quantity) and not getattr(self.items, "cell_share", 0)
        return is_exact and self._item.sealable

    def clues(self, reading: Reading, items: Sequence[str]) -> Iterator[Clue]:  # noqa: ARG002 - it is sealed as a whole
        """All members in one, each once, in every way to read them."""
        members = [
            list(dict.fromkeys(clue.text for one in readings for clue in self._item.clues(one, ())))
            for _, readings in reading.value.readable
        ]
        yield from map(_whole, product(*members))

    def locks(self, expected: tuple[Any, ...]) -> Iterator[Lock]:
        """As `clues`."""
        each = [list(self._item.locks(member)) for member in expected]
        yield Lock(_whole([locks[0].clue.text for locks in each]), tuple(locks[0].piece for locks in each))

    def guesses(self, expected: tuple[Any, ...]) -> int:
        """Every choice of labels; of other members every one with every other."""
        if isinstance(self.items, Choice):
            return int(2 ** len(self.items.options))
        return prod(self._item.guesses(member) for member in expected)

    def left_unread(self, reading: Reading) -> str:
        """Members."""
        return "; ".join(map(str, reading.value.unreadable))

    def right_answers(self, expected: tuple[Any, ...]) -> Sequence[Any]:
        """In both orders, for each sort of right members."""
        members = [self._item.right_answers(member) for member in expected]
        sorts = range(max(map(len, members), default=1))
        lists = [[answers[min(sort, len(answers) - 1)] for answers in members] for sort in sorts]
        return [*lists, lists[0][::-1]]

    def wrong_answers(self, expected: tuple[Any, ...]) -> Sequence[Any]:
        """One member too few, and one too much."""
        right = [self._item.right_answers(member)[0] for member in expected]
        wrong = (answer for member in expected for answer in self._item.wrong_answers(member))
        beside = [answer for answer in wrong if not any(self._is_right(self._item.read(answer), m) for m in expected)]
        fewer = [right[1:]] if len(right) > 1 or (right and self.may_be_empty) else []
        return [*fewer, *([*right, answer] for answer in beside[:1])]


def _whole(members: Sequence[str]) -> Clue:
    return Clue("; ".join(sorted(set(members))))

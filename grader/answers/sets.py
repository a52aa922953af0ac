"""Several answers in no order: a set, a list, or text such as "conv1, fc6 and fc7"."""

from collections.abc import Sequence
from dataclasses import dataclass

from grader.answers.listing import Reader, ways_to_list
from grader.answers.plain import SHOWN_LENGTH, is_blank, show
from grader.answers.reading import Reading
from grader.answers.values import Frame, Plain, kind_of, only_element
from grader.errors import Unreadable

MEMBERS = 40  # of one answer, since each is held against all that are expected

EXPECTED = "a set or a list"

_EMPTY = frozenset({"", "set()", "\N{EMPTY SET}", "none", "nothing", "empty", "the empty set"})
Readings = tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """One member, as it was given and as it is read."""

    given: str
    """As shown; hostile."""
    read: Readings | Unreadable


@dataclass(frozen=True, slots=True)
class Members:
    """What was read of a set."""

    all: tuple[Member, ...]

    @property
    def readable(self) -> list[tuple[str, Readings]]:
        """The members with readings."""
        return [(one.given, one.read) for one in self.all if not isinstance(one.read, Unreadable)]

    @property
    def unreadable(self) -> list[Unreadable]:
        """Why the others have none."""
        return [one.read for one in self.all if isinstance(one.read, Unreadable)]


def read_set(plain: Plain, read: Reader, *, may_be_empty: bool = False) -> Readings:
    """All readings as `Members`; a text has several where its commas may stand in numbers or between them.

    A member that cannot be read does not spoil the others.

    Args:
        plain: a set, a list, a table of one column, a single member, or text.
        read: reads one member, or raises Unreadable.
        may_be_empty: whether an empty set, or the word "none", is an answer; else it is Unreadable.
    """
    single = only_element(plain)
    ways = ways_to_list(single, read) if isinstance(single, str) else [_given(plain)]
    read_ways = [Members(tuple(_member(member, read) for member in _bounded(way))) for way in ways]
    best = [members for members in read_ways if not members.unreadable] or read_ways[:1]
    if best[0].all and not best[0].readable:
        if not (may_be_empty and _says_empty(single)):
            raise best[0].unreadable[0]
        best = [Members(())]
    if not best[0].all and not may_be_empty:
        raise Unreadable("nothing in it", expected=EXPECTED)
    return tuple(Reading(members, _text(members)) for members in best)


def _says_empty(plain: Plain) -> bool:
    return isinstance(plain, str) and plain.strip(" .").casefold() in _EMPTY


def _text(members: Members) -> str:
    listed = ", ".join(one.given if isinstance(one.read, Unreadable) else one.read[0].text for one in members.all)
    return f"{len(members.all)} in all: {listed}"[:SHOWN_LENGTH] if members.all else "none"


def _bounded(members: Sequence[Plain]) -> list[Plain]:
    """The members that are filled in, if they are not too many."""
    if len(members) > MEMBERS:
        raise Unreadable(f"{len(members)} members", expected=f"at most {MEMBERS}")
    return [member for member in members if not is_blank(member)]


def _member(plain: Plain, read: Reader) -> Member:
    try:
        return Member(show(plain), read(plain))
    except Unreadable as trouble:
        return Member(show(plain), trouble.within(f"member {show(plain)}"))


def _given(plain: Plain) -> Sequence[Plain]:
    """The members of a set that is no text."""
    match plain:
        case tuple():
            return plain
        case Frame() if len(plain.columns) == 1:
            return [row[0] for row in plain.rows]
        case dict() if not plain:  # {} is an empty dict, and how many write an empty set
            return ()
        case dict() | Frame():
            raise Unreadable(kind_of(plain), expected=EXPECTED)
        case _:
            return (plain,)

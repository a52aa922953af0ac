"""What explains a verdict, read from its finding, so that tables can count it.

The texts are made in `grader.marking`, `grader.crediting`, `grader.charging`, `grader.slips` and by the checks.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

# Findings repeat over a class; only answers that nobody else gave do not.
_MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Plain:
    """A finding of one word: "correct", "blank", "unit-missing", "by-a-person"."""

    word: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Right under conventions that are not the sheet's own."""

    conventions: tuple[tuple[str, str], ...]
    """Each with its value."""
    mixed: bool
    """Whether they are other ones than in the rest of the problem."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Right for the student's own answers to these earlier parts."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mistaken:
    """Known mistakes lead to the answer."""

    alternatives: tuple[tuple[str, ...], ...]
    """One of these, each of mistakes that were made together."""

    @property
    def certain(self) -> bool:
        """Whether nothing else leads there."""
        return len(self.alternatives) == 1


@dataclass(frozen=True, slots=True)
class Slipped:
    """A slip of the pen."""

    name: str
    other: str = ""
    """The part with which the answer has changed places."""


@dataclass(frozen=True, slots=True)
class ItemsWrong:
    """Of an answer with several items these are wrong or missing: rows of a table, bounds of a network, numbers of a
    measurement, the first wrong step of a path.
    """

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Of a set: what is too much in it, and how many members are missing."""

    missing: int
    extra: str = ""
    """As the student wrote it, several with commas between them."""


@dataclass(frozen=True, slots=True)
class Unexplained:
    """Nothing that is known leads to this answer."""

    answer: str
    """As it was written, which may be cut."""


Finding = Plain | Chosen | Followed | Mistaken | Slipped | ItemsWrong | Incomplete | Unexplained

_PLAIN = frozenset({"", "correct", "partial", "incorrect", "blank", "unreadable"})
_PAIR = re.compile(r"(\w+)=(.*?)(?:,(?=\w+=)|$)", re.DOTALL)
_CALL = re.compile(r"(convention|mixed|follow|slip)\((.*)\)", re.DOTALL)
# What is too much is a student's text, so that only its end tells how much is missing.
_BEHIND_EXTRA = re.compile(r",missing=([0-9]{1,9})\Z")
_NUMBER = re.compile(r"[0-9]{1,9}")
_MISTAKES = re.compile(r"\w+(?:[+|]\w+)*")


@lru_cache(_MOST_KEPT)
def finding_of(text: str) -> Finding:
    """The finding of a verdict.

    Args:
        text: without the name of the part: "a+b|c", "convention(gigabyte=binary)". What is of no known form is `Plain`.
    """
    if called := _CALL.fullmatch(text):
        return _called(called[1], called[2])
    key, equals, inside = text.partition("=")
    if equals and key in _ASSIGNED:
        return _ASSIGNED[key](inside)
    if text not in _PLAIN and _MISTAKES.fullmatch(text):
        return Mistaken(tuple(tuple(together.split("+")) for together in text.split("|")))
    return Plain(text)


def _called(name: str, inside: str) -> Finding:
    if name == "follow":
        return Followed(tuple(inside.split(",")))
    if name == "slip":
        slip, _, other = inside.partition("=")
        return Slipped(slip, other)
    return Chosen(tuple(_PAIR.findall(inside)), mixed=name == "mixed")


def _of_a_set(extra: str) -> Incomplete:
    cut = _BEHIND_EXTRA.search(extra)
    return Incomplete(int(cut[1]), extra[: cut.start()]) if cut else Incomplete(0, extra)


def _missing(inside: str) -> Incomplete | ItemsWrong:
    """Of a set by number, of a measurement by name."""
    return Incomplete(int(inside)) if _NUMBER.fullmatch(inside) else ItemsWrong(tuple(inside.split(", ")))


_ASSIGNED: dict[str, Callable[[str], Finding]] = {
    "unexplained": Unexplained,
    "wrong": lambda rows: ItemsWrong(tuple(rows.split(","))),
    "step": lambda number: ItemsWrong((f"step {number}",)),
    "extra": _of_a_set,
    "missing": _missing,
}

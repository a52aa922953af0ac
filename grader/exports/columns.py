"""Which column of a platform's file is this homework's."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.course import Homework
from grader.errors import InputError

_MOST_LISTED = 20


@dataclass(frozen=True)
class Candidate:
    """A column that may get points."""

    at: int
    header: str
    """As it stands in the file."""
    title: str
    """What the teacher calls it."""
    number: str = ""
    """The platform's own; empty where it has none."""


def choose(file: Path, candidates: list[Candidate], wanted: str | None, homework: Homework) -> Candidate:
    """The column that was named by header, title or number; else the homework's by its title or name.

    The only column may be another homework's, whose points would be lost, so that it has to be named as well.

    Raises:
        InputError: none or several fit; the message lists what there is.
    """
    asked = [wanted] if wanted else list(dict.fromkeys((homework.title, homework.name)))
    names = {_plain(name) for name in asked}
    fitting = [one for one in candidates if names & _names(one, numbered=bool(wanted))]
    if len(fitting) == 1:
        return fitting[0]
    if not candidates:
        raise InputError(f"{file} has no column for points; download the gradebook with this homework's column")
    listed = ", ".join(repr(one.header) for one in (fitting or candidates)[:_MOST_LISTED])
    trouble = f"{'several columns are' if fitting else 'no column is'} named {' or '.join(map(repr, asked))}"
    raise InputError(f"{file}: {trouble}; give --column with one of: {listed}")


def _names(candidate: Candidate, *, numbered: bool) -> set[str]:
    names = {_plain(candidate.header), _plain(candidate.title)}
    return names | {candidate.number} if numbered and candidate.number else names


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def require(file: Path, columns: Mapping[str, int | None], header: tuple[str, ...]) -> None:
    """See that a file has the columns it is known by.

    Raises:
        InputError: it has not; the message says what it has.
    """
    missing = [name for name, at in columns.items() if at is None]
    if missing:
        has = ", ".join(map(repr, header[:_MOST_LISTED]))
        raise InputError(
            f"{file}: line 1 has no column {' or '.join(missing)}, but {has}; give the file as it was downloaded"
        )

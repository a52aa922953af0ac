"""What a student gave, as plain values: decoded from a kernel's claims, told from a blank, and shown in a report."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice, starmap

from grader.answers.decoding import decode as decode
from grader.answers.values import Foreign as Foreign
from grader.answers.values import Frame as Frame
from grader.answers.values import Plain as Plain
from grader.answers.values import kind_of

SHOWN_LENGTH = 200  # characters of an answer that a report repeats
TEXT_LENGTH = 10_000  # of a written one, as much as is decoded of one text

# Marks that stand for nothing; "-" and "<" are none of them, since they may be answers.
_NOTHING = re.compile(r"[\s.…_?#'\"]*")
# What stands for "nothing yet" once all but letters is gone.
_BLANK_WORDS = frozenset({"youranswerhere", "youranswer", "answerhere", "yourcodehere", "todo"})

_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
_GAPS = re.compile(r"\n{4,}")


def is_blank(plain: Plain) -> bool:
    """Whether nothing was answered: ``...``, None, "YOUR ANSWER HERE", or a list or table of nothing but these."""
    match plain:
        case str():
            letters = "".join(filter(str.isalnum, plain)) if len(plain) <= SHOWN_LENGTH else plain
            return bool(_NOTHING.fullmatch(plain)) or letters.casefold() in _BLANK_WORDS
        case tuple():
            return all(map(is_blank, plain))
        case dict():
            return all(map(is_blank, plain.values()))
        case Frame():
            return all(map(is_blank, plain.rows))
        case _:
            return plain is None or plain is ...


def show(plain: Plain) -> str:
    """What the student gave, on one line of at most 200 harmless characters."""
    pieces = "".join(islice(_pieces(plain), SHOWN_LENGTH + 1))[: 4 * SHOWN_LENGTH]
    if not (pieces.isascii() and pieces.isprintable()):
        pieces = "".join(map(_visible, pieces))
    line = " ".join(pieces.split())
    return line if len(line) <= SHOWN_LENGTH else line[: SHOWN_LENGTH - 1] + "…"


def show_text(plain: Plain) -> str:
    """A written answer in full, with its line breaks and without what disturbs its surroundings; anything else as `show`."""
    if isinstance(plain, tuple) and all(isinstance(line, str) for line in plain):
        plain = "\n".join(map(str, plain))
    if not isinstance(plain, str):
        return show(plain)
    if len(plain) > TEXT_LENGTH:
        plain = plain[: TEXT_LENGTH - 1] + "…"
    lines = (_visible_line(line).rstrip() for line in plain.expandtabs(4).splitlines())
    return _GAPS.sub("\n\n\n", "\n".join(lines)).strip("\n")


def _visible_line(line: str) -> str:
    return line if line.isascii() and line.isprintable() else "".join(map(_visible_in_text, line))


def _visible_in_text(character: str) -> str:
    """As on one line, but for the joiners that some scripts and pictographs need."""
    return character if character in _JOINERS else _visible(character)


def _pieces(plain: Plain) -> Iterator[str]:
    """The text of a value, piece by piece, so that a long list costs no more than what is shown of it."""
    match plain:
        case str():
            yield plain[: 4 * SHOWN_LENGTH]
        case tuple():
            yield from _listed("(", map(_pieces, plain), ")")
        case dict():
            yield from _listed("{", starmap(_entry, plain.items()), "}")
        case Frame():
            yield from _listed("[", starmap(_entry, zip(plain.index, plain.rows, strict=True)), "]")
        case Foreign():
            yield kind_of(plain)
        case _:
            yield "..." if plain is ... else str(plain)


def _listed(opening: str, members: Iterable[Iterator[str]], closing: str) -> Iterator[str]:
    yield opening
    for position, member in enumerate(members):
        if position:
            yield ", "
        yield from member
    yield closing


def _entry(key: Plain, value: Plain) -> Iterator[str]:
    yield from _pieces(key)
    yield ": "
    yield from _pieces(value)


def _visible(character: str) -> str:
    """The character, if it stays in its place and can be encoded; else a blank, nothing or a replacement."""
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp" | "Zs":
            return " "
        case "Cf":  # bidi overrides, joiners: they change what is around them
            return ""
        case "Cs" | "Co" | "Cn":  # lone surrogates, private and unassigned
            return "\N{REPLACEMENT CHARACTER}"
        case _:
            return character

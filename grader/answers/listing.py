"""Lists that are written as text: "a, b and c", "{1, 2}", "(1, 2); (3, 4)", or one member per line."""

import re
from collections.abc import Callable, Iterator

from grader.answers.reading import Reading
from grader.answers.text import normalise
from grader.answers.values import Plain
from grader.errors import Unreadable

TEXT_LENGTH = 2_000  # characters: a hundred long names

Reader = Callable[[Plain], tuple[Reading, ...]]

_OPENING, _CLOSING = "([{", ")]}"
_AND = re.compile(r"(?:^| +)(?:and|&) +", re.IGNORECASE)
_BULLET = re.compile(r"\s*[-*\N{BULLET}]\s+")
# A comma in "163,696", which may also stand between two numbers.
_GROUPING = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")


def ways_to_list(text: str, read: Reader) -> list[tuple[str, ...]]:
    """The ways to take a text apart: at all commas, at those that are in no number, and not at all."""
    lines = [_BULLET.sub("", line, count=1) for line in text.strip().splitlines()]
    inside = _without_brackets(normalise(";".join(lines) if len(lines) > 1 else text, TEXT_LENGTH))
    ways = {tuple(_pieces(inside, read, grouping=grouping)): None for grouping in (False, True)}
    if len(lines) == 1 and max(map(len, ways)) > 1 and _is_read(text, read):
        ways[text.strip(),] = None
    return list(ways)


def _pieces(text: str, read: Reader, *, grouping: bool) -> Iterator[str]:
    """What stands between commas, and between "and" where that is in no name."""
    for part in _between(text, grouping=grouping):
        piece = part.strip(" '\"`")
        several = [one.strip(" '\"`") for one in _AND.split(piece)]
        yield from filter(None, several if len(several) > 1 and not _is_read(piece, read) else [piece])


def _between(text: str, *, grouping: bool) -> Iterator[str]:
    """What stands between the commas and semicolons outside of brackets."""
    inside_numbers = {found.start() for found in _GROUPING.finditer(text)} if grouping else set()
    depth = start = 0
    for position, character in enumerate(text):
        depth = max(depth + (character in _OPENING) - (character in _CLOSING), 0)
        if depth == 0 and character in ",;" and position not in inside_numbers:
            yield text[start:position]
            start = position + 1
    yield text[start:]


def _without_brackets(text: str) -> str:
    """Without the brackets around the whole: "{a, b}", but not "(1, 2), (3, 4)"."""
    depth = 0
    for position, character in enumerate(text):
        depth += (character in _OPENING) - (character in _CLOSING)
        if depth == 0:  # the first bracket is closed, or there is none
            return text[1:-1] if 0 < position == len(text) - 1 else text
    return text


def _is_read(text: str, read: Reader) -> bool:
    try:
        return bool(read(text))
    except Unreadable:
        return False

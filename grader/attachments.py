"""The pictures that a text cell brings along: attached, as Jupyter and VS Code do, or in the text itself, as Colab does."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from grader.pictures import MAX_PICTURES, NotShown, proven
from grader.records import Picture

MAX_NAME_CHARACTERS = 60
"""Of an attachment's name, in what a report says of it."""

_IN_TEXT = re.compile(r"data:image/[\w.+-]{1,40};base64,([A-Za-z0-9+/=]{100,})")
_REFERENCE = re.compile(r"!\[([^\[\]\n]{0,200})\]\(attachment:[^()\s]{1,300}(?:[ \t][^()\n]{0,200})?\)")


@dataclass(frozen=True, slots=True)
class Attached:
    """The pictures of one cell, as far as a report shows them."""

    pictures: tuple[Picture, ...] = ()
    not_shown: tuple[str, ...] = ()
    """Of each of the others, what it is and what would mend it."""


NOTHING_ATTACHED = Attached()


def without_pictures(source: str) -> str:
    """A text cell's source with a reference for each picture that stands in the text itself.

    Such a picture has a hundred times the length of an answer, and nobody reads it there.
    """
    return _IN_TEXT.sub("attachment:picture", source)


def attached(source: str, attachments: Any) -> Attached:
    """The pictures in a text cell's source and beside it.

    Args:
        source: as the student's file has it, with pictures.
        attachments: what the file gives as the cell's attachments; of any type.
    """
    inside: Iterator[tuple[str, Any]] = (("a picture", found[1]) for found in _IN_TEXT.finditer(source))
    candidates = [*inside, *_beside(attachments)]
    first = as_far_as_shown(islice(candidates, MAX_PICTURES))
    if len(candidates) <= MAX_PICTURES:
        return first
    rest = f"of {len(candidates)} pictures the first {MAX_PICTURES} were looked at"
    return Attached(first.pictures, (*first.not_shown, rest))


def as_far_as_shown(named: Iterable[tuple[str, Any]]) -> Attached:
    """The pictures that prove to be PNG or JPEG, and of each of the others its name and what is wrong with it."""
    pictures, not_shown = [], []
    for name, data in named:
        try:
            pictures.append(proven(data))
        except NotShown as trouble:
            not_shown.append(f"{name} {trouble}")
    return Attached(tuple(pictures), tuple(not_shown))


def best_of(formats: Mapping[str, Any], others: str = "") -> Any:
    """Of one picture in several formats the one that is shown, else the first; None if there is no picture.

    Args:
        formats: the data by MIME type.
        others: how the MIME types begin that are pictures as well.
    """
    mimes = [mime for mime in ("image/png", "image/jpeg") if mime in formats]
    mime = next((mime for mime in (*mimes, *formats) if mime.startswith(others)), None)
    return None if mime is None else formats[mime]


def named_references(text: str) -> str:
    """The text as a report shows it, which does not render Markdown: "[picture: sketch]" where one is shown."""
    return _REFERENCE.sub(lambda found: f"[picture: {found[1]}]" if found[1] else "[picture]", text)


def only_references(text: str) -> bool:
    """Whether the text has nothing but references to pictures."""
    return not _REFERENCE.sub("", text).strip()


def _beside(attachments: Any) -> Iterator[tuple[str, Any]]:
    """Name and data of each attachment; of several formats of one, a format that is shown."""
    for name, formats in attachments.items() if isinstance(attachments, dict) else ():
        if isinstance(formats, dict) and formats:
            yield f"{name[:MAX_NAME_CHARACTERS]!r}", best_of(formats)

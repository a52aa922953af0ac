"""Where the pages of the reports come from: one set of templates, in which all text is escaped and shows as it stands."""

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

from grader.page_files import templates

FOLDER = Path(__file__).parent / "templates"
# One pass, so that nothing grows together behind it. First what a terminal takes as a whole: colours and moves, titles and
# links, alphabets; then characters that are controls, change the direction of what comes after them, or cannot be encoded.
_UNSEEN = re.compile(
    r"(?P<sequence>(?:\x1b\[|\x9b)[0-?]{0,100}[ -/]{0,10}[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]{0,1000}(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]{1,10}[0-~]|\x1b[0-Z\\^-~])"
    r"|(?P<line>\r\n?)"
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def visible(text: str) -> str:
    """Text as it may stand in a page: what cannot be seen and changes what can is gone.

    Terminal sequences are removed as a whole; control characters, direction overrides and isolates, and lone surrogates become
    U+FFFD. Tabs and line ends stay.
    """
    # Most texts are one plain line; a regular expression takes ten times as long to say so.
    return text if text.isprintable() else _UNSEEN.sub(_in_place, text)


def _in_place(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "sequence":
            return ""
        case "line":
            return "\n"
        case _:
            return "\N{REPLACEMENT CHARACTER}"


def as_shown(value: Any) -> Any:
    """What a template puts in a page: numbers and our own markup as they are, everything else as visible text."""
    if isinstance(value, int | float) or hasattr(value, "__html__"):
        return value
    return visible(str(value))


TEMPLATES = templates(FOLDER, as_shown)
"""The templates of all pages. Text of students goes through `{{ ... }}` as it is; text that is `Markup` already is left alone."""


@cache
def templates_digest() -> str:
    """Of all templates, styles and scripts: with another one, pages are other pages."""
    files = sorted(file for file in FOLDER.iterdir() if file.is_file())
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()

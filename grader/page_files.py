"""What pages are made from: templates in which all text is escaped, and a page's own style and script, which stand in the page."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup


def templates(folder: Path, finalize: Callable[[Any], Any] | None = None) -> Environment:
    """The templates of a folder.

    Args:
        folder: of ours.
        finalize: what is done to every value before it is escaped.
    """
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,  # everything a student wrote is hostile
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # else the file is looked at for every student
    )


@dataclass(frozen=True)
class Inline:
    """A style or a script, which is all that a browser applies and runs."""

    text: Markup
    source: str
    """Its hash, as a source of the Content Security Policy (level 2): 'sha256-...'."""


@cache
def inline(folder: Path, *names: str) -> Inline:
    """Files of a folder, in this order, as one style or script.

    Args:
        folder: of ours.
        names: files in which nothing is filled in, so that they are safe as they are.
    """
    text = "".join((folder / name).read_text("utf-8") for name in names)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Inline(Markup(text), f"sha256-{digest}")  # noqa: S704

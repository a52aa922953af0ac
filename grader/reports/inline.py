"""A page's own style and script, which stand in the page and are all that a browser applies and runs."""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup

from grader.reports.environment import FOLDER


@dataclass(frozen=True)
class Inline:
    """A style or a script."""

    text: Markup
    source: str
    """Its hash, as a source of the Content Security Policy (level 2): 'sha256-...'."""


@cache
def inline(*names: str) -> Inline:
    """Files beside the templates, in this order, as one style or script.

    Args:
        names: files of ours in which nothing is filled in, so that they are safe as they are.
    """
    text = "".join((FOLDER / name).read_text("utf-8") for name in names)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Inline(Markup(text), f"sha256-{digest}")  # noqa: S704


@cache
def templates_digest() -> str:
    """Of all templates, styles and scripts: with another one, pages are other pages."""
    files = sorted(file for file in FOLDER.iterdir() if file.is_file())
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()

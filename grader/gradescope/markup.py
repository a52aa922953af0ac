"""HTML inside Gradescope: plain elements without styles, since it removes everything else, and no longer than it shows."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from grader.gradescope.results import MOST_CHARACTERS
from grader.page_files import templates
from grader.reports.environment import as_shown
from grader.reports.part_view import PartView

_TEMPLATES = templates(Path(__file__).parent / "templates", as_shown)
_LONGEST_TEXT = 5_000
"""Characters of one text of a student where all of them together are too long; escaped it may be five times as long."""
_TOO_LONG = "<p>This is too long to be shown here.</p>"


def html(template: str, *views: Any) -> str:
    """A template filled in with the first view with which it is not too long to be shown; all text in it is escaped.

    Args:
        template: of `templates/`.
        views: the same, in more and more detail the earlier it comes.
    """
    made = (_TEMPLATES.get_template(template).render(view=view) for view in views)
    return next((text for text in made if len(text) <= MOST_CHARACTERS), _TOO_LONG)


def part_html(view: PartView) -> str:
    """One part of a submission."""
    short = replace(
        view, answer=_cut(view.answer), read_as=_cut(view.read_as), comment=_cut(view.comment), items=view.items[:0]
    )
    return html("entry.html", view, short)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]} …"

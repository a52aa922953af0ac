"""What templates make of text: it is escaped, and nothing unseen is left in it."""

import unicodedata
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markupsafe import Markup, escape

from grader.page_files import inline
from grader.records import Status
from grader.reports.environment import FOLDER, TEMPLATES, visible

GONE = "\ufffd"
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def rendered(value: object) -> str:
    return TEMPLATES.from_string("{{ value }}").render(value=value)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("plain", "plain"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\x00nul\x0b", "\ufffdnul\ufffd"),
        ("c1 \x85 \x9c del \x7f", "c1 \ufffd \ufffd del \ufffd"),
        ("lone \ud800 surrogate", "lone \ufffd surrogate"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b(Balphabet\x1bcreset", "alphabetreset"),
        ("\x1b]0;without an end", "\ufffd]0;without an end"),
        ("\x1b\x1b[0m[31mgrown together", "\ufffd[31mgrown together"),
        (f"1{BIDI}2", f"1{9 * GONE}2"),
        (
            "e\u0301 \U0001f469\u200d\U0001f4bb \u0645\u200c\u0647",
            "e\u0301 \U0001f469\u200d\U0001f4bb \u0645\u200c\u0647",
        ),
    ],
)
def test_what_cannot_be_seen_is_replaced_or_removed(text: str, left: str) -> None:
    assert visible(text) == left


@given(st.text(st.characters(codec=None) | st.sampled_from("\x1b\x9b\x9d[]m;\r\n\x07\\" + BIDI)))
def test_nothing_unseen_is_left_of_any_text(text: str) -> None:
    left = visible(text)
    assert {c for c in left if unicodedata.category(c) in {"Cc", "Cs"}} <= {"\n", "\t"}
    assert not set(BIDI) & set(left)
    assert visible(left) == left
    left.encode("utf-8")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("<b>\x00", "&lt;b&gt;\ufffd"),
        (Status.GRADED, "graded"),
        (Fraction(1, 2), "1/2"),
        (7, "7"),
        (Exception("\x1b[1m<i>"), "&lt;i&gt;"),
        (Markup("<b>\x1b</b>"), "<b>\x1b</b>"),
    ],
)
def test_templates_escape_everything_but_markup(value: object, text: str) -> None:
    assert rendered(value) == text


@given(st.text(max_size=40))
def test_a_template_shows_the_visible_text(text: str) -> None:
    assert rendered(text) == str(escape(visible(text)))


@pytest.mark.parametrize("write", [lambda text: f"<p>{text}</p>", lambda text: f'<a href="x" title="{text}">x</a>'])
def test_attributes_are_as_safe_as_text(write: Callable[[str], str]) -> None:
    hostile = '"><script>alert(1)</script>\x00'
    page = TEMPLATES.from_string(write("{{ value }}")).render(value=hostile)
    assert "<script" not in page
    assert "\x00" not in page


def test_what_a_page_forgets_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        TEMPLATES.from_string("{{ page }}").render()


def test_a_style_is_known_to_the_policy_by_its_hash() -> None:
    style = inline(FOLDER, "report.css")
    assert style.source.startswith("sha256-")
    assert rendered(style.text) == str(style.text)
    assert inline(FOLDER, "report.css", "report.css").source != style.source

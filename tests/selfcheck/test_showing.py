"""What the self-check says, in a terminal and in a notebook."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser

from grader.selfcheck.judging.judged import CheckedItem, Judgement, Standing
from grader.selfcheck.notebook.showing import ABOUT, MAY_COUNT, as_html, as_text
from tests.pages import lowest_contrast, opened_browser

HOSTILE = "</style></td></div><script>alert(1)</script><img src=x onerror=alert(2)>$\\href{javascript:alert(3)}{x}$\x1b[31m\x07\u202egnp\u2066"
STEERS = set("\x1b\x07\u202e\u2066")
OWN_TAGS = {
    "div",
    "style",
    "p",
    "table",
    "tbody",
    "tr",
    "th",
    "td",
    "code",
    "span",
    "b",
    "details",
    "summary",
    "ul",
    "li",
}


def judgement(standing: Standing = Standing.RIGHT, **fields: Any) -> Judgement:
    plain = {"problem": "boxes", "part": "area", "variable": "area", "title": "Area", "standing": standing}
    return Judgement(**(plain | fields))


def hostile(standing: Standing) -> Judgement:
    items = tuple(CheckedItem(name=HOSTILE, read_as=HOSTILE, right=right) for right in (True, False, None))
    fields = ("variable", "title", "read_as", "message", "hint", "convention")
    return judgement(standing, items=items, **(dict.fromkeys(fields, HOSTILE + "W" * 300) | {"title": HOSTILE}))


ALL = [hostile(standing) for standing in Standing]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened_browser() as opened:
        yield opened


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes += [name for name, _ in attrs]


def words(html: str) -> str:
    """The texts of a page, without its style."""
    return re.sub(r"<[^>]*>", " ", re.sub(r"<style>.*</style>", "", html, flags=re.DOTALL))


@pytest.mark.parametrize("standing", Standing)
def test_every_standing_has_a_word_and_a_sign_and_not_only_a_colour(standing: Standing) -> None:
    for shown in (as_text([judgement(standing)]), words(as_html([judgement(standing)]))):
        assert standing.value in shown
        assert re.search(r"[✓✗•–?!○]", shown)


def test_all_that_a_judgement_says_is_shown() -> None:
    items = (CheckedItem(name="width", read_as="4", right=True), CheckedItem(name="height", read_as="9"))
    said = {"read_as": "5 * 5", "message": "Nearly.", "hint": "Why?", "convention": "an inch"}
    one = judgement(Standing.NOT_RIGHT, items=items, **said)
    for shown in (as_text([one]), words(as_html([one]))):
        for expected in ("area", "Area", "not right", *said.values(), "width: 4, right", "height: 9, read", MAY_COUNT):
            assert expected in shown


def test_several_answers_are_counted_and_what_this_is_stands_there_once() -> None:
    several = [judgement(), judgement(), judgement(Standing.BLANK)]
    for shown in (as_text(several), words(as_html(several))):
        assert "3 answers: 2 right, 1 blank." in shown
        assert shown.count(ABOUT) == 1
    assert "answers:" not in as_text(several[:1])


def test_where_an_answer_is_not_here_it_is_said_once_how_to_look_at_it() -> None:
    both = [judgement(Standing.NOT_HERE), judgement(Standing.NOT_HERE)]
    assert as_text(both).count("grader check notebook.ipynb") == 1
    assert "grader check notebook.ipynb" not in as_text([judgement()])


def test_remarks_come_first_and_may_stand_alone() -> None:
    assert as_text([], ["Nothing is called so."]) == "Nothing is called so."
    assert "<table>" not in as_html([], ["Nothing is called so."])
    assert as_text([judgement()], ["Remark."]).startswith("Remark.\n")


def test_text_of_a_student_steers_no_terminal() -> None:
    shown = as_text(ALL, [HOSTILE])
    assert "<script>alert(1)</script>" in shown
    assert not STEERS & set(shown)


def test_text_of_a_student_becomes_no_element() -> None:
    html = as_html(ALL, [HOSTILE])
    tags = _Tags()
    tags.feed(html)
    assert set(tags.seen) == OWN_TAGS
    assert set(tags.attributes) <= {"class", "scope", "aria-hidden", "open"}
    assert not STEERS & set(html)
    assert "mathjax_ignore" in html  # else "$" would begin a formula


def test_the_page_loads_nothing() -> None:
    assert not re.search(
        r"https?:|url\(|@import|<script|<link|src=", as_html([judgement(item_free) for item_free in Standing])
    )


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 900), ("dark", 320)])
def test_it_can_be_read_in_every_theme_and_in_a_narrow_cell(
    browser: Browser, scheme: Literal["light", "dark"], width: int
) -> None:
    colours = {"light": "color: #222; background: #fff", "dark": "color: #ddd; background: #111"}[scheme]
    page = browser.new_page(viewport={"width": width, "height": 800})
    happened: list[str] = []
    page.on("dialog", lambda dialog: happened.append(dialog.message))
    page.on("request", lambda request: happened.append(request.url))
    page.set_content(f"<body style='margin: 8px; {colours}'>{as_html(ALL, [HOSTILE])}</body>")
    page.locator("summary").first.click()
    assert page.locator("li").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(lowest_contrast("b")) >= 4.5
    signs = page.evaluate("[...document.querySelectorAll('b')].map(e => getComputedStyle(e).color)")
    assert len(set(signs)) == 3
    assert happened == []
    page.close()

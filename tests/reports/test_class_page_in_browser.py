"""class.html in a real browser: nothing of a student runs, everybody can read it, and the keyboard sorts and filters."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Dialog, Page

from grader.records import FailureKind, Outcome, Status
from grader.reports.class_page import class_html
from grader.reports.standing import LATE_UNKNOWN, Standing, Stopped
from tests.pages import lowest_contrast, opened_browser, violations
from tests.reports.grades import homework
from tests.reports.standings import apart, made_up_class, one, part
from tests.reports.test_page_in_browser import HOSTILE

pytestmark = pytest.mark.browser

NAME = "hw5_cnn_sizes"
OWN_TAGS = {
    "html", "head", "meta", "title", "style", "script", "body", "header", "main", "nav", "section", "article", "div",
    "h1", "h2", "h3", "p", "span", "em", "a", "dl", "dt", "dd", "code", "ul", "li", "bdi", "br", "wbr", "details",
    "summary", "pre", "table", "caption", "thead", "tbody", "tr", "th", "td", "label", "input", "button",
    "svg", "g", "path", "text",
}  # fmt: skip
LOWEST_CONTRAST = lowest_contrast("script, style, svg, [hidden], details:not([open]) > :not(summary)")
NUMBERS = "() => [...document.querySelectorAll('#students-table tbody tr')].map(row => row.cells[1].textContent)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened_browser() as opened:
        yield opened


def hostile_class() -> list[Standing]:
    """Students who write what may run into every field that a page shows, and a class around them."""
    parts = [part(0.0, f"unexplained={HOSTILE}", unexplained=HOSTILE) for _ in homework(NAME).parts]
    findings = [
        "wrong={}",
        "extra={},missing=3",
        "convention(gigabyte={})",
        "mixed(axes={})",
        "slip({})",
        "{}",
        "step={}",
    ]
    of_findings = [part(0.5, finding.format(HOSTILE)) for finding in findings]
    stopped = tuple(Stopped(kind, HOSTILE, HOSTILE) for kind in FailureKind)
    mallory = one(HOSTILE, *parts, name=NAME, stopped=stopped, isolation=HOSTILE, late=HOSTILE, note=HOSTILE)
    trudy = one(f"trudy{HOSTILE}", *of_findings, *parts[len(findings) :], name=NAME, late=LATE_UNKNOWN)
    totals = mallory.totals._replace(points=HOSTILE, pending=HOSTILE)
    others = [
        apart(f"{status}{HOSTILE}", status, outcome, HOSTILE, NAME)
        for status, outcome in (
            (Status.NO_SUBMISSION, Outcome.BLANK),
            (Status.OTHER_HOMEWORK, Outcome.AWAITS_REVIEW),
            (Status.NOT_A_NOTEBOOK, Outcome.UNREADABLE),
            (Status.FAULT, Outcome.GRADER_FAULT),
        )
    ]
    *made_up, near, far = made_up_class(30, NAME)
    quarters = [
        replace(one, totals=one.totals._replace(points=points)) for one, points in ((near, "9.25"), (far, "9.5"))
    ]
    return [replace(mallory, totals=totals), trudy, *others, *made_up, *quarters]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.mktemp("class") / "class.html"
    written.write_text(class_html(hostile_class(), homework(NAME)), encoding="utf-8", errors="replace")
    return written


@pytest.fixture
def page(browser: Browser, file: Path) -> Iterator[Page]:
    with browser.new_context() as context:
        opened = context.new_page()
        opened.goto(file.as_uri())
        yield opened


def test_nothing_of_a_student_runs_and_no_element_is_foreign(browser: Browser, file: Path) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))

        def dismissed(dialog: Dialog) -> None:
            said.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", dismissed)
        page.on("request", lambda request: said.extend({request.url} - {file.as_uri()}))
        page.goto(file.as_uri())
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
        page.locator("th button").evaluate_all("all => all.forEach(one => one.click())")
        page.get_by_label("Filter students").fill("script")
        tags = page.evaluate("() => [...document.querySelectorAll('*')].map(one => one.localName)")
        assert set(tags) <= OWN_TAGS
        assert page.locator("script").count() == page.locator("style").count() == page.locator("svg").count() == 1
        links = page.locator("a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        assert all(re.fullmatch(r"#[\w-]+|staff/[^/]+/report\.html", link) for link in links)
        assert said == []


def test_no_text_turns_another_round_or_hides_in_controls(page: Page) -> None:
    text = page.locator("body").text_content() or ""
    assert not set(text) & set("\x00\x08\x1b\x9b\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
    assert "<script>alert(1)" in text


def test_it_keeps_the_rules_of_accessibility(browser: Browser, tmp_path: Path) -> None:
    written = tmp_path / "class.html"
    class_ = [*made_up_class(12, NAME), *(replace(one, note="") for one in hostile_class()[2:6])]
    written.write_text(class_html(class_, homework(NAME)), encoding="utf-8", errors="replace")
    with browser.new_context(bypass_csp=True) as context:
        page = context.new_page()
        page.goto(written.as_uri())
        assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(browser: Browser, file: Path, scheme: Literal["light", "dark"]) -> None:
    with browser.new_context(color_scheme=scheme, viewport={"width": 1200, "height": 900}) as context:
        page = context.new_page()
        page.goto(file.as_uri())
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
        assert page.evaluate(LOWEST_CONTRAST) >= 4.5
        assert page.evaluate("() => getComputedStyle(document.querySelector('svg text')).fill") == page.evaluate(
            "() => getComputedStyle(document.body).color"
        )


@pytest.mark.parametrize("width", [320, 768])
def test_the_page_never_scrolls_sideways(browser: Browser, file: Path, width: int) -> None:
    with browser.new_context(viewport={"width": width, "height": 700}) as context:
        page = context.new_page()
        page.goto(file.as_uri())
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_the_keyboard_sorts_numbers_as_numbers_and_leaves_what_is_not_known_last(page: Page) -> None:
    button = page.locator("#students-table").get_by_role("button", name="Total of")
    head = page.locator("#students-table th[aria-sort]")
    for key, order, direction in (("Enter", "ascending", 1), ("Space", "descending", -1)):
        button.press(key)
        assert head.get_attribute("aria-sort") == order
        shown = page.evaluate(NUMBERS)
        known = [float(number) for number in shown if number.replace(".", "").isdigit()]
        assert len(known) > 20
        assert known == sorted(known, reverse=direction < 0)
        unknown = len(shown) - len(known)
        assert not any(number.replace(".", "").isdigit() for number in shown[-unknown:])
    assert head.count() == 1


def test_names_sort_by_their_letters_and_only_one_column_is_the_sorted_one(page: Page) -> None:
    table = page.locator("#students-table")
    table.get_by_role("button", name="Seconds").press("Enter")
    button = table.get_by_role("button", name="Student")
    button.press("Enter")
    first = table.locator("tbody tr").first.inner_text()
    button.press("Enter")
    assert table.locator("tbody tr").last.inner_text() == first
    assert table.locator("th[aria-sort]").count() == 1


def test_a_filter_shows_the_rows_with_all_of_its_words_and_says_how_many(page: Page) -> None:
    field = page.get_by_label("Filter students")
    field.focus()
    page.keyboard.type("STUDENT 0001")
    said = page.locator("[data-table=students-table] [role=status]")
    said.filter(has_text="11 of 36 shown").wait_for()
    assert page.locator("#students-table tbody tr:visible").count() == 11
    field.fill("")
    said.filter(has_text="36 of 36 shown").wait_for()


def test_without_its_script_the_page_is_complete(browser: Browser, file: Path) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(file.as_uri())
        assert page.locator("#students-table tbody tr:visible").count() == 36
        assert page.locator("input:visible, button").count() == 0


def test_on_paper_it_has_no_fields_and_fits_its_width(browser: Browser, file: Path) -> None:
    with browser.new_context(viewport={"width": 680, "height": 960}) as context:
        page = context.new_page()
        page.goto(file.as_uri())
        page.emulate_media(media="print")
        assert page.locator("input:visible, nav:visible").count() == 0
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 680

"""A student's page in a real browser: nothing of a student runs, and everybody can read it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Dialog, Page

from grader.course import Homework
from grader.records import (
    CellFailure,
    Drawing,
    FailureKind,
    Grade,
    Item,
    Lateness,
    Outcome,
    Picture,
    Size,
    Sizes,
    Verdict,
)
from grader.reports.student_page import staff_html, student_html
from grader.reveal import Reveal, Revealed
from tests import written_homework
from tests.pages import lowest_contrast, opened_browser, violations
from tests.reports.grades import PICTURE, grade, homework, verdicts
from tests.written_homework import png, text

pytestmark = pytest.mark.browser

HOSTILE = (
    "</title></style></pre></code></svg>--><script>alert(1);console.log(2)</script><img src=x onerror=alert(3)>"
    '<a id=evil href="javascript:alert(4)">go</a><iframe srcdoc="<script>alert(5)</script>"></iframe><style>*{display:none}</style>'
    "<svg onload=alert(6)><base href=//evil.example><meta http-equiv=refresh content='0;url=//evil.example'>"
    "\" onmouseover=alert(7) x='{{7*7}}{% raw %}&lt;script&gt;alert(8)&lt;/script&gt;"
    "\x00\x08\x1b[31m\x1b]8;;javascript:alert(9)\x07\x9b\u202egnp\u2066\ufeff\u2028\ud800" + "W" * 300
)
SUGGESTION = "only the marker reads this"
# Wider than any telephone, with words of a student behind its end.
PHOTOGRAPH = Picture(mime="image/png", data=text(png(3000, 400, behind=HOSTILE.encode(errors="replace"))))
OWN_TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "article", "div", "h1",
    "h2", "h3", "p", "span", "strong", "a", "dl", "dt", "dd", "code", "ul", "li", "bdi", "figure", "details",
    "summary", "pre", "nav", "svg", "g", "defs", "path", "use", "clippath", "rect", "text", "line", "circle", "tspan",
    "img",
}  # fmt: skip
KINDS = ["file", "written", "staff", "untold"]
LOWEST_CONTRAST = lowest_contrast("svg")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened_browser() as opened:
        yield opened


def _hostile_verdicts() -> Iterator[Verdict]:
    """Every outcome and every field, over the parts of a homework with tables and paths."""
    item = Item(name=HOSTILE, read_as=HOSTILE, right=False, expected=HOSTILE)
    layers = tuple(Size(name=HOSTILE, given=given, expected=2.0, right=False) for given in (1.0, 3.0, None))
    forms: tuple[Literal["bars", "squares"], ...] = ("bars", "squares")
    fields: dict[str, Any] = {
        "answer": HOSTILE,
        "read_as": HOSTILE,
        "expected": HOSTILE,
        "message": HOSTILE,
        "hint": HOSTILE,
        "convention": HOSTILE,
        "comment": HOSTILE,
        "cell": 7,
        "items": (item, item),
        "suggestion": SUGGESTION,
        "pictures": (PICTURE, PHOTOGRAPH),
    }
    drawing = Drawing(student=((0.0, 0.0), (float("nan"), 1e300)), reference=((0.0, 0.0), (1.0, 1.0)), wrong_steps=(1,))
    for number, plain in enumerate(verdicts("hw5_networks", Outcome.CORRECT, Fraction(1), **fields)):
        outcome = list(Outcome)[number % len(Outcome)]
        points = None if outcome.pending else Fraction(1, 3)
        changed: dict[str, Any] = {"outcome": outcome, "points": points, "finding": HOSTILE}
        if number % 5 == 0:
            changed["marked_by"] = HOSTILE
        if plain.problem == "receptive_field":
            changed["sizes"] = tuple(Sizes(form=form, unit="values", layers=layers) for form in forms)
        if plain.problem == "momentum_paths" and plain.part.endswith("_path"):
            changed["drawing"] = drawing
        yield plain.model_copy(update=changed)


@pytest.fixture(scope="module")
def hostile() -> Grade:
    """A grade with hostile text wherever a text can be."""
    failure = CellFailure(cell=0, kind=FailureKind.ERROR, name=HOSTILE, message=HOSTILE, traceback=HOSTILE)
    late = Lateness(seconds=1.0, words=HOSTILE)
    return grade(
        HOSTILE, *_hostile_verdicts(), name="hw5_networks", note=HOSTILE, isolation="none", failures=(failure,), late=late
    )  # fmt: skip


def told(level: Reveal) -> Homework:
    return replace(homework("hw5_networks"), reveal=Revealed(students=level))


@pytest.fixture(scope="module")
def file(hostile: Grade, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a student who is told everything."""
    return saved(tmp_path_factory, student_html(hostile, told(Reveal.ANSWERS), executed=True))


@pytest.fixture(scope="module")
def untold(hostile: Grade, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a student who is told nothing yet."""
    return saved(tmp_path_factory, student_html(hostile, told(Reveal.NOTHING), executed=True))


@pytest.fixture(scope="module")
def staff(hostile: Grade, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The staff's page about the same student."""
    return saved(tmp_path_factory, staff_html(hostile, homework("hw5_networks"), executed=True))


def saved(tmp_path_factory: pytest.TempPathFactory, html: str) -> Path:
    page = tmp_path_factory.mktemp("page") / "report.html"
    page.write_text(html, encoding="utf-8", errors="replace")
    return page


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a homework that a person marks."""
    asked = written_homework.homework(tmp_path_factory.mktemp("written") / "course")
    fields: dict[str, Any] = {"suggestion": SUGGESTION, "pictures": (PICTURE, PHOTOGRAPH), "cell": 3}
    verdicts = tuple(
        Verdict(problem=problem.name, part=part, outcome=Outcome.AWAITS_REVIEW, points=None, finding="f", answer=words,
                max_points=problem.parts[part].points, extra=problem.parts[part].extra, **fields)
        for (problem, part), words in zip(asked.parts, (HOSTILE, "one\n\n  two " + HOSTILE, "e\u0301" * 9, "\u05d0"), strict=True)
    )  # fmt: skip
    return saved(tmp_path_factory, student_html(grade("al", *verdicts, name="hw1"), asked, executed=True))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_a_student_wrote_runs_or_becomes_an_element(
    page: Page, kind: str, request: pytest.FixtureRequest
) -> None:
    file: Path = request.getfixturevalue(kind)
    happened: list[str] = []

    def dismissed(dialog: Dialog) -> None:
        happened.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismissed)
    page.on("console", lambda message: happened.append(message.text))
    page.on("pageerror", lambda error: happened.append(str(error)))
    page.on(
        "request", lambda request: None if request.url.startswith("data:image/png;") else happened.append(request.url)
    )
    page.goto(file.as_uri())
    page.wait_for_timeout(300)
    assert happened == [file.as_uri()]  # one file, and no request besides
    if kind != "written":
        assert page.title().startswith(f"{homework('hw5_networks').title}: </title>")
    tags = page.evaluate("[...new Set([...document.querySelectorAll('*')].map(e => e.localName.toLowerCase()))]")
    assert set(tags) <= OWN_TAGS
    links = page.evaluate("[...document.querySelectorAll('[href]')].map(e => e.getAttribute('href'))")
    assert all(
        re.fullmatch(r"(\.\./\.\./students/[\w%.-]+/)?executed\.ipynb|#[\w-]+", link) for link in set(links) if link
    )
    names = page.evaluate("[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames())")
    assert not [name for name in names if name.startswith("on")]
    assert page.locator("section").count() == (1 if kind == "written" else len(homework("hw5_networks").problems) + 1)
    assert (SUGGESTION in page.content()) is (kind == "staff")
    assert not set(page.evaluate("document.body.innerText")) & set("\x00\x08\x1b\x07\x9b\u202e\u2066")


def test_every_picture_is_shown_with_words_for_those_who_do_not_see_it(page: Page, written: Path) -> None:
    page.goto(written.as_uri())
    widths = page.evaluate("Promise.all([...document.images].map(i => i.decode().then(() => i.naturalWidth)))")
    assert widths == [30, 3000] * 4
    assert page.evaluate("[...document.images].every(i => /^Picture . of 2/.test(i.alt))")


def test_a_written_answer_keeps_its_lines(page: Page, written: Path) -> None:
    page.goto(written.as_uri())
    assert page.locator(".written").nth(1).inner_text().startswith("one\n\n  two </title>")


def test_what_a_student_wrote_can_be_read_as_it_stands(page: Page, file: Path) -> None:
    page.goto(file.as_uri())
    page.locator("summary").first.click()
    assert "<script>alert(1);console.log(2)</script>" in page.locator("details code").first.inner_text()
    assert page.locator("pre").inner_text().startswith("</title></style></pre>")


# What the staff reads has all that students read, and more.
@pytest.mark.parametrize(
    ("kind", "scheme"), [("staff", "light"), ("staff", "dark"), ("untold", "light"), ("written", "light")]
)
def test_whoever_uses_a_keyboard_or_a_screen_reader_can_use_the_page(
    browser: Browser, kind: str, scheme: Literal["light", "dark"], request: pytest.FixtureRequest
) -> None:
    file: Path = request.getfixturevalue(kind)
    context = browser.new_context(bypass_csp=True, color_scheme=scheme)
    page = context.new_page()
    page.goto(file.as_uri())
    assert violations(page) == []
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3')].map(e => Number(e.localName[1]))")
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    context.close()


def test_a_click_at_the_top_leads_to_its_part(page: Page, file: Path) -> None:
    page.goto(file.as_uri())
    page.locator(".chip").nth(3).focus()
    page.keyboard.press("Enter")
    anchor = page.evaluate("location.hash")
    assert page.locator(anchor).locator("h3").is_visible()
    assert page.evaluate("document.querySelector(':target').id") == anchor[1:]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 800, 1400])
@pytest.mark.parametrize("kind", ["staff", "written"])
def test_nothing_scrolls_sideways_and_every_text_has_contrast(
    browser: Browser, kind: str, width: int, scheme: Literal["light", "dark"], request: pytest.FixtureRequest
) -> None:
    file: Path = request.getfixturevalue(kind)
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(LOWEST_CONTRAST) >= 4.5
    context.close()


@pytest.mark.parametrize(("width", "beside"), [(1200, True), (390, False)])
def test_a_path_is_drawn_beside_the_text_where_there_is_room(
    page: Page,
    file: Path,
    width: int,
    beside: bool,  # noqa: FBT001 - a column of the table
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(file.as_uri())
    body = page.locator(".body", has=page.locator("figure")).first
    text, figure = body.locator(".text").bounding_box(), body.locator("figure").first.bounding_box()
    assert text is not None
    assert figure is not None
    assert (figure["x"] >= text["x"] + text["width"]) is beside
    assert (figure["y"] >= text["y"] + text["height"]) is not beside


def test_the_page_prints_in_dark_letters_on_white_whatever_the_screen(browser: Browser, file: Path) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(file.as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 35, 41)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf(format="A4").startswith(b"%PDF")
    context.close()

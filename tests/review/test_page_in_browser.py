"""The page for marking in a real browser: it marks, it saves what the import takes, and nothing of a student runs."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Dialog, Page

from grader.records import Outcome, Result
from grader.review.marks import Marks, read_marks
from grader.review.page import review_html
from grader.review.questions import waiting
from tests.pages import lowest_contrast, opened_browser
from tests.reports.grades import PICTURE
from tests.review.class_of_answers import HOSTILE, homework, result, small_class, with_verdict

pytestmark = pytest.mark.browser

OWN_TAGS = {
    "html", "head", "meta", "title", "style", "script", "body", "header", "main", "nav", "section", "article", "div",
    "h1", "h2", "h3", "p", "span", "a", "dl", "dt", "dd", "code", "kbd", "ul", "li", "details", "summary", "img",
    "button", "progress", "fieldset", "legend", "label", "input", "textarea", "noscript",
}  # fmt: skip
LOWEST_CONTRAST = lowest_contrast("script, style, noscript")


def hostile_class() -> dict[str, Result]:
    """Two students who wrote the same, in every field that the page shows, one whose answer could not be read, and one marked."""
    fields: dict[str, Any] = {"suggestion": HOSTILE, "read_as": HOSTILE, "finding": HOSTILE, "message": HOSTILE}
    answers = dict.fromkeys(["activation_property", "why_batch_norm", "can_linear_do_it"], HOSTILE)
    results = [result(name, answers, pictures=(PICTURE,), **fields) for name in ("mal", "mallory")]
    results.append(
        with_verdict(result("eve", answers, **fields), "why_batch_norm", outcome=Outcome.UNREADABLE, answer="")
    )
    return {one.grade.student: one for one in results}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened_browser() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def written(folder: Path, results: dict[str, Result], *, everything: bool = False, title: str = "Homework 5") -> Path:
    file = folder / "review.html"
    questions = waiting(results.values(), homework(), everything=everything)
    file.write_text(review_html(questions, title), encoding="utf-8", errors="replace")
    return file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path, small_class())


def saved(page: Page, results: dict[str, Result]) -> Marks:
    """The table that the page saves, as it is read."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Save marks").click()
    assert download.value.suggested_filename == "review.csv"
    text = Path(download.value.path()).read_bytes().decode("utf-8")
    return read_marks(text, "review.csv", results, homework())


def given(marks: Marks) -> list[tuple[str, str, Fraction, str]]:
    return [(mark.student, mark.part, mark.points, mark.comment) for mark in marks.given]


def test_what_is_marked_on_the_page_is_what_the_import_reads(page: Page, file: Path) -> None:
    page.goto(file.as_uri())
    card = page.locator(".card", has_text="ada, zoe")
    card.get_by_role("checkbox").check()
    card.get_by_role("textbox", name="Comment").fill('=good, "quite";\nso')
    page.locator(".card", has_text="007").get_by_role("textbox", name="Points").fill("0,5")
    assert page.locator("#left").inner_text() == "3 of 5 left"
    marks = saved(page, small_class())
    words = '=good, "quite";\nso'
    assert given(marks) == [
        ("ada", "why_batch_norm", 1, words),
        ("zoe", "why_batch_norm", 1, words),
        ("007", "why_momentum", Fraction(1, 2), ""),
    ]
    assert (marks.empty, marks.troubles) == (3, ())


def test_one_button_gives_a_whole_group_the_same(page: Page, file: Path) -> None:
    page.goto(file.as_uri())
    card = page.locator(".card", has_text="ada, zoe")
    card.get_by_role("textbox", name="Points").fill("0.5")
    card.get_by_role("textbox", name="Comment").fill("more, please")
    card.get_by_role("button", name="Same for the whole group").click()
    assert {mark[0] for mark in given(saved(page, small_class()))} == {"ada", "zoe", "bo"}
    assert page.locator(".card", has_text="cy").get_by_role("textbox", name="Points").input_value() == ""


def test_items_of_the_rubric_add_up_and_points_may_be_typed_over_them(page: Page, tmp_path: Path) -> None:
    results = {"ada": result("ada", {"activation_property": "It is not linear."})}
    page.goto(written(tmp_path, results).as_uri())
    points = page.get_by_role("textbox", name="Points")
    first, second = page.get_by_role("checkbox").all()
    first.check()
    second.check()
    assert points.input_value() == "2"
    second.uncheck()
    assert points.input_value() == "1"
    points.fill("1.5")
    assert given(saved(page, results))[0][2] == Fraction(3, 2)


def test_the_keyboard_is_enough(page: Page, tmp_path: Path) -> None:
    results = {
        name: result(name, {"activation_property": f"{words} of it"}) for name, words in (("ada", "All"), ("bo", "Nil"))
    }
    page.goto(written(tmp_path, results).as_uri())
    page.get_by_role("button", name="Next without points").press("Enter")
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    page.keyboard.press("Alt+1")
    with page.expect_download() as download:
        page.keyboard.press("Control+s")
    text = Path(download.value.path()).read_text("utf-8")
    assert sorted(mark[2] for mark in given(read_marks(text, "r", results, homework()))) == [0, 1]


@pytest.mark.parametrize("points", ["2", "-1", "x", "1e0", "0.1234", "1/0"])
def test_points_that_the_import_would_not_take_are_told_at_once_and_not_saved(
    page: Page, file: Path, points: str
) -> None:
    page.goto(file.as_uri())
    card = page.locator(".card", has_text="cy")
    card.get_by_role("textbox", name="Points").fill(points)
    assert card.get_by_role("alert").inner_text()
    page.on("download", lambda _: pytest.fail("it was saved"))
    page.get_by_role("button", name="Save marks").click()
    assert "Not saved" in page.locator("#said").inner_text()
    assert card.get_by_role("textbox", name="Points").evaluate("field => field === document.activeElement")


def test_a_comment_without_points_is_told(page: Page, file: Path) -> None:
    page.goto(file.as_uri())
    card = page.locator(".card", has_text="cy")
    card.get_by_role("textbox", name="Comment").fill("hm")
    assert card.get_by_role("alert").inner_text() == "A comment needs points."


def test_what_was_typed_is_there_again_for_this_export_and_for_no_other(page: Page, file: Path, tmp_path: Path) -> None:
    page.goto(file.as_uri())
    page.locator(".card", has_text="ada, zoe").get_by_role("checkbox").check()
    page.reload()
    assert page.locator(".card", has_text="ada, zoe").get_by_role("textbox", name="Points").input_value() == "1"
    assert page.locator(".card", has_text="ada, zoe").get_by_role("checkbox").is_checked()
    another = {**small_class(), "dee": result("dee", {"why_batch_norm": "Something else altogether."})}
    page.goto(written(tmp_path, another).as_uri())
    assert page.locator("#left").inner_text() == "6 of 6 left"


def test_what_was_decided_stands_in_the_fields_and_is_unchanged_when_it_is_saved(page: Page, tmp_path: Path) -> None:
    marked = with_verdict(
        result("ada", {"why_momentum": "x"}), "why_momentum", outcome=Outcome.PARTIAL, points=Fraction(1, 3),
        comment="\n=half", marked_by="Tess",
    )  # fmt: skip
    page.goto(written(tmp_path, {"ada": marked}, everything=True).as_uri())
    marks = saved(page, {"ada": marked})
    assert (marks.given, marks.empty, marks.troubles) == ((), 0, ())


def test_nothing_that_a_student_wrote_runs_or_becomes_an_element(page: Page, tmp_path: Path) -> None:
    file = written(tmp_path, hostile_class(), title="Homework <5>")
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
    for field in page.get_by_role("textbox", name="Points").all():
        field.fill("0")
    for field in page.get_by_role("textbox", name="Comment").all():
        field.fill(HOSTILE)
    for button in page.get_by_role("button", name="Same for the whole group").all():
        button.click()
    page.reload()  # what was typed is put back
    page.wait_for_timeout(300)
    assert set(happened) == {file.as_uri()}
    assert page.title() == "Review: Homework <5>"
    tags = page.evaluate("[...new Set([...document.querySelectorAll('*')].map(e => e.localName.toLowerCase()))]")
    assert set(tags) <= OWN_TAGS
    assert page.locator("script").count() == page.locator("style").count() == 1
    names = page.evaluate("[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames())")
    assert not [name for name in names if name.startswith("on")]
    links = page.evaluate("[...document.querySelectorAll('[href]')].map(e => e.getAttribute('href'))")
    assert all(link.startswith("#q") for link in links)
    assert "<script>alert(1)" in page.locator(".written").first.inner_text()
    assert len(saved(page, hostile_class()).given) == 9


def test_a_script_that_came_onto_the_page_would_not_run(page: Page, file: Path) -> None:
    text = file.read_text("utf-8").replace("</main>", "<script>document.title = 'evil'</script></main>")
    file.write_text(text, encoding="utf-8")
    page.goto(file.as_uri())
    assert page.title() == "Review: Homework 5"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 800, 1400])
def test_nothing_scrolls_sideways_and_every_text_has_contrast(
    browser: Browser, tmp_path: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.goto(written(tmp_path, {**hostile_class(), **small_class()}).as_uri())
    page.locator(".card", has_text="cy").get_by_role("textbox", name="Points").fill("99")
    page.get_by_role("button", name="Save marks").click()
    page.locator("summary").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(LOWEST_CONTRAST) >= 4.5
    context.close()


def test_the_page_prints_in_dark_letters_on_white_without_buttons(browser: Browser, file: Path) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(file.as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 35, 41)"
    assert page.locator("button:visible").count() == 0
    assert page.pdf(format="A4").startswith(b"%PDF")
    context.close()

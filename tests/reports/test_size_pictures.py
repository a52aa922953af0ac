"""Bars and squares, as text and in a real browser."""

import math
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from grader.records import Size, Sizes
from grader.reports.path_plot import path_svg
from grader.reports.size_pictures import sizes_svg
from grader.reports.size_scale import DWARFS, scale_for
from grader.reports.size_squares import squares
from grader.reports.size_words import number_text, shortened
from grader.reveal import Reveal
from tests.pages import opened_browser
from tests.reports.grades import left_of
from tests.reports.test_path_plot import STUDENT, told

TEMPLATES = Path(__file__).parents[2] / "grader" / "reports" / "templates"
HOSTILE = "</text></svg><script>alert(1)</script>\"' onload=alert(2) {{7*7}}\x00\x1b[31m\u202egnp\ud800" + "W" * 80
FORMS: tuple[Literal["bars", "squares"], ...] = ("bars", "squares")
numbers = st.one_of(st.none(), st.floats(), st.integers(-10, 10**9).map(float))
layers = st.lists(st.tuples(st.text(max_size=30), numbers, st.sampled_from([None, True, False])), max_size=6)


def sizes(form: Literal["bars", "squares"], *given: tuple[str, float | None, float | None, bool | None]) -> Sizes:
    """From name, student's number, right number, and whether it is right."""
    named = (Size(name=name, given=own, expected=expected, right=right) for name, own, expected, right in given)
    return Sizes(form=form, unit="parameters" if form == "bars" else "pixels", layers=tuple(named))


def draw(form: Literal["bars", "squares"], *given: tuple[str, float | None, float | None, bool | None]) -> str:
    svg = str(sizes_svg(sizes(form, *given)))
    assert ET.fromstring(svg).tag.endswith("svg")  # noqa: S314 - our own picture
    return svg


def texts(svg: str) -> list[str]:
    root = ET.fromstring(svg)  # noqa: S314 - our own picture
    return [" ".join("".join(one.itertext()).split()) for one in root.iter("{http://www.w3.org/2000/svg}text")]


def revealed(whole: Sizes, level: Reveal) -> Sizes:
    return left_of(level, sizes=(whole,)).sizes[0]


def lengths(svg: str, kind: str) -> list[float]:
    return [float(one) for one in re.findall(rf'<path class="{kind}"[^>]* d="M100 \d+h([\d.]+)', svg)]


def test_a_bar_is_as_long_as_its_number_is_large() -> None:
    svg = draw("bars", ("conv1", 250, None, None), ("conv2", 1000, None, None))
    small, large = lengths(svg, "student")
    assert small == pytest.approx(large / 4, abs=0.1)
    assert texts(svg) == ["parameters", "conv1", "250", "conv2", "1 000"]


def test_a_wrong_bar_has_the_right_one_below_it_where_that_is_told() -> None:
    svg = draw("bars", ("conv1", 250, 1000, False), ("conv2", 900, 900, True), ("conv3", 5, None, False))
    assert texts(svg) == [
        *("parameters", "yours", "right"),
        *("conv1", "250 ✗", "right: 1 000"),
        *("conv2", "900 ✓"),
        *("conv3", "5 ✗"),
    ]
    assert lengths(svg, "student")[0] * 4 == pytest.approx(lengths(svg, "reference")[0], abs=0.5)


def test_squares_lie_in_one_another_about_one_centre_the_largest_first() -> None:
    drawn = squares(sizes("squares", ("layer 2", 1, None, None), ("layer 1", 5, None, None), ("input", 9, None, None)))
    placed = drawn["squares"]
    assert [one.name for one in placed] == ["input", "layer 1", "layer 2"]
    assert len({(one.x + one.side / 2, one.y + one.side / 2) for one in placed}) == 1
    assert [one.side / placed[0].side for one in placed] == pytest.approx([1, 5 / 9, 1 / 9])


def test_a_wrong_square_has_the_right_one_dashed_beside_it() -> None:
    svg = draw("squares", ("stage 4", 291, 291, True), ("stage 5", 427, 483, False))
    assert texts(svg) == ["sides in pixels", "stage 5, right: 483", "stage 5: 427 ✗", "stage 4: 291 ✓"]
    assert re.findall(r'<g class="(\w+)"[^>]*stroke-dasharray', svg) == ["reference"]


def test_names_of_squares_do_not_overlap() -> None:
    rows = tuple((f"layer {number}", 100 + number, 50 + number, False) for number in range(20))
    ends = [one.label_y for one in squares(sizes("squares", *rows))["squares"]]
    assert min(after - before for before, after in pairwise(ends)) >= 15


@pytest.mark.parametrize("form", FORMS)
def test_a_number_that_dwarfs_the_others_is_cut_and_the_cut_is_marked(form: Literal["bars", "squares"]) -> None:
    usual = (("conv1", 7.0, None, None), ("conv2", 35.0, None, None), ("conv3", 99.0, None, None))
    assert 'class="cut"' not in draw(form, *usual)
    svg = draw(form, *usual, ("conv4", 1e300, None, None))
    assert svg.count('class="cut"') == 1
    assert any("1e+300" in text for text in texts(svg))


def test_the_cut_leaves_the_others_in_proportion() -> None:
    scale = scale_for([7, 99, 1e300, -5, None, math.nan], 100)
    assert (scale.of(99), scale.of(1e300), scale.of(-5), scale.of(None), scale.of(math.inf)) == (100, 100, 0, 0, 0)
    assert scale.of(7) == pytest.approx(100 * 7 / 99)
    assert scale_for([1, DWARFS], 100).largest == DWARFS
    assert scale_for([1, DWARFS + 1], 100).largest == 1


@pytest.mark.parametrize(
    ("number", "shown"),
    [(162816.0, "162 816"), (2.5, "2.5"), (0.0, "0"), (-3.0, "-3"), (1e30, "1e+30"), (None, "–"), (math.nan, "–")],
)
def test_numbers_are_grouped_in_threes_as_answers_are(number: float | None, shown: str) -> None:
    assert number_text(number) == shown


def test_a_long_name_keeps_both_its_ends() -> None:
    assert shortened("features.denseblock1.denselayer3.conv2", 15) == "feature…3.conv2"
    assert shortened("conv1", 15) == "conv1"


def test_all_of_it_is_said_in_words() -> None:
    svg = draw("bars", ("conv1", 250, 1000, False), ("conv2", None, None, None), ("conv3", 900, None, True))
    words = (
        "Bars of parameters by layer: conv1 250, not right, where 1 000 is right; conv2 no number; conv3 900, right."
    )
    assert ET.fromstring(svg).attrib["aria-label"] == words  # noqa: S314 - our own picture
    assert ET.fromstring(svg).attrib["role"] == "img"  # noqa: S314 - our own picture
    squared = ET.fromstring(draw("squares", ("a", 9, None, None)))  # noqa: S314 - our own picture
    assert squared.attrib["aria-label"] == "Receptive fields as squares in one another, sides in pixels: a 9."


@pytest.mark.parametrize("form", FORMS)
def test_a_students_name_of_a_layer_stays_text(form: Literal["bars", "squares"]) -> None:
    svg = draw(form, (HOSTILE, 5, 7, False))
    assert "<script" not in svg
    assert "onload=" not in re.sub(r'aria-label="[^"]*"', "", svg)
    assert not re.search("[\x00\x1b\u202e\ud800]", svg)


@pytest.mark.parametrize("form", FORMS)
def test_nothing_in_it_is_forbidden_to_a_strict_page(form: Literal["bars", "squares"]) -> None:
    assert "style" not in draw(form, ("conv1", 5, 7, False), ("conv2", 1e9, 7, True))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(FORMS), layers, st.lists(numbers, min_size=6, max_size=6))
def test_no_size_breaks_a_picture_or_leaves_its_box(form: Any, own: list[Any], right: list[float | None]) -> None:
    svg = draw(form, *((name, number, right[place], judged) for place, (name, number, judged) in enumerate(own)))
    width, height = (float(one) for one in re.findall(r'viewBox="0 0 (\S+) (\S+)"', svg)[0])
    assert width == 360
    places = re.findall(
        r'(?:\b[xy]="|[MLhv ])(-?[\d.]+(?:e[+-]?\d+)?)', re.sub(r">[^<]*<|aria-label=\"[^\"]*\"", "", svg)
    )
    assert all(-200 <= float(place) <= max(width, height) for place in places)


@pytest.mark.parametrize("level", [Reveal.NOTHING, Reveal.VERDICTS, Reveal.HINTS])
@settings(max_examples=50, deadline=None)
@given(st.sampled_from(FORMS), layers, st.lists(numbers, min_size=6, max_size=6))
def test_what_is_not_told_of_right_numbers_is_nowhere_in_the_picture(
    level: Reveal, form: Any, own: list[Any], right: list[float | None]
) -> None:
    """Nor what is right, where nothing is told."""
    judged = level is not Reveal.NOTHING
    one = sizes(form, *((name, number, None, right) for name, number, right in own))
    other = sizes(
        form,
        *((name, number, right[place], told if judged else None) for place, (name, number, told) in enumerate(own)),
    )
    assert sizes_svg(revealed(one, level)) == sizes_svg(revealed(other, level))


def test_where_right_numbers_are_told_they_are_in_the_picture() -> None:
    whole = sizes("bars", ("conv1", 250, 1234, False))
    assert "1 234" in sizes_svg(revealed(whole, Reveal.ANSWERS))
    assert "1 234" not in sizes_svg(revealed(whole, Reveal.HINTS))


# --- in a browser ---

PICTURES = (
    ("bars", (("conv1", 250.0, 1000.0, False), ("conv2", 900.0, 900.0, True), ("W" * 90, 1e12, None, False))),
    ("squares", (("stage 4", 7.0, 11.0, False), ("stage 5", 483.0, 483.0, True))),
)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """All pictures in a page whose policy allows no style but its own."""
    style = "".join((TEMPLATES / name).read_text("utf-8") for name in ("colours.css", "pictures.css"))
    drawn = [str(sizes_svg(sizes(form, *given))) for form, given in PICTURES]  # type: ignore[arg-type] # one of two
    drawn.append(path_svg(told(STUDENT, ((0.0, 0.0), (1.0, 1.0), (2.0, 3.0)), Reveal.ANSWERS), lambda p: float(p @ p)))
    policy = "default-src 'none'; style-src 'nonce-own'"
    with opened_browser() as browser:
        opened = browser.new_page(viewport={"width": 390, "height": 800})
        opened.set_content(
            f'<!DOCTYPE html><html lang="en"><meta http-equiv="Content-Security-Policy" content="{policy}">'
            f'<style nonce="own">{style}</style><body>{"".join(drawn)}</body></html>'
        )
        yield opened


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_of_a_picture_can_be_read_in_light_and_dark(page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    lowest = page.evaluate(
        """() => {
          const light = words => {
            const [r, g, b] = words.match(/[\\d.]+/g).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
            return .2126 * r + .7152 * g + .0722 * b;
          };
          const back = light(getComputedStyle(document.body).backgroundColor);
          const inks = [...document.querySelectorAll("svg text, svg tspan")].map(one => light(getComputedStyle(one).fill));
          return Math.min(...inks.map(ink => (Math.max(ink, back) + .05) / (Math.min(ink, back) + .05)));
        }"""
    )
    assert lowest >= 4.5


@pytest.mark.browser
def test_the_pages_style_colours_the_pictures(page: Page) -> None:
    painted = """() => ["path.student", "path.reference", "g.student", "g.reference", "g.wrong", "path.cut"].map(one => {
      const style = getComputedStyle(document.querySelector(one));
      return one.startsWith("g") || one === "path.cut" ? style.stroke : style.fill;
    })"""
    page.emulate_media(color_scheme="light")
    light = page.evaluate(painted)
    page.emulate_media(color_scheme="dark")
    assert not set(light) & set(page.evaluate(painted))


@pytest.mark.browser
def test_a_picture_is_as_wide_as_a_telephone_and_its_texts_can_be_read(page: Page) -> None:
    widths = page.evaluate("() => [...document.querySelectorAll('svg')].map(one => one.getBoundingClientRect().width)")
    assert set(widths) == {390}
    in_pixels = "one => parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a"
    fonts = page.evaluate(
        f"() => [...document.querySelectorAll('svg text:not([transform*=\"-90\"])')].map({in_pixels})"
    )
    assert min(fonts) >= 12

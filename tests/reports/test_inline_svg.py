import io
import re
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from grader.reports.inline_svg import inline


def written(label: str = "x", *, grid: bool = False) -> str:
    """A file with ticks, texts, markers, a named line and what is cut at the axes."""
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "test"}):
        figure = Figure()
        FigureCanvasSVG(figure)
        axes = figure.add_subplot(xlabel=label)
        axes.plot([1, 2, 3], [1, 4, 2], "o--", color="#aa0000", gid="student")
        axes.grid(visible=grid)
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()


@pytest.fixture(scope="module")
def picture() -> str:
    return inline(written("a < b"))


def test_nothing_is_left_that_a_strict_page_forbids_or_that_styles_the_page(picture: str) -> None:
    assert "style" not in picture
    assert "font-family" not in picture
    assert picture.startswith("<svg ")
    assert picture.endswith("</svg>")


def test_what_a_style_said_is_an_attribute(picture: str) -> None:
    root = ET.fromstring(picture)  # noqa: S314 - our own picture
    assert root.get("stroke-linejoin") == "round"
    dashed = [one for one in root.iter() if one.get("stroke-dasharray")]
    assert [one.get("stroke") for one in dashed] == ["#aa0000"]
    assert {one.get("font-size") for one in root.iter("{http://www.w3.org/2000/svg}text")} == {"10px"}


def test_black_is_the_colour_of_the_pages_text(picture: str) -> None:
    assert "#000000" in written()
    assert "#000000" not in picture
    assert 'stroke="currentColor"' in picture
    assert ' fill="currentColor"' in picture.partition(">")[0]


def test_what_matplotlib_draws_by_reference_is_written_out(picture: str) -> None:
    assert "<use" in written()
    assert "<use" not in picture
    assert picture.count("translate(") == written().count("<use")


def test_a_name_given_in_matplotlib_becomes_a_class_and_other_names_are_gone(picture: str) -> None:
    assert re.findall(r'class="([^"]*)"', picture) == ["student"]
    assert set(re.findall(r' id="([^"]*)"', picture)) == set(re.findall(r"url\(#([^)]*)\)", picture))


def test_two_pictures_on_a_page_share_no_ids() -> None:
    one, other = (set(re.findall(r' id="([^"]*)"', inline(written(label)))) for label in "xy")
    assert one
    assert not one & other


def test_a_text_stays_a_text_and_is_escaped(picture: str) -> None:
    assert ">a &lt; b</text>" in picture


def test_it_is_smaller_than_the_file(picture: str) -> None:
    assert len(picture) < 0.6 * len(written("a < b"))

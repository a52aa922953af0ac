import math
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.records import Drawing
from grader.reports.path_plot import path_svg

Path = tuple[tuple[float, ...], ...]
REFERENCE: Path = ((0.0, 0.0), (1.0, 1.0), (2.0, 3.0))


def bowl(point: Any) -> float:
    return float(point[0] ** 2 + point[1] ** 2)


def draw(student: Path, loss: Callable[[Any], float] | None = bowl, reference: Path = REFERENCE) -> str:
    svg = path_svg(Drawing(student=student, reference=reference, wrong_steps=(1,)), loss)
    assert ET.fromstring(svg).tag.endswith("svg")  # noqa: S314 - our own picture
    assert len(svg) < 200_000
    return svg


def test_equal_paths_give_equal_pictures() -> None:
    assert draw(REFERENCE) == draw(REFERENCE)
    assert draw(REFERENCE) != draw(((0.0, 0.0), (1.0, 1.5), (2.0, 3.0)))


def test_the_first_wrong_step_is_ringed_and_named() -> None:
    assert "step 1" in draw(REFERENCE)


@pytest.mark.parametrize(
    "student",
    [
        ((math.nan, 0.0),) * 3,
        ((0.0, 0.0), (math.inf, -math.inf), (1.0, 2.0)),
        ((0.0, 0.0), (math.nan, math.inf), (1.0, 1.0)),
        ((0.0, 0.0), (1e308, -1e308), (1e300, 0.0)),
        ((5e-324, 0.0), (0.0, -0.0), (0.0, 0.0)),
        ((0.0, 0.0),),
        ((0.0, 1.0),) * 100_000,
    ],
    ids=["nan", "infinite", "both", "huge", "tiny", "one point", "many points"],
)
def test_no_path_of_a_student_breaks_the_picture(student: Path) -> None:
    draw(student)


@pytest.mark.parametrize("reference", [((1.0, 1.0), (1.0, 1.0)), ((0.0, 0.0),), ((1e9, 0.0), (1e9, 0.0))])
def test_a_reference_that_stays_in_one_place_still_has_a_window(reference: Path) -> None:
    draw(((math.nan, 0.0),), reference=reference)


@pytest.mark.parametrize(
    "loss",
    [
        None,
        lambda _: 3.0,
        lambda _: math.nan,
        lambda p: 1 / p[0],
        lambda p: math.exp(1000 * p[0]),
        lambda p: p[0] * 1e308,
        lambda _: 1 // 0,
    ],
    ids=["none", "flat", "nan", "pole", "overflow", "huge", "fails"],
)
def test_a_loss_without_contours_still_leaves_the_paths(loss: Callable[[Any], float] | None) -> None:
    assert "yours" in draw(REFERENCE, loss)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(), st.floats()), min_size=1, max_size=4))
def test_any_floats_can_be_drawn(points: list[tuple[float, float]]) -> None:
    draw(tuple(points), None)

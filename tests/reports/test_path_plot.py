import math
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.records import Drawing
from grader.reports.contour_plot import contour_plot
from grader.reports.path_plot import path_svg
from grader.reports.path_windows import REACH, Window, window_around
from grader.reveal import Reveal
from tests.reports.grades import left_of

Path = tuple[tuple[float, ...], ...]
REFERENCE: Path = ((0.0, 0.0), (1.0, 1.0), (2.0, 3.0))
STUDENT: Path = ((0.0, 0.0), (1.0, 1.5), (2.0, 2.0))
points = st.lists(st.tuples(st.floats(), st.floats()), min_size=1, max_size=6).map(tuple)
near_points = st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=2, max_size=4).map(tuple)


def bowl(point: Any) -> float:
    return float(point[0] ** 2 + point[1] ** 2)


def draw(
    student: Path,
    loss: Callable[[Any], float] | None = bowl,
    reference: Path = REFERENCE,
    wrong_steps: tuple[int, ...] = (1,),
) -> str:
    svg = path_svg(Drawing(student=student, reference=reference, wrong_steps=wrong_steps), loss)
    assert ET.fromstring(svg).tag.endswith("svg")  # noqa: S314 - our own picture
    assert len(svg) < 200_000
    return svg


def told(student: Path, reference: Path, level: Reveal, wrong_steps: tuple[int, ...] = (1,)) -> Drawing:
    """What is left of a drawing at a level."""
    drawing = Drawing(student=student, reference=reference, wrong_steps=wrong_steps)
    left = left_of(level, drawing=drawing).drawing
    assert left is not None
    return left


def window(student: Any, reference: Any = ()) -> Window:
    return window_around(*(np.array(path, dtype=float).reshape(-1, 2) for path in (student, reference)))


def test_equal_paths_give_equal_pictures() -> None:
    assert draw(REFERENCE) == draw(REFERENCE)
    assert draw(REFERENCE) != draw(STUDENT)


def test_the_first_wrong_step_is_ringed_and_named() -> None:
    assert ">step 2</text>" in draw(STUDENT, wrong_steps=(2,))
    assert "circle" in draw(STUDENT, wrong_steps=(2,))
    assert "circle" not in draw(STUDENT, wrong_steps=())


def test_a_wrong_step_is_tied_to_where_the_reference_is_at_that_step() -> None:
    assert draw(STUDENT).count("<circle") == 2
    assert draw(STUDENT, reference=()).count("<circle") == 1


def test_a_step_that_is_missing_is_not_ringed() -> None:
    assert "circle" not in draw(STUDENT, wrong_steps=(7,))


def test_a_path_without_its_reference_is_drawn_and_the_legend_has_no_reference() -> None:
    assert re.findall(r">([a-z]+)</text>", draw(STUDENT))[-2:] == ["yours", "reference"]
    alone = draw(STUDENT, reference=(), wrong_steps=())
    assert "yours" in alone
    assert "reference" not in alone


@pytest.mark.parametrize("level", [Reveal.VERDICTS, Reveal.HINTS])
@settings(max_examples=10, deadline=None)
@given(near_points, points, points)
def test_what_is_not_told_of_a_reference_is_nowhere_in_the_picture(
    level: Reveal, student: Path, one: Path, other: Path
) -> None:
    assert path_svg(told(student, one, level), None) == path_svg(told(student, other, level), None)


def test_where_the_reference_is_told_it_is_in_the_picture() -> None:
    one, other = (path_svg(told(STUDENT, path, Reveal.ANSWERS), None) for path in (REFERENCE, STUDENT))
    assert one != other


def test_the_text_alternative_says_where_the_paths_go() -> None:
    assert (
        'aria-label="Your path on the contours of the loss, from (0, 0) to (2, 2) in 2 steps; the reference&#39;s ends at '
        '(2, 3); step 1, to (1, 1.5), is the first that is not right, where the reference goes to (1, 1)."'
    ) in draw(STUDENT)
    assert 'from (0, 0) to (2, 2) in 2 steps."' in draw(STUDENT, reference=(), wrong_steps=())


def test_nothing_in_it_is_forbidden_to_a_strict_page() -> None:
    assert "style" not in draw(STUDENT)
    assert "<use" not in draw(STUDENT)
    assert " id=" not in draw(STUDENT)


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
        tuple((math.sin(n), math.cos(7 * n)) for n in range(100_000)),
    ],
    ids=["nan", "infinite", "both", "huge", "tiny", "one point", "many equal points", "many points"],
)
@pytest.mark.parametrize("reference", [REFERENCE, ()], ids=["beside the reference", "alone"])
def test_no_path_of_a_student_breaks_the_picture(student: Path, reference: Path) -> None:
    draw(student, None, reference)


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
@given(points, st.one_of(st.just(()), points))
def test_any_floats_can_be_drawn(student: Path, reference: Path) -> None:
    draw(student, None, reference)


@settings(max_examples=200, deadline=None)
@given(points, st.one_of(st.just(()), points))
def test_a_window_is_finite_and_holds_the_reference(student: Path, reference: Path) -> None:
    found = window(student, reference)
    assert all(low < high for low, high in zip(found.low, found.high, strict=True))
    assert np.isfinite((found.low, found.high)).all()
    drawable = [point for point in reference if all(abs(value) < 1e100 for value in point)]
    assert all(
        low <= value <= high
        for point in drawable
        for low, value, high in zip(found.low, point, found.high, strict=True)
    )


def test_a_window_ends_at_round_numbers_with_a_margin() -> None:
    assert window([(10, 1), (9.03, 0.2), (7.7, 0.03)]) == Window((6.85, -0.05), (10.15, 1.05))


def test_paths_that_hardly_differ_share_a_window() -> None:
    paths = [[(10, 1), (9, 0.2 + noise), (7.7 - noise, 0.03)] for noise in (0, 1e-12, 1e-3, 0.05)]
    assert len({window(path) for path in paths}) == 1


@pytest.mark.parametrize("far", [1e30, -1e30, math.inf, math.nan, 1e200])
def test_a_path_that_flies_off_leaves_its_beginning_visible(far: float) -> None:
    path = [(10.0, 1.0), (9.0, 0.5), (8.0, 0.3), (7.0, far), (far, 5.0)]
    assert window(path) == window(path[:3])
    assert window(path, path[:3]) == window(path[:3])


def test_how_much_of_a_path_is_shown_comes_from_where_it_sets_out() -> None:
    growing = [((-3.0) ** step, 0.0) for step in range(30)]
    shown = max(map(abs, (window(growing).low[0], window(growing).high[0])))
    opening = 3.0**7  # a quarter of thirty steps
    assert opening < shown < (REACH + 1) * 2 * opening


def test_a_path_beside_its_reference_may_reach_twice_its_size_out() -> None:
    assert window([(0, 0), (6, 0)], [(0, 0), (2, 2)]).high[0] >= 6
    assert window([(0, 0), (6.1, 0)], [(0, 0), (2, 2)]).high[0] < 6


def test_pictures_in_one_window_share_all_but_the_paths() -> None:
    contour_plot.cache_clear()
    for end in (2.0, 1.99, 1.98):
        draw((*STUDENT[:2], (2.0, end)))
    assert contour_plot.cache_info().currsize == 1

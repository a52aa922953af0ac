import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.answers.reading import Reading
from grader.checks.polylines import angles_to_descent, crossings, simplified, total_turn
from grader.checks.sketch import MOST_POINTS, Scene, Sketch
from grader.errors import Unreadable
from reference.optimizers import SGD, Adam, Rule, path
from tests.marks import finding, marked

ZIGZAG = [(-9, 1.5), (-7, -1.2), (-5.5, 1), (-4, -0.8), (-2.5, 0.5), (-1, -0.2), (0, 0)]
SMOOTH = [(-9, 1.5), (-8, 0.5), (-6, -0.3), (-4, -0.2), (-2, 0.1), (0, 0)]
BOWL = Scene(path=np.array([(3.0, 0.0), (0.0, 0.0)]), gradient=lambda point: point)


def sketch(**options: Any) -> Sketch:
    return Sketch(kind="sketch", **options)


def wrong(check: Sketch, answer: Any, scene: Scene = BOWL) -> list[str]:
    (reading,) = check.read(answer)
    return [item.name for item in check.compare(reading, scene).items if not item.right]


def test_a_sketch_by_eye_that_zigzags_down_is_right() -> None:
    assert finding("descent_sketches", "descent_sketch", ZIGZAG) == "correct"
    assert finding("descent_sketches", "descent_sketch", str(ZIGZAG)) == "correct"
    assert finding("descent_sketches", "descent_sketch", np.array(ZIGZAG)) == "correct"


def test_the_right_path_itself_has_all_its_properties() -> None:
    right = marked("descent_sketches", descent_sketch=ZIGZAG, momentum_sketch=SMOOTH)
    assert {verdict.finding.partition(":")[2] for verdict in right.values()} == {"correct"}


def test_each_property_that_is_missing_costs_its_share_and_is_named() -> None:
    verdict = marked("descent_sketches", descent_sketch=[(-9, 1.5), (0, 0)])["descent_sketch"]
    assert verdict.finding == "descent_sketch:wrong=crossings,perpendicular to the contours"
    assert verdict.points == 3 * verdict.max_points / 7
    assert verdict.message == "Look again at: crossings, perpendicular to the contours."


def test_momentum_has_to_turn_less_than_plain_descent() -> None:
    descent = path(lambda point: np.array([1, 9]) * point, (-9, 1.5), 20, SGD(0.2))
    assert finding("descent_sketches", "momentum_sketch", descent) == "wrong=turns"


def test_the_sketch_is_drawn_over_the_reference() -> None:
    drawing = marked("descent_sketches", descent_sketch=ZIGZAG)["descent_sketch"].drawing
    assert drawing is not None
    assert drawing.student[0] == drawing.reference[0] == (-9, 1.5)


@pytest.mark.parametrize(
    "answer",
    [
        [(1, 2)],
        [],
        "zig-zag",
        [(1, 2, 3), (4, 5, 6), (7, 8, 9)],
        [(0, 0), (1e200, 0)],
        [(0, 0)] * (MOST_POINTS + 1),
        "(0,0),(nan,1)",
    ],
)
def test_what_is_no_line_in_the_plane_is_unreadable(answer: Any) -> None:
    with pytest.raises(Unreadable):
        sketch(starts_at=1).read(tuple(answer) if isinstance(answer, list) else answer)


def test_a_sketch_without_properties_is_refused() -> None:
    with pytest.raises(ValidationError, match="needs a property to be judged by: starts_at"):
        sketch()


@pytest.mark.parametrize(
    ("options", "missing"), [({"perpendicular": 30}, "gradient"), ({"turns_less": True}, "beside")]
)
def test_a_property_that_the_solver_says_nothing_about_is_refused(options: dict[str, Any], missing: str) -> None:
    with pytest.raises(ValueError, match=f"gives no '{missing}'"):
        sketch(**options).expect({"path": [(0, 0), (1, 1)]})


def test_distances_are_inclusive() -> None:
    check = sketch(starts_at=1, ends_near=2)
    assert wrong(check, ((4, 0), (0, 2))) == []
    assert wrong(check, ((4.01, 0), (0, 2.01))) == ["start", "end"]


def test_staying_within_counts_every_point() -> None:
    check = sketch(stays_within=[[-1, 1], [-1, 1]])
    assert wrong(check, ((0, 0), (1, 1))) == []
    assert wrong(check, ((0, 0), (0, 1.1), (0, 0))) == ["inside the picture"]


def test_most_pieces_have_to_go_straight_down() -> None:
    check = sketch(perpendicular=30)
    assert wrong(check, ((3, 0), (2, 0), (1, 0), (0, 0))) == []
    assert wrong(check, ((3, 0), (3, 1), (2, 1))) == ["perpendicular to the contours"]


def test_points_far_beyond_the_paper_disturb_nothing() -> None:
    far = ((1e99, 0), (-1e99, 1e99), (3, 0))
    everything = sketch(starts_at=1, perpendicular=30, turns_less=True, crosses={"axis": "x"})
    assert "start" in wrong(everything, far, Scene(BOWL.path, lambda point: point**5, BOWL.path))


def test_a_line_drawn_twice_over_turns_no_more() -> None:
    assert total_turn(np.array([(0.0, 0.0), (1.0, 0.0), (1.0, 0.0), (1.0, 1.0)])) == pytest.approx(90)


def test_points_read_off_one_straight_piece_count_no_more_than_the_piece() -> None:
    pieces = itertools.pairwise(ZIGZAG)
    dense = [point for one, other in pieces for point in np.linspace(one, other, 10, endpoint=False)] + [ZIGZAG[-1]]
    assert finding("descent_sketches", "descent_sketch", np.array(dense)) == "correct"
    assert len(simplified(np.array(dense), 0.01)) == len(ZIGZAG)


@pytest.mark.parametrize("rule", [SGD(0.02, 0.9), SGD(0.01, 0.9), SGD(0.05, 0.8), Adam(0.2), Adam(0.5), Adam(1.0)])
def test_true_paths_of_momentum_have_all_that_is_asked_of_a_sketch(rule: Rule) -> None:
    points = path(lambda point: np.array([1, 9]) * point, (-9, 1.5), 200, rule)
    assert finding("descent_sketches", "momentum_sketch", points) == "correct"


def test_a_straight_line_is_no_path_of_momentum() -> None:
    assert finding("descent_sketches", "momentum_sketch", [(-9, 1.5), (0, 0)]) == "wrong=crossings"


def test_touching_a_level_is_no_crossing() -> None:
    assert crossings(np.array([(0.0, 1.0), (1.0, 0.0), (2.0, 1.0)]), axis=1, at=0.0) == 0
    assert crossings(np.array([(0.0, 1.0), (1.0, 0.0), (2.0, -1.0)]), axis=1, at=0.0) == 1


def test_where_the_loss_is_flat_no_direction_is_asked_for() -> None:
    assert angles_to_descent(np.array([(0.0, 0.0), (1.0, 0.0)]), lambda point: 0 * point) == []


@given(st.lists(st.tuples(st.floats(-1e90, 1e90), st.floats(-1e90, 1e90)), min_size=2, max_size=20))
def test_no_line_disturbs_the_marking(line: list[tuple[float, float]]) -> None:
    check = sketch(starts_at=1, ends_near=1, perpendicular=30, turns_less=True, crosses={"axis": "y"})
    match = check.compare(Reading(tuple(line), ""), Scene(BOWL.path, BOWL.gradient, BOWL.path))
    assert 0 <= match.credit <= 1

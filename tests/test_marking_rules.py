"""The rules of crediting and charging, on a small course where each can be seen alone."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader import Answer, Marker, Outcome, Verdict, load_course
from grader.kernels.inside import encode
from tests.courses import PROBLEM as PROBLEM_OF_BOXES
from tests.courses import replaced, statement_of, write_course
from tests.marks import finding

SOLVER = """
def width(scale=10, prefix="decimal", shifted=False):
    return 1000 * scale + (7 if shifted else 0)


def area(width, height, lid=True, sides=4):
    return width * height * (1 if lid else 2) + sides


def memory(prefix="decimal"):
    return 3_000_000 if prefix == "decimal" else 3 * 2**20


def table(scale=10):
    return {"a": scale * 3001, "b": scale * 4001, "c": 50_001, "d": 60_001}


def later(width, scale=10):
    return width * 7 + scale
"""
PROBLEM = """
title = "Rules"
[given]
height = 13
[conventions.prefix]
decimal = "1 MB is 10^6 bytes"
binary = "1 MB is 2^20 bytes"
[mistakes.scaled]
assume = { scale = 11 }
what = "the scale was 11"
credit = 0.5
[mistakes.no_lid]
assume = { lid = false }
what = "the lid was left out"
credit = 0.25
[mistakes.triangle]
assume = { sides = 3 }
what = "it was taken as a triangle"
credit = 0.5
[mistakes.shifted]
assume = { shifted = true }
what = "7 was added"
[parts.width]
kind = "integer"
points = 4
[parts.table]
kind = "table"
rows = ["a", "b", "c", "d"]
cells = { kind = "integer" }
points = 4
[parts.table.aliases]
first = "a"
[parts.area]
kind = "integer"
points = 4
follow = 0.5
[parts.later]
kind = "integer"
points = 4
[parts.memory]
kind = "quantity"
rounding = 0.01
points = 4
"""
PARTS = ("width", "table", "area", "later", "memory")
STATEMENT = statement_of(PARTS)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return write_course(tmp_path, problem=PROBLEM, statement=STATEMENT, solver=SOLVER)


def mark(course: Path, *changes: tuple[str, str], **given: Any) -> dict[str, Verdict]:
    """The verdicts on the answers, after replacing texts of the problem file."""
    file = course / "problems/boxes/problem.toml"
    for old, new in changes:
        assert old in file.read_text(encoding="utf-8")
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    (problem,) = load_course(course).homework("hw1").problems
    answers = {part: Answer(variable=part, data=encode(value)) for part, value in given.items()}
    return {verdict.part: verdict for verdict in Marker(problem).mark(answers)}


def test_follow_through_earns_the_share_that_the_part_declares(course: Path) -> None:
    verdict = mark(course, width=12_345, area=12_345 * 13 + 4)["area"]
    assert (verdict.finding, verdict.points) == ("area:follow(width)", Fraction(2))


def test_follow_through_that_is_switched_off_earns_nothing(course: Path) -> None:
    verdict = mark(course, ("follow = 0.5", "follow = 0"), width=12_345, area=12_345 * 13 + 4)["area"]
    assert verdict.points == 0


@pytest.mark.parametrize("width", [0, -10_000, 9, 10**8])
def test_nothing_is_credited_for_following_from_an_absurd_value(course: Path, width: int) -> None:
    assert mark(course, width=width, later=width * 7 + 10)["later"].points == 0


def test_what_follows_from_an_earlier_answer_that_is_right_but_rounded_earns_its_points(course: Path) -> None:
    change = ('[parts.width]\nkind = "integer"', '[parts.width]\nkind = "integer"\nrounding = 0.01')
    verdicts = mark(course, change, width="9.95K", later=9950 * 7 + 10)
    assert verdicts["later"].finding == "later:follow(width)"


def test_a_mistake_that_costs_each_time_costs_in_every_part(course: Path) -> None:
    wrong = {"width": 11_000, "later": 11_000 * 7 + 11}
    assert [v.points for v in mark(course, **wrong).values() if v.part in wrong] == [2, 4]
    each = ("credit = 0.5\n[mistakes.no_lid]", 'credit = 0.5\ncosts = "each"\n[mistakes.no_lid]')
    assert [v.points for v in mark(course, each, **wrong).values() if v.part in wrong] == [2, 2]


def test_two_mistakes_at_once_leave_the_product_of_what_each_leaves(course: Path) -> None:
    verdict = mark(course, area=10_000 * 13 * 2 + 3)["area"]
    assert (verdict.finding, verdict.points) == ("area:no_lid+triangle", Fraction(4) * Fraction(1, 8))


def test_a_pair_in_which_one_mistake_changes_nothing_is_no_explanation(course: Path) -> None:
    assert mark(course, width=11_000)["width"].finding == "width:scaled"


def test_a_mistake_leaves_its_share_of_what_was_given_of_a_table(course: Path) -> None:
    right, one = {"c": 50_001}, {"a": 33_011}
    assert mark(course, table=right)["table"].points == 1
    verdict = mark(course, table=one)["table"]
    assert (verdict.finding, verdict.points) == ("table:scaled", Fraction(1, 2))


def test_a_mistake_is_not_paid_for_by_one_cell_of_a_table(course: Path) -> None:
    verdicts = mark(course, table={"a": 33_011}, later=11_000 * 7 + 11)
    assert verdicts["later"].points == 2
    whole = {"a": 33_011, "b": 44_011, "c": 50_001, "d": 60_001}
    assert mark(course, table=whole, later=11_000 * 7 + 11)["later"].points == 4


def test_a_table_with_a_cell_that_cannot_be_read_waits_for_a_person(course: Path) -> None:
    verdict = mark(course, table={"a": 30_010, "b": "about forty thousand", "c": 50_001, "d": 60_001})["table"]
    assert (verdict.outcome, verdict.points) == (Outcome.UNREADABLE, None)
    assert "row b" in verdict.message
    assert [item.right for item in verdict.items] == [True, False, True, True]


def test_a_table_whose_rows_have_names_that_nobody_knows_waits_for_a_person(course: Path) -> None:
    verdict = mark(course, table={"first": 30_010, "second": 40_010, "c": 50_001, "d": 60_001})["table"]
    assert verdict.outcome is Outcome.UNREADABLE
    assert "no row b" in verdict.message
    assert "second" in verdict.message


def test_a_row_may_have_its_other_name(course: Path) -> None:
    assert mark(course, table={"First": 30_010, "b": 40_010, "c": 50_001, "d": 60_001})["table"].points == 4


def test_a_tag_of_a_reading_binds_it_to_the_convention_of_that_name(course: Path) -> None:
    assert mark(course, memory="3 MB")["memory"].finding == "memory:correct"
    # Right only if megabytes are decimal in the answer and binary in the reference.
    assert mark(course, memory="3.146 MB")["memory"].points == 0
    change = ("points = 4\nfollow", 'points = 4\nsolve = "bound"\nfollow')
    with (course / "reference/boxes.py").open("a", encoding="utf-8") as solver:
        solver.write('\n\ndef bound(height, prefix="decimal", lid=True, sides=4):\n')
        solver.write('    return (100_000 if lid else 200_000) + height * (prefix == "binary") + sides - 4\n')
    verdicts = mark(course, change, memory="3 MB", area=100_013)
    assert {verdicts["memory"].finding, verdicts["area"].finding} == {
        "memory:convention(prefix=binary)",
        "area:convention(prefix=binary)",
    }


def test_the_right_number_cut_off_keeps_three_quarters(course: Path) -> None:
    with (course / "reference/boxes.py").open("a", encoding="utf-8") as solver:
        solver.write("\n\ndef whole():\n    return 163_696\n")
    change = ("[parts.later]\n", '[parts.later]\nsolve = "whole"\nrounding = 0.01\n')
    verdicts = mark(course, change, later="163K")
    assert (verdicts["later"].finding, verdicts["later"].points) == ("later:cut-off", Fraction(3))


def test_the_order_of_axes_is_one_for_a_whole_table() -> None:
    right = {"conv1": (64, 56, 56), "pool1": (64, 28, 28), "conv2": (192, 28, 28), "pool2": (192, 14, 14)}
    last = {name: (*sizes[1:], sizes[0]) for name, sizes in right.items()}
    mixed = {**right, "conv1": (56, 56, 64)}
    assert finding("alexnet_sizes", "feature_maps", mixed) == "slip(axes)"
    assert finding("alexnet_sizes", "feature_maps", last).startswith("wrong=conv3")


@pytest.mark.parametrize(
    ("guard", "found"), [("", "follow(area)"), ("area > 10", "unexplained=2"), ("area > 2", "follow(area)")]
)
def test_nothing_is_earned_for_following_from_a_value_that_the_guard_calls_trivial(
    tmp_path: Path, guard: str, found: str
) -> None:
    problem = replaced(PROBLEM_OF_BOXES, "rtol = 0.01", f'rtol = 0.01\nfollow_if = "{guard}"')
    marker = Marker(load_course(write_course(tmp_path, problem=problem)).homework("hw1").problems[0])
    given = {"area": 3, "volume": 2}
    verdicts = marker.mark({name: Answer(variable=name, data=encode(value)) for name, value in given.items()})
    assert verdicts[1].finding == f"volume:{found}"

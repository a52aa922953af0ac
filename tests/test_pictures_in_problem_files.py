"""What is wrong with a picture that a problem file declares is found before any student is marked."""

from pathlib import Path

import pytest

from grader.errors import ProblemError
from grader.loading import load_course
from tests.courses import PROBLEM, SOLVER, write_course

SIDES = f"{SOLVER}\n\ndef sides(area):\n    return {{'one side': area / 6, 'all': area}}\n"
BARS = 'picture = "bars"'
PARAMETERS = 'picture_unit = "inches"'
OF_AREA = f'{BARS}\n{PARAMETERS}\npictured = "sides"'


def refusal(root: Path, part: str, keys: str, solver: str = SIDES) -> tuple[str, str]:
    """Place and trouble with which a course is refused whose part has these keys."""
    problem = PROBLEM.replace(f"[parts.{part}]\n", f"[parts.{part}]\n{keys}\n")
    with pytest.raises(ProblemError) as found:
        load_course(write_course(root, problem=problem, solver=solver))
    return found.value.place, found.value.trouble


@pytest.mark.parametrize(
    ("part", "keys"),
    [
        ("area", OF_AREA),
        ("sizes", f"{BARS}\n{PARAMETERS}"),
        ("sizes", 'picture = "squares"'),
        ("volume", OF_AREA.replace("sides", "crates")),
    ],
)
def test_numbers_and_tables_of_numbers_can_be_drawn(tmp_path: Path, part: str, keys: str) -> None:
    problem = PROBLEM.replace(f"[parts.{part}]\n", f"[parts.{part}]\n{keys}\n")
    solver = f"{SIDES}\n\ndef crates(volume):\n    return {{'crate': volume}}\n"
    load_course(write_course(tmp_path, problem=problem, solver=solver))


@pytest.mark.parametrize(
    ("part", "keys", "place", "trouble"),
    [
        ("area", 'picture = "pie"', "parts.area.picture", "must be 'bars' or 'squares'"),
        ("area", 'pictured = "sides"', "parts.area", 'pictured and picture_unit need picture = "bars" or "squares"'),
        ("area", PARAMETERS, "parts.area", 'pictured and picture_unit need picture = "bars" or "squares"'),
        ("area", f"{BARS}\n{PARAMETERS}", "parts.area", "one number needs pictured, the function that gives the layers"),
        ("sizes", OF_AREA, "parts.sizes", "a table has its rows, and no pictured"),
        ("sizes", BARS, "parts.sizes", "needs picture_unit, what its bars count"),
        ("trail", f"{BARS}\n{PARAMETERS}", "parts.trail", "drawn of a number, or of a table of numbers or shapes; remove picture"),
        ("area", OF_AREA.replace("sides", "sids"), "parts.area.pictured", "'sids' is unknown to the solver"),
        ("area", OF_AREA.replace("sides", "bowl"), "parts.area.pictured", "'bowl' must take 'area'"),
        ("area", OF_AREA.replace("sides", "volume"), "parts.area.pictured", "must return the size of each layer by name, and not 64"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_picture_is_named_with_its_table_and_key(
    tmp_path: Path, part: str, keys: str, place: str, trouble: str
) -> None:
    found_place, found = refusal(tmp_path, part, keys)
    assert found_place == place
    assert trouble in found


@pytest.mark.parametrize("kind", ["shape", "choice"])
def test_squares_are_drawn_of_numbers_alone(tmp_path: Path, kind: str) -> None:
    options = ', options = ["a", "b"]' if kind == "choice" else ""
    problem = PROBLEM.replace(
        'cells = { kind = "integer" }', f'cells = {{ kind = "{kind}"{options} }}\npicture = "squares"'
    )
    with pytest.raises(ProblemError, match="remove picture"):
        load_course(write_course(tmp_path, problem=problem))


@pytest.mark.parametrize(
    "body", ["{}", "[1, 2]", "{'a': 'b'}", "{'a': -area}", "{1: area}", "{'a': True}", "{'a': float('nan')}"]
)
def test_what_is_drawn_has_to_be_numbers_by_name(tmp_path: Path, body: str) -> None:
    solver = f"{SOLVER}\n\ndef sides(area):\n    return {body}\n"
    place, trouble = refusal(tmp_path, "area", OF_AREA, solver)
    assert place == "parts.area.pictured"
    assert "'sides' of the solver must return the size of each layer by name" in trouble

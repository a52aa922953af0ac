from pathlib import Path

import pytest

from grader.collisions import Collisions
from grader.errors import ProblemError
from grader.loading import load_course
from tests.courses import HOMEWORKS, PROBLEM, SOLVER, STATEMENT, replaced, write_course

# A mistake that shows in the area and moves the volume by less than its tolerance.
PAINTED = replaced(
    replaced(SOLVER, 'unit="inch"):', 'unit="inch", paint=0):'),
    '(1 if unit == "inch" else 12)',
    '(1 if unit == "inch" else 12) + paint',
)
PAINT = '\n[mistakes.painted]\nassume = { paint = 1 }\nwhat = "the paint was counted"\n'
THICK = replaced(PAINT, "paint = 1", "paint = 20")  # shows in the volume, too
COARSE = replaced(PROBLEM, "rtol = 0.01", "rtol = 0.02") + PAINT
DECLARED = replaced(
    COARSE, "rtol = 0.02", 'rtol = 0.02\nindistinguishable = { painted = "the volume is asked for roughly" }'
)


def refusal(root: Path) -> tuple[str, str]:
    with pytest.raises(ProblemError) as found:
        load_course(root)
    return found.value.place, found.value.trouble


def test_a_mistake_inside_the_tolerance_of_the_right_value_is_refused_with_both_values(tmp_path: Path) -> None:
    place, trouble = refusal(write_course(tmp_path, problem=COARSE, solver=PAINTED))
    assert place == "parts.volume"
    assert "marks the mistake 'painted' right: it gives 64.6667, which counts as 64; change" in trouble
    assert 'declare indistinguishable = { painted = "why" }' in trouble


def test_a_mistake_that_is_declared_indistinguishable_may_be_marked_right(tmp_path: Path) -> None:
    (problem,) = load_course(write_course(tmp_path, problem=DECLARED, solver=PAINTED)).homework("hw1").problems
    assert list(Collisions(problem).hidden("volume")) == ["painted"]
    assert not Collisions(problem).hidden("area")


def test_a_mistake_with_the_value_of_another_convention_is_refused(tmp_path: Path) -> None:
    twelve = PROBLEM + replaced(PAINT, "paint = 1", "paint = 1056")  # 96 + 1056 = 12 * 96
    place, trouble = refusal(write_course(tmp_path, problem=twelve, solver=PAINTED))
    assert place == "parts.area"
    assert "it gives 1 152, which counts as 1 152" in trouble


@pytest.mark.parametrize("paint", ["paint * 0", "paint // 2", "paint * 10**500", "(0 if paint == 0 else 1 // 0)"])
def test_a_mistake_that_shows_in_no_part_is_refused(tmp_path: Path, paint: str) -> None:
    unseen = replaced(PAINTED, "+ paint", f"+ {paint}")
    place, trouble = refusal(write_course(tmp_path, problem=PROBLEM + PAINT, solver=unseen))
    assert place == "mistakes.painted"
    assert trouble.startswith("shows in no part")


def test_a_mistake_under_which_the_solver_fails_is_refused_with_its_words_and_one_remedy(tmp_path: Path) -> None:
    failing = replaced(PAINTED, "+ paint", "+ (0 if paint == 0 else {}['red'])")
    place, trouble = refusal(write_course(tmp_path, problem=PROBLEM + PAINT, solver=failing))
    assert place == "mistakes.painted"
    assert trouble == (
        "shows in no part, since the solver fails under it: area raised KeyError: 'red';"
        " mend the solver, or remove the mistake"
    )


def test_a_mistake_that_leads_to_no_value_of_the_kind_is_refused_with_the_words_of_the_kind(tmp_path: Path) -> None:
    half = replaced(PAINTED, "+ paint", "+ (0 if paint == 0 else 0.5)")
    _, trouble = refusal(
        write_course(tmp_path, problem=PROBLEM + PAINT, solver=half.replace("side * area / 6", "side + 1"))
    )
    assert "fails under it: area: an integer is expected of the solver, not 96.5; mend" in trouble


def test_a_mistake_under_which_the_solver_fails_does_not_leave_the_value_as_it_is(tmp_path: Path) -> None:
    failing = replaced(PAINTED, "return side * area / 6", "return side * area / (6 if area < 100 else 0)")
    other = replaced(PROBLEM, 'foot = "a foot"', 'yard = "a yard"')
    failing = failing.replace('== "inch" else 12', 'in {"inch", "yard"} else 12')
    (loaded,) = load_course(write_course(tmp_path, problem=other + THICK, solver=failing)).homework("hw1").problems
    collisions = Collisions(loaded)
    assert collisions.leading_nowhere("volume") == list(collisions.failures("volume")) == ["painted"]
    assert (collisions.unmoved_by("volume"), collisions.leading_nowhere("area")) == ([], [])


def test_a_mistake_that_is_marked_right_wherever_it_moves_a_value_is_refused(tmp_path: Path) -> None:
    hidden = replaced(replaced(DECLARED, 'kind = "integer"\npoints = 2', 'kind = "real"\nrtol = 0.02\npoints = 2'),
                      "points = 2", 'points = 2\nindistinguishable = { painted = "roughly" }')  # fmt: skip
    place, trouble = refusal(write_course(tmp_path, problem=hidden, solver=PAINTED))
    assert place == "mistakes.painted"
    assert "counts as right" in trouble


def test_mistakes_with_one_value_are_alike_and_a_pair_with_another_is_not(tmp_path: Path) -> None:
    problem = PROBLEM + THICK + replaced(PAINT, "paint = 1", "paint = -16").replace("painted", "scraped")
    (loaded,) = load_course(write_course(tmp_path, problem=problem, solver=PAINTED)).homework("hw1").problems
    collisions = Collisions(loaded)
    alike = {(one.mistakes[0], other) for one in collisions.mistaken("area") for other in collisions.alike("area", one)}
    assert alike == {("lid_forgotten", ("scraped",)), ("scraped", ("lid_forgotten",))}
    assert {one.mistakes for one in collisions.mistaken("area", 2)} == {
        ("lid_forgotten", "painted"),
        ("lid_forgotten", "scraped"),
    }
    assert collisions.mistaken("sizes") == ()


def test_an_assumption_that_nothing_alters_is_refused_with_solver_and_function(tmp_path: Path) -> None:
    root = write_course(tmp_path, solver=PAINTED)
    with pytest.raises(ProblemError) as found:
        load_course(root)
    assert Path(found.value.file) == root / "reference" / "boxes.py"
    assert found.value.place == "area"
    assert (
        "the assumption 'paint', on which it builds, is altered by no convention and no mistake" in found.value.trouble
    )


def test_an_assumption_on_which_no_part_builds_may_stay(tmp_path: Path) -> None:
    spare = SOLVER + "\n\ndef weight(volume, density=7):\n    return volume * density\n"
    assert load_course(write_course(tmp_path, solver=spare)).homeworks


def test_of_problems_that_share_a_solver_one_may_alter_what_the_other_builds_on(tmp_path: Path) -> None:
    write_course(
        tmp_path, homeworks=replaced(HOMEWORKS, '"boxes"', '"boxes", "crates"'), problem=PROBLEM + THICK, solver=PAINTED
    )
    crates = tmp_path / "problems" / "crates"
    crates.mkdir()
    parts = PROBLEM[PROBLEM.index("[parts.area]") : PROBLEM.index("[parts.volume]")]
    crate = f'title = "Crates"\nsolver = "boxes"\ngiven = {{ side = 3 }}\n{parts}variable = "crate"\n'
    (crates / "problem.toml").write_text(crate, encoding="utf-8")
    (crates / "statement.md").write_text(STATEMENT[: STATEMENT.index("## Volume")], encoding="utf-8")
    assert len(load_course(tmp_path).homework("hw1").problems) == 2


@pytest.mark.parametrize(
    ("old", "new", "place", "trouble"),
    [
        ("points = 2", 'points = 2\nindistinguishable = { lod = "x" }', "parts.area.indistinguishable.lod", "'lod'"),
        ("points = 2", 'points = 2\nindistinguishable = { lid_forgotten = " " }',
         "parts.area.indistinguishable.lid_forgotten", "must not be empty"),
        ("points = 2", 'points = 2\nalike = { "lid_forgotten, lod" = "x" }', 'parts.area.alike."lid_forgotten, lod"',
         "there is no mistake 'lod'"),
        ("points = 2", 'points = 2\nalike = { lid_forgotten = "x" }', 'parts.area.alike."lid_forgotten"', "two mistakes"),
        ("[parts.area]", '[[tests]]\nabout = "x"\nanswers = { aria = 1 }\npoints = { area = 1 }\n[parts.area]',
         "tests.0.answers", "there is no part 'aria'; there is: area, volume"),
        ("[parts.area]", '[[tests]]\nabout = "x"\nanswers = { area = 1 }\noutcomes = { aria = "correct" }\n[parts.area]',
         "tests.0.outcomes", "there is no part 'aria'"),
        ("[parts.area]", '[[tests]]\nabout = "x"\nanswers = { area = 1 }\noutcomes = { area = "right" }\n[parts.area]',
         "tests.0.outcomes.area", "'correct', 'partial'"),
        ("[parts.area]", '[[tests]]\nabout = "x"\nanswers = { area = 1 }\n[parts.area]', "tests.0", "expects nothing"),
        ("[parts.area]", "[[tests]]\nanswers = { area = 1 }\n[parts.area]", "tests.0.about", "is missing"),
    ],
)  # fmt: skip
def test_declarations_and_tests_of_the_author_are_checked_when_the_course_is_loaded(
    tmp_path: Path, old: str, new: str, place: str, trouble: str
) -> None:
    found = refusal(write_course(tmp_path, problem=replaced(PROBLEM, old, new)))
    assert found[0] == place
    assert trouble in found[1]

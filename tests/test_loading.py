from pathlib import Path

import pytest

from grader.coherence import MOST_ASSIGNMENTS
from grader.course_folder import find_course, likely_modules
from grader.errors import InputError, ProblemError
from grader.loading import load_course
from tests.courses import HOMEWORKS, PROBLEM, SOLVER, STATEMENT, replaced, write_course

LISTING, FILE, WORDS, MODULE = (
    "problems/homeworks.toml",
    "problems/boxes/problem.toml",
    "problems/boxes/statement.md",
    "reference/boxes.py",
)
MISTAKE = "assume = { lid = false }"


def refusal(root: Path) -> tuple[str, str, str]:
    """File below the course, place and trouble of the error with which a course is refused."""
    with pytest.raises(ProblemError) as found:
        load_course(root)
    return Path(found.value.file).relative_to(root.resolve()).as_posix(), found.value.place, found.value.trouble


def test_a_sound_course_is_loaded_whole(tmp_path: Path) -> None:
    homework = load_course(write_course(tmp_path)).homework("hw1")
    (problem,) = homework.problems
    assert homework.title == "One homework"
    assert problem.introduction == "# Boxes\n\nAbout boxes."
    assert problem.sections["volume"].title == "Volume"
    assert problem.sections["volume"].text == "What is the volume?"
    assert problem.assignments == ({"unit": "inch"}, {"unit": "foot"})
    assert problem.expected("area", {}) == 96
    assert problem.expected("area", {"unit": "foot", "lid": False}) == 960
    assert {name: one.cell_id for name, one in homework.asked.items()} == {
        part: f"answer-{part}" for part in ("area", "volume", "sizes", "trail")
    }


def test_a_reference_is_solved_once_for_all_assignments_that_cannot_matter_to_it(tmp_path: Path) -> None:
    (problem,) = load_course(write_course(tmp_path)).homework("hw1").problems
    assert problem.expected("sizes", {"unit": "foot"}) is problem.expected("sizes", {"lid": False})
    assert problem.expected("volume", {"unit": "foot"}) != problem.expected("volume", {"unit": "inch"})


def test_the_projects_own_course_is_sound() -> None:
    assert set(load_course(Path(__file__).parents[1]).homeworks) == {"hw5_cnn_sizes", "hw5_networks", "hw6_design"}


@pytest.mark.parametrize(
    ("old", "new", "place", "trouble"),
    [
        ('title = "Boxes"', "", "title", "is missing"),
        ('title = "Boxes"', 'title = " "', "title", "must not be empty"),
        ('title = "Boxes"', "title = 3", "title", "must be text"),
        ("[given]", "[givn]", "givn", "is not a known key"),
        ("side = 4", "side = 4\nlid = 3", "given.lid", "is already a function or an assumption"),
        ("side = 4", "side = 4\narea = 3", "given.area", "is already a function or an assumption"),
        ("side = 4", "side = 4\nwood = 3", "given.wood", "no function of the solver takes it"),
        ('foot = "a foot"', "", "conventions.unit", "two values or more"),
        ("[conventions.unit]", "[conventions.units]", "conventions.units", "'units' is unknown to the solver"),
        ('inch = "an inch"', 'metre = "a metre"', "conventions.unit", "the first value must be the solver's own, 'inch'"),
        ("[conventions.unit]", '[conventions.prefix]\ndecimal = ""\nodd = ""\n[conventions.unit]', "conventions.prefix.odd",
         "the ways are: binary, decimal"),
        (MISTAKE, "assume = {}", "mistakes.lid_forgotten.assume", "must not be empty"),
        (MISTAKE, "assume = { lod = false }", "mistakes.lid_forgotten.assume.lod", "'lod' is unknown to the solver"),
        (MISTAKE, "assume = { lid = true }", "mistakes.lid_forgotten.assume.lid", "must differ from the intended True"),
        (MISTAKE, "assume = { lid = 0 }", "mistakes.lid_forgotten.assume.lid", "be of its type"),
        (MISTAKE, 'assume = { unit = "foot" }', "mistakes.lid_forgotten.assume.unit", "is an accepted convention"),
        (MISTAKE, f"{MISTAKE}\ncredit = 1", "mistakes.lid_forgotten.credit", "less than 1"),
        (MISTAKE, f'{MISTAKE}\ncosts = "twice"', "mistakes.lid_forgotten.costs", "'once' or 'each'"),
        ("[mistakes.lid_forgotten]", "[mistakes.check]\ncredit = 1", "mistakes.check.credit", "less than 1"),
        ('what = "the lid was left out"', "", "mistakes.lid_forgotten.what", "is missing"),
        ("points = 2", "", "parts.area.points", "is missing"),
        ("points = 2", "points = 0", "parts.area.points", "greater than 0"),
        ("points = 2", 'points = "1/0"', "parts.area.points", "is no number such as"),
        ("points = 2", "points = true", "parts.area.points", "is no number such as"),
        ("points = 2", "points = 2\nfollow = 2", "parts.area.follow", "less than or equal to 1"),
        ('what = "the lid was left out"', 'what = ""', "mistakes.lid_forgotten.what", "must not be empty"),
        (MISTAKE, "assume = { lid = [] }", "mistakes.lid_forgotten.assume.lid", "must be text, a number, true or false"),
        (MISTAKE, "assume = 3", "mistakes.lid_forgotten.assume", "must be a table"),
        ("[mistakes.lid_forgotten]", '[mistakes."lid, left"]', "mistakes.lid, left", "letters, digits and underscores; rename"),
        ("[mistakes.lid_forgotten]", '[mistakes."lid|left"]', "mistakes.lid|left", "letters, digits and underscores"),
        ("[mistakes.lid_forgotten]", '[mistakes."lid left"]', "mistakes.lid left", "letters, digits and underscores"),
        ("[mistakes.lid_forgotten]", "[mistakes.unexplained]", "mistakes.unexplained", "what findings say without a mistake"),
        ("[mistakes.lid_forgotten]", "[mistakes.partial]", "mistakes.partial", "what findings say without a mistake"),
        ("[parts.area]", "[parts.my-area]", "parts.my-area", "letters, digits and underscores"),
        ("[parts.area]", '[parts."my area"]', "parts.my area", "letters, digits and underscores"),
        ("[parts.area]", "[parts.print]", "parts.print.variable", "'print' is a name of Python's own"),
        ("points = 2", 'points = 2\nvariable = "max"', "parts.area.variable", "'max' is a name of Python's own"),
        ("points = 2", 'points = 2\nextra = "yes"', "parts.area.extra", "must be true or false"),
        ("points = 2", "points = 2\nsquare = 1", "parts.area.square", "must be true or false"),
        ("points = 2", 'points = 2\nsigfigs = "x"', "parts.area.sigfigs", "must be a whole number"),
        ('kind = "integer" }', 'kind = "choice", options = [] }', "parts.sizes.cells.options", "needs at least 2 entries"),
        ('["width", "height"]', "3", "parts.sizes.rows", "must be a list"),
        ('{ kind = "integer" }', '"integer"', "parts.sizes.cells", "must be a table"),
        ('{ kind = "integer" }', '{ kind = "expression", symbols = ["2n"] }', "parts.sizes.cells.symbols", "'2n' is no symbol"),
        ("rtol = 0.01", 'rtol = 0.01\nfollow_if = "area > 96"', "parts.volume.follow_if",
         "does not hold for the reference's own values, so that hardly anything could follow: area = 96"),
        ("rtol = 0.01", 'rtol = 0.01\nfollow_if = "area < 97"', "parts.volume.follow_if", "area = 1 152; loosen it"),
        ("rtol = 0.01", 'rtol = 0.01\nfollow_if = "area"', "parts.volume.follow_if", "no comparison"),
        ("rtol = 0.01", 'rtol = 0.01\nfollow_if = "sizes > 2"', "parts.volume.follow_if", "on which the part builds: area"),
        ("points = 2", 'points = 2\nfollow_if = "volume > 2"', "parts.area.follow_if", "there is none"),
        ("points = 2", "points = 2\nronding = 0.1", "parts.area.ronding", "is not a known key"),
        ("points = 2", "points = 2\ncheck = {}", "parts.area.check", "is not a known key"),
        ("points = 2", "points = 2\nrounding = 0.6", "parts.area.rounding", "less than 1/2"),
        ("points = 2", 'points = 2\nsolve = "sides"', "parts.area.solve", "'sides' is unknown to the solver"),
        ("points = 2", 'points = 2\nsolve = "bowl"', "parts.area", "an integer is expected of the solver"),
        ("points = 2", 'points = 2\nvariable = "a b"', "parts.area.variable", "'a b' is no name"),
        ("points = 2", 'points = 2\nvariable = "2nd"', "parts.area.variable", "'2nd' is no name"),
        ("points = 2", 'points = 2\nvariable = "class"', "parts.area.variable", "'class' is no name"),
        ("points = 2", 'points = 2\nvariable = "größe"', "parts.area.variable", "'größe' is no name"),
        ("points = 2", f'points = 2\nvariable = "{"a" * 56}"', "parts.area.variable", "at most 55"),
        ("points = 2", 'points = 2\ncontours = "bowl"', "parts.area", "contours are drawn below a path"),
        ('kind = "integer"\n', "", "parts.area.kind", "is missing"),
        ('kind = "integer"\n', 'kind = "integral"\n', "parts.area.kind", "must be one of 'integer', 'count', 'real'"),
        ("rtol = 0.01", "", "parts.volume", "needs rtol or atol"),
        ("rtol = 0.01", "rtol = nan", "parts.volume.rtol", "is no number such as"),
        ("rtol = 0.01", "atol = inf", "parts.volume.atol", "is no number such as"),
        ('kind = "integer" }', 'kind = "integer", square = 3 }', "parts.sizes.cells.square", "must be true or false"),
        ('kind = "integer" }', 'kind = "integer", odd = 3 }', "parts.sizes.cells.odd", "is not a known key"),
        ('kind = "integer" }', 'kind = "table" }', "parts.sizes.cells.kind", "must be one of"),
        ('cells = { kind = "integer" }', "", "parts.sizes.cells", "is missing"),
        ('"height"]', '"depth"]', "parts.sizes.rows", "sizes of the solver has no row 'depth'"),
        ('"height"]', '"Wid_th"]', "parts.sizes", "two of the rows have one name"),
        ('"height"]', '"width"]', "parts.sizes", "two of the rows have one name"),
        ("atol = 0.1", "", "parts.trail", "needs rtol or atol"),
        ("atol = 0.1", "atol = 0.1\ndimensions = 3", "parts.trail", "contours are drawn below a path"),
        ('"continued"', '"continue"', "parts.trail.continuation", "'continue' is unknown to the solver"),
        ('"continued"', '"volume"', "parts.trail.continuation", "'volume' must take 'trail'"),
        ('"bowl"', '"bowls"', "parts.trail.contours", "'bowls' is unknown to the solver"),
        ('"bowl"', '"area"', "parts.trail.contours", "must return a function of a point"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_problem_file_is_named_with_its_table_and_key(
    tmp_path: Path, old: str, new: str, place: str, trouble: str
) -> None:
    file, found_place, found = refusal(write_course(tmp_path, problem=replaced_once(PROBLEM, old, new)))
    assert (file, found_place) == (FILE, place)
    assert trouble in found


@pytest.mark.parametrize("key", ['solve = "area"', "follow = 0.5", 'follow_if = "area > 1"'])
def test_what_comes_of_a_reference_is_refused_where_there_is_none(tmp_path: Path, key: str) -> None:
    part = f'\n[parts.ran]\nkind = "done"\npoints = 1\n{key}\n'
    statement = f"{STATEMENT}\n## Ran {{#ran}}\n\nDid it?\n"
    _, place, trouble = refusal(write_course(tmp_path, problem=PROBLEM + part, statement=statement))
    assert place == f"parts.ran.{key.partition(' ')[0]}"
    assert trouble == "this kind of answer has no reference; remove it"


def replaced_once(text: str, old: str, new: str) -> str:
    """The text with the first `old` replaced."""
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("body", "trouble"),
    [
        ('{"height": 3 * sizes["width"]}', "the continuation of the reference itself is another in row 'height'"),
        ('{"depth": 2 * sizes["width"]}', "the continuation has a row 'depth', which is not asked for"),
        ('[sizes["width"]]', "a dictionary is expected of the solver"),
    ],
)
def test_the_continuation_of_a_table_has_to_lead_along_its_reference(tmp_path: Path, body: str, trouble: str) -> None:
    problem = replaced(PROBLEM, 'rows = ["width"', 'continuation = "taller"\nrows = ["width"')
    solver = f"{SOLVER}\n\ndef taller(sizes):\n    return {body}\n"
    file, place, found = refusal(write_course(tmp_path, problem=problem, solver=solver))
    assert (file, place) == (FILE, "parts.sizes.continuation")
    assert trouble in found


@pytest.mark.parametrize(
    ("old", "new", "place", "trouble"),
    [
        ("return side * area / 6", "return float('nan')", "parts.volume", "NaN"),
        ("return side * area / 6", "return 0", "parts.volume", "the reference is 0"),
        ("return side * area / 6", "return 'six'", "parts.volume", "a number is expected of the solver"),
        ("return side * side * (6", "return 1.5 * side * (6", "parts.area", "an integer is expected of the solver"),
        ('return {"width": side, "height": 2 * side}', "return [side]", "parts.sizes", "a dictionary is expected"),
        ('"height": 2 * side', '"height": "tall"', "parts.sizes", "an integer is expected of the solver"),
        ("(side - 1, 0.0)", "(side - 1,)", "parts.trail", "sequence"),
        ("return [(side, 0.0), ", "return [(side, 0.0)] or [", "parts.trail", "shape (steps + 1, 2)"),
        ("return [(side, 0.0), ", "return [] and [", "parts.trail", "shape (steps + 1, 2)"),
        ("return [(side, 0.0), ", "return {1: 2} or [", "parts.trail", "an array of numbers is expected"),
        ("(side - 1, 0.0)", "(side - 1, float('nan'))", "parts.trail", "a coordinate NaN"),
        ("[[(x - 1, y)]", "[[(x - 2, y)]", "parts.trail.continuation", "is another at step 1"),
        ("[[(x - 1, y)]", "[(x - 1, y)", "parts.trail.continuation", "of the continuation, not (2, 2)"),
        ("in trail[:-1]]", "in trail]", "parts.trail.continuation", "of the continuation, not (3, 1, 2)"),
    ],
)
def test_what_a_solver_returns_has_to_suit_the_part(
    tmp_path: Path, old: str, new: str, place: str, trouble: str
) -> None:
    file, found_place, found = refusal(write_course(tmp_path, solver=replaced(SOLVER, old, new)))
    assert (file, found_place) == (FILE, place)
    assert trouble in found


@pytest.mark.parametrize(
    ("source", "trouble"),
    [("import nothing_of_this_name", "ModuleNotFoundError"), ("1 +", "SyntaxError"), ("{}['key']", "KeyError: 'key'")],
)
def test_a_solver_that_cannot_be_imported_is_named(tmp_path: Path, source: str, trouble: str) -> None:
    file, place, found = refusal(write_course(tmp_path, solver=source))
    assert (file, place) == (FILE, "solver")
    assert "reference/boxes.py cannot be loaded" in found
    assert trouble in found


def test_a_solver_may_have_another_name_than_its_problem(tmp_path: Path) -> None:
    write_course(tmp_path, problem='solver = "crates"\n' + PROBLEM)
    (tmp_path / "reference" / "boxes.py").rename(tmp_path / "reference" / "crates.py")
    assert load_course(tmp_path).homework("hw1").problems[0].name == "boxes"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("def volume(side, area):", "def volume(side, area, colour):", "volume"),
        ("def sizes(side):", "def sizes(side, lid=False):", "sizes"),
        ("def area(side, ", "def area(side, area, ", "area"),
        ("return side * area / 6", "return side / 0", "volume"),
    ],
)
def test_what_is_wrong_in_a_solver_is_named_with_its_function(tmp_path: Path, old: str, new: str, place: str) -> None:
    assert refusal(write_course(tmp_path, solver=replaced(SOLVER, old, new)))[:2] == (MODULE, place)


def test_a_solver_has_to_work_under_every_accepted_convention(tmp_path: Path) -> None:
    broken = replaced(SOLVER, '(1 if unit == "inch" else 12)', '{"inch": 1}[unit]')
    file, place, trouble = refusal(write_course(tmp_path, solver=broken))
    assert (file, place) == (MODULE, "area")
    assert "KeyError: 'foot'" in trouble


def test_a_part_comes_after_what_it_builds_on(tmp_path: Path) -> None:
    area, volume = (
        '[parts.area]\nkind = "integer"\npoints = 2\n',
        '[parts.volume]\nkind = "real"\nrtol = 0.01\npoints = 1\n',
    )
    swapped = replaced(replaced(PROBLEM, volume, ""), area, volume + area)
    file, place, trouble = refusal(write_course(tmp_path, problem=swapped))
    assert (file, place) == (FILE, "parts.volume")
    assert "builds on area, which must be declared before it" in trouble


def test_conventions_of_too_many_combinations_are_refused_before_they_are_tried(tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(30)]
    tables = "".join(f'[conventions.{name}]\na = ""\nb = ""\n' for name in names)
    parameters = "".join(f', {name}="a"' for name in names)
    root = write_course(
        tmp_path,
        problem=PROBLEM + tables,
        solver=replaced(SOLVER, "def area(side, ", f"def area(side{parameters}, "),
    )
    assert refusal(root) == (FILE, "conventions", f"more than {MOST_ASSIGNMENTS} combinations; declare fewer")


@pytest.mark.parametrize("name", ["check", "cells", "parts"])
def test_a_part_may_have_the_name_of_a_key(tmp_path: Path, name: str) -> None:
    problem = replaced(PROBLEM, "[parts.area]", f'[parts.{name}]\nsolve = "area"\nodd = 1')
    assert refusal(write_course(tmp_path, problem=problem))[1] == f"parts.{name}.odd"


@pytest.mark.parametrize(
    ("old", "new", "place", "trouble"),
    [
        ("## Volume {#volume}", "## Volume", "volume", "needs a section that begins with '## Title {#volume}'"),
        ("## Volume {#volume}", "## Volume {#volumes}", "volumes", "is no part of the problem"),
        ("## Volume {#volume}", "## Volume {#the-volume}", "the-volume", "is no part of the problem"),
        ("## Volume {#volume}", "## Volume {#area}", "area", "has a section already"),
        (STATEMENT, "# Boxes", "area", "needs a section"),
        (STATEMENT, "", "area", "needs a section"),
    ],
)
def test_every_part_has_one_section_in_the_statement(
    tmp_path: Path, old: str, new: str, place: str, trouble: str
) -> None:
    file, found_place, found = refusal(write_course(tmp_path, statement=replaced(STATEMENT, old, new)))
    assert (file, found_place) == (WORDS, place)
    assert trouble in found


def test_a_missing_statement_is_named(tmp_path: Path) -> None:
    file, _, trouble = refusal(write_course(tmp_path, statement=None))
    assert file == WORDS
    assert "cannot be read" in trouble


@pytest.mark.parametrize(
    ("homeworks", "place", "trouble"),
    [
        ("", "", "names no homework"),
        ("[hw1", "", "is not valid TOML"),
        ("title = 3", "title", "must be a table"),
        ('[hw1]\ntitle = "x"', "hw1.problems", "is missing"),
        ('[hw1]\ntitle = "x"\nproblems = []', "hw1.problems", "must not be empty"),
        (HOMEWORKS + "until = 2030-01-01", "hw1.until", "is not a known key"),
        (
            HOMEWORKS + "due = 2030-01-01T12:00:00",
            "hw1.due",
            "must be a date and a time with its zone, such as 2026-11-20T23:59:00+01:00",
        ),
        (HOMEWORKS + "late = { every_hours = 1 }", "hw1.late.share", "is missing"),
        (HOMEWORKS + "[hw1.limits]\nseconds = 3", "hw1.limits.seconds", "is not a known key"),
        (HOMEWORKS + "[hw1.limits]\nseconds_per_cell = 0", "hw1.limits.seconds_per_cell", "greater than 0"),
        (HOMEWORKS.replace('"boxes"', '"crates"'), "hw1.problems", "names 'crates', but there is no"),
        (HOMEWORKS.replace('"boxes"', '"boxes", "boxes"'), "hw1.problems", "'boxes' is listed twice; remove one"),
        (HOMEWORKS.replace("hw1", '"hw/1"'), "hw/1", "is no name"),
    ],
)
def test_what_is_wrong_in_the_list_of_homeworks_is_named(
    tmp_path: Path, homeworks: str, place: str, trouble: str
) -> None:
    write_course(tmp_path, homeworks=homeworks)
    file, found_place, found = refusal(tmp_path)
    assert (file, found_place) == (LISTING, place)
    assert trouble in found


def test_the_name_of_a_problem_makes_an_id(tmp_path: Path) -> None:
    write_course(tmp_path, homeworks=HOMEWORKS.replace('"boxes"', '"my boxes"'), problem='solver = "boxes"\n' + PROBLEM)
    (tmp_path / "problems" / "boxes").rename(tmp_path / "problems" / "my boxes")
    file, place, trouble = refusal(tmp_path)
    assert (file, place) == (LISTING, "hw1")
    assert "'my boxes' is no name" in trouble


def test_two_problems_of_a_homework_cannot_ask_for_one_variable(tmp_path: Path) -> None:
    write_course(tmp_path, homeworks=HOMEWORKS.replace('"boxes"', '"boxes", "crates"'))
    crates = tmp_path / "problems" / "crates"
    crates.mkdir()
    problem = 'solver = "boxes"\n' + PROBLEM.replace('"integer"\npoints', '"integer"\nvariable = "volume"\npoints', 1)
    (crates / "problem.toml").write_text(problem, encoding="utf-8")
    (crates / "statement.md").write_text(STATEMENT, encoding="utf-8")
    file, place, trouble = refusal(tmp_path)
    assert (file, place) == (LISTING, "hw1.problems")
    assert "the variable 'volume' is asked for by both boxes.volume and crates.area" in trouble


def test_homeworks_may_share_a_problem(tmp_path: Path) -> None:
    course = load_course(write_course(tmp_path, homeworks=HOMEWORKS + HOMEWORKS.replace("hw1", "hw2")))
    assert course.homework("hw1").problems[0] is course.homework("hw2").problems[0]


@pytest.mark.parametrize("content", [b"title = ", b"\xff\xfe", b"title = 1\ntitle = 2"])
def test_a_problem_file_that_is_no_toml_is_named(tmp_path: Path, content: bytes) -> None:
    (write_course(tmp_path) / FILE).write_bytes(content)
    assert refusal(tmp_path)[0] == FILE


def test_courses_with_modules_of_one_name_live_side_by_side(tmp_path: Path) -> None:
    shared = "from .tools import faces\n\n" + SOLVER
    for name, faces in (("one", 6), ("other", 7)):
        write_course(tmp_path / name, solver=replaced(shared, "(6 if lid else 5)", "(faces() if lid else 5)"))
        (tmp_path / name / "reference" / "tools.py").write_text(f"def faces(): return {faces}", encoding="utf-8")
    one, other = (load_course(tmp_path / name).homework("hw1").problems[0] for name in ("one", "other"))
    assert [problem.expected("area", {"unit": "foot"}) for problem in (one, other)] == [16 * 6 * 12, 16 * 7 * 12]
    assert [problem.solver.solve("area", {"lid": True}) for problem in (other, one)] == [16 * 7, 16 * 6]


def test_a_course_that_was_changed_is_loaded_anew(tmp_path: Path) -> None:
    before = load_course(write_course(tmp_path)).homework("hw1").problems[0]
    (tmp_path / MODULE).write_text(replaced(SOLVER, "(6 if lid else 5)", "(600 if lid else 5)"), encoding="utf-8")
    after = load_course(tmp_path).homework("hw1").problems[0]
    assert [problem.expected("area", {}) for problem in (before, after)] == [96, 9600]


def test_a_course_is_found_from_every_folder_below_it(tmp_path: Path) -> None:
    root = write_course(tmp_path / "course")
    below = root / "submissions" / "late"
    below.mkdir(parents=True)
    for start in (below, root, root / "problems" / "boxes"):
        assert find_course(start) == root.resolve()
    with pytest.raises(InputError, match=r"no course at .* or above it .* use --course"):
        find_course(tmp_path)


@pytest.mark.parametrize("missing", ["problems/homeworks.toml", "reference"])
def test_a_folder_without_its_parts_is_no_course(tmp_path: Path, missing: str) -> None:
    root = write_course(tmp_path / "course")
    (root / missing).rename(tmp_path / "away")
    with pytest.raises(InputError, match=r"is no course: it needs problems/homeworks.toml and reference/"):
        load_course(root)


def test_a_homework_that_does_not_exist_is_refused_with_those_that_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no homework 'hw9' in .*; there is: hw1"):
        load_course(write_course(tmp_path)).homework("hw9")


@pytest.mark.parametrize(
    ("listing", "modules"),
    [
        ("[a]\npreload = ['torch', 'pandas', 'numpy']\n[b]\npreload = ['numpy', 'torch']", ("numpy", "torch")),
        ("[a]\npreload = ['torch', 'numpy']\n[b]\npreload = ['numpy']  # 'torch'", ("numpy",)),
        ("[a]\npreload = ['torch']\n[b]\ntitle = 'torch'", ()),
        ("[a]\npreload = 3", ()),
        ("a = 'torch'", ()),
        ("", ()),
        ("[", ()),
        (None, ()),
    ],
)
def test_only_what_every_homework_preloads_is_imported_early(
    tmp_path: Path, listing: str | None, modules: tuple[str, ...]
) -> None:
    (tmp_path / "problems").mkdir()
    if listing is not None:
        (tmp_path / "problems/homeworks.toml").write_text(listing, encoding="utf-8")
    assert likely_modules(tmp_path) == modules


@pytest.mark.parametrize(
    ("setting", "place", "trouble"),
    [
        ('parts = { "boxes.depth" = "hidden" }', "hw1.gradescope.parts", "'boxes.depth' is no part of the homework"),
        ('parts = { "boxes.area" = "secret" }', "hw1.gradescope.parts.boxes.area", "must be 'visible'"),
        ('packages = ["torch>=2"]', "hw1.gradescope.packages", "has to name a package and its one version"),
        ('packages = ["torch==2.13.0 --index-url x"]', "hw1.gradescope.packages", "its one version"),
        ('packages = ["torch==2.*"]', "hw1.gradescope.packages", "its one version"),
        ('packages = ["torch==2.13.0,!=2.13.1"]', "hw1.gradescope.packages", "its one version"),
        ('packages = ["torch===2.13.0"]', "hw1.gradescope.packages", "its one version"),
        ("packages = [\"torch==2.13.0; python_version > '3'\"]", "hw1.gradescope.packages", "its one version"),
        ('packages = ["torch @ https://example.org/torch.whl"]', "hw1.gradescope.packages", "its one version"),
        ('packages = ["torch==nonsense"]', "hw1.gradescope.packages", "its one version"),
        ('packages = ["torch==2\\n--index-url x"]', "hw1.gradescope.packages", "its one version"),
        ('packages = ["My_Own==1", "my.own==2"]', "hw1.gradescope.packages", "names my-own more than once"),
        ("seconds = 30", "hw1.gradescope.seconds", "must be greater than or equal to 120"),
        ('index = "x; rm -r /"', "hw1.gradescope.index", "is no address"),
        ('index = "https://me:word@example.org/"', "hw1.gradescope.index", "is no address that everybody may read"),
        ('index = "https://token@example.org/"', "hw1.gradescope.index", "is no address"),
        ('index = "https://example.org/?token=word"', "hw1.gradescope.index", "is no address"),
        ('index = "https://example.org/#word"', "hw1.gradescope.index", "is no address"),
        ('index = "https:///simple"', "hw1.gradescope.index", "is no address"),
        ("most_submissions = 0", "hw1.gradescope.most_submissions", "must be"),
    ],
)
def test_settings_for_gradescope_that_make_no_sense_are_named(
    tmp_path: Path, setting: str, place: str, trouble: str
) -> None:
    found, where, words = refusal(write_course(tmp_path, homeworks=f"{HOMEWORKS}gradescope = {{ {setting} }}\n"))
    assert (found, where) == (LISTING, place)
    assert trouble in words


def test_a_password_in_an_address_is_not_repeated(tmp_path: Path) -> None:
    setting = 'gradescope = { index = "https://me:password@example.org/" }\n'
    assert "password@" not in str(refusal(write_course(tmp_path, homeworks=HOMEWORKS + setting)))


def test_packages_may_have_extras_and_local_versions(tmp_path: Path) -> None:
    setting = 'gradescope = { packages = ["torch==2.13.0+cpu", "ray[tune] == 2.1"], index = "https://example.org:8443/whl/cpu" }\n'
    settings = load_course(write_course(tmp_path, homeworks=HOMEWORKS + setting)).homework("hw1").autograder
    assert len(settings.packages) == 2

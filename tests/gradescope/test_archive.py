"""The archive for Gradescope: the same bytes every time, one homework only, and everything that it needs."""

import json
import os
import re
import shutil
import tomllib
import zipfile
from pathlib import Path

import pytest

from grader.course import Course
from grader.errors import InputError
from grader.gradescope.building.archive import Built, build
from grader.gradescope.building.course_files import course_files, write_files
from grader.gradescope.building.instructions import instructions
from grader.loading import course_hash, load_course
from tests.courses import HOMEWORKS, PROBLEM, SOLVER, STATEMENT, replaced, write_course

ROOT = Path(__file__).parents[2]
TWO = HOMEWORKS + '\n[hw2]\ntitle = "Secret of another homework"\nproblems = ["spheres"]\n'
WRITTEN = '\n[parts.why]\nkind = "text"\npoints = 3\n[parts.more]\nkind = "text"\npoints = 2\nextra = true\n'
TEXT = "# Boxes\n" + "".join(
    f"\n## {part.title()} {{#{part}}}\n\nWhat?\n" for part in ("area", "volume", "sizes", "trail", "why", "more")
)


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course(ROOT)


def built(root: Path, out: Path, homework: str = "hw1", wheels: Path | None = None) -> Built:
    course = load_course(root)
    return build(course, course.homework(homework), out, wheels)


def shown(value: object) -> str:
    """A reference as text, without where it lies in memory."""
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))


def names(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as opened:
        return opened.namelist()


def read(archive: Path, name: str) -> str:
    with zipfile.ZipFile(archive) as opened:
        return opened.read(name).decode()


def two_homeworks(root: Path) -> Path:
    write_course(root, homeworks=TWO, solver="from .boards import six\n" + SOLVER.replace("(6 if", "(six() if"))
    shutil.copytree(root / "problems" / "boxes", root / "problems" / "spheres")
    (root / "reference" / "boards.py").write_text("def six():\n    from .late import number\n    return number\n")
    (root / "reference" / "late.py").write_text("number = 6\n")
    (root / "reference" / "spheres.py").write_text(SOLVER)
    (root / "reference" / "table.csv").write_text("1,2\n")
    return root


def test_building_twice_gives_the_same_bytes_wherever_and_whenever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two_homeworks(tmp_path / "one"), tmp_path / "elsewhere" / "other"
    shutil.copytree(one, other)
    for file in other.rglob("*"):
        os.utime(file, (1, 1))
        file.chmod(0o777)
    built(one, tmp_path / "one.zip")
    monkeypatch.chdir(other)
    built(other, Path("other.zip"))
    assert (tmp_path / "one.zip").read_bytes() == (other / "other.zip").read_bytes()
    assert names(tmp_path / "one.zip") == sorted(names(tmp_path / "one.zip"))


def test_only_what_a_homework_needs_is_in_its_archive(tmp_path: Path) -> None:
    root = two_homeworks(tmp_path / "course")
    (root / "problems" / "boxes" / ".secret").write_text("x")
    made = built(root, tmp_path / "a.zip")
    assert [name for name in names(made.path) if name.startswith("course/")] == [
        "course/problems/boxes/problem.toml",
        "course/problems/boxes/statement.md",
        "course/problems/homeworks.toml",
        "course/reference/__init__.py",
        "course/reference/boards.py",
        "course/reference/boxes.py",
        "course/reference/late.py",
        "course/reference/table.csv",
    ]
    listing = read(made.path, "course/problems/homeworks.toml")
    assert tomllib.loads(listing) == tomllib.loads(HOMEWORKS)


@pytest.mark.parametrize("homework", ["hw5_cnn_sizes", "hw5_networks", "hw6_design"])
def test_homeworks_of_this_repository_stand_alone_and_expect_the_same(
    course: Course, homework: str, tmp_path: Path
) -> None:
    whole = course.homework(homework)
    files, digest = course_files(course, whole)
    write_files(tmp_path, files)
    alone = load_course(tmp_path)
    assert course_hash(tmp_path) == digest
    assert list(alone.homeworks) == [homework]
    (trimmed,) = alone.homeworks.values()
    assert (trimmed.limits, trimmed.due, trimmed.autograder) == (whole.limits, whole.due, whole.autograder)
    for (one, part), (other, _) in zip(whole.parts, trimmed.parts, strict=True):
        assert one.spec == other.spec
        for assignment in one.assignments:
            assert shown(one.expected(part, assignment)) == shown(other.expected(part, assignment))
    others = {problem.name for each in course.homeworks.values() for problem in each.problems} - {
        problem.name for problem in whole.problems
    }
    listing = next(one.content.decode() for one in files if one.name.endswith("homeworks.toml"))
    assert [name for name in (*others, *course.homeworks) if re.search(rf"\b{name}\b", listing)] == [homework]
    assert not others & {part for one in files for part in Path(one.name).with_suffix("").parts}


def test_scripts_are_programs_and_the_rest_is_not(tmp_path: Path) -> None:
    made = built(write_course(tmp_path / "course"), tmp_path / "a.zip")
    with zipfile.ZipFile(made.path) as archive:
        modes = {one.filename: one.external_attr >> 16 for one in archive.infolist()}
        assert all(b"\r" not in archive.read(name) for name in ("setup.sh", "run_autograder"))
    assert {name for name, mode in modes.items() if mode == 0o100755} == {"setup.sh", "run_autograder"}
    assert set(modes.values()) == {0o100755, 0o100644}


def test_the_grader_is_in_it_without_caches(tmp_path: Path) -> None:
    found = names(built(write_course(tmp_path / "course"), tmp_path / "a.zip").path)
    assert {
        "grader/pipeline.py",
        "grader/reports/templates/class.html",
        "grader/gradescope/building/files/setup.sh",
    } <= {*found}
    assert not [name for name in found if "__pycache__" in name or name.endswith(".pyc")]


def test_autograder_json_says_what_the_archive_is_for(tmp_path: Path) -> None:
    root = write_course(tmp_path / "course", problem=PROBLEM + WRITTEN, statement=TEXT)
    made = built(root, tmp_path / "a.zip")
    said = json.loads(read(made.path, "autograder.json"))
    assert said.pop("course") == made.manifest.course
    assert said == {
        "format": 1, "grader": "0.1.0", "homework": "hw1", "seconds": 600.0, "on_fault": "message",
        "points": {"autograder": 5.0, "written": 3.0},
    }  # fmt: skip


def told(tmp_path: Path, more: str = "", problem: str = PROBLEM + WRITTEN) -> str:
    statement = TEXT if WRITTEN in problem else STATEMENT
    root = write_course(tmp_path / "course", homeworks=HOMEWORKS + more, problem=problem, statement=statement)
    return "\n".join(instructions(built(root, tmp_path / "a.zip")))


def test_what_to_type_into_gradescope_is_said(tmp_path: Path) -> None:
    said = told(tmp_path, "gradescope = { seconds = 1150 }\n")
    assert "Autograder points: 5\n" in said
    assert "timeout: 20 minutes" in said
    assert "Why: 3 points\n" in said
    assert "More: 2 points, extra" in said
    assert "by hand" not in said


def test_the_smallest_container_for_a_known_network_is_named_unless_a_homework_says_how_much(tmp_path: Path) -> None:
    said = told(tmp_path)
    assert "Container: 1.0 CPU, 1.5 GB RAM. A notebook may take 970 MB there, enough for an AlexNet in torch" in said
    assert "The smallest one gives it 345 MB" in said


@pytest.mark.parametrize(
    ("wanted", "container", "got"),
    [
        (300, "0.5 CPU, 0.75 GB", 300),
        (900, "1.0 CPU, 1.5 GB", 900),
        (1000, "2.0 CPU, 3 GB", 1000),
        (9000, "4.0 CPU, 6 GB", 5396),
    ],
)
def test_a_container_leaves_a_notebook_what_the_homework_gives_it(
    wanted: int, container: str, got: int, tmp_path: Path
) -> None:
    said = told(tmp_path, f"limits = {{ memory_bytes = {wanted}_000_000 }}\n")
    assert f"Container: {container} RAM. A notebook may take {got} MB there\n" in said


def test_lateness_of_written_parts_is_said_to_be_done_by_hand(tmp_path: Path) -> None:
    late = "due = 2030-01-01T12:00:00+01:00\nlate = { share = 0.1 }\n"
    assert "loses nothing of these by itself" in told(tmp_path / "one", late)
    assert "loses nothing" not in told(tmp_path / "two", late, PROBLEM)


def test_packages_of_a_homework_are_installed_with_the_grader_s_own_versions(tmp_path: Path) -> None:
    more = 'gradescope = { packages = ["torch==2.13.0"], index = "https://example.org/cpu" }\n'
    made = built(write_course(tmp_path / "course", homeworks=HOMEWORKS + more), tmp_path / "a.zip")
    assert read(made.path, "packages.txt") == "--extra-index-url https://example.org/cpu\ntorch==2.13.0\n"
    assert "numpy==2.4.6\n" in read(made.path, "constraints.txt")
    assert "--hash" not in read(made.path, "constraints.txt")


@pytest.mark.parametrize(
    ("homeworks", "words"),
    [
        (HOMEWORKS + 'preload = ["torch"]\n', "hw1.preload: the container has no torch"),
        (HOMEWORKS + 'preload = ["skimage.io"]\n', r'no skimage\.io; .* packages = \["scikit-image==VERSION"\]'),
        (
            HOMEWORKS + 'preload = ["torch", "absent"]\ngradescope = { packages = ["torch==2.13.0"] }\n',
            "the container has no absent",
        ),
        (HOMEWORKS + 'gradescope = { packages = ["numpy==2.0.0"] }\n', "the grader itself needs numpy==2.4.6"),
    ],
)
def test_packages_that_cannot_work_are_refused(homeworks: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=words):
        built(write_course(tmp_path / "course", homeworks=homeworks), tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


def test_modules_that_the_container_has_may_be_preloaded_whatever_is_installed_here(tmp_path: Path) -> None:
    homeworks = HOMEWORKS + 'preload = ["numpy", "sklearn.linear_model", "yaml", "mpl_toolkits", "json", "umap"]\n'
    homeworks += 'gradescope = { packages = ["umap-learn==0.5.9"] }\n'
    assert built(write_course(tmp_path / "course", homeworks=homeworks), tmp_path / "a.zip").size


def test_a_homework_of_written_parts_only_needs_no_autograder(tmp_path: Path) -> None:
    problem = 'title = "Boxes"\n' + WRITTEN
    statement = "# Boxes\n\n## Why {#why}\n\nWhy?\n\n## More {#more}\n\nMore?\n"
    root = write_course(tmp_path / "course", problem=problem, statement=statement, solver="")
    with pytest.raises(InputError, match="written parts only"):
        built(root, tmp_path / "a.zip")


def test_a_solver_that_reads_what_stays_behind_is_refused_and_named(tmp_path: Path) -> None:
    root = two_homeworks(tmp_path / "course")
    solver = replaced(SOLVER, "    return side * area / 6", "    return side * area / int(_faces())")
    solver += '\n\ndef _faces():\n    from pathlib import Path\n    return len(list(Path(__file__).parents[1].glob("problems/spheres/*"))) / 0.0\n'
    solver = solver.replace(" / 0.0", " or 1 / 0")
    (root / "reference" / "boxes.py").write_text(solver)
    with pytest.raises(InputError, match=r"hw1 does not stand alone: reference/boxes\.py: volume"):
        built(root, tmp_path / "a.zip")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        built(write_course(tmp_path / "course"), tmp_path / "nowhere" / "a.zip")

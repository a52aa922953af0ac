"""A course: the folder that holds `problems/` and `reference/`, read and validated.

Whatever is wrong in it is found here, before any student is marked, and is named with file, table and key.
"""

import hashlib
import importlib
import itertools
import re
import sys
import tomllib
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from grader.coherence import check_homework, check_names, check_references
from grader.collisions import check_mistakes_show
from grader.course import Course, Homework, Problem, Section
from grader.course_folder import LISTING
from grader.declarations import check_assumptions, check_declarations
from grader.errors import InputError, ProblemError
from grader.naming import check_naming
from grader.plain_words import in_plain_words
from grader.problem_file import HomeworkFile, ProblemFile
from grader.solver import Solver

T = TypeVar("T")

_SECTION = re.compile(r"^## (?P<title>.+?) \{#(?P<part>[^{}]+)\}\s*$", re.MULTILINE)


def load_course(root: Path) -> Course:
    """Reads and validates a whole course.

    Args:
        root: the folder that holds `problems/` and `reference/`.

    Raises:
        InputError: `root` is no course.
        ProblemError: a file of the course is wrong; the message names file, table and key.
    """
    course = read_course(root)
    check_course(course)
    return course


def read_course(root: Path) -> Course:
    """Reads a course: all that can be said of it without its solvers. Takes and raises what `load_course` does."""
    root = root.resolve()
    listing = root / LISTING
    if not listing.is_file() or not (root / "reference").is_dir():
        raise InputError(f"{root} is no course: it needs problems/homeworks.toml and reference/")
    specs = _validated(listing, TypeAdapter(dict[str, HomeworkFile]), _toml(listing))
    if not specs:
        raise ProblemError(listing, "", "names no homework; it needs a table [name] with title and problems")
    package = _package(root / "reference")
    problems: dict[str, Problem] = {}
    for homework, spec in specs.items():
        for name in spec.problems:
            file = root / "problems" / name / "problem.toml"
            if not file.is_file():
                raise ProblemError(listing, f"{homework}.problems", f"names {name!r}, but there is no {file}")
            problems[name] = problems.get(name) or _problem(file, name, package)
    homeworks = {
        name: Homework(
            name=name,
            title=spec.title,
            problems=tuple(problems[problem] for problem in spec.problems),
            limits=spec.limits,
            preload=spec.preload,
            due=spec.due,
            late=spec.late,
            reveal=spec.reveal,
            self_check=spec.self_check,
            hand_in=spec.hand_in,
            autograder=spec.gradescope,
        )
        for name, spec in specs.items()
    }
    for one in homeworks.values():
        check_homework(listing, one)
    return Course(root, homeworks)


def check_course(course: Course) -> None:
    """Imports the solvers of a course, and finds what is wrong with them or with what its files say of them.

    Raises:
        ProblemError: the first thing that is; the message names file, table and key.
    """
    problems = {problem.name: problem for homework in course.homeworks.values() for problem in homework.problems}
    for problem in problems.values():
        check_names(problem)
        check_declarations(problem)
        check_references(problem)
        check_mistakes_show(problem)
    check_assumptions(problems.values())


def course_hash(root: Path) -> str:
    """SHA-256 of all files that decide marks, names included: what is below `problems/` and `reference/`, but no caches."""
    digest = hashlib.sha256()
    for folder in ("problems", "reference"):
        for file in sorted((root / folder).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts and not file.name.startswith("."):
                content = file.read_bytes()
                digest.update(f"{file.relative_to(root).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(file))
    except tomllib.TOMLDecodeError as error:
        raise ProblemError(file, "", f"is not valid TOML: {error}") from error


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProblemError(file, "", f"cannot be read: {error}") from error


def _validated(file: Path, model: TypeAdapter[T], data: Any) -> T:
    try:
        return model.validate_python(data)
    except ValidationError as error:
        raise ProblemError(file, *_place_and_trouble(error.errors()[0])) from error


def _place_and_trouble(detail: ErrorDetails) -> tuple[str, str]:
    """Where in its file the author finds the first thing that is wrong, and what it is."""
    place = [str(step) for step in detail["loc"]]
    # The check of a part is written in the part's own table, and neither it nor its cells or items name their kind on the way.
    if place[:1] == ["parts"] and place[2:3] == ["check"]:
        del place[2:4]
        if place[2:3] in (["cells"], ["items"]):
            del place[3:4]
    if detail["type"].startswith("union_tag_"):
        place.append("kind")
    if place[:1] == ["mistakes"] and place[2:3] == ["assume"] and len(place) > 4:  # noqa: PLR2004 - it names a type, too
        return ".".join(place[:4]), "must be text, a number, true or false"
    return ".".join(place), in_plain_words(detail)


def _package(folder: Path) -> str:
    """Makes `folder` importable under a name of its own, so that several courses live in one process."""
    alias = f"_reference_{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    for name in [name for name in sys.modules if name.partition(".")[0] == alias]:
        del sys.modules[name]
    package = ModuleType(alias)
    package.__path__ = [str(folder)]
    sys.modules[alias] = package
    importlib.invalidate_caches()
    return alias


def _problem(file: Path, name: str, package: str) -> Problem:
    spec = _validated(file, TypeAdapter(ProblemFile), _toml(file))
    check_naming(file, spec)
    introduction, sections = _statement(file.with_name("statement.md"), spec)
    return Problem(name, file, spec, partial(_solver, file, package, name, spec), introduction, sections)


def _solver(file: Path, package: str, problem: str, spec: ProblemFile) -> Solver:
    return Solver(_module(file, package, problem, spec), spec.given)


def _module(file: Path, package: str, problem: str, spec: ProblemFile) -> ModuleType:
    name = spec.solver or problem
    solver = file.parents[2] / "reference" / f"{name}.py"
    if not solver.is_file() and not spec.solver and not any(part.check.solved for part in spec.parts.values()):
        return ModuleType(f"{package}.{name}")  # nothing is to be solved
    if not solver.is_file():
        raise ProblemError(file, "solver", f"there is no {solver}")
    try:
        return importlib.import_module(f"{package}.{name}")
    except (Exception, SystemExit) as error:
        trouble = f"reference/{name}.py cannot be loaded: {type(error).__name__}: {error}"
        raise ProblemError(file, "solver", trouble) from error


def _statement(file: Path, spec: ProblemFile) -> tuple[str, dict[str, Section]]:
    """The words before the first part, and one section per part."""
    text = _text(file)
    heads = list(_SECTION.finditer(text))
    sections: dict[str, Section] = {}
    for head, following in itertools.zip_longest(heads, heads[1:]):
        end = following.start() if following else len(text)
        if head["part"] not in spec.parts or head["part"] in sections:
            raise ProblemError(file, head["part"], "is no part of the problem, or has a section already")
        sections[head["part"]] = Section(head["title"], text[head.end() : end].strip())
    for part in spec.parts:
        if part not in sections:
            raise ProblemError(file, part, f"this part needs a section that begins with '## Title {{#{part}}}'")
    return text[: heads[0].start()].strip(), sections

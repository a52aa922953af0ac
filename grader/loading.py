"""A course: the folder that holds `problems/` and `reference/`, read and validated.

Whatever is wrong in it is found here, before any student is marked, and is named with file, table and key.
"""

import hashlib
import importlib
import itertools
import re
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from grader.course import Course, Homework, Problem, Section
from grader.errors import InputError, ProblemError
from grader.problem_file import HomeworkFile, ProblemFile, Scalar
from grader.solver import Solver

T = TypeVar("T")

# Tags that readers put on a reading; a convention of this name binds the readings of a whole problem together.
READING_TAGS = frozenset({"K", "prefix", "axes"})
# Each assignment marks every part once more, so that the product of conventions is kept small.
MOST_ASSIGNMENTS = 32
_SECTION = re.compile(r"^## (?P<title>.+?) \{#(?P<part>\w+)\}\s*$", re.MULTILINE)


def find_course(start: Path) -> Path:
    """The nearest folder from `start` upwards that holds `problems/homeworks.toml` and `reference/`."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "problems" / "homeworks.toml").is_file() and (folder / "reference").is_dir():
            return folder
    raise InputError(
        f"no course at {start} or above it (a folder with problems/homeworks.toml and reference/); use --course"
    )


def load_course(root: Path) -> Course:
    """Reads and validates a whole course.

    Args:
        root: the folder that holds `problems/` and `reference/`.

    Raises:
        InputError: `root` is no course.
        ProblemError: a file of the course is wrong; the message names file, table and key.
    """
    root = root.resolve()
    listing = root / "problems" / "homeworks.toml"
    if not listing.is_file() or not (root / "reference").is_dir():
        raise InputError(f"{root} is no course: it needs problems/homeworks.toml and reference/")
    specs = _validated(listing, TypeAdapter(dict[str, HomeworkFile]), _toml(listing))
    package = _package(root / "reference")
    names = dict.fromkeys(name for spec in specs.values() for name in spec.problems)
    problems = {name: _problem(listing, root / "problems" / name, package) for name in names}
    homeworks = {
        name: Homework(name, spec.title, tuple(problems[problem] for problem in spec.problems), spec.limits)
        for name, spec in specs.items()
    }
    for homework in homeworks.values():
        _check_variables(listing, homework)
    return Course(root, homeworks)


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ProblemError(file, "", f"is not valid TOML: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ProblemError(file, "", f"cannot be read: {error}") from error


def _validated(file: Path, model: TypeAdapter[T], data: Any) -> T:
    try:
        return model.validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        # The check of a part is written in the part's own table, under no name and with no tag.
        place = [str(step) for step in first["loc"]]
        if "check" in place:
            at = place.index("check")
            place = place[:at] + place[at + 2 :]
        trouble = "is not a known key" if first["type"] == "extra_forbidden" else first["msg"]
        raise ProblemError(file, ".".join(place), trouble) from error


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


def _problem(listing: Path, folder: Path, package: str) -> Problem:
    file = folder / "problem.toml"
    if not file.is_file():
        raise ProblemError(listing, "problems", f"names {folder.name!r}, but there is no {file}")
    spec = _validated(file, TypeAdapter(ProblemFile), _toml(file))
    module = _module(file, package, spec.solver or folder.name)
    introduction, sections = _statement(folder / "statement.md", spec)
    problem = Problem(folder.name, file, spec, Solver(module, spec.given), introduction, sections)
    _check_names(problem)
    for part, assignment in itertools.product(spec.parts, problem.assignments):
        problem.expected(part, assignment)
    return problem


def _module(file: Path, package: str, name: str) -> ModuleType:
    try:
        return importlib.import_module(f"{package}.{name}")
    except Exception as error:
        raise ProblemError(file, "solver", f"reference/{name}.py cannot be loaded: {error}") from error


def _statement(file: Path, spec: ProblemFile) -> tuple[str, dict[str, Section]]:
    """The words before the first part, and one section per part."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProblemError(file, "", f"cannot be read: {error}") from error
    heads = list(_SECTION.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    sections = {
        head["part"]: Section(head["title"], text[head.end() : end].strip())
        for head, end in zip(heads, ends, strict=True)
    }
    if odd := sorted(set(spec.parts) ^ set(sections)):
        raise ProblemError(file, odd[0], "every part needs one section '## Title {#part}', and every section a part")
    return text[: heads[0].start()].strip(), sections


def _check_names(problem: Problem) -> None:
    """Names in the problem file that must be known to the solver."""
    solver, spec = problem.solver, problem.spec
    for part in spec.parts:
        _known(problem, f"parts.{part}.solve", problem.function(part), solver.functions)
        for key in ("contours", "continuation"):
            name = getattr(spec.parts[part], key, "") or getattr(spec.parts[part].check, key, "")
            if name:
                _known(problem, f"parts.{part}.{key}", name, solver.functions)
    for name, values in spec.conventions.items():
        _known(problem, f"conventions.{name}", name, {**solver.assumptions, **dict.fromkeys(READING_TAGS)})
        if len(values) < 2:  # noqa: PLR2004 - one value is no choice
            raise ProblemError(problem.file, f"conventions.{name}", "needs two values or more to choose from")
        if name in solver.assumptions and next(iter(values)) != solver.assumptions[name]:
            trouble = f"the first value must be the solver's own, {solver.assumptions[name]!r}"
            raise ProblemError(problem.file, f"conventions.{name}", trouble)
    if len(problem.assignments) > MOST_ASSIGNMENTS:
        raise ProblemError(problem.file, "conventions", f"more than {MOST_ASSIGNMENTS} combinations; declare fewer")
    for name, mistake in spec.mistakes.items():
        for assumption, value in mistake.assume.items():
            _check_assumption(problem, f"mistakes.{name}.assume.{assumption}", assumption, value)
    _check_order(problem)


def _known(problem: Problem, place: str, name: str, known: Mapping[str, Any]) -> None:
    if name not in known:
        raise ProblemError(problem.file, place, f"{name!r} is unknown to the solver, which has: {', '.join(known)}")


def _check_assumption(problem: Problem, place: str, name: str, value: Scalar) -> None:
    _known(problem, place, name, problem.solver.assumptions)
    default = problem.solver.assumptions[name]
    if type(value) is not type(default) or value == default:
        raise ProblemError(problem.file, place, f"must differ from the intended {default!r} and be of its type")
    if value in problem.spec.conventions.get(name, {}):
        raise ProblemError(problem.file, place, "is an accepted convention, so it cannot be a mistake")


def _check_order(problem: Problem) -> None:
    """A part that builds on another comes after it, so that follow-through can go down the page."""
    seen: set[str] = set()
    for part in problem.parts:
        later = {problem.function(p) for p in problem.parts if p not in seen and p != part}
        if needed := sorted(later & problem.solver.ancestors(problem.function(part))):
            raise ProblemError(
                problem.file, f"parts.{part}", f"builds on {needed[0]}, which must be declared before it"
            )
        seen.add(part)


def _check_variables(listing: Path, homework: Homework) -> None:
    owners: dict[str, str] = {}
    for problem, part in homework.parts:
        variable, owner = problem.variable(part), f"{problem.name}.{part}"
        if variable in owners:
            trouble = f"the variable {variable!r} is asked for by both {owners[variable]} and {owner}; rename one"
            raise ProblemError(listing, homework.name, trouble)
        owners[variable] = owner

"""Of a course, what one homework needs: nothing of the others goes to a platform, where it might be read."""

import sys
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path

import tomli_w

from grader.course import Course, Homework
from grader.course_folder import LISTING
from grader.errors import InputError, ProblemError
from grader.loading import course_hash, load_course
from grader.zip_writing import Member, members_below


def course_files(course: Course, homework: Homework) -> tuple[list[Member], str]:
    """The files of a homework, by their names within the course, and the hash of the course that they make.

    They are the folders of its problems, its own table of homeworks.toml, and of `reference/` the modules that its solvers import and
    whatever is no Python.

    Raises:
        InputError: the homework does not stand alone; the message says what it misses.
    """
    own = [
        Member(LISTING.as_posix(), _listing(course.root / LISTING, homework.name)),
        Member("reference/__init__.py", b""),  # so that the folder is there even where nothing is to be solved
        *(one for problem in homework.problems for one in members_below(course.root, f"problems/{problem.name}")),
    ]
    reference = [one for one in members_below(course.root, "reference") if one.name != "reference/__init__.py"]
    modules, _ = _proved([*own, *reference], homework.name)
    needed = [one for one in reference if not one.name.endswith(".py") or one.name in modules]
    _, digest = _proved([*own, *needed], homework.name)
    return [*own, *needed], digest


def write_files(folder: Path, files: Iterable[Member]) -> None:
    """Writes files below a folder.

    Args:
        folder: of ours.
        files: whose names stay below it.
    """
    for one in files:
        path = folder / one.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.content)


def _listing(file: Path, homework: str) -> bytes:
    own = tomllib.loads(file.read_text(encoding="utf-8"))[homework]
    return tomli_w.dumps({homework: own}).encode()


def _proved(files: list[Member], homework: str) -> tuple[set[str], str]:
    """Loads and solves the course that these files make: the files that its solvers imported, and its hash."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name).resolve()
        write_files(root, files)
        digest = course_hash(root)
        try:
            _solve(load_course(root).homework(homework))
        except ProblemError as error:
            file = error.file.removeprefix(f"{root}/")
            raise InputError(
                f"{homework} does not stand alone: {file}: {f'{error.place}: ' * bool(error.place)}{error.trouble}. "
                "A solver may use what is in reference/, and no file of other problems"
            ) from error
        return _imported(root), digest


def _solve(homework: Homework) -> None:
    """Solves every part under every convention, since a solver may import what it needs when it needs it."""
    for problem, part in homework.parts:
        for assignment in problem.accepted(part):
            problem.expected(part, assignment)


def _imported(root: Path) -> set[str]:
    """The files below a folder that were imported."""
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return {Path(file).relative_to(root).as_posix() for file in files if file and Path(file).is_relative_to(root)}

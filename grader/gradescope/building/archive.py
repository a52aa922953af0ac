"""The archive that a course uploads to Gradescope: one homework, the grader, and how the container is made that both run in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement

from grader.course import Course, Homework
from grader.errors import InputError, unwritable
from grader.gradescope.building.course_files import course_files
from grader.gradescope.building.environment import LOCK, check_packages, constraints, packages, pins
from grader.gradescope.building.own_package import package_files
from grader.gradescope.building.wheels import Wheels, wheels_in
from grader.gradescope.manifest import MANIFEST, Manifest, manifest_of
from grader.gradescope.points import is_by_hand
from grader.whole_file import replacing
from grader.zip_writing import Member, write_zip

SCRIPTS = ("setup.sh", "run_autograder")
_FILES = Path(__file__).parent / "files"


@dataclass(frozen=True)
class Built:
    """An archive that was written."""

    path: Path
    size: int
    """Bytes."""
    homework: Homework
    manifest: Manifest
    wheels: Wheels | None


def build(course: Course, homework: Homework, out: Path, wheels: Path | None = None) -> Built:
    """Writes the archive, the same bytes for the same homework wherever and whenever it is built.

    Args:
        course: which has been loaded and checked.
        homework: of the course; nothing of the others goes in.
        out: where the archive goes.
        wheels: a folder of wheels that the container is made from instead of what a package index has.

    Raises:
        InputError: the homework cannot be graded inside Gradescope as it is, wheels are missing, or the file cannot be written.
    """
    if all(is_by_hand(problem, part) for problem, part in homework.parts):
        raise InputError(
            f"{homework.name} has written parts only, which no autograder marks; make an assignment without one for it"
        )
    check_packages(homework)
    own = wheels_in(wheels, wanted(homework), homework.autograder.index) if wheels else None
    files, digest = course_files(course, homework)
    manifest = manifest_of(homework, digest)
    members = [
        Member(MANIFEST, manifest.as_json()),
        *program_files(homework, from_wheels=own is not None),
        *(Member(f"course/{one.name}", one.content) for one in files),
    ]
    listing = [own.listing()] if own else []
    _write(out, chain(sorted([*members, *listing]), own.members() if own else ()))
    return Built(out, out.stat().st_size, homework, manifest, own)


def program_files(homework: Homework, *, from_wheels: bool) -> Iterator[Member]:
    """All of an archive but the course, the wheels and what is said of both.

    Args:
        homework: that it is for.
        from_wheels: whether the packages are in the archive, too.

    Raises:
        InputError: the package is not installed as files.
    """
    for name in SCRIPTS:
        yield Member(name, (_FILES / name).read_bytes(), executable=True)
    yield Member(LOCK.name, LOCK.read_bytes())
    yield Member("constraints.txt", constraints())
    yield Member("packages.txt", packages(homework, from_wheels=from_wheels))
    yield from package_files()


def wanted(homework: Homework) -> list[Requirement]:
    """What the container is to have, each at one version."""
    return [*pins().values(), *map(Requirement, homework.autograder.packages)]


def _write(out: Path, members: Iterable[Member]) -> None:
    try:
        with replacing(out) as new, new.open("wb") as archive:
            write_zip(archive, members, compressed=False)
    except OSError as error:
        raise unwritable(out, error) from error

"""What is inside one of our archives: the homework, and what autograder.json says of it. Nothing of it is run."""

import tempfile
import zipfile
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from grader import __version__
from grader.course import Homework
from grader.errors import GraderError
from grader.gradescope.building.course_files import write_files
from grader.gradescope.examining.checking_program import program_findings
from grader.gradescope.examining.checking_wheels import wheel_findings
from grader.gradescope.examining.findings import Finding, error, warning
from grader.gradescope.manifest import MANIFEST, Manifest, manifest_of
from grader.loading import course_hash, read_course
from grader.plain_words import in_plain_words
from grader.zip_writing import Member

_NEEDED = (
    "requirements.txt", "constraints.txt", "packages.txt", "grader/gradescope/inside/supervising.py", "course/problems/homeworks.toml",
)  # fmt: skip
_AGAIN = "build the archive again with grader gradescope build"


def course_findings(archive: zipfile.ZipFile, files: Mapping[str, zipfile.ZipInfo]) -> Iterator[Finding]:
    """What is wrong inside an archive whose names are safe.

    Args:
        archive: of ours.
        files: its members by name, folders left out.
    """
    missing = [name for name in _NEEDED if name not in files]
    for name in missing:
        yield error(name, f"is missing; {_AGAIN}")
    try:
        manifest = Manifest.model_validate_json(archive.read(MANIFEST))
    except ValidationError as trouble:
        detail = trouble.errors()[0]
        yield error(MANIFEST, f"{'.'.join(map(str, detail['loc'])) or 'the file'}: {in_plain_words(detail)}; {_AGAIN}")
        return
    if manifest.grader != __version__:
        yield warning(
            MANIFEST,
            f"was built by grader {manifest.grader}, and this is {__version__}, so that its program cannot be compared; {_AGAIN} if that matters",
        )
    homework = None
    if not missing:
        homework = yield from _course(archive, files, manifest)
    comparable = homework if manifest.grader == __version__ else None
    if comparable:
        yield from program_findings(archive, files, comparable)
    yield from wheel_findings(archive, files, comparable)


def _course(
    archive: zipfile.ZipFile, files: Mapping[str, zipfile.ZipInfo], manifest: Manifest
) -> Generator[Finding, None, Homework | None]:
    """What is wrong with the course; the homework, if it can be read."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve() / "course"
        try:
            write_files(root.parent, (Member(name, archive.read(name)) for name in files if name.startswith("course/")))
            # Only read: a solver is a program, and whose archive this is nobody knows.
            homework = read_course(root).homework(manifest.homework)
        except (GraderError, OSError, RecursionError) as trouble:
            words = str(trouble).replace(f"{root}/", "").replace(str(root), "course")
            yield error("course/", f"cannot be loaded: {words}; mend the course and {_AGAIN}")
            return None
        if course_hash(root) != manifest.course:
            yield error(
                MANIFEST, f"speaks of another course than the one in course/, which was changed by hand; {_AGAIN}"
            )
        yield from _settings(homework, manifest)
        return homework


def _settings(homework: Homework, manifest: Manifest) -> Iterator[Finding]:
    right = manifest_of(homework, manifest.course)
    for name in ("points", "seconds", "on_fault"):
        if getattr(right, name) != getattr(manifest, name):
            yield error(MANIFEST, f"{name}: is not what the homework in course/ says; {_AGAIN}")

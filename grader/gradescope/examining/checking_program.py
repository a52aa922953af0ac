"""Whether the program in one of our archives is the one that this grader writes. It is compared, and never run."""

import zipfile
from collections.abc import Iterator, Mapping

from grader.course import Homework
from grader.gradescope.building.archive import program_files
from grader.gradescope.building.wheels import PYTHONS_LISTED
from grader.gradescope.examining.checking_names import MOST_NAMED, is_told_of
from grader.gradescope.examining.findings import Finding, error, warning
from grader.gradescope.manifest import MANIFEST
from grader.some_of_many import some

_AGAIN = "build the archive again with grader gradescope build"


def program_findings(
    archive: zipfile.ZipFile, files: Mapping[str, zipfile.ZipInfo], homework: Homework
) -> Iterator[Finding]:
    """What is another than it would be if the archive were built now.

    Args:
        archive: built with this version of the grader.
        files: its members by name, folders left out.
        homework: in it.
    """
    from_wheels = any(name.startswith("wheels/") for name in files)
    right = {one.name: one.content for one in program_files(homework, from_wheels=from_wheels)}
    if missing := sorted(right.keys() - files.keys()):
        yield error(some(missing, MOST_NAMED), f"is missing; {_AGAIN}")
    if other := sorted(name for name in right.keys() & files.keys() if archive.read(name) != right[name]):
        yield error(some(other, MOST_NAMED), f"is not what this grader writes; {_AGAIN}")
    if more := sorted(name for name in files if name not in right and not _is_besides(name)):
        yield warning(some(more, MOST_NAMED), "is nothing that this grader writes; leave it out")


def _is_besides(name: str) -> bool:
    """Whether a file belongs to what is compared elsewhere, or is told of."""
    return name.startswith(("course/", "wheels/")) or name in {MANIFEST, PYTHONS_LISTED} or is_told_of(name)

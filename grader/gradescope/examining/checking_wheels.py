"""Whether the wheels in one of our archives are wheels, and enough of them."""

import zipfile
from collections.abc import Iterator, Mapping, Sequence

from grader.course import Homework
from grader.errors import InputError
from grader.gradescope.building.archive import wanted
from grader.gradescope.building.wheel_files import Wheel, read_wheel
from grader.gradescope.building.wheels import PYTHONS_LISTED, complete, missing_for_images, nearest, pythons
from grader.gradescope.examining.findings import Finding, error
from grader.some_of_many import some

_FOLDER = "wheels/"
_AGAIN = "build the archive again with grader gradescope build --wheels"


def wheel_findings(
    archive: zipfile.ZipFile, files: Mapping[str, zipfile.ZipInfo], homework: Homework | None
) -> Iterator[Finding]:
    """What is wrong with the wheels.

    Args:
        archive: of ours.
        files: its members by name, folders left out.
        homework: in it, if it can be read and its packages can be compared.
    """
    wheels, names = [], [name for name in files if name.startswith(_FOLDER)]
    for name in names:
        try:
            with archive.open(name) as file:
                wheels.append(read_wheel(name.removeprefix(_FOLDER), file))
        except InputError as trouble:
            yield error(name, str(trouble))
    if homework and names and len(wheels) == len(names):
        yield from _together(wheels, homework, archive.read(PYTHONS_LISTED) if PYTHONS_LISTED in files else b"")


def _together(wheels: Sequence[Wheel], homework: Homework, listed: bytes) -> Iterator[Finding]:
    missing = missing_for_images(wheels, wanted(homework))
    if not (targets := complete(missing)):
        target, lacking = nearest(missing)
        yield error(_FOLDER, f"lacks {some(lacking)} for {target}; {_AGAIN}")
    elif listed != pythons(targets):
        yield error(PYTHONS_LISTED, f"is not what the wheels are for; {_AGAIN}")

"""One wheel: what its name says, and what else it needs, as it says itself."""

import zipfile
from typing import IO, NamedTuple

from packaging.metadata import parse_email
from packaging.requirements import Requirement
from packaging.tags import Tag
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import Version

from grader.errors import InputError
from grader.gradescope.building.zip_reading import DAMAGES

_METADATA = ".dist-info/METADATA"


class Wheel(NamedTuple):
    """What is to be known of a wheel before it is installed."""

    name: str
    """Normalised."""
    version: Version
    tags: frozenset[Tag]
    needs: tuple[Requirement, ...]


def read_wheel(name: str, content: IO[bytes]) -> Wheel:
    """Reads a wheel; nothing of it is run.

    Args:
        name: of the file.
        content: which can be searched.

    Raises:
        InputError: it is none; the words follow its name.
    """
    try:
        package, version, _, tags = parse_wheel_filename(name)
    except InvalidWheelFilename as error:
        raise InputError("has not the name of a wheel; remove it") from error
    try:
        return Wheel(package, version, tags, _needs(content, package))
    except DAMAGES as error:  # a requirement that is none is a ValueError
        raise InputError("is no wheel, or is damaged; remove it and download it again") from error


def _needs(content: IO[bytes], package: str) -> tuple[Requirement, ...]:
    with zipfile.ZipFile(content) as archive:
        names = [name for name in archive.namelist() if name.count("/") == 1 and name.endswith(_METADATA)]
        if len(names) != 1:
            raise ValueError(f"{len(names)} files METADATA")
        said, _ = parse_email(archive.read(names[0]))
    if canonicalize_name(said.get("name", "")) != package:
        raise ValueError("the name of another package")
    return tuple(map(Requirement, said.get("requires_dist", [])))

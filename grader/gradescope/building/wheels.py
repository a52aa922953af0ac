"""A folder of wheels that goes into the archive, so that the container is built without any package index."""

import shlex
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from grader.errors import InputError
from grader.gradescope.building.environment import LOCK, pins
from grader.gradescope.building.targets import TARGETS, USUAL, Target
from grader.gradescope.building.wheel_files import Wheel, read_wheel
from grader.gradescope.building.wheel_needs import missing_among
from grader.some_of_many import some
from grader.zip_writing import Member

PYTHONS_LISTED = "pythons.txt"


@dataclass(frozen=True)
class Wheels:
    """Wheels with which at least one image can be equipped."""

    paths: tuple[Path, ...]
    targets: tuple[Target, ...]
    """The images that they are for."""

    def listing(self) -> Member:
        """The versions of Python, for `setup.sh`."""
        return Member(PYTHONS_LISTED, pythons(self.targets))

    def members(self) -> Iterator[Member]:
        """The wheels, each read when it is asked for, since some are large."""
        return (Member(f"wheels/{path.name}", path.read_bytes()) for path in self.paths)


def wheels_in(folder: Path, wanted: Collection[Requirement], index: str = "") -> Wheels:
    """The wheels of a folder, if they have all that is wanted, and all that it needs, for some image.

    Args:
        folder: that has them.
        wanted: each at one version.
        index: the further index that some come from, or nothing.

    Raises:
        InputError: there is no such folder, or wheels are missing; the message has the command that gets them.
    """
    if not folder.is_dir():
        raise InputError(f"--wheels: {folder} is no folder")
    paths = sorted(folder.glob("*.whl"))
    missing = missing_for_images([_read(path) for path in paths], wanted)
    if not (targets := complete(missing)):
        target, names = nearest(missing)
        lacking = f"--wheels: {folder} lacks {some(names)} for {target}."
        raise InputError(f"{lacking} {_conflict(names) or _commands(folder, target, names, wanted, index)}")
    return Wheels(tuple(paths), targets)


def missing_for_images(wheels: Sequence[Wheel], wanted: Collection[Requirement]) -> dict[Target, list[Requirement]]:
    """What is missing for each image, by image."""
    return {target: missing_among(wheels, wanted, target) for target in TARGETS}


def complete(missing: dict[Target, list[Requirement]]) -> tuple[Target, ...]:
    """The images for which nothing is."""
    return tuple(target for target, names in missing.items() if not names)


def nearest(missing: dict[Target, list[Requirement]]) -> tuple[Target, list[Requirement]]:
    """The image for which least is, and what that is."""
    return min(missing.items(), key=lambda one: (len(one[1]), one[0].python != USUAL))


def pythons(targets: Iterable[Target]) -> bytes:
    """The versions of Python of some images, a line each."""
    return "".join(f"{version}\n" for version in dict.fromkeys(target.version for target in targets)).encode()


def _read(path: Path) -> Wheel:
    try:
        with path.open("rb") as file:
            return read_wheel(path.name, file)
    except OSError as error:
        raise InputError(f"--wheels: {path} cannot be read: {error.strerror}") from error
    except InputError as error:
        raise InputError(f"--wheels: {path} {error}") from error


def _conflict(missing: Iterable[Requirement]) -> str:
    """What no download helps against."""
    for one in missing:
        pin = pins().get(canonicalize_name(one.name))
        if pin and not one.specifier.contains(str(pin.specifier).removeprefix("==")):
            return f"The grader itself needs {pin}: choose other versions of this homework's packages, in problems/homeworks.toml"
    return ""


def _commands(
    folder: Path, target: Target, missing: Iterable[Requirement], wanted: Iterable[Requirement], index: str
) -> str:
    """How to get what is missing. There are two, since pip wants hashes of everything where it has one."""
    command = f"python{target.version} -m pip download --only-binary :all: -d {shlex.quote(str(folder))}"
    own, lacking = pins(), {canonicalize_name(one.name) for one in missing}
    besides = [f"'{one}'" if one.extras else str(one) for one in wanted if canonicalize_name(one.name) not in own]
    further = [f"--extra-index-url {index}"] if index else []
    commands = [f"{command} -r {shlex.quote(str(LOCK))}"] if lacking & own.keys() else []
    commands += [" ".join((command, *further, *besides))] if lacking - own.keys() else []
    return f"On Linux, with the Python of the container: {' && '.join(commands)}"

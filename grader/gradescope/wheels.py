"""A folder of wheels that goes into the archive, so that the container is built without any package index."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import Version

from grader.errors import InputError
from grader.gradescope.environment import LOCK, pins
from grader.zip_writing import Member

PYTHONS = ((3, 14), (3, 13), (3, 12), (3, 11))
"""Those that the pinned packages have wheels for."""
_USUAL = (3, 12)
"""That of Ubuntu 24.04, named where there is nothing yet."""
_MACHINES = ("x86_64", "aarch64")
_NEWEST_GLIBC = 35
"""2.35, that of Ubuntu 22.04: the oldest of Gradescope's images that are in use."""
_MOST_NAMED = 10


class _Wheel(NamedTuple):
    path: Path
    name: str
    version: Version
    tags: frozenset[Tag]


class _Target(NamedTuple):
    python: tuple[int, int]
    machine: str


@dataclass(frozen=True)
class Wheels:
    """Wheels with which at least one Python can be equipped."""

    paths: tuple[Path, ...]
    pythons: tuple[str, ...]
    """The versions of CPython that they are for: "3.12"."""
    machines: tuple[str, ...]

    def listing(self) -> Member:
        """The versions of Python, for `setup.sh`."""
        return Member("pythons.txt", "".join(f"{python}\n" for python in self.pythons).encode())

    def members(self) -> Iterator[Member]:
        """The wheels, each read when it is asked for, since some are large."""
        return (Member(f"wheels/{path.name}", path.read_bytes()) for path in self.paths)


def wheels_in(folder: Path, wanted: Sequence[Requirement]) -> Wheels:
    """The wheels of a folder, if they have all that is wanted for some Python.

    Raises:
        InputError: there is no such folder, or wheels are missing; the message has the command that gets them.
    """
    if not folder.is_dir():
        raise InputError(f"--wheels: {folder} is no folder")
    wheels = list(_wheels(folder))
    missing = {
        target: _missing(wheels, wanted, target)
        for target in (_Target(python, machine) for python in PYTHONS for machine in _MACHINES)
    }
    complete = [target for target, names in missing.items() if not names]
    if not complete:
        raise InputError(_words(folder, *min(missing.items(), key=lambda one: (len(one[1]), one[0].python != _USUAL))))
    return Wheels(
        tuple(sorted(wheel.path for wheel in wheels)),
        tuple(dict.fromkeys(_version(target) for target in complete)),
        tuple(dict.fromkeys(target.machine for target in complete)),
    )


def _wheels(folder: Path) -> Iterator[_Wheel]:
    for path in sorted(folder.glob("*.whl")):
        try:
            name, version, _, tags = parse_wheel_filename(path.name)
        except InvalidWheelFilename as error:
            raise InputError(f"--wheels: {path} has not the name of a wheel; remove it") from error
        yield _Wheel(path, name, version, tags)


def _missing(wheels: Iterable[_Wheel], wanted: Iterable[Requirement], target: _Target) -> list[str]:
    tags = _tags(target)
    fitting = [wheel for wheel in wheels if wheel.tags & tags]
    environment = {"python_version": _version(target), "python_full_version": f"{_version(target)}.0"}
    environment |= {"sys_platform": "linux", "platform_machine": target.machine}
    needed = (one for one in wanted if one.marker is None or one.marker.evaluate(environment))
    return [str(one) for one in needed if not any(_is(wheel, one) for wheel in fitting)]


def _is(wheel: _Wheel, wanted: Requirement) -> bool:
    return wheel.name == canonicalize_name(wanted.name) and wheel.version in wanted.specifier


def _tags(target: _Target) -> frozenset[Tag]:
    """What a wheel may be tagged with to be installed there."""
    own = [f"manylinux_2_{minor}_{target.machine}" for minor in range(5, _NEWEST_GLIBC + 1)]
    own += [f"{old}_{target.machine}" for old in ("manylinux1", "manylinux2010", "manylinux2014", "linux")]
    tags = (*cpython_tags(target.python, platforms=own), *compatible_tags(target.python, platforms=own))
    return frozenset(tags)


def _version(target: _Target) -> str:
    return ".".join(map(str, target.python))


def _words(folder: Path, target: _Target, missing: Sequence[str]) -> str:
    more = f" and {len(missing) - _MOST_NAMED} more" if len(missing) > _MOST_NAMED else ""
    command = f"python{_version(target)} -m pip download --only-binary :all: -d {folder}"
    own = {str(pin) for pin in pins().values()}
    besides = [name for name in missing if name not in own]
    commands = [f"{command} -r {LOCK}"] * (len(besides) < len(missing)) + [f"{command} {' '.join(besides)}"] * bool(
        besides
    )
    return (
        f"--wheels: {folder} lacks {', '.join(missing[:_MOST_NAMED])}{more} for Python {_version(target)} on {target.machine}. "
        f"On Linux, with the Python of the container: {' && '.join(commands)}"
    )

"""What is missing among some wheels, so that all that is wanted can be installed from them, with all that it needs in turn."""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from grader.gradescope.building.targets import Target
from grader.gradescope.building.wheel_files import Wheel


def missing_among(wheels: Iterable[Wheel], wanted: Collection[Requirement], target: Target) -> list[Requirement]:
    """What pip would not find, what is wanted first.

    Args:
        wheels: for whatever image.
        wanted: each at one version, which holds for what others need, too.
        target: the image that they are to be installed in.
    """
    fitting = _by_name(wheels, target)
    pins: dict[str, SpecifierSet] = {canonicalize_name(one.name): one.specifier for one in wanted}
    left = deque(one for one in wanted if one.marker is None or one.marker.evaluate(target.markers()))
    seen, missing = set(), []
    while left:
        one = left.popleft()
        if (key := (canonicalize_name(one.name), str(one.specifier), frozenset(one.extras))) in seen:
            continue
        seen.add(key)
        if wheel := _best(fitting, one, pins):
            left.extend(_needs(wheel, one.extras, target))
        else:
            missing.append(one)
    return missing


def _by_name(wheels: Iterable[Wheel], target: Target) -> dict[str, list[Wheel]]:
    tags, found = target.tags(), dict[str, list[Wheel]]()
    for wheel in wheels:
        if wheel.tags & tags:
            found.setdefault(wheel.name, []).append(wheel)
    return found


def _best(wheels: Mapping[str, list[Wheel]], wanted: Requirement, pins: Mapping[str, SpecifierSet]) -> Wheel | None:
    """The newest that will do."""
    name = canonicalize_name(wanted.name)
    allowed = wanted.specifier & pins.get(name, SpecifierSet())
    return max(
        (one for one in wheels.get(name, ()) if one.version in allowed), key=lambda one: one.version, default=None
    )


def _needs(wheel: Wheel, extras: Collection[str], target: Target) -> Iterator[Requirement]:
    """What a wheel needs there; of its extras only where they are asked for."""
    for need in wheel.needs:
        if need.marker is None or any(need.marker.evaluate(target.markers(extra)) for extra in ("", *extras)):
            yield need

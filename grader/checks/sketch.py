"""A sketched path: a line in the plane, judged by what it shows rather than point by point."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, StrictBool, model_validator

from grader.answers.paths import read_path
from grader.answers.reading import Reading
from grader.answers.values import Plain
from grader.checks.check import Check, Exact, Match, Options
from grader.checks.polylines import Gradient, Points, angles_to_descent, crossings, distance, simplified, total_turn
from grader.errors import Unreadable
from grader.records import Drawing, Item

# A line of more points is no sketch, and each costs a look at the slope.
MOST_POINTS = 5_000
# Beyond this, squares of coordinates leave the range of floats.
LARGEST = 1e100
# What is no further off a straight piece than this share of the picture is the piece itself, drawn by hand.
HAND = 0.01
# Where a path begins, ends and stays is told by the question; what it looks like on the way counts twice as much.
WEIGHTS = {"starts_at": 1, "ends_near": 1, "stays_within": 1, "crosses": 2, "perpendicular": 2, "turns_less": 2}
# A sketch need not be perpendicular to the contours everywhere: this share of its pieces does.
PERPENDICULAR_SHARE = 2 / 3


@dataclass(frozen=True)
class Scene:
    """What a sketch is held against."""

    path: Points
    """A path that has all the properties, shape (points, 2)."""
    gradient: Gradient | None = None
    """The slope of the loss."""
    beside: Points | None = None
    """Another path to compare with, shape (points, 2)."""


class Crossing(Options):
    """A level of one coordinate that the line crosses."""

    axis: Literal["x", "y"]
    at: float = 0.0
    times: int = Field(default=1, ge=1)
    """At least so often."""


class Sketch(Check):
    """A path sketched as a list of points. Each declared property earns a share of the points: one for where it begins, ends
    and stays, two for what it looks like on the way.
    """

    has_many_answers: ClassVar[bool] = True
    reference_stands_in: ClassVar[bool] = True

    kind: Literal["sketch"]
    starts_at: Exact | None = Field(default=None, gt=0)
    """Greatest distance of its first point from the start of the solver's path."""
    ends_near: Exact | None = Field(default=None, gt=0)
    """Greatest distance of its last point from the end of the solver's path."""
    stays_within: tuple[tuple[float, float], tuple[float, float]] | None = None
    """Lowest and highest x, lowest and highest y."""
    crosses: Crossing | None = None
    """A level that it crosses, as a path does which zig-zags."""
    perpendicular: Exact | None = Field(default=None, gt=0, le=90)
    """Greatest angle in degrees between its pieces and the way straight down the solver's `gradient`."""
    turns_less: StrictBool = False
    """Whether all its turns together are less than those of the solver's path `beside`."""

    @model_validator(mode="after")
    def _has_properties(self) -> "Sketch":
        if not self._properties:
            raise ValueError(f"a sketch needs a property to be judged by: {', '.join(_MEASURES)}")
        return self

    @property
    def _properties(self) -> list[str]:
        return [name for name in _MEASURES if getattr(self, name)]

    def without_answers(self) -> Self:
        """Without its properties, of which one has to be there."""
        return type(self)(kind="sketch", turns_less=True)

    def expect(self, solved: Any) -> Scene:
        """The solver's mapping: "path", and "gradient" and "beside" where a property needs them."""
        if not isinstance(solved, Mapping) or not solved.keys() <= {"path", "gradient", "beside"}:
            raise ValueError(f"a mapping with path, gradient and beside is expected of the solver, not {solved!r}")
        for name, needed in (("path", True), ("gradient", self.perpendicular), ("beside", self.turns_less)):
            if needed and solved.get(name) is None:
                raise ValueError(f"the solver gives no {name!r}, which a property of the sketch needs")
        beside = solved.get("beside")
        return Scene(_line(solved["path"]), solved.get("gradient"), None if beside is None else _line(beside))

    def read(self, answer: Plain) -> tuple[Reading, ...]:
        """Arrays, lists, frames and text, as for a path."""
        (reading,) = read_path(answer, 2)
        if not 1 < len(reading.value) <= MOST_POINTS:
            raise Unreadable(f"a line of {len(reading.value)} points", expected=f"2 to {MOST_POINTS} points")
        if not all(abs(coordinate) < LARGEST for point in reading.value for coordinate in point):
            raise Unreadable("a point that is nowhere on the paper", expected="finite coordinates")
        return (reading,)

    def compare(self, reading: Reading, expected: Scene) -> Match:
        """Property by property."""
        line = np.array(reading.value, dtype=np.float64)
        with np.errstate(all="ignore"):  # far points may leave the range of floats, and are then not right
            items = tuple(self._items(line, expected))
        wrong = [item.name for item in items if not item.right]
        weights = [WEIGHTS[name] for name in self._properties]
        earned = sum(weight for weight, item in zip(weights, items, strict=True) if item.right)
        credit = Fraction(earned, sum(weights))
        if not wrong:
            return Match(credit, items)
        return Match(credit, items, f"wrong={','.join(wrong)}", f"Look again at: {', '.join(wrong)}.")

    def _items(self, drawn: Points, scene: Scene) -> Iterator[Item]:
        line = simplified(drawn, HAND * float(np.ptp(scene.path, axis=0).max()))
        for name in self._properties:
            shown, measure = _MEASURES[name]
            right, seen = measure(self, line, scene)
            yield Item(name=shown, read_as=seen, right=right)

    def explains(self, reading: Reading, expected: Scene) -> bool:  # noqa: ARG002 - the signature of all checks
        """Never: no sketch is so exact that it shows one mistake alone."""
        return False

    def same(self, one: Scene, other: Scene) -> bool:
        """Equal paths."""
        return one.path.shape == other.path.shape and bool(np.allclose(one.path, other.path))

    def upstream(self, reading: Reading, expected: Scene) -> dict[str, Any]:
        """The student's line in place of the solver's path."""
        line = np.array(reading.value, dtype=np.float64)
        return {"path": line, "gradient": expected.gradient, "beside": expected.beside}

    def drawing(self, reading: Reading, expected: Scene, match: Match) -> Drawing:  # noqa: ARG002 - no step is wrong
        """Both lines."""
        return Drawing(student=reading.value, reference=tuple(map(tuple, expected.path.tolist())), wrong_steps=())

    def right_answers(self, expected: Scene) -> Sequence[Any]:
        """The solver's path."""
        return (expected.path.tolist(),)

    def wrong_answers(self, expected: Scene) -> Sequence[Any]:
        """A line far off that goes to and fro, which has none of the properties."""
        x, y = expected.path[0]
        far = 1000 * (1 + float(np.abs(expected.path).max()))
        return ([(x + far * (1 + turn % 2), y + far) for turn in range(8)],)


def _start(check: Sketch, line: Points, scene: Scene) -> tuple[bool, str]:
    return _near(line[0], scene.path[0], check.starts_at)


def _end(check: Sketch, line: Points, scene: Scene) -> tuple[bool, str]:
    return _near(line[-1], scene.path[-1], check.ends_near)


def _near(point: Points, wanted: Points, allowed: Fraction | None) -> tuple[bool, str]:
    return distance(point, wanted) <= float(allowed or 0), f"({point[0]:.4g}, {point[1]:.4g})"


def _inside(check: Sketch, line: Points, scene: Scene) -> tuple[bool, str]:  # noqa: ARG001 - the signature of all measures
    low, high = np.array(check.stays_within).T
    inside = bool(np.all((line >= low) & (line <= high)))
    return inside, "inside" if inside else "leaves the picture"


def _crossing(check: Sketch, line: Points, scene: Scene) -> tuple[bool, str]:  # noqa: ARG001 - as above
    wanted = check.crosses or Crossing(axis="x")
    times = crossings(line, "xy".index(wanted.axis), wanted.at)
    return times >= wanted.times, f"{wanted.axis} = {wanted.at:g} {times} times"


def _perpendicular(check: Sketch, line: Points, scene: Scene) -> tuple[bool, str]:
    angles = angles_to_descent(line, scene.gradient) if scene.gradient else []
    allowed = float(check.perpendicular or 0)
    good = sum(one <= allowed for one in angles)
    return good >= PERPENDICULAR_SHARE * len(angles), f"{good} of {len(angles)} pieces within {allowed:g} degrees"


def _turns(check: Sketch, line: Points, scene: Scene) -> tuple[bool, str]:  # noqa: ARG001 - as above
    beside = line if scene.beside is None else scene.beside
    turn, other = total_turn(line), total_turn(simplified(beside, HAND * float(np.ptp(scene.path, axis=0).max())))
    return turn < other, f"{turn:.0f} degrees in all"


_MEASURES = {
    "starts_at": ("start", _start),
    "ends_near": ("end", _end),
    "stays_within": ("inside the picture", _inside),
    "crosses": ("crossings", _crossing),
    "perpendicular": ("perpendicular to the contours", _perpendicular),
    "turns_less": ("turns", _turns),
}


def _line(solved: Any) -> Points:
    line = np.asarray(solved, dtype=np.float64)
    if line.ndim != 2 or line.shape[1] != 2 or len(line) < 2 or not np.isfinite(line).all():  # noqa: PLR2004 - points in the plane
        raise ValueError(f"finite points of shape (points, 2) are expected of the solver, not {line.shape}")
    return line

"""What can be measured of a line of straight pieces in the plane, such as a sketched path."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Shape (points, 2)."""
Gradient = Callable[[Points], Points]
"""From a point, shape (2,), to the slope of a loss there."""

# Shorter pieces, relative to the longest, have no direction that anybody drew.
SHORTEST_PIECE = 1e-6


def distance(one: Points, other: Points) -> float:
    """Between two points, in the unit of their coordinates."""
    return float(np.linalg.norm(one - other))


def simplified(line: Points, within: float) -> Points:
    """The line without the points that lie no further than `within` from the straight piece which leaves them out.

    Several points read off one straight piece, and wiggles that nobody meant, then count no more than the piece.

    Source: Douglas and Peucker, "Algorithms for the reduction of the number of points required to represent a digitized
    line or its caricature", Cartographica 10, 1973.
    """
    keep = np.zeros(len(line), dtype=bool)
    keep[[0, -1]] = True
    waiting = [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:  # noqa: PLR2004 - nothing lies between neighbours
            continue
        off = _distances(line[first + 1 : last], line[first], line[last])
        furthest = int(np.argmax(off))
        if off[furthest] > within:
            middle = first + 1 + furthest
            keep[middle] = True
            waiting += [(first, middle), (middle, last)]
    return line[keep]


def _distances(points: Points, one: Points, other: Points) -> NDArray[np.float64]:
    """Of points from the piece between two others."""
    piece = other - one
    length = float(piece @ piece)
    along = np.clip((points - one) @ piece / length, 0, 1) if length else np.zeros(len(points))
    distances: NDArray[np.float64] = np.linalg.norm(points - one - along[:, None] * piece, axis=1)
    return distances


def total_turn(line: Points) -> float:
    """The sum of the angles between neighbouring pieces, in degrees; 0 for one piece."""
    pieces = _pieces(line)[1]
    return float(_angles(pieces[:-1], pieces[1:]).sum())


def crossings(line: Points, axis: int, at: float) -> int:
    """How often the line changes sides of the level `at` of one coordinate; touching it is no crossing."""
    sides = np.sign(line[:, axis] - at)
    sides = sides[sides != 0]
    return int(np.count_nonzero(sides[1:] != sides[:-1]))


def angles_to_descent(line: Points, gradient: Gradient) -> list[float]:
    """Between each piece and the way straight down the loss where the piece begins, in degrees.

    That way is perpendicular to the contour. Where the loss is flat there is none, and nothing is measured.
    """
    starts, pieces = _pieces(line)
    downhill = np.array([-np.asarray(gradient(start), dtype=np.float64) for start in starts]).reshape(-1, 2)
    sloping = downhill.any(axis=1)
    return _angles(pieces[sloping], downhill[sloping]).tolist()  # type: ignore[no-any-return]


def _angles(directions: Points, others: Points) -> NDArray[np.float64]:
    """Between directions and others, pair by pair, in degrees."""
    lengths = np.linalg.norm(directions, axis=1) * np.linalg.norm(others, axis=1)
    angles: NDArray[np.float64] = np.degrees(np.arccos(np.clip(np.sum(directions * others, axis=1) / lengths, -1, 1)))
    return angles


def _pieces(line: Points) -> tuple[Points, Points]:
    """Where the pieces begin, and their directions, points that were drawn twice left out."""
    pieces = np.diff(line, axis=0)
    lengths = np.linalg.norm(pieces, axis=1)
    long = lengths > SHORTEST_PIECE * lengths.max(initial=0.0)
    return line[:-1][long], pieces[long]

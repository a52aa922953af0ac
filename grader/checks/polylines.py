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


def sharpest_turn(line: Points) -> float:
    """The largest angle between neighbouring pieces, in degrees from 0 (straight on) to 180 (back); 0 for one piece."""
    pieces = _pieces(line)[1]
    return float(_angles(pieces[:-1], pieces[1:]).max(initial=0.0))


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

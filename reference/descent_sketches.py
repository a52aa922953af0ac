"""Sketches of the way down a valley: by plain descent, and with first- and second-order momentum.

The valley is 0.5 * sum(c_i x_i ** 2). Plain descent steps against the gradient, which is perpendicular to the contours, and
with large steps it goes to and fro across the floor. First- and second-order momentum together is Adam (Kingma and Ba,
2015): a running mean of gradients damps what changes sign, and its scale by coordinate keeps the steep one from dominating.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .optimizers import SGD, Adam, Array, Gradient, path

Scene = Mapping[str, Any]
"""What a sketch is held against: "path", and "gradient" or "beside" where they are needed."""


def valley(curvatures: list[float]) -> Callable[[Array], float]:
    """The loss at a point of shape (2,)."""
    return lambda point: float(np.sum(np.asarray(curvatures) * point**2) / 2)


def valley_gradient(curvatures: list[float]) -> Gradient:
    """The slope at a point of shape (2,)."""
    return lambda point: np.asarray(curvatures) * point


def descent_sketch(valley_gradient: Gradient, start: list[float], learning_rate: float, steps: int) -> Scene:
    """Plain descent with steps that overshoot the floor."""
    return {"path": path(valley_gradient, start, steps, SGD(learning_rate)), "gradient": valley_gradient}


def momentum_sketch(
    descent_sketch: Scene, valley_gradient: Gradient, start: list[float], adam_learning_rate: float, adam_steps: int
) -> Scene:
    """First- and second-order momentum, beside plain descent."""
    points = path(valley_gradient, start, adam_steps, Adam(adam_learning_rate))
    return {"path": points, "beside": descent_sketch["path"]}

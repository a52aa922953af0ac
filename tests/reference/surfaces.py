"""Losses to descend, each with its gradient written out and a point to start from."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from torch import Tensor

from reference.optimizers import Array


class Surface(NamedTuple):
    loss: Callable[[Tensor], Tensor]
    gradient: Callable[[Array], Array]
    start: tuple[float, ...]


RAVINE = Surface(
    lambda w: 0.5 * (w[0] ** 2 + 10 * w[1] ** 2),
    lambda w: np.array([1, 10]) * w,
    (10, 1),
)
SADDLE = Surface(
    lambda w: w[0] ** 2 - w[1] ** 2,
    lambda w: np.array([2, -2]) * w,
    (1, 0.001),
)
ROSENBROCK = Surface(
    lambda w: (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2,
    lambda w: np.array([-2 * (1 - w[0]) - 400 * w[0] * (w[1] - w[0] ** 2), 200 * (w[1] - w[0] ** 2)]),
    (-1.2, 1),
)
QUARTIC = Surface(
    lambda w: (w**4).sum() / 4 + w[0] * w[1],
    lambda w: w**3 + np.array([w[1], w[0], 0]),
    (0.9, -1.1, 0.5),
)
SURFACES = {"ravine": RAVINE, "saddle": SADDLE, "Rosenbrock": ROSENBROCK, "quartic bowl": QUARTIC}

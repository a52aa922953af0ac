"""Paths of gradient descent with and without momentum over a ravine, and how they leave a saddle.

The ravine is 0.5 * sum(c_i x_i ** 2), the saddle x ** 2 - y ** 2. First-order momentum is Polyak's heavy ball: torch keeps
v = mu v + g and steps by -lr v; Sutskever et al. (2013) keep v = mu v - lr g and step by v. The two give one path while the
learning rate is constant, and part when it changes. First- and second-order momentum together is Adam (Kingma and Ba, 2015).
"""

from collections.abc import Callable, Sequence

import numpy as np

from .optimizers import (
    EMA,
    SGD,
    Adam,
    Array,
    Gradient,
    NesterovLookahead,
    Rule,
    StaleVelocity,
    Sutskever,
    continued,
    path,
)

# Steps: the slowest rule that leaves the saddle at all takes fewer than a hundred.
LONGEST_ESCAPE = 1000


def ravine(curvatures: list[float]) -> Callable[[Array], float]:
    """The loss at a point."""
    return lambda point: float(np.sum(np.asarray(curvatures) * point**2) / 2)


def ravine_gradient(curvatures: list[float], direction: str = "downhill") -> Gradient:
    """The slope of the ravine that a rule steps against."""
    sign = 1.0 if direction == "downhill" else -1.0
    return lambda point: sign * np.asarray(curvatures) * point


def descent_path(ravine_gradient: Gradient, start: list[float], steps: int, learning_rate: float) -> Array:
    """Plain gradient descent; shape (steps + 1, 2), the start first."""
    return path(ravine_gradient, start, steps, SGD(learning_rate))


def momentum_path(momentum_rule: Rule, ravine_gradient: Gradient, start: list[float], steps: int) -> Array:
    """With first-order momentum at a constant learning rate; shape (steps + 1, 2)."""
    return path(ravine_gradient, start, steps, momentum_rule)


def drop_path(drop_rule: Rule, ravine_gradient: Gradient, start: list[float], steps: int) -> Array:
    """With first-order momentum and a learning rate that drops on the way; shape (steps + 1, 2)."""
    return path(ravine_gradient, start, steps, drop_rule)


def adam_path(adam_rule: Rule, ravine_gradient: Gradient, start: list[float], steps: int) -> Array:
    """With first- and second-order momentum; shape (steps + 1, 2)."""
    return path(ravine_gradient, start, steps, adam_rule)


def momentum_rule(learning_rate: float, momentum: float, velocity: str = "torch") -> Rule:
    """First-order momentum at a constant learning rate."""
    return _with_velocity(learning_rate, momentum, velocity)


def drop_rule(
    learning_rate: float, momentum: float, steps: int, drop_after: int, drop_factor: float, velocity: str = "torch"
) -> Rule:
    """First-order momentum whose learning rate is multiplied by `drop_factor` after `drop_after` steps."""
    rates = [learning_rate * (drop_factor if step >= drop_after else 1.0) for step in range(steps)]
    return _with_velocity(np.array(rates), momentum, velocity)


def adam_rule(
    adam_learning_rate: float, betas: list[float], bias_correction: bool = True, betas_order: str = "given"
) -> Rule:
    """First- and second-order momentum."""
    first, second = betas if betas_order == "given" else reversed(betas)
    return Adam(adam_learning_rate, (first, second), bias_correction=bias_correction)


def descent_continued(descent_path: Array, ravine_gradient: Gradient, learning_rate: float) -> Array:
    """Where each point of a path leads by plain descent; shape (steps, 2, 2): see `optimizers.continued`."""
    return continued(ravine_gradient, descent_path, SGD(learning_rate))


def momentum_continued(momentum_path: Array, ravine_gradient: Gradient, momentum_rule: Rule) -> Array:
    """Where each point of a path leads with momentum; shape (steps, 2, 2)."""
    return continued(ravine_gradient, momentum_path, momentum_rule)


def drop_continued(drop_path: Array, ravine_gradient: Gradient, drop_rule: Rule) -> Array:
    """Where each point of a path leads with momentum and the dropping learning rate; shape (steps, 2, 2)."""
    return continued(ravine_gradient, drop_path, drop_rule)


def adam_continued(adam_path: Array, ravine_gradient: Gradient, adam_rule: Rule) -> Array:
    """Where each point of a path leads by Adam; shape (steps, 2, 2)."""
    return continued(ravine_gradient, adam_path, adam_rule)


def saddle(saddle_surface: str = "x^2 - y^2") -> Callable[[Array], float]:
    """The loss of the saddle at a point."""
    signs = _signs(saddle_surface)
    return lambda point: float(np.sum(signs * point**2))


def saddle_gradient(saddle_surface: str = "x^2 - y^2", direction: str = "downhill") -> Gradient:
    """The slope of the saddle that a rule steps against."""
    slope = 2 * _signs(saddle_surface) * (1 if direction == "downhill" else -1)
    return lambda point: slope * point


def saddle_path(momentum_rule: Rule, saddle_gradient: Gradient, saddle_path_start: list[float], steps: int) -> Array:
    """Over the saddle with first-order momentum; shape (steps + 1, 2)."""
    return path(saddle_gradient, saddle_path_start, steps, momentum_rule)


def saddle_continued(saddle_path: Array, saddle_gradient: Gradient, momentum_rule: Rule) -> Array:
    """Where each point of a path over the saddle leads with momentum; shape (steps, 2, 2)."""
    return continued(saddle_gradient, saddle_path, momentum_rule)


def saddle_steps(
    saddle_gradient: Gradient,
    saddle_start: list[float],
    saddle_learning_rate: float,
    momentum: float,
    velocity: str = "torch",
) -> dict[str, int]:
    """Steps until |y| reaches 1 on the saddle, for plain descent and with momentum."""
    rules = {"plain": SGD(saddle_learning_rate), "momentum": _with_velocity(saddle_learning_rate, momentum, velocity)}
    return {name: _steps_to_leave(saddle_gradient, saddle_start, rule) for name, rule in rules.items()}


def ridge_escape(
    saddle_gradient: Gradient,
    saddle_start: list[float],
    saddle_learning_rate: float,
    momentum: float,
    ridge: str = "exact",
) -> bool:
    """Whether momentum leaves the saddle from a point exactly on its ridge y = 0, without noise: it never does."""
    on_ridge = [saddle_start[0], 0.0 if ridge == "exact" else saddle_start[1]]
    points = path(saddle_gradient, on_ridge, LONGEST_ESCAPE, SGD(saddle_learning_rate, momentum))
    return bool(np.any(points[:, 1] != 0))


def _signs(saddle_surface: str) -> Array:
    return np.array({"x^2 - y^2": [1, -1], "x^2 + y^2": [1, 1]}[saddle_surface])


def _steps_to_leave(gradient: Gradient, start: Sequence[float], rule: Rule) -> int:
    left = np.abs(path(gradient, start, LONGEST_ESCAPE, rule)[:, 1]) >= 1
    if not left.any():
        raise ValueError(f"|y| stays below 1 for {LONGEST_ESCAPE} steps, so that the saddle is never left")
    return int(np.argmax(left))


def _with_velocity(learning_rate: float | Array, momentum: float, velocity: str) -> Rule:
    """The heavy ball in its accepted forms, and what it is confused with."""
    rules: dict[str, Rule] = {
        "torch": SGD(learning_rate, momentum),
        "sutskever": Sutskever(learning_rate, momentum),
        "moving average": EMA(learning_rate, momentum),
        "nesterov": SGD(learning_rate, momentum, nesterov=True),
        "look-ahead": NesterovLookahead(learning_rate, momentum),
        "old velocity": StaleVelocity(learning_rate, momentum),
        "learning rate twice": SGD(np.square(learning_rate), momentum),
        "none": SGD(learning_rate),
    }
    return rules[velocity]

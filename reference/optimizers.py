"""Paths of first-order optimisers over a loss, step by step, in float64.

`SGD`, `Adam`, `RMSprop` and `Adagrad` are torch's, with its names and defaults; arguments that torch takes at another
position are keyword-only here. `Sutskever`, `EMA` and `NesterovLookahead` are the forms of papers and courses. Steps
are numbered from 0. A learning rate is one number, or a sequence of one per step.

    path(lambda w: np.array([1, 10]) * w, (10, 1), 3, Sutskever(lr=0.05, momentum=0.9))  # 0.5 * (x^2 + 10 y^2)
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.float64]
State: TypeAlias = tuple[Array, ...]
"""What a rule remembers between steps, each of the shape of a point."""
Gradient: TypeAlias = Callable[[Array], Array]
LearningRate: TypeAlias = float | Sequence[float] | Array


@dataclass(frozen=True)
class Rule(ABC):
    """An optimiser: how a point and a state follow from the last ones. Points have shape (dimensions,)."""

    lr: LearningRate

    def rate(self, step: int) -> float:
        """The learning rate of a step; ValueError when the sequence given is too short."""
        rates = np.asarray(self.lr, dtype=np.float64)
        if rates.ndim and step >= len(rates):
            raise ValueError(f"lr has {len(rates)} values and none for step {step}; give one value per step")
        return float(rates[step] if rates.ndim else rates)

    def initial(self, point: Array) -> State:
        """The state before the first step: one velocity of zero."""
        return (np.zeros_like(point),)

    @abstractmethod
    def move(self, gradient: Gradient, point: Array, state: State, step: int) -> tuple[Array, State]:
        """The next point and state."""

    def implied_velocity(self, gradient: Gradient, before: Array, point: Array, step: int) -> Array | None:  # noqa: ARG002 - for the rules with a velocity
        """The velocity, first in the state, that a step from `before` to `point` leaves; None for rules without one."""
        return None


@dataclass(frozen=True)
class _TorchRule(Rule):
    weight_decay: float = field(default=0.0, kw_only=True)
    maximize: bool = field(default=False, kw_only=True)

    def slope(self, gradient: Gradient, point: Array) -> Array:
        """The gradient to follow downhill: turned round to maximise, and with the decay's part."""
        return (-1 if self.maximize else 1) * gradient(point) + self.weight_decay * point


@dataclass(frozen=True)
class SGD(_TorchRule):
    """v = g in the first step, then v = momentum v + (1 - dampening) g; w -= lr v, or lr (g + momentum v) if Nesterov.

    Source: documentation of torch.optim.SGD. With momentum it is Polyak's heavy ball as long as lr is constant.
    """

    lr: LearningRate = 1e-3
    momentum: float = 0.0
    dampening: float = 0.0
    nesterov: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        """Refuse what torch refuses."""
        if self.nesterov and (self.momentum <= 0 or self.dampening != 0):
            raise ValueError("nesterov=True needs momentum above 0 and dampening=0")

    def move(self, gradient: Gradient, point: Array, state: State, step: int) -> tuple[Array, State]:
        """The next point, and the velocity, which has no learning rate in it."""
        (velocity,), slope = state, self.slope(gradient, point)
        keeps = step > 0 and self.momentum != 0  # without momentum torch does not dampen either
        velocity = self.momentum * velocity + (1 - self.dampening) * slope if keeps else slope
        direction = slope + self.momentum * velocity if self.nesterov else velocity
        return point - self.rate(step) * direction, (velocity,)

    def implied_velocity(self, gradient: Gradient, before: Array, point: Array, step: int) -> Array:
        """What the displacement says about v; Nesterov's form takes the gradient's share out of it."""
        direction = (before - point) / self.rate(step)
        return (direction - self.slope(gradient, before)) / self.momentum if self.nesterov else direction


@dataclass(frozen=True)
class Adam(_TorchRule):
    """Steps by the mean of the gradients over the root of the mean of their squares, per coordinate.

    Source: Kingma and Ba, "Adam: a method for stochastic optimization", 2015, as in torch.optim.Adam: eps is outside of
    the root, and weight decay is added to the gradient. Without `bias_correction` it is the simplified form of CS231n.
    """

    lr: LearningRate = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    bias_correction: bool = field(default=True, kw_only=True)

    def initial(self, point: Array) -> State:
        """Means of gradients and of their squares, of zero."""
        return np.zeros_like(point), np.zeros_like(point)

    def move(self, gradient: Gradient, point: Array, state: State, step: int) -> tuple[Array, State]:
        """The next point, and the means before correction."""
        (mean, square), slope = state, self.slope(gradient, point)
        mean = self.betas[0] * mean + (1 - self.betas[0]) * slope
        square = self.betas[1] * square + (1 - self.betas[1]) * slope**2
        seen_mean, seen_square = (1 - beta ** (step + 1) if self.bias_correction else 1.0 for beta in self.betas)
        return point - self.rate(step) * (mean / seen_mean) / (np.sqrt(square / seen_square) + self.eps), (mean, square)


@dataclass(frozen=True)
class RMSprop(_TorchRule):
    """Steps by the gradient over the root of the mean of its squares, per coordinate, perhaps with momentum.

    Source: documentation of torch.optim.RMSprop; nothing is corrected for the start at zero, so that the first step is
    lr / sqrt(1 - alpha). With `eps_in_root` it is the form of "Dive into Deep Learning", sqrt(square + eps).
    """

    lr: LearningRate = 1e-2
    alpha: float = 0.99
    eps: float = 1e-8
    momentum: float = field(default=0.0, kw_only=True)
    centered: bool = field(default=False, kw_only=True)
    eps_in_root: bool = field(default=False, kw_only=True)

    def initial(self, point: Array) -> State:
        """Velocity, mean of the squares of gradients, and mean of gradients, of zero."""
        return np.zeros_like(point), np.zeros_like(point), np.zeros_like(point)

    def move(self, gradient: Gradient, point: Array, state: State, step: int) -> tuple[Array, State]:
        """The next point, the velocity, which has no learning rate in it, and the means."""
        (velocity, square, mean), slope = state, self.slope(gradient, point)
        square = self.alpha * square + (1 - self.alpha) * slope**2
        mean = self.alpha * mean + (1 - self.alpha) * slope
        scale = _root(square - mean**2 if self.centered else square, self.eps, self.eps_in_root)
        velocity = self.momentum * velocity + slope / scale
        return point - self.rate(step) * velocity, (velocity, square, mean)

    def implied_velocity(self, gradient: Gradient, before: Array, point: Array, step: int) -> Array:  # noqa: ARG002 - the displacement tells
        """The displacement without the learning rate."""
        return (before - point) / self.rate(step)


@dataclass(frozen=True)
class Adagrad(_TorchRule):
    """Steps by the gradient over the root of the sum of its squares, per coordinate.

    Source: Duchi, Hazan and Singer, "Adaptive subgradient methods", 2011, as in torch.optim.Adagrad. With `eps_in_root`
    it is the form of "Dive into Deep Learning", sqrt(sum + eps).
    """

    lr: LearningRate = 1e-2
    lr_decay: float = 0.0
    initial_accumulator_value: float = field(default=0.0, kw_only=True)
    eps: float = field(default=1e-10, kw_only=True)
    eps_in_root: bool = field(default=False, kw_only=True)

    def initial(self, point: Array) -> State:
        """The sum of squares to begin with."""
        return (np.full_like(point, self.initial_accumulator_value),)

    def move(self, gradient: Gradient, point: Array, state: State, step: int) -> tuple[Array, State]:
        """The next point, and the sum of squares."""
        (total,), slope = state, self.slope(gradient, point)
        total = total + slope**2
        rate = self.rate(step) / (1 + step * self.lr_decay)
        return point - rate * slope / _root(total, self.eps, self.eps_in_root), (total,)


@dataclass(frozen=True)
class Sutskever(Rule):
    """v = momentum v - lr g; w += v. At constant lr the path of torch's momentum, at any lr that of Polyak's heavy ball.

    Source: Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013, equations 1, 2.
    """

    momentum: float = 0.9

    def move(self, gradient: Gradient, point: Array, state: State, step: int) -> tuple[Array, State]:
        """The next point, and the velocity, which is the displacement."""
        velocity = self.momentum * state[0] - self.rate(step) * gradient(point)
        return point + velocity, (velocity,)

    def implied_velocity(self, gradient: Gradient, before: Array, point: Array, step: int) -> Array:  # noqa: ARG002 - the displacement tells
        """The displacement."""
        return point - before


@dataclass(frozen=True)
class NesterovLookahead(Sutskever):
    """v = momentum v - lr g(w + momentum v); w += v. torch's Nesterov form stores w + momentum v in place of w.

    Source: Sutskever et al., as for `Sutskever`, equations 3, 4.
    """

    def move(self, gradient: Gradient, point: Array, state: State, step: int) -> tuple[Array, State]:
        """The next point, and the velocity, which is the displacement."""
        ahead = point + self.momentum * state[0]
        return super().move(lambda _: gradient(ahead), point, state, step)


@dataclass(frozen=True)
class StaleVelocity(Sutskever):
    """w += v, and only then v = momentum v - lr g(w before): a common slip, which lags one step behind at the start."""

    def move(self, gradient: Gradient, point: Array, state: State, step: int) -> tuple[Array, State]:
        """The next point, and the velocity to use then."""
        return point + state[0], super().move(gradient, point, state, step)[1]

    def implied_velocity(self, gradient: Gradient, before: Array, point: Array, step: int) -> Array:
        """The velocity made right after the displacement."""
        return super().move(gradient, before, (point - before,), step)[1][0]


@dataclass(frozen=True)
class EMA(Rule):
    """v = beta v + (1 - beta) g; w -= lr v: the path of momentum with a learning rate of lr (1 - beta).

    Source: Ng, "Improving deep neural networks", lecture on gradient descent with momentum. It differs from torch's SGD
    with dampening = beta, whose first step is not dampened.
    """

    beta: float = 0.9

    def move(self, gradient: Gradient, point: Array, state: State, step: int) -> tuple[Array, State]:
        """The next point, and the mean of the gradients."""
        mean = self.beta * state[0] + (1 - self.beta) * gradient(point)
        return point - self.rate(step) * mean, (mean,)

    def implied_velocity(self, gradient: Gradient, before: Array, point: Array, step: int) -> Array:  # noqa: ARG002 - the displacement tells
        """The displacement without the learning rate."""
        return (before - point) / self.rate(step)


def path(gradient: Callable[[Array], ArrayLike], start: ArrayLike, steps: int, rule: Rule) -> Array:
    """The points that a rule visits, from `start` on; array of shape (steps + 1, dimensions).

    Where a path runs away, its points become infinite or NaN without a warning.

    Args:
        gradient: the gradient of the loss at a point; takes and returns shape (dimensions,).
        start: the first point, shape (dimensions,).
        steps: number of steps, 0 or more.
        rule: the optimiser.

    Raises:
        ValueError: a wrong shape, a negative number of steps, or too few learning rates.

    """
    point = np.array(start, dtype=np.float64)
    if point.ndim != 1 or point.size == 0:
        raise ValueError(f"start must be one point of shape (dimensions,), not of shape {point.shape}")
    if steps < 0:
        raise ValueError(f"steps must be 0 or more, not {steps}")
    points, state, slope = [point], rule.initial(point), _checked(gradient)
    with np.errstate(all="ignore"):
        for step in range(steps):
            point, state = rule.move(slope, point, state, step)
            points.append(point)
    return np.array(points)


def continued(gradient: Callable[[Array], ArrayLike], points: ArrayLike, rule: Rule) -> Array:
    """What a rule makes of each of somebody's own points; array of shape (steps, 2, dimensions).

    Entry [t] continues from points[t], for comparison with points[t + 1]; so a slip counts once instead of ever after.
    In [t, 0] the rule has kept its own state, from gradients at the given points: right after a slip in a point. In
    [t, 1] the velocity is the one that explains the last displacement: right after a slip in the velocity. They are the
    same at t = 0, and for rules without a velocity.

    Args:
        gradient: as for `path`.
        points: shape (steps + 1, dimensions), the start first.
        rule: the optimiser.

    Raises:
        ValueError: a wrong shape, or too few learning rates.

    """
    given = np.array(points, dtype=np.float64)
    if given.ndim != 2 or given.size == 0:  # noqa: PLR2004 - steps and dimensions
        raise ValueError(f"points must have shape (steps + 1, dimensions) with the start first, not {given.shape}")
    nexts = np.empty((len(given) - 1, 2, given.shape[1]))
    state, slope = rule.initial(given[0]), _checked(gradient)
    with np.errstate(all="ignore"):
        for step, point in enumerate(given[:-1]):
            velocity = rule.implied_velocity(slope, given[step - 1], point, step - 1) if step else None
            implied = state if velocity is None else (velocity, *state[1:])
            nexts[step, 1], _ = rule.move(slope, point, implied, step)
            nexts[step, 0], state = rule.move(slope, point, state, step)
    return nexts


def _checked(gradient: Callable[[Array], ArrayLike]) -> Gradient:
    """The gradient as float64 of the shape of the point, which it gets as a copy of its own."""

    def slope(point: Array) -> Array:
        value = np.array(gradient(point.copy()), dtype=np.float64)
        if value.shape != point.shape:
            raise ValueError(
                f"gradient returns shape {value.shape} for a point of shape {point.shape}; they must agree"
            )
        return value

    return slope


def _root(square: Array, eps: float, eps_in_root: bool) -> Array:
    return np.sqrt(square + eps) if eps_in_root else np.sqrt(square) + eps

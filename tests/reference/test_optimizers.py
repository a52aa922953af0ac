import dataclasses
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from reference.optimizers import (
    EMA,
    SGD,
    Adagrad,
    Adam,
    Array,
    NesterovLookahead,
    RMSprop,
    Rule,
    StaleVelocity,
    Sutskever,
    continued,
    path,
)
from tests.reference.surfaces import QUARTIC, RAVINE, SADDLE, SURFACES, Surface


def torch_path(surface: Surface, steps: int, rule: Rule) -> Array:
    """The path of the optimiser of the same name and arguments; a sequence of learning rates is set step by step."""
    ours_only = {"lr", "bias_correction", "eps_in_root"}
    arguments: dict[str, Any] = {
        f.name: getattr(rule, f.name) for f in dataclasses.fields(rule) if f.name not in ours_only
    }
    weights = torch.tensor(surface.start, dtype=torch.float64, requires_grad=True)
    optimizer = getattr(torch.optim, type(rule).__name__)([weights], lr=rule.rate(0), **arguments)
    points = [weights.detach().clone()]
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = rule.rate(step)
        optimizer.zero_grad()
        surface.loss(weights).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        points.append(weights.detach().clone())
    return np.stack([point.numpy() for point in points])


def assert_same(path_one: Array, path_two: Array, tolerance: float = 1e-10) -> None:
    assert_allclose(path_one, path_two, rtol=tolerance, atol=tolerance)


TORCH_RULES: list[Rule] = [
    SGD(1e-3),
    SGD(1e-3, 0.9),
    SGD(1e-3, 0.9, 0.3),
    SGD(1e-3, 0.0, 0.3),
    SGD(1e-3, 0.9, nesterov=True),
    SGD(1e-3, 0.5, weight_decay=0.1, maximize=True),
    Adam(0.05),
    Adam(0.05, (0.7, 0.95), 1e-3, weight_decay=0.1),
    Adam(0.01, maximize=True),
    RMSprop(),
    RMSprop(0.01, 0.9, 1e-4, momentum=0.8, centered=True, weight_decay=0.1),
    Adagrad(0.1),
    Adagrad(0.1, 0.2, initial_accumulator_value=0.5, eps=1e-3, weight_decay=0.1),
]


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("rule", TORCH_RULES, ids=str)
def test_paths_are_torchs(surface: str, rule: Rule) -> None:
    where = SURFACES[surface]
    assert_same(path(where.gradient, where.start, 30, rule), torch_path(where, 30, rule))


def test_defaults_are_torchs() -> None:
    weights = [torch.zeros(2)]
    for kind in (SGD, Adam, RMSprop, Adagrad):
        theirs = getattr(torch.optim, kind.__name__)(weights).defaults
        ours = {f.name: f.default for f in dataclasses.fields(kind)}
        shared = ours.keys() & theirs.keys()
        assert {name: ours[name] for name in shared} == {name: theirs[name] for name in shared}
        assert ours.keys() - shared <= {"bias_correction", "eps_in_root"}


rates = st.floats(1e-5, 0.05) | st.lists(st.floats(1e-5, 0.05), min_size=15, max_size=15).map(tuple)
fractions = st.floats(0.0, 0.99)
decays = {"weight_decay": st.sampled_from([0.0, 0.01]), "maximize": st.booleans()}
high = st.floats(0.8, 0.999)
torch_rules = st.one_of(
    st.builds(SGD, rates, fractions, fractions, **decays),
    st.builds(SGD, rates, st.floats(0.01, 0.99), nesterov=st.just(value=True), **decays),
    st.builds(Adam, rates, st.tuples(fractions, high), st.floats(1e-9, 1e-3), **decays),
    st.builds(RMSprop, rates, high, st.floats(1e-7, 1e-3), momentum=fractions, centered=st.booleans(), **decays),
    st.builds(Adagrad, rates, fractions, initial_accumulator_value=fractions, eps=st.floats(1e-9, 1e-3), **decays),
)


@settings(max_examples=300, deadline=None)
@given(torch_rules, st.sampled_from([RAVINE, SADDLE]))
def test_paths_are_torchs_whatever_the_settings(rule: Rule, surface: Surface) -> None:
    assert_same(path(surface.gradient, surface.start, 15, rule), torch_path(surface, 15, rule), 1e-9)


BOWL_PATHS: list[tuple[Rule, list[tuple[float, float]]]] = [
    (Sutskever(0.05, 0.9), [(9.5, 0.5), (8.575, -0.2), (7.31375, -0.73)]),
    (SGD(0.05, 0.9), [(9.5, 0.5), (8.575, -0.2), (7.31375, -0.73)]),
    (EMA(0.05, 0.9), [(9.95, 0.95), (9.85525, 0.8575), (9.72069875, 0.731375)]),
    (StaleVelocity(0.05, 0.9), [(10, 1), (9.5, 0.5), (8.55, -0.45)]),
    (SGD(0.05**2, 0.9), [(9.975, 0.975), (9.9275625, 0.928125), (9.86004984375, 0.862734375)]),
    (SGD(0.05, 0.9, maximize=True), [(10.5, 1.5), (11.475, 2.7), (12.92625, 5.13)]),
    (SGD(0.05, 0.9, nesterov=True), [(9.05, 0.05), (7.78525, -0.4025), (6.31462625, -0.404875)]),
    (NesterovLookahead(0.05, 0.9), [(9.5, 0.5), (8.5975, 0.025), (7.3959875, -0.20125)]),
]


@pytest.mark.parametrize(("rule", "points"), BOWL_PATHS, ids=str)
def test_first_points_in_the_ravine(rule: Rule, points: list[tuple[float, float]]) -> None:
    assert_same(path(RAVINE.gradient, RAVINE.start, 3, rule), np.array([RAVINE.start, *points]), 1e-12)


def test_descent_zigzags_in_the_ravine() -> None:
    points = path(RAVINE.gradient, RAVINE.start, 10, SGD(0.18))
    assert_allclose(points[1:, 1] / points[:-1, 1], -0.8)
    assert_allclose(points[10], (1.374480, 0.107374), atol=5e-7)


@pytest.mark.parametrize(
    ("rule", "step"),
    [
        (SGD(0.1), 38),
        (SGD(0.1, 0.9), 19),
        (SGD(0.1, 0.9, nesterov=True), 16),
        (Adam(0.1), 11),
        (RMSprop(0.1), 1),
    ],
)
def test_step_that_leaves_the_saddle(rule: Rule, step: int) -> None:
    away = np.abs(path(SADDLE.gradient, SADDLE.start, 40, rule)[:, 1]) >= 1
    assert np.argmax(away) == step


@pytest.mark.parametrize("rule", [rule for rule in TORCH_RULES if not rule.__dict__["maximize"]], ids=str)
def test_no_rule_leaves_the_ridge_of_the_saddle(rule: Rule) -> None:
    assert_array_equal(path(SADDLE.gradient, (1, 0), 20, rule)[:, 1], 0)


@pytest.mark.parametrize(
    ("rule", "lengths"),
    [
        (Adam(0.1), 1),
        (Adam(0.1, bias_correction=False), 0.1 / math.sqrt(0.001)),
        (RMSprop(0.1), 10),
        (Adagrad(0.1), 1),
    ],
)
def test_first_step_goes_by_the_signs_of_the_gradient(rule: Rule, lengths: float) -> None:
    start, first = path(SADDLE.gradient, (1, 0.3), 1, rule)
    assert_allclose(first - start, [-0.1 * lengths, 0.1 * lengths], rtol=1e-5)


@pytest.mark.parametrize("rule", [RMSprop(0.1, 0.9, 0.5, eps_in_root=True), Adagrad(0.1, eps=0.5, eps_in_root=True)])
def test_eps_can_be_in_the_root(rule: Rule) -> None:
    share = 0.1 if isinstance(rule, RMSprop) else 1
    start, first = path(lambda w: 0 * w + 3, (1, 2), 1, rule)
    assert_allclose(first - start, -0.1 * 3 / math.sqrt(share * 9 + 0.5))


def test_adam_without_correction_follows_its_formula() -> None:
    mean = square = 0.0
    point = [10.0]
    for _ in range(5):
        mean, square = 0.9 * mean + 0.1 * point[-1], 0.999 * square + 0.001 * point[-1] ** 2
        point.append(point[-1] - 0.1 * mean / (math.sqrt(square) + 1e-8))
    ours = path(lambda w: w, (10,), 5, Adam(0.1, bias_correction=False))
    assert_same(ours, np.array(point)[:, None])


momenta = st.floats(0.0, 0.99)
lrs = st.floats(1e-4, 0.1)


@given(lrs, momenta)
def test_sutskever_is_torchs_momentum_at_constant_rate(lr: float, momentum: float) -> None:
    ours = path(RAVINE.gradient, RAVINE.start, 12, Sutskever(lr, momentum))
    assert_same(ours, path(RAVINE.gradient, RAVINE.start, 12, SGD(lr, momentum)))


@given(lrs, momenta)
def test_ema_is_momentum_with_a_smaller_rate(lr: float, beta: float) -> None:
    ours = path(RAVINE.gradient, RAVINE.start, 12, EMA(lr, beta))
    assert_same(ours, path(RAVINE.gradient, RAVINE.start, 12, SGD(lr * (1 - beta), beta)))


@given(lrs, st.floats(0.1, 0.9))
def test_ema_is_not_dampened_momentum(lr: float, beta: float) -> None:
    ours = path(RAVINE.gradient, RAVINE.start, 1, EMA(lr, beta))
    dampened = path(RAVINE.gradient, RAVINE.start, 1, SGD(lr, beta, dampening=beta))
    assert_same(ours[1] - ours[0], (1 - beta) * (dampened[1] - dampened[0]))


@given(lrs, st.floats(0.01, 0.99))
def test_torchs_nesterov_stores_the_point_ahead(lr: float, momentum: float) -> None:
    points = path(RAVINE.gradient, RAVINE.start, 12, NesterovLookahead(lr, momentum))
    ahead = points[1:] + momentum * (points[1:] - points[:-1])
    assert_same(ahead, path(RAVINE.gradient, RAVINE.start, 12, SGD(lr, momentum, nesterov=True))[1:])


@given(momenta, st.lists(st.floats(1e-4, 0.1), min_size=8, max_size=8))
def test_sutskever_is_polyaks_heavy_ball_at_any_rates(momentum: float, changing: list[float]) -> None:
    point = last = np.array(RAVINE.start, dtype=float)
    points = [point]
    for lr in changing:
        point, last = point - lr * RAVINE.gradient(point) + momentum * (point - last), point
        points.append(point)
    assert_same(path(RAVINE.gradient, RAVINE.start, 8, Sutskever(changing, momentum)), np.array(points))


def test_rules_that_agree_part_after_a_change_of_rate() -> None:
    changing = [0.05, 0.05, 0.05, 0.01, 0.01]
    torchs = path(RAVINE.gradient, RAVINE.start, 5, SGD(changing, 0.9))
    papers = path(RAVINE.gradient, RAVINE.start, 5, Sutskever(np.array(changing), 0.9))
    assert_same(torchs[:4], papers[:4])
    assert np.abs(torchs[4:] - papers[4:]).max() > 0.1
    assert_same(torchs, torch_path(RAVINE, 5, SGD(changing, 0.9)))


@pytest.mark.parametrize("rule", [*TORCH_RULES, Sutskever(0.1), NesterovLookahead(0.1), EMA(0.1)], ids=str)
def test_no_steps_give_the_start(rule: Rule) -> None:
    assert_array_equal(path(RAVINE.gradient, RAVINE.start, 0, rule), [RAVINE.start])


@pytest.mark.parametrize("rule", [SGD(3.0), SGD(3.0, 0.9), Sutskever(3.0), RMSprop(1e200), Adam(1e308)], ids=str)
def test_a_path_runs_away_without_a_warning(rule: Rule) -> None:
    points = path(QUARTIC.gradient, QUARTIC.start, 30, rule)
    assert points.shape == (31, 3)
    assert not np.isfinite(points[-1]).all()
    assert continued(QUARTIC.gradient, points, rule).shape == (30, 2, 3)


def test_a_gradient_may_return_a_list_and_use_up_its_argument() -> None:
    def greedy(point: Array) -> list[float]:
        values = [1 * float(point[0]), 10 * float(point[1])]
        point[:] = 0
        return values

    assert_array_equal(path(greedy, (10, 1), 3, SGD(0.1)), path(RAVINE.gradient, (10, 1), 3, SGD(0.1)))


@pytest.mark.parametrize("start", [5, [], [[1, 2]], [[]]])
def test_a_start_that_is_no_point_is_refused(start: Any) -> None:
    with pytest.raises(ValueError, match="start must be one point"):
        path(RAVINE.gradient, start, 1, SGD(0.1))


@pytest.mark.parametrize("gradient", [lambda _: 1.0, lambda _: [1.0], lambda _: [[1.0, 2.0]], lambda _: [1, 2, 3]])
def test_a_gradient_of_another_shape_is_refused(gradient: Callable[[Array], Any]) -> None:
    with pytest.raises(ValueError, match=r"gradient returns shape .* for a point of shape \(2,\)"):
        path(gradient, (1, 2), 1, SGD(0.1))
    with pytest.raises(ValueError, match=r"gradient returns shape .* for a point of shape \(2,\)"):
        continued(gradient, [(1, 2), (1, 2)], SGD(0.1))


def test_negative_steps_are_refused() -> None:
    with pytest.raises(ValueError, match="steps must be 0 or more, not -1"):
        path(RAVINE.gradient, RAVINE.start, -1, SGD(0.1))


@pytest.mark.parametrize("lr", [[0.1, 0.1], (0.1, 0.1), np.array([0.1, 0.1])])
def test_too_few_learning_rates_are_refused(lr: Sequence[float]) -> None:
    with pytest.raises(ValueError, match="lr has 2 values and none for step 2"):
        path(RAVINE.gradient, RAVINE.start, 3, SGD(lr))


@pytest.mark.parametrize(("momentum", "dampening"), [(0.0, 0.0), (0.9, 0.1)])
def test_nesterov_needs_undampened_momentum_as_in_torch(momentum: float, dampening: float) -> None:
    with pytest.raises(ValueError, match="nesterov=True needs"):
        SGD(0.1, momentum, dampening, nesterov=True)
    with pytest.raises(ValueError, match="Nesterov"):
        torch.optim.SGD([torch.zeros(1)], 0.1, momentum, dampening, nesterov=True)

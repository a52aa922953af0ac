from typing import Any

import numpy as np
import pytest
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
from tests.reference.surfaces import RAVINE

CHANGING = (0.02, 0.02, 0.03, 0.01, 0.01, 0.01, 0.02, 0.02, 0.02, 0.02)
VELOCITY_RULES: list[Rule] = [
    kind(lr, 0.9) for kind in (SGD, Sutskever, NesterovLookahead, StaleVelocity, EMA) for lr in (0.02, CHANGING)
]
VELOCITY_RULES += [
    SGD(CHANGING, 0.9, nesterov=True, weight_decay=0.1),
    SGD(0.02, 0.9, 0.5, maximize=True),
    RMSprop(CHANGING, momentum=0.9, centered=True),
]
OTHER_RULES: list[Rule] = [SGD(0.02), Adam(0.1), RMSprop(0.1), Adagrad(0.1), Adam(0.1, bias_correction=False)]
SLIP = 4


def slipping_path(rule: Rule, position: float = 0.0, velocity: float = 1.0) -> Array:
    """Ten steps, of which one starts with the wrong velocity or ends at the wrong place."""
    point = np.array(RAVINE.start, dtype=float)
    points, state = [point], rule.initial(point)
    for step in range(10):
        if step == SLIP:
            state = (velocity * state[0], *state[1:])
        point, state = rule.move(RAVINE.gradient, point, state, step)
        if step == SLIP:
            point = point + position
        points.append(point)
    return np.array(points)


def agreeing(points: Array, continuation: Array) -> list[bool]:
    return [bool(np.allclose(one, two, rtol=1e-8)) for one, two in zip(points[1:], continuation, strict=True)]


ONE_SLIP = [step != SLIP for step in range(10)]


@pytest.mark.parametrize("rule", [*VELOCITY_RULES, *OTHER_RULES], ids=str)
def test_a_path_without_slips_continues_as_it_does(rule: Rule) -> None:
    points = path(RAVINE.gradient, RAVINE.start, 10, rule)
    nexts = continued(RAVINE.gradient, points, rule)
    assert nexts.shape == (10, 2, 2)
    assert_allclose(nexts[:, 0], points[1:], rtol=1e-12)
    assert_allclose(nexts[:, 1], points[1:], rtol=1e-8)


@pytest.mark.parametrize("rule", [*VELOCITY_RULES, *OTHER_RULES], ids=str)
def test_a_slip_in_a_point_costs_one_step(rule: Rule) -> None:
    points = slipping_path(rule, position=0.3)
    assert agreeing(points, continued(RAVINE.gradient, points, rule)[:, 0]) == ONE_SLIP


@pytest.mark.parametrize("rule", VELOCITY_RULES, ids=str)
def test_a_slip_in_the_velocity_costs_one_step(rule: Rule) -> None:
    points = slipping_path(rule, velocity=-1.5)
    nexts = continued(RAVINE.gradient, points, rule)
    assert agreeing(points, nexts[:, 1]) == ONE_SLIP
    assert agreeing(points, nexts[:, 0]) != ONE_SLIP


@pytest.mark.parametrize("rule", OTHER_RULES[1:2] + OTHER_RULES[3:], ids=str)
def test_rules_without_velocity_have_one_continuation(rule: Rule) -> None:
    nexts = continued(RAVINE.gradient, [(10, 1), (9, 3), (4, 4)], rule)
    assert_array_equal(nexts[:, 0], nexts[:, 1])


def test_another_rules_path_is_told_apart() -> None:
    points = path(RAVINE.gradient, RAVINE.start, 5, EMA(0.05, 0.9))
    nexts = continued(RAVINE.gradient, points, Sutskever(0.05, 0.9))
    assert not any(agreeing(points, nexts[:, 0]) + agreeing(points, nexts[:, 1]))


def test_the_start_alone_has_no_continuation() -> None:
    assert continued(RAVINE.gradient, [(10, 1)], SGD(0.1)).shape == (0, 2, 2)


@pytest.mark.parametrize("points", [[], [1, 2], [[[1, 2]]], [[]]])
def test_points_that_are_no_path_are_refused(points: Any) -> None:
    with pytest.raises(ValueError, match="points must have shape"):
        continued(RAVINE.gradient, points, SGD(0.1))

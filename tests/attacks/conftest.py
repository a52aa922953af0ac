"""Each test of the grader under attack runs in every world that this machine has, and says which it has not."""

import pytest

from tests.attacks.worlds import World, worlds


@pytest.fixture(params=worlds(), ids=lambda world: world.name)
def world(request: pytest.FixtureRequest) -> World:
    """Surroundings for the grader."""
    found: World = request.param
    if found.missing:
        pytest.skip(f"tier {found.tier} ({found.name}): {found.missing}")
    return found

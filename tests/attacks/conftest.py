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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Attacks take a minute in each world: `make test` runs them in the first that this machine has, `make attacks` in all."""
    first = next((world for world in worlds() if not world.missing), None)
    for item in items:
        parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        if item.path.name == "test_attacks.py" and parameters.get("world", first) is not first:
            item.add_marker("every_tier")

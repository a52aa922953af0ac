from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from grader.checks.bounds import Bounds, MapBounds, beyond

BOUND: TypeAdapter[Any] = TypeAdapter(Bounds)


@pytest.mark.parametrize(
    ("written", "words", "inside", "outside"),
    [
        ({"low": 32}, "at least 32", [32, 10**9], [31]),
        ({"high": 10_000_000}, "at most 10 000 000", [0, 10_000_000], [10_000_001]),
        ({"low": 2, "high": 4}, "2 to 4", [2, 3, 4], [1, 5]),
        (8, "exactly 8", [8], [7, 9]),
        ({"low": 0}, "at least 0", [0, 1], []),
    ],
)
def test_both_ends_belong_to_a_bound(written: Any, words: str, inside: list[int], outside: list[int]) -> None:
    bound = BOUND.validate_python(written)
    assert str(bound) == words
    assert all(map(bound.holds, inside))
    assert list(beyond(bound)) == outside
    assert not any(map(bound.holds, outside))


@pytest.mark.parametrize("written", [{}, {"low": 4, "high": 3}, {"low": -1}, {"from": 3}, "8", True, 1.5, None])
def test_a_bound_that_no_number_can_meet_or_break_is_refused(written: Any) -> None:
    with pytest.raises(ValidationError):
        BOUND.validate_python(written)


def test_the_sizes_of_a_map_are_bounded_one_by_one() -> None:
    bounds = MapBounds.model_validate({"channels": {"low": 11}, "width": 8})
    assert str(bounds) == "channels at least 11, width exactly 8"
    assert bounds.holds((11, 5, 8))
    assert not bounds.holds((10, 5, 8))
    assert not bounds.holds((11, 8, 5))
    assert not bounds.holds((11, 8))
    with pytest.raises(ValidationError, match="needs a bound"):
        MapBounds()

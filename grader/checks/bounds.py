"""Where numbers and the sizes of a feature map may lie, as a problem file writes it and as a report says it."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from grader.answers.reading import number_text
from grader.checks.check import Options


class Bound(Options):
    """Where a number may lie: { low = 32 }, { high = 64 }, both, or the number itself."""

    low: int | None = Field(default=None, ge=0)
    high: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _can_be_met(self) -> "Bound":
        if self.low is None and self.high is None:
            raise ValueError("a bound needs low, high or both; or write the number itself")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"no number is at least {self.low} and at most {self.high}")
        return self

    def holds(self, number: int) -> bool:
        """Whether a number lies there; both ends belong to it."""
        return (self.low is None or number >= self.low) and (self.high is None or number <= self.high)

    def __str__(self) -> str:
        """As a report says it."""
        low, high = (None if end is None else number_text(end) for end in (self.low, self.high))
        if low is None or high is None:
            return f"at most {high}" if low is None else f"at least {low}"
        return f"exactly {low}" if low == high else f"{low} to {high}"


def _number_or_ends(value: Any) -> Any:
    return {"low": value, "high": value} if isinstance(value, int) and not isinstance(value, bool) else value


Bounds = Annotated[Bound, BeforeValidator(_number_or_ends)]


class MapBounds(Options):
    """Where the sizes of a feature map may lie."""

    channels: Bounds | None = None
    height: Bounds | None = None
    width: Bounds | None = None

    @model_validator(mode="after")
    def _bounds_something(self) -> "MapBounds":
        if not self.by_place:
            raise ValueError("needs a bound of channels, height or width")
        return self

    @property
    def by_place(self) -> dict[int, Bound]:
        """The bounds that are set, by position in a shape."""
        bounds = enumerate((self.channels, self.height, self.width))
        return {place: bound for place, bound in bounds if bound is not None}

    def holds(self, shape: Sequence[int]) -> bool:
        """Whether a shape without the batch lies there."""
        return all(place < len(shape) and bound.holds(shape[place]) for place, bound in self.by_place.items())

    def __str__(self) -> str:
        """As a report says it."""
        names = ("channels", "height", "width")
        return ", ".join(f"{names[place]} {bound}" for place, bound in self.by_place.items())


def beyond(bound: Bound | None) -> Iterator[int]:
    """The numbers just outside of a bound, which are no number of anything below 0."""
    if bound is not None and bound.low:
        yield bound.low - 1
    if bound is not None and bound.high is not None:
        yield bound.high + 1

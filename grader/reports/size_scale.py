"""How long a number is drawn beside others."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeGuard

# A number that is this many times the next one leaves nothing of the others to be seen, and is cut.
DWARFS = 16


@dataclass(frozen=True)
class Scale:
    """Lengths in proportion to numbers, up to the largest that is no more than `DWARFS` times the next."""

    largest: float
    length: float
    """Of the largest, in units of the picture."""

    def of(self, number: float | None) -> float:
        """The length of a number, none for one that has none: below zero, not finite, or missing. One that is cut is as long as may be."""
        if not is_drawn(number) or not self.largest:
            return 0.0
        return self.length * min(number / self.largest, 1.0)

    def cuts(self, number: float | None) -> bool:
        """Whether a number is too large to be drawn in proportion."""
        return is_drawn(number) and number > self.largest


def is_drawn(number: float | None) -> TypeGuard[float]:
    """Whether a number has a length."""
    return number is not None and math.isfinite(number) and number > 0


def scale_for(numbers: Iterable[float | None], length: float) -> Scale:
    """The scale on which all numbers are to be seen, or all but the very largest; at most half of them are cut.

    Args:
        numbers: all that are drawn in one picture.
        length: that of the largest.
    """
    drawn = sorted((number for number in numbers if is_drawn(number)), reverse=True)
    cut = 0
    while cut < len(drawn) // 2 and drawn[cut] / drawn[cut + 1] > DWARFS:
        cut += 1
    return Scale(drawn[cut] if drawn else 0.0, length)

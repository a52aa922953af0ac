"""The containers that Gradescope offers."""

from dataclasses import dataclass
from typing import Any

_PERIOD = 100_000
"""Microseconds in which a container's share of the processors is counted."""


@dataclass(frozen=True)
class Size:
    """What a container may use."""

    processors: float
    gigabytes: float

    @property
    def limits(self) -> dict[str, Any]:
        """As runc reads them."""
        return {
            "memory": {"limit": int(self.gigabytes * 1e9)},
            "cpu": {"quota": int(self.processors * _PERIOD), "period": _PERIOD},
        }

    def __str__(self) -> str:
        return f"{self.processors:g} CPU, {self.gigabytes:g} GB"


SMALLEST, SMALL, MIDDLE, LARGEST = Size(0.5, 0.75), Size(1, 1.5), Size(2, 3), Size(4, 6)
SIZES = (SMALLEST, SMALL, MIDDLE, LARGEST)

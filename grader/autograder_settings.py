"""What a homework says of itself for Gradescope's autograder: who sees what when, how often, and what its container has."""

import re
from typing import Literal

from pydantic import Field, PositiveFloat, PositiveInt, field_validator

from grader.checks.check import Options

Visibility = Literal["visible", "after_due_date", "after_published", "hidden"]
"""When students see an entry: at once, after the last due date, when grades are published, or never. As long as one is not visible,
Gradescope shows them no total."""
_PACKAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9,._-]+\])?==[A-Za-z0-9.+!]+")
_ADDRESS = re.compile(r"https://[^\s'\"\\]+")


class AutograderSettings(Options):
    """How a homework is graded inside Gradescope."""

    visibility: Visibility = "visible"
    """When students see the parts."""
    parts: dict[str, Visibility] = Field(default_factory=dict)
    """The same for single parts, by problem and part: `{ "alexnet_sizes.largest_batch" = "after_published" }`."""
    seconds: PositiveFloat = Field(default=600.0, ge=120, le=2400)
    """The timeout that is chosen in the assignment's settings, by default Gradescope's own ten minutes. Results are written before it is over."""
    slower: PositiveFloat = Field(default=2.0, ge=1, le=10)
    """By how much limits of time are stretched: the smallest container has half a processor."""
    packages: tuple[str, ...] = ()
    """What notebooks may import beyond what the grader itself needs (numpy, pandas, matplotlib, sympy, scikit-learn): `["torch==2.13.0"]`."""
    index: str = ""
    """Address of a further index that these packages come from, such as PyTorch's own for builds without CUDA, which are a tenth as large."""
    most_submissions: PositiveInt | None = None
    """How many submissions are graded within `per_hours`; later ones are told the results of the last one that was. By default all are."""
    per_hours: PositiveFloat = 24.0
    """Hours before a submission in which `most_submissions` counts."""
    on_fault: Literal["message", "platform"] = "message"
    """What students see where the grader fails: "message" says that it is not graded yet and costs nothing, "platform" leaves it to
    Gradescope's own words for a failed autograder, by which staff can filter."""

    @field_validator("packages")
    @classmethod
    def _pins_packages(cls, packages: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := [name for name in packages if not _PACKAGE.fullmatch(name)]:
            raise ValueError(f"{wrong[0]!r} has to name a package and its one version, such as 'torch==2.13.0'")
        return packages

    @field_validator("index")
    @classmethod
    def _is_an_address(cls, index: str) -> str:
        if index and not _ADDRESS.fullmatch(index):
            raise ValueError(f"{index!r} is no address that begins with https://")
        return index

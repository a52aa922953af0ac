"""What a homework says of itself for Gradescope's autograder: who sees what when, how often, and what its container has."""

from collections import Counter
from typing import Literal
from urllib.parse import urlsplit

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from pydantic import Field, PositiveFloat, PositiveInt, field_validator

from grader.checks.check import Options

Visibility = Literal["visible", "after_due_date", "after_published", "hidden"]
"""When students see an entry: at once, after the last due date, when grades are published, or never. As long as one is not visible,
Gradescope shows them no total."""
_UNFIT_FOR_AN_ADDRESS = frozenset("'\"\\?#@")
"""Nothing that quotes, and nothing that tells who may come in: whatever is in the archive may be read."""


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
    """What notebooks may import beyond what the grader itself needs (numpy, pandas, matplotlib, scipy, sympy, scikit-learn): `["torch==2.13.0"]`."""
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
        if wrong := [package for package in packages if not _is_a_pin(package)]:
            raise ValueError(f"{wrong[0]!r} has to name a package and its one version, such as 'torch==2.13.0'")
        times = Counter(canonicalize_name(Requirement(package).name) for package in packages)
        if twice := [name for name, count in times.items() if count > 1]:
            raise ValueError(f"names {twice[0]} more than once; leave one of them")
        return packages

    @field_validator("index")
    @classmethod
    def _is_an_address(cls, index: str) -> str:
        # What is wrong is not repeated: there may be a password in it.
        if index and not _is_a_public_address(index):
            raise ValueError(
                "is no address that everybody may read: it has to begin with https:// and be without a name, a password, ? and #"
            )
        return index


def _is_a_pin(package: str) -> bool:
    """Whether a line for pip names a package at one version and nothing else."""
    try:
        wanted = Requirement(package)
    except InvalidRequirement:
        return False
    pins = [one for one in wanted.specifier if one.operator == "==" and not one.version.endswith(".*")]
    return len(pins) == len(wanted.specifier) == 1 and not wanted.marker and not wanted.url and package.isprintable()


def _is_a_public_address(index: str) -> bool:
    if not index.isprintable() or " " in index or _UNFIT_FOR_AN_ADDRESS & {*index}:
        return False
    try:
        parts = urlsplit(index)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname)

"""Contained kernels for tests: the best tier that this machine offers, found once."""

from functools import cache
from typing import Any

import pytest

from grader.kernels.choosing import Wanted, attempt
from grader.kernels.limits import Limits
from grader.kernels.tiers import Tier, candidates
from grader.kernels.warm import WarmKernels


@cache
def _offered() -> tuple[Tier | None, str]:
    """The tier, or why there is none."""
    troubles = []
    for tier in (*candidates(), *candidates()):  # twice, for a busy machine may miss a deadline
        tried = attempt(tier, Wanted(Limits()))
        if tried.kernels is not None:
            tried.kernels.close()
            return tier, ""
        troubles += tried.troubles
    return None, "; ".join(troubles)


def offered_tier() -> Tier:
    """The best tier of this machine; the test is skipped where there is none."""
    tier, troubles = _offered()
    if tier is None:
        pytest.skip(f"this machine contains no kernels: {troubles}")
    return tier


def contained(*preload: str, **limits: Any) -> WarmKernels:
    """Kernels of the best tier, to be closed."""
    return WarmKernels(offered_tier(), Limits(**limits), preload)

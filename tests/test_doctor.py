from io import StringIO

import pytest
from rich.console import Console

from grader.doctor import examined, verdict
from grader.kernels.choosing import Tried
from grader.kernels.tiers import TIERS
from grader.kernels.warm import WarmKernels


def text(tried: list[Tried]) -> str:
    console = Console(file=StringIO(), width=100)
    console.print(examined(tried))
    assert isinstance(console.file, StringIO)
    return " ".join(console.file.getvalue().split())


def test_what_is_missing_is_told_with_its_remedy() -> None:
    shown = text([Tried(TIERS[3], troubles=["unshare(NEW_USER): Operation not permitted"])])
    assert "unshare(NEW_USER): Operation not permitted" in shown
    assert "sysctl kernel.apparmor_restrict_unprivileged_userns=0" in shown


@pytest.mark.parametrize(
    ("holds", "words"), [(0, "uses tier A'"), (1, "uses tier B:"), (None, "refuses, unless --unsafe-no-sandbox")]
)
def test_the_best_tier_that_holds_is_the_verdict(holds: int | None, words: str) -> None:
    kernels = object.__new__(WarmKernels)
    tried = [Tried(tier, kernels if position == holds else None) for position, tier in enumerate(TIERS[:3])]
    assert words in verdict(tried)


def test_a_system_without_any_way_is_told_where_to_grade() -> None:
    assert "grade on Linux" in verdict([])

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.errors import InfrastructureError, InputError
from grader.kernels import choosing, self_test
from grader.kernels.choosing import Tried, Wanted, attempt, contained_kernels
from grader.kernels.limits import Limits
from grader.kernels.tiers import TIERS, Tier, candidates
from grader.kernels.warm import WarmKernels
from grader.sandbox.settings import Containment
from tests.kernels.contained import offered_tier

pytestmark = pytest.mark.kernel

# Kernels that give up their capabilities and are filtered, but are in no namespace, have no user of their own and no Landlock.
OPEN = Tier("open", "nothing", Containment(), "everything", "nothing", as_root=True)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "answers.toml"
    file.write_text("42")
    tmp_path.chmod(0o755)
    return file


def test_a_tier_that_holds_is_found_to_leak_nothing(secret: Path) -> None:
    tried = attempt(offered_tier(), Wanted(Limits(), secret=(secret,)))
    assert tried.troubles == []
    assert tried.kernels is not None
    tried.kernels.close()


def test_the_canary_tells_everything_that_an_open_tier_lets_through(secret: Path) -> None:
    tried = attempt(OPEN, Wanted(Limits(), secret=(secret,)))
    assert tried.kernels is None
    told = "\n".join(tried.troubles)
    assert f"a notebook can read {secret}" in told
    assert "a notebook can signal the grader" in told
    for refused_by_the_filter in ("AF_VSOCK", "make namespaces", "mount", "trace the grader", "connect to"):
        assert refused_by_the_filter not in told


def test_a_folder_that_cannot_be_listed_but_looked_into_is_not_closed(tmp_path: Path) -> None:
    for mode, told in ((0o100, True), (0o000, False)):
        tmp_path.chmod(mode)
        troubles = attempt(OPEN, Wanted(Limits(), secret=(tmp_path,))).troubles
        assert f"a notebook can read {tmp_path}" not in troubles
        assert (f"a notebook can look into {tmp_path}/." in troubles) is told


def test_a_secret_where_python_lies_is_found_in_every_tier() -> None:
    tried = attempt(offered_tier(), Wanted(Limits(), secret=(Path(os.__file__),)))
    assert tried.troubles == [f"a notebook can read {os.__file__}"]


def test_a_process_that_outlives_its_kernel_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    offered_tier()  # found before anything is changed
    monkeypatch.setattr(self_test, "_SECONDS_UNTIL_GONE", 0.1)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60) # left-by-a-canary"]) as left:
        monkeypatch.setattr(secrets, "token_hex", lambda _: "left-by-a-canary")
        try:
            with WarmKernels(offered_tier(), Limits()) as kernels:
                assert "a process can outlive its notebook" in self_test.leaks_of(kernels, ())
        finally:
            left.kill()


def test_limits_that_the_system_does_not_hold_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    offered_tier()  # found before anything is changed
    facts = self_test._facts
    told = {"memory_bytes": 100 * 2**20, "open_files": 20, "disk_bytes": 2**20, "seconds_of_cpu": 1}

    def exaggerated(*given: Any) -> dict[str, Any]:
        true: dict[str, Any] = facts(*given)
        return true | {"limits": true["limits"] | told}

    monkeypatch.setattr(self_test, "_facts", exaggerated)
    with WarmKernels(offered_tier(), Limits()) as kernels:
        troubles = "\n".join(self_test.leaks_of(kernels, ()))
    for words in ("take 104,857,600 bytes", "open 20 files", "write files without end", "compute without end"):
        assert words in troubles


@pytest.fixture
def nothing_holds(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    tried: list[str] = []

    def fails(tier: Tier, _: Wanted) -> Tried:
        tried.append(tier.name)
        return Tried(tier, troubles=["a notebook can read the answers"])

    monkeypatch.setattr(choosing, "attempt", fails)
    return tried  # type: ignore[return-value]


def test_without_a_tier_that_holds_nothing_runs_and_each_leak_is_named(nothing_holds: list[str]) -> None:
    with pytest.raises(InfrastructureError, match=r"a notebook can read the answers.*--unsafe-no-sandbox"):
        contained_kernels(Wanted(Limits()))
    assert nothing_holds == [tier.name for tier in candidates()]


def test_a_wanted_tier_is_the_only_one_tried(nothing_holds: list[str]) -> None:
    with pytest.raises(InfrastructureError):
        contained_kernels(Wanted(Limits(), tier=candidates()[0].name))
    assert nothing_holds == [candidates()[0].name]


def test_an_unknown_tier_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(InputError, match="no isolation 'Z'; there is: A', B, B', A, C"):
        contained_kernels(Wanted(Limits(), tier="Z"))


def test_a_tier_for_others_is_refused() -> None:
    other = next(tier for tier in TIERS if tier not in candidates())
    with pytest.raises(InputError, match="is for"):
        contained_kernels(Wanted(Limits(), tier=other.name))


def test_a_tier_that_this_user_may_not_enter_tells_the_call_that_failed() -> None:
    if os.geteuid() == 0:
        pytest.skip("root may enter all of them")
    tried = attempt(TIERS[0], Wanted(Limits()))
    assert tried.kernels is None
    assert "unshare" in tried.troubles[0]

"""Which kernels a run gets: the best contained ones that this machine offers and that pass their test, or none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.errors import InfrastructureError, InputError
from grader.kernels.limits import Limits
from grader.kernels.self_test import leaks_of
from grader.kernels.server_process import end_spares
from grader.kernels.tiers import TIERS, Tier, candidates
from grader.kernels.warm import WarmKernels


@dataclass(frozen=True)
class Wanted:
    """What kernels are for, and what they have to keep."""

    limits: Limits
    preload: tuple[str, ...] = ()
    preparation: str = ""
    secret: tuple[Path, ...] = ()
    """Files and folders that no notebook may open."""
    tier: str | None = None
    """The name of the only tier that will do; the best one that holds if it is None."""


@dataclass
class Tried:
    """A tier on this machine: its kernels if it holds, and why not if it does not."""

    tier: Tier
    kernels: WarmKernels | None = None
    troubles: list[str] = field(default_factory=list)


def contained_kernels(wanted: Wanted) -> WarmKernels:
    """Kernels of the best tier that holds. To be closed.

    Raises:
        InputError: there is no tier of that name, or none for this user.
        InfrastructureError: none holds; the message says of each what is missing, and what would help.
    """
    tiers = named(wanted.tier) if wanted.tier else candidates()
    tried = []
    try:
        for tier in tiers:
            tried.append(attempt(tier, wanted))
            if (kernels := tried[-1].kernels) is not None:
                return kernels
    finally:
        end_spares()
    troubles = " | ".join(f"{one.tier.name}: {'; '.join(one.troubles)} (needs {one.tier.needs})" for one in tried)
    if wanted.tier:
        raise InfrastructureError(
            f"{troubles}. grader doctor shows what else there is; leave out --isolation for the best"
        )
    raise InfrastructureError(
        f"student code cannot be contained on this machine. {troubles or 'There is no way to for this system'}. "
        "Where that cannot be had, and only for work that you trust: --unsafe-no-sandbox"
    )


def attempt(tier: Tier, wanted: Wanted) -> Tried:
    """Start a tier's kernels and test them."""
    try:
        kernels = WarmKernels(tier, wanted.limits, wanted.preload, wanted.preparation)
    except (InfrastructureError, OSError) as error:
        return Tried(tier, troubles=[str(error)])
    try:
        troubles = leaks_of(kernels, wanted.secret)
    except BaseException as error:
        kernels.close()
        if isinstance(error, Exception):
            return Tried(tier, troubles=[f"the canary did not run ({type(error).__name__}: {error})"])
        raise
    if troubles:
        kernels.close()
        return Tried(tier, troubles=troubles)
    return Tried(tier, kernels)


def named(name: str) -> Sequence[Tier]:
    """The one tier of that name; InputError if there is none, or none for this user."""
    found = [tier for tier in TIERS if tier.name == name]
    if not found:
        raise InputError(f"there is no isolation {name!r}; there is: {', '.join(tier.name for tier in TIERS)}")
    if found[0] not in candidates():
        who = "root" if found[0].as_root else "a user who is not root"
        raise InputError(f"isolation {name} is for {who}; grader doctor shows what there is")
    return found

"""The ways in which kernels can be contained, the best first."""

import os
from dataclasses import dataclass

from grader.sandbox.settings import Containment


@dataclass(frozen=True)
class Tier:
    """One way."""

    name: str
    words: str
    """What contains a kernel, for reports."""
    containment: Containment
    lacks: str
    """What is left, for whoever decides whether it is enough."""
    needs: str
    """What a machine has to have, and how to get it."""
    as_root: bool
    """Whether it is for root, or else for everybody else."""


_HARDLY = "flaws of the Linux kernel itself; timing between kernels that share a processor"
_SHARED = "the numbers and command lines of other processes, and names of files that cannot be opened, can be seen; disk is limited by watching"

TIERS = (
    Tier(
        "A'", "namespaces and a user of its own for each kernel", Containment(namespaces=True, own_user=True), _HARDLY,
        "root with CAP_SYS_ADMIN: not inside an ordinary container", as_root=True,
    ),
    Tier(
        "B", "a user of its own for each kernel, and Landlock", Containment(own_user=True, landlock=True), _SHARED,
        "root, and Linux 5.13 or newer with Landlock; Python installed where every user may read it", as_root=True,
    ),
    Tier(
        "B'", "a user of its own for each kernel", Containment(own_user=True),
        f"whatever every user of the machine may read; {_SHARED}",
        "root; the course, the submissions and the reports closed to other users (chmod o-rwx)", as_root=True,
    ),
    Tier(
        "A", "namespaces", Containment(namespaces=True, user_namespace=True), _HARDLY,
        "user namespaces without root: on Ubuntu 23.10 and newer an AppArmor profile for Python, or "
        "sysctl kernel.apparmor_restrict_unprivileged_userns=0", as_root=False,
    ),
    Tier(
        "C", "Landlock", Containment(landlock=True), f"kernels share one user, so a stubborn one can slow the others; {_SHARED}",
        "Linux 6.12 or newer with Landlock", as_root=False,
    ),
)  # fmt: skip


def candidates() -> tuple[Tier, ...]:
    """The tiers that may be had by whoever runs this process, the best first."""
    return tuple(tier for tier in TIERS if tier.as_root == (os.geteuid() == 0))

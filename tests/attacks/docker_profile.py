"""The seccomp profile of a container as Docker starts it, made from the one that containers' own tools install.

Both come from one source. Podman's lets every container make namespaces and mounts, and Docker's only one that has
CAP_SYS_ADMIN; Docker's default answer is "not permitted", and it hands out fewer kinds of sockets.
"""

import json
import platform
from collections.abc import Collection
from pathlib import Path
from typing import Any

PROFILE = Path("/usr/share/containers/seccomp.json")
_NOT_IN_DOCKER = frozenset(
    [
        "clone",
        "clone3",
        "fsconfig",
        "fsmount",
        "fsopen",
        "fspick",
        "mount",
        "mount_setattr",
        "move_mount",
        "open_tree",
        "pivot_root",
        "setns",
        "umount",
        "umount2",
        "unshare",
        "keyctl",
        "add_key",
        "request_key",
        "io_uring_setup",
        "io_uring_enter",
        "io_uring_register",
        "syslog",
        "socket",
    ]
)
_NAMESPACE_FLAGS = 2114060288
_LAST_OLD_SOCKET_FAMILY = 37
"""Families up to this one; AF_ALG is 38, and AF_VSOCK 40."""
_NOT_PERMITTED, _NOT_THERE = 1, 38
_MACHINES = {"x86_64": ("amd64", "SCMP_ARCH_X86_64"), "aarch64": ("arm64", "SCMP_ARCH_AARCH64")}

Rule = dict[str, Any]


def docker_profile(capabilities: Collection[str]) -> Rule:
    """The profile in the form that runc reads, for a container with these capabilities (such as "CAP_CHOWN")."""
    architecture, name = _MACHINES[platform.machine()]
    rules: list[Rule] = []
    for rule in json.loads(PROFILE.read_text(encoding="utf-8"))["syscalls"]:
        names = [call for call in rule["names"] if call not in _NOT_IN_DOCKER]
        if names and rule["action"] == "SCMP_ACT_ALLOW" and _applies(rule, capabilities, architecture):
            rules.append({"names": names, "action": rule["action"], "args": rule.get("args") or []})
    return {
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": _NOT_PERMITTED,
        "architectures": [name],
        "syscalls": rules + _DOCKERS_OWN,
    }


def _applies(rule: Rule, capabilities: Collection[str], architecture: str) -> bool:
    wanted, unwanted = rule.get("includes") or {}, rule.get("excludes") or {}
    return (
        set(wanted.get("caps", ())) <= set(capabilities)
        and not set(unwanted.get("caps", ())) & set(capabilities)
        and architecture in wanted.get("arches", [architecture])
    )


def _only_if(index: int, operator: str, value: int) -> list[Rule]:
    return [{"index": index, "value": value, "valueTwo": 0, "op": operator}]


_DOCKERS_OWN: list[Rule] = [
    {
        "names": ["clone"],
        "action": "SCMP_ACT_ALLOW",
        "args": _only_if(0, "SCMP_CMP_MASKED_EQ", _NAMESPACE_FLAGS),
    },
    {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": _NOT_THERE},
    {
        "names": ["socket"],
        "action": "SCMP_ACT_ALLOW",
        "args": _only_if(0, "SCMP_CMP_LE", _LAST_OLD_SOCKET_FAMILY),
    },
]

"""What the grader tells its fork server, and what it tells each child. Plain values, sent as JSON over private sockets.

A kernel can read all memory of the process it was forked from. So the fork server itself never learns anything about a
student, an answer or another kernel; what one kernel needs goes to that child alone.
"""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any, Self

MOST_BYTES = 256 * 1024
"""Of one message: the preparation of a kernel has up to 140 KiB."""

_EARLY = ("numpy", "torch")


def early(preload: Collection[str]) -> tuple[str, ...]:
    """Those modules of a preload that may be imported before it is known who asks for them, always in one order.

    They take long, and leave no trace outside of the process.
    """
    return tuple(name for name in _EARLY if name in preload)


@dataclass(frozen=True, slots=True)
class _Sent:
    """Goes to JSON and back."""

    def to_bytes(self) -> bytes:
        """As one message; ValueError if it is too long for one."""
        message = json.dumps(asdict(self)).encode()
        if len(message) > MOST_BYTES:
            raise ValueError(f"{len(message)} bytes of settings are more than {MOST_BYTES}")
        return message


@dataclass(frozen=True, slots=True)
class Containment:
    """The means of the machine that contain a kernel."""

    namespaces: bool = False
    """A file system, network, process table and shared memory of its own."""
    user_namespace: bool = False
    """Namespaces are made inside a user namespace, which needs no rights; else as real root."""
    own_user: bool = False
    """Each kernel runs as a user id of its own; needs root."""
    landlock: bool = False
    """Landlock says which files can be opened."""

    @property
    def shares_user(self) -> bool:
        """Whether a kernel's user owns files and processes that are not the kernel's, though it may not open them."""
        return not self.own_user and not self.user_namespace


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the system lets one kernel take; the fields of `grader.kernels.limits.Limits` with the same names."""

    memory_bytes: int
    processes: int
    seconds_of_cpu: int
    disk_bytes: int
    files: int
    open_files: int


@dataclass(frozen=True, slots=True)
class ServerSettings(_Sent):
    """What is the same for all kernels of a fork server."""

    containment: Containment
    bounds: Bounds
    jobs: str
    """Folder with a folder for each kernel, in which its sockets are."""
    readable: tuple[str, ...]
    """Files and folders that kernels may read."""
    preload: tuple[str, ...]
    """Modules that are imported before kernels are forked."""
    preparation: str
    """Code that each kernel runs before it takes any; compiled once."""

    @classmethod
    def from_bytes(cls, message: bytes) -> Self:
        """Of a message."""
        fields: dict[str, Any] = json.loads(message)
        fields["containment"], fields["bounds"] = Containment(**fields["containment"]), Bounds(**fields["bounds"])
        fields["readable"], fields["preload"] = tuple(fields["readable"]), tuple(fields["preload"])
        return cls(**fields)


@dataclass(frozen=True, slots=True)
class JobSettings(_Sent):
    """What is particular to one kernel."""

    name: str
    """Of its folder below `ServerSettings.jobs`; cannot be guessed."""
    key: str
    """Signs the messages between this kernel and the grader."""
    user: int
    """The user id that it gets where kernels have one of their own; also its group."""
    groups: int
    """Of the descriptors sent along, how many are control groups to enter; one more counts kills for want of memory."""

    @classmethod
    def from_bytes(cls, message: bytes) -> Self:
        """Of a message."""
        return cls(**json.loads(message))


def connection_info(sockets: str, key: bytes) -> dict[str, Any]:
    """What both sides of a kernel's connection know, as jupyter_client wants it.

    Args:
        sockets: the path that the names of its sockets begin with.
        key: signs the messages.
    """
    names = ("shell", "iopub", "stdin", "hb", "control")
    ports = {f"{name}_port": number for number, name in enumerate(names, 1)}
    return {"transport": "ipc", "ip": sockets, "key": key, "signature_scheme": "hmac-sha256", **ports}

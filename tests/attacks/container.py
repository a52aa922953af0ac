"""A container as Docker would start it, with the machine's own programs in it or others: the configuration that runc reads."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.attacks.docker_profile import docker_profile

CAPABILITIES = {
    "CAP_CHOWN": 0, "CAP_DAC_OVERRIDE": 1, "CAP_FOWNER": 3, "CAP_FSETID": 4, "CAP_KILL": 5, "CAP_SETGID": 6, "CAP_SETUID": 7,
    "CAP_SETPCAP": 8, "CAP_NET_BIND_SERVICE": 10, "CAP_NET_RAW": 13, "CAP_SYS_CHROOT": 18, "CAP_MKNOD": 27,
    "CAP_AUDIT_WRITE": 29, "CAP_SETFCAP": 31,
}  # fmt: skip
"""The fourteen that Docker leaves to root in a container."""
_HIDDEN = (
    "/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
    "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap",
)  # fmt: skip
_READ_ONLY = ("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger")
_PROGRAMS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc")

Mount = dict[str, Any]


def bundle(  # noqa: PLR0913 - what a container is made of
    root: Path,
    command: Sequence[str],
    *,
    read: Sequence[str],
    write: Sequence[str],
    name: str,
    programs: Sequence[str] = _PROGRAMS,
    limits: Mount | None = None,
    network: bool = True,
    environment: Mapping[str, str] | None = None,
) -> Mount:
    """The configuration of a container.

    Args:
        root: a folder for its files.
        command: what to run in it, as root.
        read: paths of the machine that it sees.
        write: paths that it may also change.
        name: the container's, unique on the machine.
        programs: paths of the machine's own programs that it sees; none if there are others in `root`.
        limits: of memory and processors, as runc reads them.
        network: whether it shares the machine's, as `docker run --network host` does, so that listeners of a test can be reached.
            Otherwise there is nobody else in its own.
        environment: of the command; by default empty.
    """
    capabilities = sorted(CAPABILITIES)
    kinds = ("pid", "ipc", "uts", "mount", *(() if network else ("network",)))
    (root / "tmp").mkdir(parents=True, exist_ok=True)
    (root / "tmp").chmod(0o1777)
    return {
        "ociVersion": "1.0.2",
        "hostname": "container",
        "root": {"path": str(root), "readonly": False},
        "process": {
            "terminal": False,
            "user": {"uid": 0, "gid": 0},
            "args": list(command),
            "env": [f"{key}={value}" for key, value in (environment or {}).items()],
            "cwd": "/",
            "noNewPrivileges": False,
            "capabilities": dict.fromkeys(("bounding", "effective", "permitted"), capabilities),
        },
        "mounts": [*_SYSTEM, *_binds((*programs, *read), "ro"), *_binds(write, "rw")],
        "linux": {
            "namespaces": [{"type": kind} for kind in kinds],
            "cgroupsPath": f"/{name}",
            "resources": {"devices": [{"allow": False, "access": "rwm"}, *_devices()], **(limits or {})},
            "seccomp": docker_profile(capabilities),
            "maskedPaths": list(_HIDDEN),
            "readonlyPaths": list(_READ_ONLY),
        },
    }


def _binds(paths: Sequence[str], mode: str) -> list[Mount]:
    there = [path for path in paths if Path(path).exists()]
    options = ["rbind", mode, "nosuid", "nodev"] if mode == "rw" else ["rbind", mode]
    return [{"destination": path, "type": "bind", "source": path, "options": options} for path in there]


def _devices() -> list[Mount]:
    """Null, zero, full, tty, random, urandom, and terminals."""
    numbers = [(1, 3), (1, 5), (1, 7), (5, 0), (1, 8), (1, 9), (5, 2), (136, None)]
    return [
        {"allow": True, "type": "c", "major": major, "access": "rwm", **({} if minor is None else {"minor": minor})}
        for major, minor in numbers
    ]


_SYSTEM: list[Mount] = [
    {"destination": "/proc", "type": "proc", "source": "proc", "options": ["nosuid", "noexec", "nodev"]},
    {
        "destination": "/dev",
        "type": "tmpfs",
        "source": "tmpfs",
        "options": ["nosuid", "strictatime", "mode=755", "size=65536k"],
    },
    {
        "destination": "/dev/pts",
        "type": "devpts",
        "source": "devpts",
        "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"],
    },
    {"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue", "options": ["nosuid", "noexec", "nodev"]},
    {
        "destination": "/dev/shm",
        "type": "tmpfs",
        "source": "shm",
        "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=67108864"],
    },
    {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"]},
    {
        "destination": "/sys/fs/cgroup",
        "type": "cgroup",
        "source": "cgroup",
        "options": ["ro", "nosuid", "noexec", "nodev"],
    },
]

"""What a world takes away from a command before it starts: folders, rights and system calls. Root does this, standard library only."""

import ctypes
import os
import platform
import struct
from collections.abc import Collection, Iterable
from pathlib import Path

NEW_MOUNTS, NEW_IPC, NEW_USERS = 0x20000, 0x08000000, 0x10000000
_NAMESPACE_FLAGS = 0x7E020000
_BIND, _RECURSIVE, _PRIVATE, _NO_SETUID, _NO_DEVICES, _READ_ONLY = 4096, 16384, 1 << 18, 2, 4, 1
_DROP_FROM_BOUNDING_SET, _NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER, _ADOPT_ORPHANS = 24, 38, 22, 2, 36
_ALLOW, _NO_PERMISSION, _NOT_THERE = 0x7FFF0000, 0x50001, 0x50026
_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# Numbers by machine; those that both have in common stand once.
_NUMBERS = {
    "x86_64": {"unshare": 272, "setns": 308, "mount": 165, "clone": 56},
    "aarch64": {"unshare": 97, "setns": 268, "mount": 40, "clone": 220},
}
_CLONE3, _LANDLOCK = 435, (444, 445, 446)

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    """New namespaces of these kinds for this process."""
    _checked(_libc.unshare(flags), f"unshare({flags:#x})")


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    _checked(_libc.prctl(_ADOPT_ORPHANS, 1, 0, 0, 0), "prctl")


def _mount(source: str | None, target: str, kind: str | None, flags: int, options: str = "") -> None:
    source_, kind_ = (None if text is None else text.encode() for text in (source, kind))
    result = _libc.mount(source_, target.encode(), kind_, ctypes.c_ulong(flags), options.encode())
    _checked(result, f"mount {source} on {target}")


def private_mounts() -> None:
    """Mounts of our own from here on, which nobody outside sees."""
    unshare(NEW_MOUNTS)
    _mount(None, "/", None, _RECURSIVE | _PRIVATE)


def cover(folder: str, keep: Collection[str], *, mode: str = "1777") -> None:
    """Puts an empty folder over one, in which only the kept paths are still there."""
    inside = sorted(path for path in map(os.path.realpath, keep) if Path(path).is_relative_to(folder))
    inside = [
        path for path in inside if not any(path != other and Path(path).is_relative_to(other) for other in inside)
    ]
    opened = {path: os.open(path, os.O_PATH) for path in dict.fromkeys(inside)}
    _mount("tmpfs", folder, "tmpfs", _NO_SETUID | _NO_DEVICES, f"mode={mode}")
    for path, descriptor in opened.items():
        Path(path).mkdir(mode=0o755, parents=True)
        _mount(f"/proc/self/fd/{descriptor}", path, None, _BIND | _RECURSIVE)
        os.close(descriptor)


def closed_folders(keep: Iterable[str]) -> list[str]:
    """The topmost folders around the kept paths that others may not pass."""
    closed = []
    for path in keep:
        for folder in reversed(Path(path).resolve().parents):
            if not folder.stat().st_mode & 1:
                closed.append(str(folder))
                break
    return sorted(set(closed))


def hide(folder: str) -> None:
    """Makes a folder empty and read-only."""
    _mount("tmpfs", folder, "tmpfs", _READ_ONLY, "mode=755")


def keep_only(capabilities: Collection[int]) -> None:
    """Takes every other capability from all programs that are started from here on."""
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text(encoding="ascii"))
    for capability in range(last + 1):
        if capability not in capabilities:
            _checked(_libc.prctl(_DROP_FROM_BOUNDING_SET, capability, 0, 0, 0), "prctl")


def become(user: int) -> None:
    """Changes to an ordinary user with a group of the same number."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def refuse(*, namespaces: bool, landlock: bool) -> None:
    """Has the kernel refuse new namespaces and mounts as a container does, or say that it knows no Landlock."""
    if os.geteuid() != 0:
        _checked(_libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "prctl")
    program = _program(platform.machine(), namespaces=namespaces, landlock=landlock)
    text = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(text))
    _checked(_libc.prctl(_SET_SECCOMP, _FILTER, head, 0, 0), "seccomp")


def _program(machine: str, *, namespaces: bool, landlock: bool) -> bytes:
    load, equal, any_bit, give = 0x20, 0x15, 0x45, 0x06
    numbers = _NUMBERS[machine]
    steps = [(load, 0, 0, 4), (equal, 1, 0, _ARCHITECTURE[machine]), (give, 0, 0, _NO_PERMISSION), (load, 0, 0, 0)]
    answers: dict[int, int] = {}
    if namespaces:
        answers |= {numbers[name]: _NO_PERMISSION for name in ("unshare", "setns", "mount")} | {_CLONE3: _NOT_THERE}
    if landlock:
        answers |= dict.fromkeys(_LANDLOCK, _NOT_THERE)
    for number, answer in answers.items():
        steps += [(equal, 0, 1, number), (give, 0, 0, answer)]
    if namespaces:  # clone may make threads and processes, but no namespaces
        steps += [(equal, 0, 3, numbers["clone"]), (load, 0, 0, 16), (any_bit, 0, 1, _NAMESPACE_FLAGS)]
        steps += [(give, 0, 0, _NO_PERMISSION)]
    steps += [(give, 0, 0, _ALLOW)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)

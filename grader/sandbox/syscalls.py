"""The system calls that contain a process and that Python 3.11 has no function for; Linux on x86_64 and aarch64.

They act on the calling thread, so they belong in a process that has only one. Every failure is an OSError that names
the call and its arguments, for a containment of which one step failed must not be used.
"""

import ctypes
import errno
import fcntl
import os
import socket
import struct
from enum import IntFlag
from functools import cache

from grader.sandbox.call_numbers import numbers


class Namespace(IntFlag):
    """What a process can have of its own; from linux/sched.h."""

    NEW_NS = 0x0002_0000
    NEW_CGROUP = 0x0200_0000
    NEW_UTS = 0x0400_0000
    NEW_IPC = 0x0800_0000
    NEW_USER = 0x1000_0000
    NEW_PID = 0x2000_0000
    NEW_NET = 0x4000_0000


class MountFlag(IntFlag):
    """How to mount; from linux/mount.h."""

    MS_RDONLY = 0x1
    MS_NOSUID = 0x2
    MS_NODEV = 0x4
    MS_NOEXEC = 0x8
    MS_REMOUNT = 0x20
    MS_NOSYMFOLLOW = 0x100
    MS_BIND = 0x1000
    MS_MOVE = 0x2000
    MS_REC = 0x4000
    MS_PRIVATE = 0x4_0000
    MS_SLAVE = 0x8_0000


NEW_NS, NEW_CGROUP, NEW_UTS, NEW_IPC, NEW_USER, NEW_PID, NEW_NET = Namespace
(
    MS_RDONLY,
    MS_NOSUID,
    MS_NODEV,
    MS_NOEXEC,
    MS_REMOUNT,
    MS_NOSYMFOLLOW,
    MS_BIND,
    MS_MOVE,
    MS_REC,
    MS_PRIVATE,
    MS_SLAVE,
) = MountFlag

_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_MOUNT_ATTR_RDONLY, _MOUNT_ATTR_NOSUID, _MOUNT_ATTR_NODEV = 0x1, 0x2, 0x4
_MNT_DETACH, _UMOUNT_NOFOLLOW = 0x2, 0x8
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_READ, _PR_CAPBSET_DROP = 1, 4, 23, 24
_PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS, _PR_GET_NO_NEW_PRIVS = 36, 38, 39
_CAPABILITY_VERSION_3 = 0x2008_0522
_MAX_CAPABILITIES = 64
"""As many as the two words of 32 bits hold that the kernel keeps them in."""
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 0x1


def call(name: str, words: str, *arguments: int | bytes | None) -> int:
    """Make a system call.

    Args:
        name: the kernel's, as in `call_numbers`.
        words: the arguments as the reader of an error wants them.
        arguments: as the kernel takes them; bytes become a pointer to them, None the null pointer.

    Returns:
        what the call returned, never negative.

    Raises:
        OSError: the call failed, or its number is not known on this machine.
    """
    known = numbers(os.uname().machine)
    if name not in known:
        raise OSError(errno.ENOSYS, f"{name}({words}): this machine has no such call")
    plain = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result = int(_syscall()(ctypes.c_long(known[name]), *plain))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}({words}): {os.strerror(number)}")
    return result


@cache
def _syscall() -> "ctypes._NamedFuncPointer":
    function = ctypes.CDLL(None, use_errno=True).syscall
    function.restype = ctypes.c_long
    return function


def unshare(flags: int) -> None:
    """Leave the namespaces that the flags name for new ones; with NEW_PID, the next children do.

    Raises:
        OSError: EPERM where the system allows none.
    """
    call("unshare", _names(Namespace(flags)), flags)


def setns(fd: int, kind: int) -> None:
    """Enter the namespace that an open /proc/*/ns/* file stands for; with NEW_PID, the next children do.

    Raises:
        OSError: the file is of another kind, or entering is not allowed.
    """
    call("setns", f"file {fd}, {_names(Namespace(kind))}", fd, kind)


def mount(source: str | None, target: str, kind: str | None = None, flags: int = 0, options: str = "") -> None:
    """Put a file system into the tree of files, or change one that is there.

    Args:
        source: a device, a path to bind or a label; None where the kernel ignores it.
        target: path where to mount.
        kind: type of file system, such as "tmpfs"; None for binding and remounting.
        flags: MS_* flags.
        options: of the file system, such as "size=64m,mode=755".

    Raises:
        OSError: also EINVAL for a text with a null character, which the kernel would take for its end.
    """
    words = f"{source or ''} on {target}, {kind or 'no type'}, {_names(MountFlag(flags))}, {options or 'no options'}"
    texts = [None if text is None else _path(text, "mount", words) for text in (source, target, kind, options or None)]
    call("mount", words, *texts[:3], flags, texts[3])


def unmount(target: str, *, detach: bool = False) -> None:
    """Take away the uppermost mount at a path, which is not followed when it is a link.

    Args:
        target: path of the mount.
        detach: out of sight at once, and away when nothing uses it any more.

    Raises:
        OSError: EBUSY when it is in use and shall not be detached.
    """
    flags = _UMOUNT_NOFOLLOW | (_MNT_DETACH if detach else 0)
    words = f"{target}{', detached' if detach else ''}"
    call("umount2", words, _path(target, "umount2", words), flags)


def pivot_root(new: str, old: str) -> None:
    """Make the mount at `new` the root, and put the former root at `old` below it; both may be ".".

    Raises:
        OSError: EINVAL when `new` is no mount or a mount is shared.
    """
    words = f"new root {new}, old root at {old}"
    call("pivot_root", words, _path(new, "pivot_root", words), _path(old, "pivot_root", words))


def read_only(path: str, *, recursive: bool = True) -> None:
    """Make a mount read-only, without set-user-id programs and without devices; Linux 5.12.

    Args:
        path: where the mount is.
        recursive: also all mounts below it.

    Raises:
        OSError: ENOSYS on an older kernel.
    """
    attributes = struct.pack("QQQQ", _MOUNT_ATTR_RDONLY | _MOUNT_ATTR_NOSUID | _MOUNT_ATTR_NODEV, 0, 0, 0)
    words = f"{path}, read-only{', recursive' if recursive else ''}"
    target, flags = _path(path, "mount_setattr", words), _AT_RECURSIVE if recursive else 0
    call("mount_setattr", words, _AT_FDCWD, target, flags, attributes, len(attributes))


def drop_bounding_set() -> None:
    """Give up for ever what a program could gain on exec; takes CAP_SETPCAP, so it comes before a change of user.

    Raises:
        OSError: EPERM without CAP_SETPCAP, unless the set is empty already.
    """
    for capability in range(_MAX_CAPABILITIES):
        try:
            held = _prctl("capability in the bounding set?", _PR_CAPBSET_READ, capability)
        except OSError as error:
            if error.errno == errno.EINVAL:  # beyond the last one of this kernel
                return
            raise
        if held:
            _prctl(f"drop capability {capability} from the bounding set", _PR_CAPBSET_DROP, capability)


def drop_capabilities() -> None:
    """Give up every capability: bounding, inheritable, permitted and effective, and with these the ambient ones.

    After a change of user nobody may empty the bounding set any more. It is harmless then only for who can gain
    nothing on exec, so `no_new_privileges` has to come first.

    Raises:
        OSError: EPERM when the bounding set can be neither emptied nor made harmless.
    """
    try:
        drop_bounding_set()
    except PermissionError:
        if not _prctl("may gain privileges?", _PR_GET_NO_NEW_PRIVS):
            raise
    call("capset", "none", struct.pack("Ii", _CAPABILITY_VERSION_3, 0), bytes(24))


def no_new_privileges() -> None:
    """From now on no program that is run can gain privileges, whatever its owner and mode say.

    Raises:
        OSError: the kernel refused.
    """
    _prctl("no new privileges", _PR_SET_NO_NEW_PRIVS, 1)


def die_with_parent(signal_number: int) -> None:
    """Have this signal sent when the thread that forked this process ends.

    The kernel forgets it on fork and on a change of user, so it comes after the latter. A parent that was gone before
    is not noticed: look at `os.getppid()` afterwards.

    Raises:
        OSError: EINVAL when there is no such signal.
    """
    _prctl(f"signal {signal_number} when the parent ends", _PR_SET_PDEATHSIG, signal_number)


def not_dumpable() -> None:
    """Keep others of the same user from tracing this process and from its memory, environment and files in /proc.

    The kernel forgets it on exec and on a change of user.

    Raises:
        OSError: the kernel refused.
    """
    _prctl("not dumpable", _PR_SET_DUMPABLE, 0)


def dumpable() -> None:
    """Let processes of the same user look into this one again, which a change of user has ended.

    Raises:
        OSError: the kernel refused.
    """
    _prctl("dumpable", _PR_SET_DUMPABLE, 1)


def look_as(user: int) -> None:
    """Be another user, and group, wherever it is asked who opens a file, and nowhere else.

    So root can look into processes of that user without a capability for it. It gives up root's own rights to files.

    Args:
        user: the id of both.
    """
    library = ctypes.CDLL(None)
    for set_id in (library.setfsgid, library.setfsuid):
        set_id(user)  # returns the id of before, whether it could be set or not


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends, so that none can slip away.

    Raises:
        OSError: the kernel refused.
    """
    _prctl("adopt orphans", _PR_SET_CHILD_SUBREAPER, 1)


def set_hostname(name: str) -> None:
    """Name the host of this UTS namespace, in at most 64 bytes.

    Raises:
        OSError: EINVAL when it is longer, EPERM outside a namespace of one's own.
    """
    plain = os.fsencode(name)
    call("sethostname", name, plain, len(plain))


def loopback_up() -> None:
    """Switch on 127.0.0.1 and ::1 in a new network namespace.

    Raises:
        OSError: EPERM outside a namespace of one's own.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        try:
            fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH22x", b"lo", _IFF_UP))
        except OSError as error:
            raise OSError(error.errno, f"ioctl(SIOCSIFFLAGS, lo up): {error.strerror}") from error


def _prctl(words: str, *arguments: int) -> int:
    padding = [0] * (5 - len(arguments))  # the kernel refuses some options when unused arguments are not zero
    return call("prctl", words, *arguments, *padding)


def _path(text: str, name: str, words: str) -> bytes:
    plain = os.fsencode(text)
    if b"\0" in plain:
        raise OSError(errno.EINVAL, f"{name}({words}): null character in an argument")
    return plain


def _names(flags: IntFlag) -> str:
    return flags.name or (hex(flags) if flags else "no flags")

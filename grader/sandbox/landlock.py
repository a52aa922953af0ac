"""Landlock: a process that needs no privileges gives up all files but those that it lists, and its way to others.

What it does not cover, and the filter of system calls or the user has to: changing modes, owners and times of files,
seeing their names and sizes, UDP, and before ABI 9 connecting to sockets that are files.
"""

import errno
import os
import stat
import struct
from collections.abc import Iterable
from enum import IntFlag
from pathlib import Path
from typing import Final

from grader.sandbox import syscalls


class Right(IntFlag):
    """What may be done with files and in directories: LANDLOCK_ACCESS_FS_* of linux/landlock.h."""

    EXECUTE = 1 << 0
    WRITE_FILE = 1 << 1
    READ_FILE = 1 << 2
    READ_DIR = 1 << 3
    REMOVE_DIR = 1 << 4
    REMOVE_FILE = 1 << 5
    MAKE_CHAR = 1 << 6
    MAKE_DIR = 1 << 7
    MAKE_REG = 1 << 8
    MAKE_SOCK = 1 << 9
    MAKE_FIFO = 1 << 10
    MAKE_BLOCK = 1 << 11
    MAKE_SYM = 1 << 12
    REFER = 1 << 13
    TRUNCATE = 1 << 14
    IOCTL_DEV = 1 << 15
    RESOLVE_UNIX = 1 << 16


ABI_OF_TCP: Final = 4
"""From Linux 6.7 on, connecting and binding by TCP can be forbidden."""
ABI_OF_SCOPES: Final = 6
"""From Linux 6.12 on, signals and abstract sockets stay inside."""
_ABI_OF_QUIET: Final = 7
"""From Linux 6.15 on, refusals are written into the machine's audit log unless that is switched off."""
ABI_OF_SOCKETS: Final = 9
"""From Linux 7.1 on, sockets that are files can be forbidden."""

_SINCE: Final = (
    (1, Right(0x1FFF)),
    (2, Right.REFER),
    (3, Right.TRUNCATE),
    (5, Right.IOCTL_DEV),
    (ABI_OF_SOCKETS, Right.RESOLVE_UNIX),
)
"""The rights that each ABI brought."""
_READING: Final = Right.EXECUTE | Right.READ_FILE | Right.READ_DIR
_NEVER: Final = Right.MAKE_CHAR | Right.MAKE_BLOCK | Right.RESOLVE_UNIX
"""Not even below writable paths: devices, and sockets of others; one's own sockets take no right."""
_OF_FILES: Final = Right.EXECUTE | Right.WRITE_FILE | Right.READ_FILE | Right.TRUNCATE | Right.IOCTL_DEV
"""The kernel takes no other right for what is not a directory."""

_ASK_FOR_VERSION: Final = 1
_BIND_TCP_AND_CONNECT_TCP: Final = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS: Final = 0b11
_RULE_PATH_BENEATH: Final = 1
_LOG_SAME_EXEC_OFF, _LOG_SUBDOMAINS_OFF = 1, 4


def abi() -> int:
    """The version of Landlock that this system offers; 0 where there is none or it may not be used."""
    try:
        return syscalls.call("landlock_create_ruleset", "version?", None, 0, _ASK_FOR_VERSION)
    except OSError:
        return 0


def restrict(readable: Iterable[str], writable: Iterable[str], *, network: bool) -> None:
    """Keep this process and its descendants, for good, to some paths; it cannot gain privileges any more.

    Files that are open already stay open. From ABI 6 on, processes that are not descendants can neither be signalled
    nor reached by abstract sockets.

    Args:
        readable: paths of files, and of directories with all below them, that may be read and executed.
        writable: where also everything else is allowed, apart from making devices. Paths that do not exist are
            skipped, and links stand for what they lead to.
        network: leave TCP alone; otherwise it is forbidden, from ABI 4 on.

    Raises:
        OSError: there is no Landlock here, a path cannot be looked up, or other threads would stay free.
    """
    version = abi()
    if not version:
        raise OSError(errno.EOPNOTSUPP, "landlock: this system has none, or does not let it be used")
    _refuse_threads()
    ruleset = _ruleset(version, network=network)
    try:
        for paths, rights in ((readable, _READING), (writable, ~_NEVER)):
            for path in paths:
                _allow(ruleset, path, rights & _handled(version))
        syscalls.no_new_privileges()
        quiet = _LOG_SAME_EXEC_OFF | _LOG_SUBDOMAINS_OFF if version >= _ABI_OF_QUIET else 0
        syscalls.call("landlock_restrict_self", "this thread", ruleset, quiet)
    finally:
        os.close(ruleset)


def _handled(version: int) -> Right:
    """All rights that the kernel knows and this module too: what is handled is forbidden unless a rule allows it."""
    handled = Right(0)
    for since, rights in _SINCE:
        if version >= since:
            handled |= rights
    return handled


def _ruleset(version: int, *, network: bool) -> int:
    """An open ruleset. The kernel takes fields that it does not know yet as long as they are zero."""
    tcp = _BIND_TCP_AND_CONNECT_TCP if version >= ABI_OF_TCP and not network else 0
    scopes = _ABSTRACT_SOCKETS_AND_SIGNALS if version >= ABI_OF_SCOPES else 0
    attributes = struct.pack("QQQ", _handled(version), tcp, scopes)
    words = f"ABI {version}, network {'allowed' if network else 'forbidden'}"
    return syscalls.call("landlock_create_ruleset", words, attributes, len(attributes), 0)


def _allow(ruleset: int, path: str, rights: Right) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return
    try:
        fitting = rights if stat.S_ISDIR(os.fstat(place).st_mode) else rights & _OF_FILES
        rule = struct.pack("=Qi", fitting, place)
        syscalls.call("landlock_add_rule", f"{path}: {fitting.name}", ruleset, _RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(place)


def _refuse_threads() -> None:
    tasks = Path("/proc/self/task")  # not there in a view without /proc, and then nobody can tell
    if tasks.exists() and (threads := len(list(tasks.iterdir()))) > 1:
        raise OSError(errno.EBUSY, f"landlock: would bind one of {threads} threads")

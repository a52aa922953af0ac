"""Tests of containment act in a process of their own, which nobody can use afterwards."""

import os
import pickle
import signal
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import pytest

from grader.sandbox import syscalls
from grader.sandbox.seccomp import install, program

_SECONDS_AT_MOST = 100

FEW = {"own_network": False, "own_user": False, "connects": False}
MANY = {"own_network": True, "own_user": True, "connects": True}
"""Of the filter's choices, those that allow the least and the most."""

linux = pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine not in {"x86_64", "aarch64"},
    reason="needs Linux on x86_64 or aarch64",
)


class Killed(Exception):  # noqa: N818 - what happened, not whose fault
    """The child was ended by a signal, or without a word."""


def in_child(*acts: Callable[[], Any]) -> Any:
    """What the last of these functions returns, or any of them raises, in a forked child.

    Raises:
        Killed: with the exit code as of `subprocess`, when the child said nothing.
    """
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the threads of the test runner are not used in the child
        child = os.fork()
    if not child:
        os.close(reading)
        _answer(acts, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if not told:
        raise Killed(code)
    result, error = pickle.loads(told)  # noqa: S301 - from our own child
    if error is not None:
        raise error
    return result


def _answer(acts: Sequence[Callable[[], Any]], writing: int) -> NoReturn:
    signal.alarm(_SECONDS_AT_MOST)
    try:
        told = pickle.dumps(([act() for act in acts][-1], None))
    except BaseException as error:  # noqa: BLE001 - all of them are the test's to judge
        told = pickle.dumps((None, error))
    os.write(writing, told)
    os._exit(0)


def errno_of(act: Callable[[], object]) -> int:
    """The errno with which a function fails, 0 when it does not."""
    try:
        act()
    except OSError as error:
        return error.errno or -1
    return 0


def errno_in_child(*acts: Callable[[], object]) -> int:
    """The errno with which the last of these fails, after the others, in a forked child."""
    errno: int = in_child(*acts[:-1], lambda: errno_of(acts[-1]))
    return errno


def names_in(folder: Path) -> list[str]:
    """Listed at once, so that an error is one of this call."""
    return [path.name for path in folder.iterdir()]


def filtered(**choice: bool) -> None:
    """Install the filter of this machine."""
    install(program(os.uname().machine, **choice))


def new_namespaces(kinds: int) -> None:
    """Enter namespaces as whoever is allowed to: in a user namespace as its root, or as the real one."""
    user, group = os.getuid(), os.getgid()
    try:
        syscalls.unshare(kinds | syscalls.NEW_USER)
    except OSError:
        syscalls.unshare(kinds)
        return
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:  # noqa: PTH123 - one write, as the kernel asks
            file.write(text)


def skip_without_namespaces() -> None:
    """To be called by a test that needs them; asks the machine rather than its settings."""
    number = errno_in_child(_enter_and_mount)
    if number:
        pytest.skip(f"needs namespaces, which fail here with: {os.strerror(number)}")


def _enter_and_mount() -> None:
    new_namespaces(syscalls.NEW_NS | syscalls.NEW_NET)
    syscalls.mount(None, "/", None, syscalls.MS_REC | syscalls.MS_PRIVATE)

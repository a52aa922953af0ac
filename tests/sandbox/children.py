"""Tests of containment act in a process of their own, which nobody can use afterwards."""

import os
import pickle
import signal
import sys
import warnings
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import pytest

from grader.sandbox import syscalls

Result = TypeVar("Result")
_SECONDS_AT_MOST = 100

linux = pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine not in {"x86_64", "aarch64"},
    reason="needs Linux on x86_64 or aarch64",
)


class Killed(Exception):  # noqa: N818 - what happened, not whose fault
    """The child was ended by a signal, or without a word."""


def in_child(act: Callable[[], Result]) -> Result:
    """What a function returns, or raises, in a forked child.

    Raises:
        Killed: with the exit code as of `subprocess`, when the child said nothing.
    """
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the threads of the test runner are not used in the child
        child = os.fork()
    if not child:
        os.close(reading)
        _answer(act, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if not told:
        raise Killed(code)
    result, error = pickle.loads(told)  # noqa: S301 - from our own child
    if error is not None:
        raise error
    return result  # type: ignore[no-any-return]


def _answer(act: Callable[[], Any], writing: int) -> NoReturn:
    signal.alarm(_SECONDS_AT_MOST)
    try:
        told = pickle.dumps((act(), None))
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

    def all_of_them() -> int:
        for act in acts[:-1]:
            act()
        return errno_of(acts[-1])

    return in_child(all_of_them)


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
    number = errno_in_child(lambda: new_namespaces(syscalls.NEW_NS | syscalls.NEW_NET), _private_mounts)
    if number:
        pytest.skip(f"needs namespaces, which fail here with: {os.strerror(number)}")


def _private_mounts() -> None:
    syscalls.mount(None, "/", None, syscalls.MS_REC | syscalls.MS_PRIVATE)

"""The fork server: imports once what notebooks import, then forks a kernel for each of them.

It has one thread and never runs student code. No OpenMP region runs before a fork, since the first one after it would wait
for threads that the child has not; modules are imported and nothing is computed.
"""

import gc
import importlib
import json
import os
import signal
import socket
from contextlib import suppress
from types import CodeType
from typing import NoReturn

from grader.sandbox import init, kernel, syscalls, users, view
from grader.sandbox.settings import MOST_BYTES, Containment, ServerSettings

# What ipykernel and its libraries import only when a kernel starts or runs its first cell.
_LATE = (
    "IPython.core.completer", "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger",
    "IPython.core.magics", "IPython.core.oinspect", "IPython.core.pylabtools", "IPython.extensions.storemagic",
    "IPython.utils.wildcard", "code", "decimal", "faulthandler", "fractions", "ipykernel.debugger", "ipykernel.displayhook", "ipykernel.ipkernel",
    "ipykernel.iostream", "ipykernel.subshell_manager", "ipykernel.zmqshell", "pdb", "pty", "random",
    "tornado.locks", "tornado.platform.asyncio", "tornado.queues", "unicodedata", "zmq.eventloop.zmqstream",
)  # fmt: skip

_PARTS = {"numpy": ("numpy.random",)}
"""What a library imports only when it is first used, and every notebook that imports the library uses."""


def main(descriptor: int, likely: tuple[str, ...]) -> NoReturn:
    """Serve until the grader closes its end.

    Args:
        descriptor: of a socket to the grader, on which the settings come first, then a socket for each kernel.
        likely: modules that the settings will probably name; imported before they come.
    """
    control = socket.socket(fileno=descriptor)
    gc.disable()  # next to nothing of what is imported is garbage
    for name in (*_LATE, *likely):
        with suppress(Exception):  # told by the import that the settings ask for
            importlib.import_module(name)
    message = control.recv(MOST_BYTES)
    if not message:
        os._exit(0)
    settings = ServerSettings.from_bytes(message)
    try:
        os.environ["HOME"] = os.environ["TMPDIR"] = (
            view.TEMPORARY if settings.containment.namespaces else f"{settings.jobs}/view"
        )
        _enter_namespaces(control, settings)
        code = compile(settings.preparation, "<preparation>", "exec")
        for looks_after in (False, True):
            kernel.filter_for(settings.containment, looks_after=looks_after)
        _preload(settings.preload)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the grader is told
        _tell(control, failed=f"{type(error).__name__}: {error}", preloading=isinstance(error, _NotPreloaded))
        os._exit(1)
    _tell(control, ready=True)
    _serve(control, settings, code)


def _enter_namespaces(control: socket.socket, settings: ServerSettings) -> None:
    """Become the first process of namespaces of its own, where the tier has them; the process before only waits for it."""
    means: Containment = settings.containment
    if not means.namespaces:
        return
    user, group = os.getuid(), os.getgid()  # asked before, since nobody is mapped at first
    kinds = syscalls.NEW_NS | syscalls.NEW_PID | syscalls.NEW_IPC | syscalls.NEW_UTS
    syscalls.unshare(kinds | (syscalls.NEW_USER if means.user_namespace else 0))
    if means.user_namespace:
        users.map_user(user, user, group)
    if pid := os.fork():
        control.close()
        os.waitpid(pid, 0)
        os._exit(0)
    syscalls.die_with_parent(signal.SIGKILL)
    view.build(settings.jobs, settings.readable)


class _NotPreloaded(Exception):  # noqa: N818 - told to the grader in words
    """A module that the homework names cannot be imported."""


def _preload(modules: tuple[str, ...]) -> None:
    for name in _LATE:
        importlib.import_module(name)
    for name in (*modules, *(part for library in modules for part in _PARTS.get(library, ()))):
        try:
            importlib.import_module(name)
        except Exception as error:
            raise _NotPreloaded(f"{name} cannot be imported ({type(error).__name__}: {error})") from error
    threads = os.listdir("/proc/self/task")
    if len(threads) != 1:
        raise RuntimeError(
            f"{len(threads)} threads run after importing {', '.join(modules)}, which does not survive a fork"
        )
    # Garbage of imports is not looked at again, so that its pages stay shared.
    gc.collect()
    gc.freeze()


def _serve(control: socket.socket, settings: ServerSettings, preparation: CodeType) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system takes leave of children by itself
    own_processes = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            os._exit(0)
        job = socket.socket(fileno=descriptors[0])
        try:
            if settings.containment.namespaces:
                syscalls.unshare(syscalls.NEW_PID)  # of the next child
            if not os.fork():
                init.run(job, settings, preparation)
            if settings.containment.namespaces:
                syscalls.setns(own_processes, syscalls.NEW_PID)
        except OSError as error:
            _tell(job, failed=f"{type(error).__name__}: {error}")
        job.close()


def _tell(to: socket.socket, **facts: object) -> None:
    to.send(json.dumps(facts).encode())

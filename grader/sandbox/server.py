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
import sys
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
    failed = _import_early((*_LATE, *likely))
    gc.freeze()  # so that what is looked at later is little, and the pages of this stay shared
    user, group = os.getuid(), os.getgid()  # in a new user namespace nobody is mapped at first
    settings = _wanted(control)
    try:
        if settings.containment.user_namespace:
            users.map_user(user, user, group)
        if settings.containment.namespaces:
            _enter_namespaces(control, settings)
        code = compile(settings.preparation, "<preparation>", "exec")
        for looks_after in (False, True):
            kernel.filter_for(settings.containment, looks_after=looks_after)
        _preload(settings.preload, failed)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the grader is told
        _tell(control, failed=f"{type(error).__name__}: {error}", preloading=isinstance(error, _NotPreloaded))
        os._exit(1)
    _tell(control, ready=True)
    _serve(control, settings, code)


def _import_early(modules: tuple[str, ...]) -> dict[str, Exception]:
    """Import modules that may not be asked for at all; why some of them could not be."""
    troubles = ((name, _trouble_with(name)) for name in modules)
    return {name: trouble for name, trouble in troubles if trouble is not None}


def _trouble_with(name: str) -> Exception | None:
    """Import a module; why it could not be."""
    try:
        importlib.import_module(name)
    except Exception as error:  # noqa: BLE001 - of any kind, for it is told
        return error
    return None


def _wanted(control: socket.socket) -> ServerSettings:
    """The settings, once this process has become what they need as far as that can fail without changing it.

    While it cannot, the grader may want something else of it.
    """
    while message := control.recv(MOST_BYTES):
        settings = ServerSettings.from_bytes(message)
        temporary = view.TEMPORARY if settings.containment.namespaces else f"{settings.jobs}/view"
        os.environ["HOME"] = os.environ["TMPDIR"] = temporary
        try:
            _must_be_one_thread(settings.preload)
            _leave_namespaces(settings.containment)
        except (OSError, RuntimeError) as error:
            _tell(control, failed=f"{type(error).__name__}: {error}", unchanged=True)
        else:
            return settings
    os._exit(0)


def _leave_namespaces(means: Containment) -> None:
    """Leave the namespaces of the machine, where the tier has some of its own: it can be refused, and changes nothing then."""
    if means.namespaces:
        kinds = syscalls.NEW_NS | syscalls.NEW_PID | syscalls.NEW_IPC | syscalls.NEW_UTS
        syscalls.unshare(kinds | (syscalls.NEW_USER if means.user_namespace else 0))


def _enter_namespaces(control: socket.socket, settings: ServerSettings) -> None:
    """Become the first process of the new namespaces; the process before only waits for it."""
    if pid := os.fork():
        control.close()
        os.waitpid(pid, 0)
        os._exit(0)
    syscalls.die_with_parent(signal.SIGKILL)
    view.build(settings.jobs, settings.readable)


class _NotPreloaded(Exception):  # noqa: N818 - told to the grader in words
    """A module that the homework names cannot be imported."""


def _preload(modules: tuple[str, ...], failed: dict[str, Exception]) -> None:
    parts = (part for library in modules for part in _PARTS.get(library, ()))
    for name in (*_LATE, *modules, *parts):
        # What could not be imported early would fail in another, misleading way now.
        if trouble := failed.get(name) or _trouble_with(name):
            raise _NotPreloaded(f"{name} cannot be imported ({type(trouble).__name__}: {trouble})") from trouble
    _must_be_one_thread(modules)
    # The names of the files that lie beside the grader were read in looking for modules.
    sys.path_importer_cache.clear()
    # Garbage of imports is not looked at again, so that its pages stay shared.
    gc.collect()
    gc.freeze()


def _must_be_one_thread(modules: tuple[str, ...]) -> None:
    threads = os.listdir("/proc/self/task")
    if len(threads) != 1:
        raise RuntimeError(
            f"{len(threads)} threads run after importing {', '.join(modules)}, which does not survive a fork"
        )


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

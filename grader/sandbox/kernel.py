"""The process that student code runs in: gives up every right it does not need, then becomes a Jupyter kernel."""

import gc
import os
import resource
import signal
import sys
from contextlib import suppress
from functools import cache
from types import CodeType
from typing import NoReturn

from grader.sandbox import kernel_app, landlock, seccomp, syscalls, tensors, users, view
from grader.sandbox.settings import Bounds, Containment, JobSettings, ServerSettings

READY = b"ready"
NICE = 5
"""The grader itself comes first: it is what holds the others' results."""
_FAR = 16
SECONDS_BEFORE_HARD_LIMIT = 5
"""Of processor time, so that the first signal is the one that says what was hit."""
READABLE_DEVICES = ("/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/proc", "/sys/devices/system/cpu")
WRITABLE_DEVICES = ("/dev/null", view.SHARED_MEMORY)
TERMINALS = ("/dev/ptmx", "/dev/pts")
"""Where kernels have a user of their own; else one of them may be the teacher's."""


def run(ready: int, server: ServerSettings, settings: JobSettings, preparation: CodeType) -> NoReturn:
    """Become the kernel; never returns.

    Args:
        ready: descriptor to say `READY` on, or why it could not be.
        server: what holds for all kernels.
        settings: what holds for this one.
        preparation: runs before the kernel takes any code.
    """
    os.dup2(ready, 2)  # until it is ready: a library that gives up says why there
    try:
        os.setsid()
        folder = view.SOCKETS if server.containment.namespaces else f"{server.jobs}/{settings.name}"
        _be_first_to_be_killed()
        tasks = _most_tasks(server)
        _be_nobody(server, settings)
        _limit(server.bounds, tasks)  # in the new user namespace: limits from outside count all kernels together
        _must_reach_python()
        _confine(server, folder)
        _settle(server, folder)
        kernel_app.start(
            f"{folder}/k",
            settings.key.encode(),
            preparation,
            lambda: _say(ready, READY),
            terminals=not server.containment.shares_user,
        )
    except BaseException as error:  # noqa: BLE001 - before it is ready, whatever it is, the grader is told
        _say(ready, f"{type(error).__name__}: {error}".encode())
    os._exit(0)


def _say(ready: int, words: bytes) -> None:
    with suppress(OSError):  # said before
        os.write(ready, words)
        os.close(ready)


def _be_first_to_be_killed() -> None:
    """When the machine runs out of memory, and after the grader and every other kernel for the processor."""
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")
    os.nice(NICE)


def _limit(bounds: Bounds, tasks: int) -> None:
    """Set what the system limits by process or by user.

    Args:
        bounds: the limits.
        tasks: processes and threads that its user may have.
    """
    data = _inherited_data() + bounds.memory_bytes
    for kind, soft, hard in (
        (resource.RLIMIT_DATA, data, data),
        (resource.RLIMIT_CPU, bounds.seconds_of_cpu, bounds.seconds_of_cpu + SECONDS_BEFORE_HARD_LIMIT),
        (resource.RLIMIT_FSIZE, bounds.disk_bytes, bounds.disk_bytes),
        (resource.RLIMIT_NOFILE, bounds.open_files, bounds.open_files),
        (resource.RLIMIT_NPROC, tasks, tasks),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(kind, (soft, hard))


def _inherited_data() -> int:
    """Bytes of data that were there before the student's: of preloaded modules."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmData:"))


def _most_tasks(server: ServerSettings) -> int:
    """How many processes and threads the user of a kernel may have.

    Where that is the grader's own user, all of its processes count, other kernels' too. There this is only a far net, so that
    one kernel takes nothing from another: what each may have, the process that looks after it counts.
    """
    most = server.bounds.processes
    return _tasks_of(os.getuid()) + _FAR * most if server.containment.shares_user else most


def _tasks_of(user: int) -> int:
    count = 0
    for name in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError):
            if os.stat(f"/proc/{name}").st_uid == user:
                count += len(os.listdir(f"/proc/{name}/task"))
    return count


def _be_nobody(server: ServerSettings, settings: JobSettings) -> None:
    """Give up the user that the fork server runs as, and every capability."""
    if server.containment.own_user:
        syscalls.drop_bounding_set()
        os.setgroups([])
        os.setresgid(settings.user, settings.user, settings.user)
        os.setresuid(settings.user, settings.user, settings.user)
        syscalls.dumpable()  # its keeper looks at its memory as that user
    elif server.containment.user_namespace:
        user, group = os.getuid(), os.getgid()
        syscalls.unshare(syscalls.NEW_USER)
        users.map_user(1000, user, group)
    syscalls.no_new_privileges()
    syscalls.drop_capabilities()
    syscalls.die_with_parent(signal.SIGKILL)  # forgotten by the system at every change of user


def _must_reach_python() -> None:
    """What is not loaded yet has to be there for the kernel's user, too."""
    folder = os.path.dirname(os.__file__)
    try:
        os.listdir(folder)
    except OSError as error:
        raise PermissionError(
            f"users other than root cannot read {folder} ({error.strerror}): install Python elsewhere"
        ) from error


def _confine(server: ServerSettings, folder: str) -> None:
    """From here on the system refuses what no notebook needs. Comes before there are threads, since it binds only this one."""
    if server.containment.landlock:
        readable = (*view.SYSTEM, "/etc/passwd", "/etc/group", "/etc/nsswitch.conf", *server.readable)
        terminals = () if server.containment.shares_user else TERMINALS
        landlock.restrict((*readable, *READABLE_DEVICES), (folder, *WRITABLE_DEVICES, *terminals), network=False)
    seccomp.install(filter_for(server.containment))


@cache
def filter_for(containment: Containment, *, looks_after: bool = False) -> bytes:
    """The filter of system calls that goes with a containment; made once, before kernels are forked.

    Args:
        containment: of the kernel.
        looks_after: whether it is for the process that looks after the kernel.
    """
    return seccomp.program(
        os.uname().machine,
        own_network=containment.namespaces,
        own_user=not containment.shares_user,
        connects=connects(containment),
        looks_after=looks_after,
    )


def connects(containment: Containment) -> bool:
    """Whether a kernel may connect to sockets that are files.

    Where it shares its user, that user's services, such as the one that starts programs, would do for it what Landlock forbids.
    """
    return not containment.shares_user or landlock.abi() >= landlock.ABI_OF_SOCKETS


def _settle(server: ServerSettings, folder: str) -> None:
    """Home, environment and memory as a notebook expects them, and nothing of the grader's own."""
    home = view.HOME if server.containment.namespaces else f"{folder}/home"
    temporary = view.TEMPORARY if server.containment.namespaces else f"{folder}/tmp"
    own = {"HOME": home, "TMPDIR": temporary, "IPYTHONDIR": f"{home}/.ipython"}
    os.environ.update(own)
    os.chdir(home)
    if not connects(server.containment):
        tensors.send_by_value()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in [name for name in sys.modules if name.partition(".")[0] == "grader"]:
        del sys.modules[name]
    gc.enable()

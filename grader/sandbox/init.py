"""The first process of each kernel's own: sets the stage, forks the kernel, looks after it, and sees that nothing outlives it.

In a process table of its own it is number 1, with which everything else in there ends. Elsewhere it adopts whatever the
kernel leaves behind and kills it. It holds one socket to the grader; when that closes, for whatever reason, all ends.
"""

import json
import os
import resource
import select
import signal
import socket
from contextlib import suppress
from types import CodeType
from typing import NoReturn

from grader.sandbox import kernel, seccomp, syscalls, view, watching
from grader.sandbox.public_folders import PublicFolders
from grader.sandbox.settings import MOST_BYTES, JobSettings, ServerSettings

_MOST_DESCRIPTORS = 16
_LOOKS_BETWEEN_DISK_COUNTS = 5
_MOST_RUNNING = 8
"""Threads that want a processor at the same time; a notebook that loads data in parallel has as many as there are processors."""


def run(job: socket.socket, server: ServerSettings, preparation: CodeType) -> NoReturn:
    """Serve one kernel's life in this process, just forked; see `grader.kernels.job.Job` for what it reports."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.setsid()
    _close_all_but(job)
    try:
        _run(job, server, preparation)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the grader is told
        _tell(job, failed=f"{type(error).__name__}: {error}")
        os._exit(1)


def _run(job: socket.socket, server: ServerSettings, preparation: CodeType) -> NoReturn:
    socket.send_fds(job, [b"{}"], [os.pidfd_open(os.getpid())])
    message, descriptors, _, _ = socket.recv_fds(job, MOST_BYTES, _MOST_DESCRIPTORS)
    settings = JobSettings.from_bytes(message)
    for group in descriptors[: settings.groups]:
        os.write(group, b"0")  # this process, and all that it forks
        os.close(group)
    counters = descriptors[settings.groups :]
    inherited = watching.inherited_bytes()
    if server.containment.namespaces:
        _leave_the_host(server, settings)
    syscalls.adopt_orphans()
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        for descriptor in (reading, job.detach(), *counters):
            os.close(descriptor)
        kernel.run(writing, server, settings, preparation)
    os.close(writing)
    _wait_until_ready(reading, pid)
    if server.containment.own_user:
        syscalls.look_as(settings.user)  # else it could not tell what processes share from what each has
    if server.containment.namespaces:
        view.seal_sockets()
        syscalls.not_dumpable()
        syscalls.drop_capabilities()
    syscalls.no_new_privileges()
    seccomp.install(kernel.filter_for(server.containment, looks_after=True))
    _tell(job, ready=True)
    _look_after(job, pid, _Watch(server, settings, inherited, counters))


def _leave_the_host(server: ServerSettings, settings: JobSettings) -> None:
    syscalls.unshare(syscalls.NEW_NS | syscalls.NEW_NET | syscalls.NEW_IPC | syscalls.NEW_UTS)
    owner = settings.user if server.containment.own_user else os.getuid()
    view.make_private(settings.name, server.readable, server.bounds.disk_bytes, server.bounds.files, owner)
    syscalls.loopback_up()
    syscalls.set_hostname(view.HOSTNAME)


def _wait_until_ready(reading: int, pid: int) -> None:
    """Until the kernel has bound its sockets; what it says instead is why it could not."""
    said = b"".join(iter(lambda: os.read(reading, MOST_BYTES), b""))
    os.close(reading)
    if not said.endswith(kernel.READY):
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        raise RuntimeError(f"{said.decode(errors='replace').strip()} (status {status})")


def _look_after(job: socket.socket, pid: int, watch: "_Watch") -> NoReturn:
    """Until the kernel ends, takes more than it may, or is not wanted any more."""
    poll = select.poll()
    poll.register(job, select.POLLIN)
    poll.register(os.pidfd_open(pid), select.POLLIN)
    limit, status = "", None
    while status is None and not limit:
        if any(descriptor == job.fileno() for descriptor, _ in poll.poll(watching.SECONDS_BETWEEN_LOOKS * 1000)):
            break  # the grader has closed its end, or is gone
        status = dict(watching.reap()).get(pid)
        limit = watch.exceeded() if status is None else watch.ended_by(os.waitstatus_to_exitcode(status))
    else:
        _tell(job, ended=True, limit=limit)
    watch.end_all()
    os._exit(0)


class _Watch:
    """Knows what one kernel may take, and sees what it takes."""

    def __init__(self, server: ServerSettings, settings: JobSettings, inherited: int, counters: list[int]) -> None:
        self._bounds, self._inherited, self._counters = server.bounds, inherited, counters
        # In namespaces the system itself limits the size of files, and ends everything together with the first process.
        self._means = server.containment
        self._folder = f"{server.jobs}/{settings.name}"
        self._user = settings.user
        self._public = PublicFolders(server.containment, settings.user)
        self._looks = 0

    def exceeded(self) -> str:
        """The limit that is exceeded now, or ""."""
        self._looks += 1
        most = self._bounds.memory_bytes
        if watching.killed_for_memory(self._counters):
            return "memory_bytes"
        pids = list(watching.descendants(os.getpid()))
        if watching.private_bytes(pids, self._inherited, most) > most:
            return "memory_bytes"
        tasks = watching.tasks(pids)
        if self._means.shares_user and tasks > self._bounds.processes:
            return "processes"
        # Most kernels have too few threads for that, so that none of them has to be looked at.
        if tasks > _MOST_RUNNING and watching.running(pids) > _MOST_RUNNING:
            self._give_way(pids)
        return "" if self._means.namespaces or self._looks % _LOOKS_BETWEEN_DISK_COUNTS else self._exceeded_on_disk()

    def ended_by(self, status: int) -> str:
        """The limit that the system itself has ended the kernel for, told by its exit status, or ""."""
        if watching.killed_for_memory(self._counters):
            return "memory_bytes"
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        at_limit = used.ru_utime + used.ru_stime >= self._bounds.seconds_of_cpu  # past the signal that can be ignored
        return "seconds_of_cpu" if -status == signal.SIGXCPU or (-status == signal.SIGKILL and at_limit) else ""

    def end_all(self) -> None:
        """End all processes and remove all files that do not end with this process anyway."""
        if not self._means.namespaces:
            watching.kill_all(os.getpid())
            self._public.remove_unused()

    def _give_way(self, pids: list[int]) -> None:
        """Let other kernels go first, for good: without control groups each process counts as much as a neighbour's only one."""
        own = os.geteuid()
        with suppress(OSError):  # as root without a capability for it; where that is so, there are control groups
            os.seteuid(self._user)
            watching.give_way(pids)
        os.seteuid(own)
        if self._means.own_user:
            syscalls.look_as(self._user)  # forgotten by the system at every change of user

    def _exceeded_on_disk(self) -> str:
        size, count = watching.written_bytes([self._folder], self._bounds.files)
        public_size, public_count = self._public.written(self._bounds.files)
        if self._means.own_user:
            size, count = size + public_size, count + public_count
        elif public_size > self._bounds.disk_bytes or public_count > self._bounds.files:
            self._public.remove()  # nobody can tell whose it is
        if size > self._bounds.disk_bytes:
            return "disk_bytes"
        return "files" if count > self._bounds.files else ""


def _close_all_but(job: socket.socket) -> None:
    """Keep nothing of the fork server open, least of all its own socket."""
    null = os.open("/dev/null", os.O_RDWR)
    for standard in range(3):
        os.dup2(null, standard)
    own = job.fileno()
    os.closerange(3, own)
    os.closerange(own + 1, os.sysconf("SC_OPEN_MAX"))


def _tell(job: socket.socket, **facts: object) -> None:
    with suppress(OSError):  # nobody is there to hear it
        job.send(json.dumps(facts).encode())

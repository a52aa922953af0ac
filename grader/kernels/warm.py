"""Warm, contained kernels: forked from a process that has imported what notebooks import.

A kernel is ready in a twentieth of a second instead of several, shares the memory of what was imported, and can do nothing
to the machine, to other kernels or to the grader but say things. What it says is a claim.
"""

import asyncio
import logging
import os
import secrets
import site
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from threading import Lock
from typing import Self, cast

import zmq
import zmq.asyncio
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from grader.kernels import cgroups, leftovers
from grader.kernels.fork_server import ForkServer
from grader.kernels.job import Job
from grader.kernels.limits import Limits
from grader.kernels.plain import fresh_folder, remove
from grader.kernels.provisioner import WarmProvisioner
from grader.kernels.tiers import Tier
from grader.kernels.user_ids import UserIds
from grader.sandbox.settings import Bounds, JobSettings, ServerSettings, connection_info

_SILENT = logging.getLogger(f"{__name__}.manager")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False


class WarmKernel:
    """See `grader.kernels.Kernel`."""

    def __init__(self, manager: AsyncKernelManager, job: Job) -> None:
        self.manager = manager
        self._job = job

    async def ended(self) -> str:
        """Wait until it has ended; the limit that ended it. InfrastructureError if the fork server ended."""
        return await self._job.ended()


class WarmKernels:
    """Contained kernels of one homework; see `grader.kernels.Kernels`. Threads may share them. To be closed.

    Args:
        tier: how they are contained.
        limits: what each may take.
        preload: modules to import beforehand.
        preparation: code that each kernel runs before it takes any.

    Raises:
        InfrastructureError: this machine cannot contain kernels in this way.
        InputError: a module cannot be imported.
    """

    def __init__(self, tier: Tier, limits: Limits, preload: Sequence[str] = (), preparation: str = "") -> None:
        self.tier, self.limits = tier, limits
        self._lock, self._stack = Lock(), ExitStack()
        self._users = UserIds()
        leftovers.sweep_folders()
        self.root = fresh_folder(("view",), leftovers.FOLDER_PREFIX)
        self._stack.callback(remove, self.root)
        self._stack.callback(os.close, leftovers.mark_as_used(self.root))
        if tier.containment.own_user:
            self.root.chmod(0o711)  # each kernel has to reach its own folder in it, whose name nobody can guess
        self._groups = cgroups.parents() if tier.containment.own_user else ()
        leftovers.sweep_groups(self._groups)
        bounds = {name: getattr(limits, name) for name in Bounds.__dataclass_fields__}
        self._settings = ServerSettings(
            containment=tier.containment,
            bounds=Bounds(**bounds),
            jobs=str(self.root),
            readable=interpreter_folders(),
            preload=tuple(preload),
            preparation=preparation,
        )
        with self._stack.pop_all() as stack:  # nothing is left if the server does not start
            self._server = ForkServer(self._settings)
            self._stack = stack.pop_all()
        self._stack.callback(self._end_server)

    @property
    def isolation(self) -> str:
        """The name of the tier."""
        return self.tier.name

    @property
    def prepared(self) -> str:
        """The preparation, which the fork server has compiled once for all."""
        return self._settings.preparation

    def __enter__(self) -> Self:
        """To be closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """End all kernels and remove all files."""
        self._stack.close()

    @asynccontextmanager
    async def kernel(self) -> AsyncIterator[WarmKernel]:
        """A launched kernel; see `grader.kernels.Kernels`."""
        user = self._users.take() if self.tier.containment.own_user else os.getuid()
        with ExitStack() as stack:
            folder = self._folder(user)
            stack.callback(remove, folder)
            group = stack.enter_context(cgroups.group(self._groups, self.limits))

            def launch(key: str) -> tuple[Job, KernelConnectionInfo]:
                settings = JobSettings(folder.name, key, user, len(group.entrances))
                job = self._running_server().job(settings, [*group.entrances, *group.counters])
                return job, cast("KernelConnectionInfo", connection_info(f"{folder}/k", key.encode()))

            manager = _manager(folder)
            provisioner = WarmProvisioner(manager, launch)
            manager.provisioner = provisioner
            try:
                async with asyncio.timeout(self.limits.seconds_to_start):
                    await manager.start_kernel()
                assert provisioner.job is not None  # noqa: S101 - it has just been started
                yield WarmKernel(manager, provisioner.job)
            finally:
                await provisioner.kill()
                manager._close_control_socket()  # noqa: SLF001 - what shutdown_kernel would do after asking and waiting
                manager.cleanup_connection_file()
                manager.context.destroy(linger=0)

    def _end_server(self) -> None:
        self._server.close()  # the present one, which may not be the first

    def _running_server(self) -> ForkServer:
        """The fork server, started again if it has ended, whose kernels have ended with it."""
        with self._lock:
            if not self._server.alive:
                self._server.close()
                self._server = ForkServer(self._settings)
            return self._server

    def _folder(self, user: int) -> Path:
        folder = self.root / secrets.token_hex(8)
        folder.mkdir(mode=0o700)
        if not self.tier.containment.namespaces:
            for name in ("home", "tmp"):
                (folder / name).mkdir()
        if self.tier.containment.own_user:
            for one in (*folder.iterdir(), folder):
                os.chown(one, user, user)
        return folder


class _OnlyWarm(KernelSpecManager):
    """Knows one kernel, so that neither a notebook nor what is installed for the user can choose another."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        # An interrupt as a signal would go to the process that looks after the kernel.
        return KernelSpec(argv=[], language="python", display_name=kernel_name, interrupt_mode="message")


def _manager(folder: Path) -> AsyncKernelManager:
    context = zmq.asyncio.Context()
    context.setsockopt(zmq.RECONNECT_IVL, -1)  # nobody can step into the place of the kernel that was connected to
    # What it would log is raised as well.
    return AsyncKernelManager(
        kernel_spec_manager=_OnlyWarm(),
        transport="ipc",
        # Written without being asked for; there it goes with everything else, even if the grader is killed.
        connection_file=f"{folder}.json",
        context=context,
        log=_SILENT,
    )


def interpreter_folders() -> tuple[str, ...]:
    """Where this Python and what is installed for it lie; the grader's own project is not among them."""
    folders = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}
    folders |= {str(Path(sys.executable).resolve().parents[1])}
    if site.ENABLE_USER_SITE and site.USER_SITE:
        folders.add(site.USER_SITE)
    return tuple(sorted(folders))

"""Fresh kernels without isolation: for the course's own notebooks, for a student's own, for tests, and where nothing better is to be had.

They run on Linux, macOS and Windows.
"""

import asyncio
import os
import shutil
import signal
import site
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import sleep
from typing import Any, Literal
from uuid import uuid4

import zmq.asyncio
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from grader.kernels import NOT_CONTAINED
from grader.kernels.environment import BLAND
from grader.kernels.processes import until_ended

_MAX_SOCKET_PATH_BYTES = 100
"""The kernel's socket paths end up in a field of 108 bytes on Linux and 104 on macOS."""
Transport = Literal["ipc", "tcp"]

_ON_WINDOWS = sys.platform == "win32"
_TRANSPORT: Transport = "tcp" if _ON_WINDOWS else "ipc"
"""To the kernel: Unix sockets, which only its user can open, where asyncio has them."""
_INHERITED = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_INHERITED_ON_WINDOWS = (
    "COMSPEC", "NUMBER_OF_PROCESSORS", "PATHEXT", "PROCESSOR_ARCHITECTURE", "SYSTEMDRIVE", "SYSTEMROOT", "WINDIR",
)  # fmt: skip
"""Without SYSTEMROOT a process has no sockets and no random numbers there, without the others no command can be called."""
_SECONDS_BETWEEN_LOOKS = 0.05
"""How often a kernel is looked at to see whether it lives; a look costs microseconds."""
_TRIES_TO_REMOVE = 20
"""A folder on Windows, which stays as long as a dying process is in it: for a second."""
_SWEEPS = 3
"""A process may fork while the others are being killed; what outruns three sweeps is meant to."""


class PlainKernel:
    """See `grader.kernels.Kernel`."""

    def __init__(self, manager: AsyncKernelManager, process: subprocess.Popen[bytes]) -> None:
        self.manager, self._process = manager, process

    async def ended(self) -> str:
        """Wait until its process has ended; nothing limits it, so that no limit ends it."""
        await _ended(self._process)
        return ""


class PlainKernels:
    """Kernels as ordinary processes of the user who grades, with an environment and a folder of their own.

    Args:
        transport: how they are spoken to.
    """

    isolation = NOT_CONTAINED
    prepared = ""

    def __init__(self, transport: Transport = _TRANSPORT) -> None:
        self._transport = transport

    @asynccontextmanager
    async def kernel(self) -> AsyncIterator[PlainKernel]:
        """A launched kernel; see `grader.kernels.Kernels`."""
        root = fresh_folder(("home", "ipython", "tmp"))
        try:
            manager = _manager(root, self._transport)
            provisioner: Any = manager.provisioner
            try:
                # Output of the kernel comes by message; what bypasses that would land in the grader's own.
                silence = subprocess.DEVNULL
                await manager.start_kernel(
                    cwd=str(root / "home"), env=_environment(root), stdin=silence, stdout=silence, stderr=silence
                )
                yield PlainKernel(manager, provisioner.process)
            finally:
                await _end(manager)
        finally:
            _kill_strays(root)
            remove(root)


class _OnlyThisPython(KernelSpecManager):
    """Knows one kernel, so that neither a notebook nor what is installed for the user can choose another."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        options = ["-f", "{connection_file}", "--HistoryManager.enabled=False"]
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", *options], language="python", display_name=kernel_name
        )


async def _end(manager: AsyncKernelManager) -> None:
    """Kill the kernel and what is in its process group; the manager itself would look only ten times in a second."""
    provisioner: Any = manager.provisioner
    if provisioner.process is not None:
        await provisioner.kill()
        await _ended(provisioner.process)
        await provisioner.wait()
    await manager.cleanup_resources()
    manager.context.destroy(linger=0)


async def _ended(process: "subprocess.Popen[bytes]") -> None:
    """Wait until a process of ours has ended."""
    if hasattr(os, "pidfd_open") and process.poll() is None:  # Linux
        descriptor = os.pidfd_open(process.pid)
        try:
            await until_ended(descriptor)
        finally:
            os.close(descriptor)
    while process.poll() is None:  # noqa: ASYNC110 - elsewhere a process is no event
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)


def _manager(root: Path, transport: Transport) -> AsyncKernelManager:
    manager = AsyncKernelManager(
        kernel_spec_manager=_OnlyThisPython(),
        transport=transport,
        connection_file=str(root / "k.json"),
        context=zmq.asyncio.Context(),
    )
    # Given directly, for the registry of provisioners is shared by all threads and open to plug-ins.
    manager.provisioner = LocalProvisioner(kernel_id=str(uuid4()), kernel_spec=manager.kernel_spec, parent=manager)
    return manager


def fresh_folder(holding: Sequence[str], prefix: str = "g-") -> Path:
    """A new private folder with a path short enough for sockets, with these folders in it."""
    root = Path(tempfile.mkdtemp(prefix=prefix))
    if not _ON_WINDOWS and len(os.fsencode(root / "k-ipc-5")) > _MAX_SOCKET_PATH_BYTES:
        root.rmdir()
        root = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))  # mkdtemp makes it private
    for name in holding:
        (root / name).mkdir()
    return root


def _environment(root: Path) -> dict[str, str]:
    """All variables of the kernel. The grader's own may hold tokens, and would make two machines differ."""
    home, temporary = str(root / "home"), str(root / "tmp")
    own = {"HOME": home, "IPYTHONDIR": str(root / "ipython"), "TMPDIR": temporary}
    names = [*_INHERITED]
    if _ON_WINDOWS:
        names += _INHERITED_ON_WINDOWS
        own |= dict.fromkeys(("USERPROFILE", "APPDATA", "LOCALAPPDATA"), home)
        own |= {"TEMP": temporary, "TMP": temporary, "PYTHONUTF8": "1"}  # files are UTF-8 where it is graded
    if site.ENABLE_USER_SITE:
        own["PYTHONUSERBASE"] = site.getuserbase()  # where `pip install --user` puts things, the grader itself perhaps
    return {name: os.environ[name] for name in names if name in os.environ} | BLAND | own


def _kill_strays(root: Path) -> None:
    """Kill what left the kernel's process group but still has its home, where the system shows environments (Linux)."""
    mark = b"HOME=" + os.fsencode(root / "home") + b"\0"
    for _ in range(_SWEEPS):
        found = False
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # gone in the meantime, or another user's
                if mark in (folder / "environ").read_bytes():
                    os.kill(int(folder.name), signal.SIGKILL)
                    found = True
        if not found:
            return


def remove(root: Path) -> None:
    """Remove a folder, whatever a kernel has made of it; on Windows as far as no process holds it."""
    if _ON_WINDOWS:
        _remove_on_windows(root)
        return
    try:
        shutil.rmtree(root)
    except (OSError, RecursionError):
        # Folders without permissions, or thousands of levels deep: the system's own tools manage both.
        for command in (["chmod", "-R", "u+rwx"], ["rm", "-rf"]):
            subprocess.run([*command, str(root)], check=False, stderr=subprocess.DEVNULL)  # noqa: S603 - our own path


def _remove_on_windows(root: Path) -> None:
    for _ in range(_TRIES_TO_REMOVE):
        shutil.rmtree(root, ignore_errors=True)
        if not root.exists():
            return
        sleep(_SECONDS_BETWEEN_LOOKS)

"""Forked kernels as jupyter_client knows kernels: a provisioner whose process is a job of a fork server."""

import signal
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from grader.kernels.job import Job

Launch = Callable[[str], tuple[Job, KernelConnectionInfo]]


class WarmProvisioner(KernelProvisionerBase):
    """Starts one kernel by asking for a job.

    Args:
        manager: whose kernel it is.
        launch: gets the key of the connection, and gives the job and what clients connect to.
    """

    def __init__(self, manager: AsyncKernelManager, launch: Launch) -> None:
        super().__init__(kernel_id=str(uuid4()), kernel_spec=manager.kernel_spec, parent=manager)
        self._manager, self._launch = manager, launch
        self.job: Job | None = None

    @property
    def has_process(self) -> bool:
        """Whether the kernel has been started and not been taken leave of."""
        return self.job is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Nothing: there is no command, and the environment is the fork server's."""
        return kwargs | {"cmd": []}

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:  # noqa: ARG002 - jupyter_client's names
        """Fork a kernel and wait until it can be connected to; InfrastructureError if that fails."""
        self.job, self.connection_info = self._launch(self._manager.session.key.decode())
        await self.job.ready()
        return self.connection_info

    async def poll(self) -> int | None:
        """None while it runs."""
        return None if self.job is not None and not self.job.has_ended else 0

    async def wait(self) -> int | None:
        """Until it has ended."""
        if self.job is not None:
            await self.job.ended()
        return 0

    async def send_signal(self, signum: int) -> None:
        """Signals go to the first process, which ends with all others; an interrupt goes by message instead."""
        if self.job is not None and signum != signal.SIGINT:
            self.job.signal(signum)

    async def kill(self, restart: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - jupyter_client's names
        """End it with all that it started."""
        if self.job is not None:
            await self.job.end()
            self.job = None

    terminate = kill

    async def cleanup(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002 - jupyter_client's names
        """Nothing is left; whoever handed out the kernel removes its folder."""

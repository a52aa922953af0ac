"""The kernel application as a sandbox needs it: no TCP socket, no connection file, no debugger, no files of its own."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from typing import Any

import zmq
from ipykernel.iostream import IOPubThread
from ipykernel.kernelapp import IPKernelApp
from traitlets.config import Config
from zmq.eventloop.zmqstream import ZMQStream

from grader.sandbox.settings import connection_info

MOST_WAITING_MESSAGES = 100_000
"""Above zmq's 1000, over which it drops them silently; the kernel's own memory is limited, so nobody else pays."""


class KernelApp(IPKernelApp):
    """One kernel on sockets in a folder.

    `sockets` is the path that the names of its sockets begin with, `key` what signs its messages.
    """

    sockets: str = ""
    key: bytes = b""

    def parse_command_line(self, argv: Any = None) -> None:
        """There is none, and setting up a parser for it would take a quarter of a kernel's start."""

    def load_config_file(self, *_arguments: Any, **_options: Any) -> None:
        """There is none: a notebook must not depend on the settings of whoever grades."""

    def init_connection_file(self) -> None:
        """There is no file: what it would say is known."""
        self.connection_file = os.devnull
        self.load_connection_info(connection_info(self.sockets, self.key))  # type: ignore[arg-type]

    def init_heartbeat(self) -> None:
        """Whoever forked this kernel sees at once when it ends."""

    def write_connection_file(self, **_options: Any) -> None:
        """There is none, since any code of the student could read it."""

    def init_poller(self) -> None:
        """Whoever forked this kernel ends it; asking for a parent would find the wrong one."""

    def init_io(self) -> None:
        """Take over what is printed. Until here, errors went to whoever started the kernel."""
        os.dup2(0, 2)
        super().init_io()

    def init_iopub(self, context: zmq.Context[Any]) -> None:
        """As in ipykernel, with another thread and more room."""
        socket = context.socket(zmq.XPUB)
        socket.linger = 1000
        socket.sndhwm = MOST_WAITING_MESSAGES
        self.iopub_port = self._bind_socket(socket, self.iopub_port)
        self.configure_tornado_logger()
        self.iopub_thread = _LocalOutput(socket, pipe=True, session=self.session)
        self.iopub_thread.start()
        self.iopub_socket = self.iopub_thread.background_socket


class _LocalOutput(IOPubThread):
    """Takes the prints of forked processes from a local socket instead of a TCP port."""

    def _setup_pipe_in(self) -> None:
        self._pipe_uuid = os.urandom(16)
        self._pipe_address = f"ipc://{os.environ['TMPDIR']}/.{os.urandom(8).hex()}"
        socket = self.socket.context.socket(zmq.PULL)
        socket.linger = 0
        socket.bind(self._pipe_address)
        self._pipe_in = ZMQStream(socket, self.io_loop)
        self._pipe_in.on_recv(self._handle_pipe_msg)

    def _setup_pipe_out(self) -> tuple[Any, Any]:
        context: zmq.Context[Any] = zmq.Context()
        socket = context.socket(zmq.PUSH)
        socket.linger = 3000
        socket.connect(self._pipe_address)
        return context, socket


def start(sockets: str, key: bytes, preparation: Any, ready: Callable[[], None], *, terminals: bool) -> None:
    """Run a kernel in this process until it is told to end.

    Args:
        sockets: as in `grader.sandbox.settings.connection_info`.
        key: as there.
        preparation: code object that runs before the kernel takes any code; it finds `get_ipython` and leaves no names.
        ready: called once the sockets are bound.
        terminals: whether there are any, which IPython runs the commands of "!" in; otherwise it runs them without.
    """
    KernelApp.sockets, KernelApp.key = sockets, key
    asyncio.set_event_loop(asyncio.new_event_loop())
    sys.path.insert(0, "")  # as in any kernel: a notebook may write a module and import it
    # ipykernel would sleep before each reply, so that prints come before it; whoever reads here waits for both.
    config = Config(
        HistoryManager={"enabled": False}, KernelApp={"log_level": logging.CRITICAL}, Kernel={"_execute_sleep": 0}
    )
    app = KernelApp.instance(config=config)
    app.initialize([])
    shell: Any = app.shell
    if not terminals:
        shell.system = shell.system_raw
    exec(preparation, {"__name__": "grader_preparation", "get_ipython": lambda: shell})  # noqa: S102 - our own
    ready()
    app.start()

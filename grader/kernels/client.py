"""nbclient, hardened: one kernel's cells are run one by one, and what comes back is read as claims."""

from collections.abc import Collection
from typing import Any

import zmq
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete, DeadKernelError
from nbformat import NotebookNode

from grader.kernels import Kernel
from grader.kernels.allowance import Allowance
from grader.kernels.limits import Limits
from grader.kernels.outputs import Output, answers_in, display, joined, output_in, stream
from grader.records import ANSWERS_MIME

_SECONDS_FOR_LATE_OUTPUT = 10
"""How long outputs may lag behind the reply that a cell is done; longer means they are lost."""


class CellClient(NotebookClient):
    """Runs the cells of one notebook in a launched kernel.

    Args:
        notebook: a fresh notebook; outputs are put into it.
        kernel: launched already; others will end it.
        variables: whose claims are kept.
        limits: what outputs may take.
    """

    def __init__(self, notebook: NotebookNode, kernel: Kernel, variables: Collection[str], limits: Limits) -> None:
        super().__init__(
            notebook,
            kernel.manager,
            allow_errors=True,
            timeout=None,  # whoever runs a cell limits it, and tells an interrupt from a kill
            iopub_timeout=_SECONDS_FOR_LATE_OUTPUT,
            raise_on_iopub_timeout=True,
            coalesce_streams=False,
            store_widget_state=False,
            record_timing=False,
            on_cell_error=self._keep_error,
        )
        self.kernel = kernel
        self.manager = kernel.manager
        self.limits = limits
        self.watched = frozenset(variables)
        self.allowance = Allowance(limits)
        self.answers: dict[int, dict[str, Any]] = {}
        self.errors: dict[int, Any] = {}

    async def connect(self, preparation: str) -> None:
        """Wait until the kernel takes code, and run the preparation; anything may be raised if it cannot."""
        context = self.manager.context
        context.setsockopt(zmq.MAXMSGSIZE, self.limits.message_bytes)  # before the first socket
        client: Any = self.manager.client(context=context)
        self.kc = client
        client.start_channels(stdin=False, hb=False)
        await client.wait_for_ready(timeout=self.limits.seconds_to_start)
        reply = await client.execute(preparation, silent=True, reply=True, timeout=self.limits.seconds_to_start)
        if reply["content"]["status"] != "ok":
            raise RuntimeError(f"the preparation failed: {reply['content']}")

    def disconnect(self) -> None:
        """Close the channels."""
        if self.kc is not None:
            self.kc.stop_channels()
            self.kc = None

    async def run(self, index: int) -> None:
        """Run one cell to its end.

        Raises:
            DeadKernelError: the kernel ended.
            Exception: of any other kind: what it sent makes no sense.
        """
        self.allowance.next_cell()
        await self.async_execute_cell(self.nb.cells[index], index, execution_count=self.code_cells_executed + 1)

    def finish(self, index: int) -> None:
        """Settle the outputs of a cell that has ended, in whatever way."""
        cell = self.nb.cells[index]
        cell.outputs = joined(cell.outputs)
        if index in self.answers:
            cell.outputs.append(display({ANSWERS_MIME: {"values": self.answers[index]}}))

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> None:
        """Keep answers and outputs; comms, widgets, updates and clearing are not for a record of what happened."""
        message_type, content = msg["msg_type"], msg["content"]
        if message_type == "status" and content["execution_state"] == "idle":
            raise CellExecutionComplete
        answers = answers_in(message_type, content, self.watched)
        if answers:
            if self.allowance.take_answers(answers):
                self.answers.setdefault(cell_index, {}).update(answers)
                return
            output: Output | None = stream("stderr", f"\n[grader: {', '.join(sorted(answers))} too large to be kept]\n")
        else:
            output = output_in(message_type, content)
        if output is not None:
            cell.outputs += self.allowance.take(output)

    async def _keep_error(self, cell: NotebookNode, cell_index: int, execute_reply: dict[str, Any]) -> None:  # noqa: ARG002 - nbclient's names
        self.errors[cell_index] = execute_reply["content"]

    async def _async_poll_kernel_alive(self) -> None:
        """As in nbclient, which looks once in a second."""
        await self.kernel.ended()
        if self.task_poll_for_reply is not None:
            self.task_poll_for_reply.cancel()


KernelDied = DeadKernelError

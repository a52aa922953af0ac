"""What is kept of running a notebook: outputs, answers and failures by cell, over all its runs.

Of each cell the outputs and answers of one run only are kept: whoever runs it again hands nothing of that in here.
"""

import json
from collections.abc import Collection, Iterable
from typing import Any

from grader.kernels.allowance import CUT, Allowance
from grader.kernels.limits import Limits
from grader.kernels.messages import Message
from grader.kernels.outputs import OUTPUT_KINDS, Output, answers_in, display, joined, output_in, stream
from grader.notebooks import Notebook
from grader.records import ANSWERS_MIME, Captured, CellFailure, JsonValue


class Recording:
    """The notebook as it runs.

    Args:
        notebook: what is run.
        variables: whose claims are kept.
        limits: what outputs and answers may take.
    """

    def __init__(self, notebook: Notebook, variables: Iterable[str], limits: Limits) -> None:
        self.failures: list[CellFailure] = []
        self._node = notebook.as_node()
        self._watched = frozenset(variables)
        self._allowance = Allowance(limits)
        self._answers: dict[int, dict[str, JsonValue]] = {}
        self._without: dict[int, tuple[int, ...]] = {}

    def begin(self, cell: int, without: Collection[int]) -> None:
        """Begin with a cell.

        Args:
            cell: its position in the notebook.
            without: the cells that are left out of this run.
        """
        self._allowance.next_cell()
        self._without[cell] = tuple(without)
        self._node.cells[cell].execution_count = len(self._without)

    def take(self, cell: int, message: Message) -> None:
        """Keep the answers or the output in a message; widgets, updates and clearing are not for a record of what happened."""
        outputs: list[Output] = self._node.cells[cell].outputs
        if message.cut:
            outputs += self._allowance.cut() if message.kind in OUTPUT_KINDS else []
            return
        answers = answers_in(message.kind, message.content, self._watched)
        if not answers:
            output = output_in(message.kind, message.content)
            outputs += self._allowance.take(output) if output is not None else []
        elif self._allowance.take_answers(answers):
            self._answers.setdefault(cell, {}).update(answers)
        else:
            names = ", ".join(sorted(answers))
            outputs += self._allowance.take(stream("stderr", f"\n[grader: {names} too large to be kept]\n"))

    def finish(self, cell: int) -> None:
        """Settle the outputs of a cell that has ended, in whatever way."""
        node = self._node.cells[cell]
        node.outputs = joined(node.outputs)
        if cell in self._answers:
            node.outputs.append(display({ANSWERS_MIME: {"values": self._answers[cell]}}))

    def forget(self, cell: int) -> None:
        """Keep nothing of a cell, as if it had not begun."""
        del self._without[cell]
        self._answers.pop(cell, None)
        self._node.cells[cell].update(outputs=[], execution_count=None)

    @property
    def next_cell(self) -> int:
        """From which cell on nothing is kept yet."""
        return max(self._without, default=-1) + 1

    @property
    def captured(self) -> tuple[Captured, ...]:
        """The answers in the order of their cells."""
        return tuple(
            Captured(variable=variable, cell=cell, data=data, without=self._without[cell])
            for cell, values in sorted(self._answers.items())
            for variable, data in values.items()
        )

    @property
    def cut(self) -> tuple[int, ...]:
        """The cells whose output was cut, here or in the kernel already, where prints are."""
        texts = {
            cell: "".join(output.get("text", "") for output in self._node.cells[cell].outputs) for cell in self._without
        }
        return tuple(sorted(cell for cell, text in texts.items() if CUT in text))

    @property
    def notebook(self) -> dict[str, Any]:
        """The executed notebook as plain JSON."""
        plain: dict[str, Any] = json.loads(json.dumps(self._node))  # plain dictionaries instead of nbformat's
        return plain

"""How much of a notebook's outputs and answers is kept."""

from typing import Any

from grader.kernels.limits import Limits
from grader.kernels.outputs import Output, json_bytes, stream

CUT = "\n[grader: output cut here, "
"""The note begins so, in `inside_prints.py` as well."""
_OVERHEAD_BYTES = 64
"""Charged for each output, so that a million empty ones are too many as well."""


class Allowance:
    """What a notebook may still put out, over all cells and in the present one."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._notebook_bytes = limits.output_bytes_per_notebook
        self._answer_bytes = limits.answer_bytes_per_notebook
        self.next_cell()

    def next_cell(self) -> None:
        """Begin with another cell."""
        self._cell_bytes = min(self._limits.output_bytes_per_cell, self._notebook_bytes)
        self._full = False

    def take(self, output: Output) -> list[Output]:
        """What is kept of an output: all, its beginning and a note, the note alone, or nothing after the note."""
        if self._full:
            return []
        size = json_bytes(output) + _OVERHEAD_BYTES
        if size <= self._cell_bytes:
            self._cell_bytes -= size
            self._notebook_bytes -= size
            return [output]
        left, note = self._cell_bytes, self.cut()
        if output["output_type"] != "stream":
            return note
        self._notebook_bytes -= left
        # A character takes up to 12 bytes as JSON.
        return [stream(output["name"], output["text"][: left // 12]), *note]

    def cut(self) -> list[Output]:
        """Keep nothing more of this cell; the note that says so, the first time."""
        if self._full:
            return []
        self._full = True
        per_cell, per_notebook = self._limits.output_bytes_per_cell, self._limits.output_bytes_per_notebook
        kept = f"{per_cell:,} bytes are kept per cell and {per_notebook:,} per notebook"
        return [stream("stderr", f"{CUT}{kept}]\n")]

    def take_answers(self, answers: dict[str, Any]) -> bool:
        """Whether a hand-over is small enough to be kept."""
        size = json_bytes(answers)
        if size > min(self._limits.answer_bytes_per_message, self._answer_bytes):
            return False
        self._answer_bytes -= size
        return True

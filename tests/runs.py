"""Runs notebooks that are written down as the code of their cells, and looks at what they left behind."""

from typing import Any

from grader.answers.plain import decode
from grader.execution import execute
from grader.kernels import Kernels
from grader.kernels.limits import Limits
from grader.kernels.plain import PlainKernels
from grader.notebooks import Cell, Notebook
from grader.records import Asked, Execution, FailureKind


def notebook(*sources: str) -> Notebook:
    return Notebook(tuple(Cell("code", source) for source in sources))


def asked(*variables: str) -> dict[str, Asked]:
    return {variable: Asked(cell_id="") for variable in variables}


def run(*sources: str, watch: str = "a b c d", kernels: Kernels | None = None, **limits: Any) -> Execution:
    return execute(notebook(*sources), asked(*watch.split()), kernels or PlainKernels(), Limits(**limits))


def values(execution: Execution) -> dict[str, Any]:
    """The last value of each variable."""
    return {captured.variable: decode(captured.data) for captured in execution.captured}


def failure_kinds(execution: Execution) -> dict[int, FailureKind]:
    return {failure.cell: failure.kind for failure in execution.failures}


def printed(execution: Execution, cell: int) -> str:
    return "".join(output.get("text", "") for output in execution.notebook["cells"][cell]["outputs"])

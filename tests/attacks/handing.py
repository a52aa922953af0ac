"""Attacks by the file that is handed in, before any of its code runs."""

import json
import os
from dataclasses import dataclass
from typing import Any

from tests.attacks.attack import notebook_file

_MIB = 1024**2
NOT_A_NOTEBOOK, GRADED, REVIEW = "not a notebook", "graded", "needs review"
_ANSWERS = ("before = 51", "claim = 7", "after = 85")


@dataclass(frozen=True)
class Handed:
    """A hostile file."""

    number: int
    what: str
    content: bytes
    status: str
    size: int = 0
    """To which the file is stretched with zeros that take no room on a disk."""
    name: str = ""
    """Of the file, if that is the attack."""
    points: int | None = None


def _with(number: int, what: str, status: str, *, points: int | None = None, **changes: Any) -> Handed:
    """A right notebook with some keys changed, or left out if they are changed to ...."""
    notebook = {**json.loads(notebook_file(*_ANSWERS)), **changes}
    kept = {key: value for key, value in notebook.items() if value is not ...}
    return Handed(number, what, json.dumps(kept).encode(), status, points=points)


def _with_cell(number: int, what: str, status: str, cell: Any, *, points: int | None = None) -> Handed:
    """A right notebook with another cell in front."""
    cells = json.loads(notebook_file(*_ANSWERS))["cells"]
    return _with(number, what, status, points=points, cells=[cell, *cells])


def _code(source: Any, **more: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": "x",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": source,
        **more,
    }


_RIGHT = notebook_file(*_ANSWERS).encode()
HANDED = (
    Handed(54, "a name with a line break", _RIGHT, GRADED, name="line\nbreak", points=3),
    Handed(54, "a name that is a shell command", _RIGHT, GRADED, name="$(touch ran);`touch ran`&|", points=3),
    Handed(54, "a name that is an option", _RIGHT, GRADED, name="--course", points=3),
    Handed(54, "a name of 249 bytes", _RIGHT, GRADED, name="n" * 243, points=3),
    Handed(54, "a name that is no text", _RIGHT, GRADED, name=os.fsdecode(b"\xff\xfe\x1b[2J"), points=3),
    Handed(54, "a name that Windows reserves", _RIGHT, GRADED, name="CON", points=3),
    Handed(54, "a name that runs backwards", _RIGHT, GRADED, name="\u202eypni", points=3),
    Handed(55, "an empty file", b"", NOT_A_NOTEBOOK),
    Handed(55, "no JSON", b"{'cells': []}", NOT_A_NOTEBOOK),
    Handed(55, "half a notebook", _RIGHT[:200], NOT_A_NOTEBOOK),
    Handed(55, "a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), NOT_A_NOTEBOOK),
    Handed(55, "a byte order mark", b"\xef\xbb\xbf" + _RIGHT, GRADED, points=3),
    Handed(55, "a list", b"[]", NOT_A_NOTEBOOK),
    Handed(55, "null", b"null", NOT_A_NOTEBOOK),
    Handed(55, "a hundred thousand levels", b"[" * 100_000 + b"]" * 100_000, NOT_A_NOTEBOOK),
    Handed(55, "a number of a hundred thousand digits", b'{"nbformat": ' + b"9" * 100_000 + b"}", NOT_A_NOTEBOOK),
    Handed(55, "keys twice", _RIGHT.replace(b'{"nbformat": 4', b'{"nbformat": 3, "nbformat": 4'), GRADED, points=3),
    _with(55, "cells that are an object", NOT_A_NOTEBOOK, cells={"a": 1}),
    _with(55, "cells that are null", NOT_A_NOTEBOOK, cells=None),
    _with(55, "no cells", NOT_A_NOTEBOOK, cells=...),
    _with(55, "metadata that is a list", GRADED, metadata=[1], points=3),
    _with(55, "nbformat 2", NOT_A_NOTEBOOK, nbformat=2),
    _with(55, "nbformat 99", NOT_A_NOTEBOOK, nbformat=99),
    _with(55, "nbformat as text", NOT_A_NOTEBOOK, nbformat="4"),
    _with(55, "nbformat missing", NOT_A_NOTEBOOK, nbformat=...),
    _with_cell(55, "a cell that is a number", NOT_A_NOTEBOOK, 7),
    _with_cell(55, "a source that is a number", NOT_A_NOTEBOOK, _code(7)),
    _with_cell(55, "a source that is an object", NOT_A_NOTEBOOK, _code({"a": 1})),
    _with_cell(55, "a cell without a source", GRADED, {"cell_type": "code"}, points=3),
    _with_cell(55, "a cell of an unknown kind", GRADED, {"cell_type": "exec", "source": "before = 0"}, points=3),
    _with_cell(55, "an id that is a path, and half a character", GRADED, _code("'\ud800'", id="../../x"), points=3),
    Handed(56, "300 MB", _RIGHT, NOT_A_NOTEBOOK, size=300 * _MIB),
    Handed(56, "a line of 30 MB", notebook_file("x" * 30 * _MIB).encode(), NOT_A_NOTEBOOK),
    _with(56, "5,000 cells", NOT_A_NOTEBOOK, cells=[_code("")] * 5000),
    _with_cell(56, "an attachment of 18 MB", GRADED, {"cell_type": "markdown", "source": "", "attachments": {"x.png": {"image/png": "A" * 18 * _MIB}}}, points=3),
    _with_cell(56, "outputs of 18 MB", GRADED, _code("", outputs=[{"output_type": "stream", "text": "A" * 18 * _MIB}]), points=3),
    _with(57, "a kernel for bash", NOT_A_NOTEBOOK, metadata={"kernelspec": {"name": "bash", "language": "bash"}}),
    _with(57, "a kernel that nobody has", GRADED, metadata={"kernelspec": {"name": "../../x", "display_name": ["x"]}}, points=3),
    _with(57, "a language that lies", GRADED, metadata={"language_info": {"name": "python", "version": "1"}}, points=3),
    _with_cell(58, "tags and time limits of its own", GRADED, _code("before = 0", metadata={"tags": ["skip-execution", "raises-exception", "remove-cell"], "execution": {"timeout": -1}}), points=3),
)  # fmt: skip
"""Rows 54 to 58."""

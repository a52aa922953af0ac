"""A student's file, read as a notebook and reduced to what is run: the kinds and the sources of its cells.

The file is hostile until proven otherwise. Whatever could steer the run (tags, kernel names, outputs, cell ids) is dropped;
two small facts are kept on the side, since later stages find answers by them. Pictures in text cells are no part of what
runs. They are read when they are wanted, and only those that a report may show: a class of photographs fits no memory.
"""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from nbformat import NotebookNode, from_dict

from grader.attachments import NOTHING_ATTACHED, Attached, attached, without_pictures
from grader.errors import BadNotebook
from grader.labels import Label, labels_in, variable_of

MAX_FILE_BYTES = 20 * 1024**2
"""Notebooks full of pictures have about 5 MiB. Reading JSON takes up to thirty times its size in memory."""
MAX_CELLS = 2_000
"""Twenty times the cells of a long homework; each costs a round trip to the kernel."""
MAX_NAME_CHARACTERS = 64
"""The length that nbformat allows for a cell id; also enough for the name of a homework."""

_SAFE_ID = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_NAME_CHARACTERS}}}")
# Only what is surely another language: a kernel may be called anything, and most names are still Python.
_OTHER_LANGUAGES = frozenset(
    (
        "r",
        "julia",
        "bash",
        "javascript",
        "java",
        "kotlin",
        "scala",
        "octave",
        "matlab",
        "c",
        "c++",
        "c#",
        "go",
        "rust",
        "ruby",
        "sql",
    )
)
_SAVE_AGAIN = "open it in a current Jupyter, save it and hand that file in"

CellKind = Literal["code", "markdown", "raw"]


@dataclass(frozen=True)
class Cell:
    """One cell, reduced to what is run or read."""

    kind: CellKind
    source: str
    original_id: str | None = None
    """The id that the student's file gave it (its own or Colab's); a claim, since cells are copied and pasted."""
    attached: Attached = NOTHING_ATTACHED
    """The pictures of a text cell, if they were wanted."""

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """The labels in its source, as a Markdown cell has them."""
        return tuple(labels_in(self.source))

    @cached_property
    def variable(self) -> str:
        """The variable whose answer its first line says it is; empty if it says of none."""
        return variable_of(self.source)


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook that is safe to run as far as its form goes; its code is not."""

    cells: tuple[Cell, ...]
    homework: str | None = None
    """The homework that the file says it belongs to."""

    @property
    def words(self) -> set[str]:
        """All that may be a variable: the words of its code, and the labels of its written answers."""
        found = set(re.findall(r"\w+", "\n".join(cell.source for cell in self.cells if cell.kind == "code")))
        texts = (cell for cell in self.cells if cell.kind != "code")
        return found | {label.name for cell in texts for label in cell.labels if label.kind == "answer"}

    def as_node(self) -> NotebookNode:
        """A fresh nbformat 4.5 notebook of the same cells, with the ids cell-0, cell-1 and so on."""
        # Not by nbformat's functions, which hold every new cell against a schema and take longer than all of marking.
        cells: list[dict[str, Any]] = [
            {"cell_type": cell.kind, "id": f"cell-{index}", "metadata": {}, "source": cell.source}
            | ({"execution_count": None, "outputs": []} if cell.kind == "code" else {})
            for index, cell in enumerate(self.cells)
        ]
        notebook: NotebookNode = from_dict(
            {"cells": cells, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}
        )
        return notebook


def read_notebook(path: Path, *, pictures: bool = False) -> Notebook:
    """The notebook in a file.

    Args:
        path: the file.
        pictures: whether its text cells have their pictures; they are the same without them otherwise.

    Raises:
        BadNotebook: the file cannot be read as a Python notebook; the message names the file and the remedy.
    """
    return notebook_in(read_file(path), path, pictures=pictures)


def read_file(path: Path) -> bytes:
    """What is in a file that may be a notebook.

    Raises:
        BadNotebook: it cannot be read, or is empty, or too large.
    """
    try:
        return _bytes(path)
    except _Trouble as trouble:
        raise BadNotebook(path, str(trouble)) from None


def notebook_in(content: bytes, path: Path, *, pictures: bool = False) -> Notebook:
    """The notebook in what a file held.

    Args:
        content: what it held.
        path: the file, for messages.
        pictures: as for `read_notebook`.

    Raises:
        BadNotebook: as `read_notebook` does.
    """
    try:
        return _notebook(_json_object(content), pictures=pictures)
    except _Trouble as trouble:
        raise BadNotebook(path, str(trouble)) from None


def clean_text(text: str) -> str:
    """The text with everything replaced that UTF-8, JSON or a database refuses: lone surrogates and NUL."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")


class _Trouble(Exception):  # noqa: N818 - becomes a BadNotebook as soon as the file is known
    """Why a file is no notebook, and what would mend it."""


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():  # a pipe or a device would keep the reader waiting
            raise _Trouble("is no regular file; hand in one .ipynb file")
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise _Trouble(f"cannot be read ({error}); check the path and its permissions") from error
    if len(content) > MAX_FILE_BYTES:
        size = MAX_FILE_BYTES // 1024**2
        raise _Trouble(
            f"is too large, more than {size} MiB; "
            "clear the outputs of all cells, make attached pictures smaller, and save it again"
        )
    if not content.strip():
        raise _Trouble("is empty; hand in the saved notebook")
    return content


def _json_object(content: bytes) -> dict[str, Any]:
    try:
        root = json.loads(content)  # finds out the encoding by itself, with or without a byte order mark
    except RecursionError:
        raise _Trouble(f"is nested too deeply for a notebook; {_SAVE_AGAIN}") from None
    except ValueError as error:  # not JSON, not UTF-8, or a number of thousands of digits
        raise _Trouble(f"is not JSON ({clean_text(str(error))[:200]}); {_SAVE_AGAIN}") from None
    if not isinstance(root, dict):
        raise _Trouble(f"is not a notebook; in it there is {_json_type(root)}; hand in the .ipynb file itself")
    return root


def _notebook(root: dict[str, Any], *, pictures: bool) -> Notebook:
    version, cells = root.get("nbformat"), root.get("cells")
    if type(version) is not int:
        raise _Trouble(f"is not a notebook: its nbformat is {_json_type(version)}, not a number; {_SAVE_AGAIN}")
    if version < 4:  # noqa: PLR2004 - 4 is the name of the format
        raise _Trouble(f"is too old (nbformat {version}); open and save it in a current Jupyter")
    if version > 4:  # noqa: PLR2004 - 4 is the name of the format
        raise _Trouble("is newer than nbformat 4; save it as nbformat 4")
    if not isinstance(cells, list):
        raise _Trouble(f"is not a notebook: its cells are {_json_type(cells)}, not a list; {_SAVE_AGAIN}")
    if len(cells) > MAX_CELLS:
        raise _Trouble(
            f"has {len(cells)} cells, more than {MAX_CELLS}; remove cells that do not belong to the homework"
        )
    metadata = _object(root.get("metadata"))
    _must_be_python(metadata)
    homework = _object(metadata.get("grader")).get("homework")
    return Notebook(
        cells=tuple(_cell(cell, f"cell {number}", pictures=pictures) for number, cell in enumerate(cells, 1)),
        homework=clean_text(homework) if isinstance(homework, str) and len(homework) <= MAX_NAME_CHARACTERS else None,
    )


def _cell(cell: Any, place: str, *, pictures: bool) -> Cell:
    if not isinstance(cell, dict):
        raise _Trouble(f"{place} is {_json_type(cell)}, not a cell; {_SAVE_AGAIN}")
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise _Trouble(f"{place} has {_json_type(source)} as its source, not text; {_SAVE_AGAIN}")
    ids = (cell.get("id"), _object(cell.get("metadata")).get("id"))  # Jupyter's place for it, then Colab's
    original_id = next((name for name in ids if isinstance(name, str) and _SAFE_ID.fullmatch(name)), None)
    kind = _kind(cell.get("cell_type"))
    if kind == "code":
        return Cell(kind, clean_text(source), original_id)
    own = attached(source, cell.get("attachments")) if pictures else NOTHING_ATTACHED
    return Cell(kind, clean_text(without_pictures(source)), original_id, own)


def _kind(cell_type: Any) -> CellKind:
    if cell_type == "code":
        return "code"
    return "markdown" if cell_type == "markdown" else "raw"


def _must_be_python(metadata: dict[str, Any]) -> None:
    """One mention of Python is enough: kernel names are free text, and a wrong one must not cost a homework."""
    named = (_object(metadata.get("kernelspec")).get("language"), _object(metadata.get("language_info")).get("name"))
    languages = [name.strip().lower() for name in named if isinstance(name, str)]
    other = [name for name in languages if name in _OTHER_LANGUAGES]
    if other and not any("python" in name for name in languages):
        raise _Trouble(f"is a notebook in {other[0]}, not in Python; choose a Python kernel, run it and save it again")


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _json_type(value: Any) -> str:
    names = {type(None): "null", bool: "true or false", str: "text", list: "a list", dict: "an object"}
    return names.get(type(value), "a number")

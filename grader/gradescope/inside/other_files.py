"""What a student is told who handed in no notebook: which files came, and how to get at the notebook."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from grader.console import printable
from grader.intake.values import Entry

MOST_NAMED = 10
MOST_CHARACTERS = 80
"""Of a name; from longer ones the middle is cut out."""
_MOST_OF_A_TROUBLE = 200
"""Characters of why a file cannot be read."""
_DOWNLOAD = (
    "Hand in the notebook itself, a file that ends in .ipynb: in Colab, File > Download > Download .ipynb; "
    "in Jupyter, File > Save, then File > Download."
)
_HINTS = {
    ".pdf": "A PDF shows what a notebook looked like, and nothing in it can be run.",
    ".py": "A .py file has the code without the notebook's cells.",
    ".html": "A web page shows what a notebook looked like, and nothing in it can be run.",
    ".docx": "A Word file is no notebook.",
}
_SAME = {".htm": ".html", ".doc": ".docx"}


def name_of(name: str) -> str:
    """The name of a file as it can be shown: in one line, without controls, and not too long."""
    text, half = printable(name), MOST_CHARACTERS // 2
    return text if len(text) <= MOST_CHARACTERS else f"{text[:half]}…{text[-half:]}"


def without_notebook(entries: Sequence[Entry]) -> str:
    """Why nothing can be graded, with the remedy.

    Args:
        entries: all files that came.
    """
    if not entries:
        return f"No file came. {_DOWNLOAD}"
    names = "; ".join(_named(entry) for entry in entries[:MOST_NAMED])
    more = f" and {len(entries) - MOST_NAMED} more" if len(entries) > MOST_NAMED else ""
    words = (f"There is no notebook among the files that came: {names}{more}.", *_hints(entries), _DOWNLOAD)
    return " ".join(words)


def _named(entry: Entry) -> str:
    name = name_of(entry.origin)
    return f"{name} ({printable(entry.trouble)[:_MOST_OF_A_TROUBLE]})" if entry.trouble else name


def _hints(entries: Sequence[Entry]) -> Iterator[str]:
    endings = {PurePosixPath(entry.origin).suffix.lower() for entry in entries}
    known = {_SAME.get(ending, ending) for ending in endings}
    return (hint for ending, hint in _HINTS.items() if ending in known)

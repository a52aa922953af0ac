"""What of a written answer goes into the report: its pictures, and its text as far as there is room.

Whatever is left out is told in a note within the text, so that whoever marks knows to open the notebook.
"""

from collections.abc import Iterator, Sequence

from grader.attachments import Attached, as_far_as_shown, best_of, named_references
from grader.belonging import Piece
from grader.notebooks import Notebook
from grader.pictures import MAX_PICTURES
from grader.records import Execution

MAX_CHARACTERS = 10_000
"""Of a written answer: three pages, as much as a kernel hands over of one text."""
MAX_NOTES = 5
"""On pictures that are not shown; each is told in at most two hundred characters."""
MAX_NOTE_CHARACTERS = 200


def attached_to(pieces: Sequence[Piece], notebook: Notebook, execution: Execution) -> dict[int, Attached]:
    """The pictures in the cells of an answer, by cell and in their order."""
    each = {
        cell: _drawn(execution, cell) if notebook.cells[cell].kind == "code" else notebook.cells[cell].attached
        for cell in sorted({piece.cell for piece in pieces})
    }
    return {cell: one for cell, one in each.items() if one.pictures or one.not_shown}


def _drawn(execution: Execution, cell: int) -> Attached:
    """The pictures that a code cell has shown."""
    pictures = (best_of(formats, "image/") for formats in _shown(execution, cell))
    return as_far_as_shown((f"a picture of cell {cell + 1}", data) for data in pictures if data is not None)


def _shown(execution: Execution, cell: int) -> Iterator[dict[str, str]]:
    cells = execution.notebook.get("cells", [])
    for output in cells[cell].get("outputs", []) if cell < len(cells) else []:
        yield output.get("data", {})


def notes_on(not_shown: Sequence[str], pictures: int) -> list[str]:
    """What there is to say of pictures that are not shown."""
    notes = [f"[{words[:MAX_NOTE_CHARACTERS]}]" for words in not_shown[:MAX_NOTES]]
    more = max(pictures - MAX_PICTURES, 0) + max(len(not_shown) - MAX_NOTES, 0)
    return [*notes, f"[{more} more pictures are not shown here, but they are in the notebook]"] if more else notes


def shown_text(text: str, notes: Sequence[str]) -> str:
    """The text, cut where it is too long, and the notes; nothing is left out silently."""
    text = named_references(text).strip()
    room = MAX_CHARACTERS - sum(len(note) + 2 for note in notes)
    if len(text) > room:
        cut = f"[Cut here: of {len(text):,} characters the first are shown, the notebook as it ran has all]"
        text = f"{text[: room - len(cut) - 2]}\n\n{cut}"
    return "\n\n".join(filter(None, (text, *notes)))

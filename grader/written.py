"""An answer that a person reads or looks at: all text and pictures that belong to it, wherever they were put.

Nothing that a student gave may vanish, and nobody loses points because an answer stands in the wrong sort of cell. So where
a computed answer would be lost, here what is there is shown to a person.
"""

from collections.abc import Mapping, Sequence
from operator import itemgetter

from grader.answers.plain import is_blank
from grader.attachments import only_references
from grader.belonging import Piece
from grader.notebooks import Notebook
from grader.pictures import MAX_PICTURES
from grader.records import Answer, CellFailure, Execution, JsonValue
from grader.showing import attached_to, notes_on, shown_text

_SYNTAX = ("SyntaxError", "IndentationError")


Belongings = Mapping[str | None, Sequence[Piece]]


def written_answer(
    value: Answer, belongings: Belongings, notebook: Notebook, execution: Execution, *, drawn: bool
) -> Answer:
    """The answer to a part that may be written.

    Args:
        value: what the variable was set to, as for any other part.
        belongings: the pieces of the notebook, by the variable they belong to.
        notebook: what was run.
        execution: what running it left behind.
        drawn: whether only a picture is an answer.
    """
    pieces = belongings.get(value.variable, ())
    attached = attached_to(pieces, notebook, execution)
    pictures = [picture for one in attached.values() for picture in one.pictures]
    if drawn and value.did_not_run and not pictures:
        return value
    failures = {failure.cell: failure for failure in execution.failures}
    words = [piece for piece in pieces if not piece.code or (not drawn and _is_prose(piece, failures))]
    texts = _texts(value, [piece for piece in words if not (pictures and only_references(piece.text))])
    notes = notes_on([words for one in attached.values() for words in one.not_shown], len(pictures))
    found = {"pictures": tuple(pictures[:MAX_PICTURES]), "did_not_run": "", "lost": ""}
    first = min((cell for cell in (*dict(texts), *attached)), default=value.cell)
    if texts or notes:
        data = {"t": "str", "v": shown_text("\n\n".join(text for _, text in texts), notes)}
        return value.model_copy(update=found | {"data": data, "cell": first})
    if pictures or not _is_nothing(value.data):
        return value.model_copy(update=found | {"cell": first})
    return value.model_copy(update={"lost": "" if value.did_not_run else _lost(value, belongings)})


def _texts(value: Answer, pieces: Sequence[Piece]) -> list[tuple[int, str]]:
    """The texts in the order of their cells: what was written, and what the variable was set to."""
    texts = [(piece.cell, piece.text) for piece in pieces if not is_blank(piece.text)]
    if given := _text_of(value.data):
        texts.append((value.cell or 0, given))
    return sorted(texts, key=itemgetter(0))


def _is_prose(piece: Piece, failures: Mapping[int, CellFailure]) -> bool:
    """Whether a code cell has words that would vanish: a sentence, a comment, a text that nothing keeps or that was not set.

    Of a cell that failed, a sentence is known by its syntax, and a single word by what every other code has.
    """
    failure = failures.get(piece.cell)
    if failure is not None:
        return piece.home or failure.name in _SYNTAX or not set("=(") & set(piece.text)
    return piece.text[:1] in {'"', "'"} or not _code_of(piece)


def _code_of(piece: Piece) -> str:
    """The code without comments and blanks."""
    lines = (line.strip() for line in piece.text.splitlines())
    return "".join("".join(line.split()) for line in lines if not line.startswith("#"))


def _text_of(data: JsonValue) -> str:
    """The text that the variable was set to; empty if it is none, or a blank."""
    text = data.get("v") if isinstance(data, dict) and data.get("t") == "str" else None
    return text if isinstance(text, str) and not is_blank(text) else ""


def _is_nothing(data: JsonValue) -> bool:
    return data is None or (isinstance(data, dict) and (data.get("t") in {"ellipsis", "none"} or _is_blank_text(data)))


def _is_blank_text(data: dict[str, JsonValue]) -> bool:
    return data.get("t") == "str" and not _text_of(data)


def _lost(value: Answer, belongings: Belongings) -> str:
    """Why there is no answer although something is there that a person has to look at; else empty."""
    pieces, strays = belongings.get(value.variable, ()), belongings.get(None, ())
    nothing = {"", *(f"{value.variable}={blank}" for blank in ("...", "None", '""', "''"))}
    code = next((piece for piece in pieces if piece.code and piece.home and _code_of(piece) not in nothing), None)
    if code is not None:
        return f"cell {code.cell + 1} neither sets {value.variable} nor shows a picture in PNG or JPEG"
    stray = next((piece for piece in strays if not piece.code and not is_blank(piece.text)), None)
    if not pieces and stray is not None:
        return f"the cells of {value.variable} are gone, and cell {stray.cell + 1} may be meant for it"
    return ""

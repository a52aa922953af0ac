"""An answer that a person reads or looks at: all text and pictures that belong to it, wherever they were put.

Nothing that a student gave may vanish, and nobody loses points because an answer stands in the wrong sort of cell. So where
a computed answer would be lost, here what is there is shown to a person.
"""

from collections.abc import Sequence
from operator import itemgetter

from grader.answers.plain import is_blank
from grader.attachments import only_references
from grader.belonging import Piece
from grader.notebooks import Notebook
from grader.pictures import MAX_PICTURES
from grader.records import Answer, Execution, JsonValue
from grader.showing import attached_to, notes_on, shown_text
from grader.words_in_code import has_code, says_something, states_only


def written_answer(
    value: Answer, pieces: Sequence[Piece], notebook: Notebook, execution: Execution, *, drawn: bool
) -> Answer:
    """The answer to a part that may be written.

    Args:
        value: what the variable was set to, as for any other part.
        pieces: what of the notebook belongs to the answer.
        notebook: what was run.
        execution: what running it left behind.
        drawn: whether only a picture is an answer.
    """
    attached = attached_to(pieces, notebook, execution)
    pictures = [picture for one in attached.values() for picture in one.pictures]
    words = [piece for piece in pieces if not (pictures and not piece.code and only_references(piece.text))]
    texts = _texts(value, words, execution, drawn=drawn)
    notes = notes_on([words for one in attached.values() for words in one.not_shown], len(pictures))
    found = {"pictures": tuple(pictures[:MAX_PICTURES]), "did_not_run": "", "lost": ""}
    first = min((cell for cell in (*dict(texts), *attached)), default=value.cell)
    if texts or notes:
        data = {"t": "str", "v": shown_text("\n\n".join(text for _, text in texts), notes)}
        return value.model_copy(update=found | {"data": data, "cell": first})
    if pictures or not _is_nothing(value.data):
        return value.model_copy(update=found | {"cell": first})
    return value.model_copy(update=_without_answer(value, pieces, drawn=drawn))


def _texts(value: Answer, pieces: Sequence[Piece], execution: Execution, *, drawn: bool) -> list[tuple[int, str]]:
    """The texts in the order of their cells: what was written, and what the variable was set to.

    Code that is no answer stays away from a text. Where there is none, the code is all that a person can look at.
    """
    texts = [(piece.cell, piece.text) for piece in pieces if not piece.code and not is_blank(piece.text)]
    if given := _text_of(value.data):
        texts.append((value.cell or 0, given))
    if not drawn:
        failures = {failure.cell: failure for failure in execution.failures}
        shows_code = not texts and _is_nothing(value.data)
        texts += [
            (piece.cell, piece.text)
            for piece in pieces
            if piece.code
            and says_something(piece, value.variable)
            and (shows_code or states_only(piece, value.variable, failures.get(piece.cell)))
        ]
    return sorted(texts, key=itemgetter(0))


def _text_of(data: JsonValue) -> str:
    """The text that the variable was set to; empty if it is none, or a blank."""
    text = data.get("v") if isinstance(data, dict) and data.get("t") == "str" else None
    return text if isinstance(text, str) and not is_blank(text) else ""


def _is_nothing(data: JsonValue) -> bool:
    return data is None or (isinstance(data, dict) and (data.get("t") in {"ellipsis", "none"} or _is_blank_text(data)))


def _is_blank_text(data: dict[str, JsonValue]) -> bool:
    return data.get("t") == "str" and not _text_of(data)


def _without_answer(value: Answer, pieces: Sequence[Piece], *, drawn: bool) -> dict[str, str]:
    """Why there is nothing to show, when a person has to look all the same.

    A figure whose code failed did not run. Words that are missing did not fail, so that text elsewhere may be meant.
    """
    if not drawn:
        return {"lost": "", "did_not_run": "" if value.elsewhere else value.did_not_run}
    code = (piece.cell + 1 for piece in pieces if piece.code and has_code(piece, value.variable))
    cell = None if value.did_not_run else next(code, None)
    return {"lost": f"cell {cell} shows no picture in PNG or JPEG" if cell else ""}

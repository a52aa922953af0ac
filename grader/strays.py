"""Text of a student that is no part's answer, which a part without an answer may have meant.

Somebody who writes all answers into one cell at the end, or a number below its variable, has answered. What was meant is for
a person to say. Names and remarks in front of the first question are meant for no part.
"""

from collections.abc import Iterator, Mapping, Sequence

from grader.answers.plain import is_blank
from grader.belonging import Piece
from grader.records import Asked

Belongings = Mapping[str | None, Sequence[Piece]]


def text_elsewhere(asked: Mapping[str, Asked], belongings: Belongings) -> dict[str, str]:
    """For each variable where there is text that may be meant for it, in words; empty where there is none.

    Args:
        asked: what is asked for, by variable.
        belongings: the pieces of the notebook, by the variable they belong to.
    """
    stray = next(_strays(asked, belongings), None)
    return {
        variable: _for_written(variable, belongings, stray) if one.written else _for_computed(variable, belongings)
        for variable, one in asked.items()
    }


def _for_written(variable: str, belongings: Belongings, stray: Piece | None) -> str:
    if not belongings.get(variable):
        lone = next(_texts(belongings.get(None, ())), stray)
        return f"the cells of {variable} are gone, and cell {lone.cell + 1} may be meant for it" if lone else ""
    return (
        f"nothing stands below its question, but the text in cell {stray.cell + 1} may be meant for it" if stray else ""
    )


def _for_computed(variable: str, belongings: Belongings) -> str:
    text = next(_texts(belongings.get(variable, ())), None)
    return f"{variable} is not set, but there is text below its question, in cell {text.cell + 1}" if text else ""


def _strays(asked: Mapping[str, Asked], belongings: Belongings) -> Iterator[Piece]:
    """The texts that belong to no written part; all text that belongs to one is its answer."""
    first = min((piece.cell for owner in asked for piece in belongings.get(owner, ())), default=0)
    yield from (piece for piece in _texts(belongings.get(None, ())) if piece.cell > first)
    for variable, one in asked.items():
        yield from () if one.written else _texts(belongings.get(variable, ()))


def _texts(pieces: Sequence[Piece]) -> Iterator[Piece]:
    return (piece for piece in pieces if not piece.code and not is_blank(piece.text))

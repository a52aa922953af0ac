"""What a code cell below a written question says: nothing but what was released, words alone, or code."""

import re

from grader.answers.plain import is_blank
from grader.belonging import Piece
from grader.records import CellFailure

_SELF_CHECK = re.compile(
    r"from grader import check|import grader|(grader\.)?check(\.use)?\([^()]*\);?|%load_ext\s+grader|%grader(\s.*)?"
)
_SYNTAX = ("SyntaxError", "IndentationError")


def has_code(piece: Piece, variable: str) -> bool:
    """Whether there is code beyond comments and a variable that is left blank."""
    return any(not line.startswith("#") for line in _lines(piece, variable))


def says_something(piece: Piece, variable: str) -> bool:
    """Whether there is anything that a person could read, be it a comment."""
    return not is_blank("\n".join(_lines(piece, variable)))


def states_only(piece: Piece, variable: str, failure: CellFailure | None) -> bool:
    """Whether there are words that nothing keeps: a sentence, a comment, a text that nothing keeps or that was not set.

    Of a cell that failed, a sentence is known by its syntax, and a single word by what every other code has.
    """
    if failure is not None:
        return piece.home or failure.name in _SYNTAX or not set("=(") & set(piece.text)
    return piece.text[:1] in {'"', "'"} or not has_code(piece, variable)


def _lines(piece: Piece, variable: str) -> list[str]:
    """The lines that a student wrote, without those that only ask the self-check."""
    nothing = {"", *(f"{variable}={blank}" for blank in ("...", "None", '""', "''"))}
    lines = (line.strip() for line in piece.text.splitlines())
    return [line for line in lines if "".join(line.split()) not in nothing and not _SELF_CHECK.fullmatch(line)]

"""The plain immutable values that an answer is decoded into."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import EllipsisType
from typing import TypeAlias

from grader.answers.networks import FailedNetwork, Network


@dataclass(frozen=True, slots=True)
class Frame:
    """A pandas table."""

    columns: tuple["Plain", ...]
    index: tuple["Plain", ...]
    rows: tuple[tuple["Plain", ...], ...]
    """One per entry of the index, with one cell per column."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A value of which only the type is known."""

    type_name: str
    too_large: bool = False
    """Whether it was left behind for its size rather than for its type."""


Scalar: TypeAlias = bool | int | float | str | Fraction | Decimal | EllipsisType | None
# Lists, sets, arrays and torch.Size are nested tuples; an array without dimensions is its element.
Plain: TypeAlias = Scalar | tuple["Plain", ...] | dict["Plain", "Plain"] | Frame | Network | FailedNetwork | Foreign


def only_element(plain: Plain) -> Plain:
    """What stands alone in a list or array, however deep; anything else as it is."""
    while isinstance(plain, tuple) and len(plain) == 1:
        plain = plain[0]
    return plain


def kind_of(plain: Plain) -> str:
    """What sort of value this is, in a student's words: "a list of 3", "a table", "a value of type torch.nn.Module"."""
    match plain:
        case tuple() | dict():
            return f"a {'list' if isinstance(plain, tuple) else 'dict'} of {len(plain)}"
        case Foreign():
            return f"a value of type {plain.type_name}" + (" that is too large" if plain.too_large else "")
        case Network() | FailedNetwork():
            return "a network"
        case None | EllipsisType():
            return "nothing"
    return {bool: "a truth value", str: "a text", Frame: "a table"}.get(type(plain), "a number")

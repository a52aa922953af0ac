"""Shapes of arrays: (64, 56, 56), "64x56x56", "torch.Size([64, 56, 56])"; and squares: "9x9" for 9."""

import re
from dataclasses import replace

from grader.answers.dimensions import without_counted
from grader.answers.reading import TIMES, Reading
from grader.answers.text import NUMBER_LENGTH, normalise
from grader.answers.values import Plain, kind_of, only_element
from grader.errors import Unreadable

DIMENSIONS = 8
EXPECTED = "a shape such as (64, 56, 56) or 64x56x56"

_IMAGE = 3  # sizes of a feature map: channels, height, width
_SIZE = r"[0-9]{1,12}"
_SIZES = rf"{_SIZE}(?: *[,xX*{TIMES}] *{_SIZE}){{0,{DIMENSIONS - 1}}} *,?"
# torch.Size([64, 56, 56]), with as many brackets as there happen to be.
_SHAPE = re.compile(rf"(?:(?:torch\.)?Size)? *([(\[]*) *({_SIZES}) *([)\]]*)")
_TIMES = re.compile(f"[xX{TIMES}]")
_CLOSING = str.maketrans("([", ")]")


def read_shape(plain: Plain) -> tuple[Reading, ...]:
    """The one reading as a tuple of sizes; a single number n is (n,). Anything else is Unreadable."""
    sizes = _sizes_in_text(plain) if isinstance(plain, str) else _sizes(plain)
    return (Reading(sizes, _text(sizes)),)


def _text(sizes: tuple[int, ...]) -> str:
    return f" {TIMES} ".join(map(str, sizes)) if len(sizes) > 1 else f"({sizes[0]},)"


def read_shape_of_either_order(plain: Plain) -> tuple[Reading, ...]:
    """The readings of a shape as it stands, channels first, and of three sizes also with the channels last.

    Both have the channels first and are tagged with the order in which they were given; a batch of one may stand in front.
    """
    (first,) = read_shape(plain)
    has_batch = len(first.value) == _IMAGE + 1 and first.value[0] == 1
    batch, sizes = first.value[:has_batch], first.value[has_batch:]
    if len(sizes) != _IMAGE or len(set(sizes)) == 1:
        return (first,)
    moved = (*batch, sizes[-1], *sizes[:-1])
    text = f"{first.text}, channels last, so {_text(moved)}"
    return (
        replace(first, tags=(("axes", "channels first"),)),
        Reading(moved, text, (("axes", "channels last"),)),
    )


def read_square(plain: Plain) -> Reading | None:
    """The side of a square given as a size, "9x9", "9 * 9 pixels" or (9, 9); None for what is no size.

    "3 * 161" is a product; "95x71" is a size that is no square, and Unreadable.
    """
    try:
        if isinstance(plain, str):
            plain = without_counted(normalise(plain, NUMBER_LENGTH)).rstrip(" .")
        (shape,) = read_shape(plain)
    except Unreadable:
        return None
    if len(shape.value) != 2:  # noqa: PLR2004 - a square has two sides
        return None
    if len(set(shape.value)) > 1:
        if isinstance(plain, str) and not _TIMES.search(plain):
            return None  # a product, or a number in groups of three
        raise Unreadable(f"{shape.text}, which is no square", expected="the side of a square, one number")
    return Reading(shape.value[0], f"{shape.text}, so {shape.value[0]}")


def _sizes_in_text(text: str) -> tuple[int, ...]:
    text = normalise(text, NUMBER_LENGTH)
    found = _SHAPE.fullmatch(text)
    if found is None or found[1].translate(_CLOSING)[::-1] != found[3]:
        raise Unreadable(f"{text!r} is no shape", expected=EXPECTED)
    return tuple(map(int, re.findall(_SIZE, found[2])))


def _sizes(plain: Plain) -> tuple[int, ...]:
    """The sizes in a list, around which there may be further lists of one element."""
    while isinstance(plain, tuple) and len(plain) == 1 and isinstance(plain[0], tuple):
        plain = plain[0]
    members = plain if isinstance(plain, tuple) else (plain,)
    if not 1 <= len(members) <= DIMENSIONS:
        raise Unreadable(kind_of(plain), expected=EXPECTED)
    return tuple(map(_size, members))


def _size(plain: Plain) -> int:
    member = only_element(plain)
    is_whole = (isinstance(member, float) and member.is_integer()) or type(member) is int
    if not isinstance(member, int | float) or not is_whole or not 0 <= member < 10**12:
        raise Unreadable(f"{kind_of(plain)} as a size", expected=EXPECTED)
    return int(member)

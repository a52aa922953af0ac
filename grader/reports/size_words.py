"""Sizes of layers in words: on a picture, and for whoever cannot see it."""

import math

from grader.answers import reading
from grader.records import Size, Sizes

# From here on all digits of a number have no room beside its bar.
LARGEST_WRITTEN_OUT = 10**10
NO_NUMBER = "\N{EN DASH}"
_FORMS = {"bars": "Bars of {unit} by layer", "squares": "Receptive fields as squares in one another, sides in {unit}"}
_JUDGED = {True: ", right", False: ", not right", None: ""}


def number_text(number: float | None, largest: int = LARGEST_WRITTEN_OUT) -> str:
    """A number as it stands in a picture: in threes as answers are shown, "162 816", or from `largest` on short: "1.2e+30"."""
    if number is None or not math.isfinite(number):
        return NO_NUMBER
    if number.is_integer() and abs(number) < largest:
        return reading.number_text(int(number))
    return f"{number:.4g}"


def corrected(layer: Size) -> float | None:
    """The right number where it is told and looks different from the student's."""
    return None if number_text(layer.expected) in {number_text(layer.given), NO_NUMBER} else layer.expected


def shortened(name: str, longest: int) -> str:
    """A name of at most so many characters. Networks name their layers from the outside in, so that both ends tell most."""
    if len(name) <= longest:
        return name
    end = longest // 2
    return f"{name[: longest - end - 1]}…{name[-end:]}"


def in_words(sizes: Sizes) -> str:
    """All of a picture."""
    layers = "; ".join(_layer_in_words(layer) for layer in sizes.layers)
    return f"{_FORMS[sizes.form].format(unit=sizes.unit)}: {layers}."


def _layer_in_words(layer: Size) -> str:
    right = corrected(layer)
    words = "no number" if (number := number_text(layer.given)) == NO_NUMBER else number
    return f"{layer.name} {words}{_JUDGED[layer.right]}" + (
        "" if right is None else f", where {number_text(right)} is right"
    )

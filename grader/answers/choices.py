"""One of several options, and yes or no, in any case and punctuation."""

import re
from decimal import Decimal
from fractions import Fraction

from grader.answers.reading import TIMES, Reading
from grader.answers.text import EXPRESSION_LENGTH, normalise
from grader.answers.values import Plain, kind_of, only_element
from grader.errors import Unreadable

_YES_NO = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}


# What many write around a label; with it, "the 3x3 branch" is the option 3x3.
_WITH_IT = re.compile(r"\b(the|branch|convolution|conv|layer|filter|kernel)\b", re.IGNORECASE)


def read_yesno(plain: Plain) -> tuple[Reading, ...]:
    """The one reading as a bool: True, "yes", "No.", "true". Numbers and other words are Unreadable."""
    plain = only_element(plain)
    if isinstance(plain, bool):
        return (Reading(plain, "yes" if plain else "no"),)
    if not isinstance(plain, str):
        raise Unreadable(kind_of(plain), expected="yes or no")
    word = _folded(normalise(plain, EXPRESSION_LENGTH))
    if word not in _YES_NO:
        raise Unreadable(f"{plain.strip()!r} is neither", expected="yes or no")
    return (Reading(_YES_NO[word], "yes" if _YES_NO[word] else "no"),)


def read_choice(plain: Plain, options: tuple[str, ...]) -> tuple[Reading, ...]:
    """The one reading as the label of an option; anything that is no option, or like two, is Unreadable."""
    plain = only_element(plain)
    if not isinstance(plain, str | int | float | Fraction | Decimal):
        raise Unreadable(kind_of(plain), expected=f"one of {', '.join(options)}")
    text = str(plain).strip()
    label = _folded(_WITH_IT.sub(" ", normalise(text, EXPRESSION_LENGTH)))
    alike = [option for option in options if option == text] or [
        option for option in options if label and _folded(option) == label
    ]
    if len(alike) != 1:
        raise Unreadable(f"{text[:EXPRESSION_LENGTH]!r} is no option", expected=f"one of {', '.join(options)}")
    return (Reading(alike[0], alike[0]),)


def _folded(text: str) -> str:
    """Letters and digits alone, in lower case, a times sign as an x: what counts when labels are compared."""
    return "".join(filter(str.isalnum, text.casefold().replace(TIMES, "x").replace("*", "x")))

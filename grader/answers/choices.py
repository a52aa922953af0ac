"""One of several options, yes or no, and done or not, in any case and punctuation."""

import re
from decimal import Decimal
from fractions import Fraction

from grader.answers.reading import TIMES, Reading
from grader.answers.text import EXPRESSION_LENGTH, normalise
from grader.answers.values import Plain, kind_of, only_element
from grader.errors import Unreadable

_YES_NO = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
# A tick stands for yes, and so does an x in a box.
_TICKS = frozenset("✓✔☑✅")
_DONE = _YES_NO | {
    **dict.fromkeys(["x", "1", "ok", "okay", "done", "finished", "complete", "completed"], True),
    **dict.fromkeys(["read", "ireadit", "ihavereadit", "ididit"], True),
    **dict.fromkeys(["0", "notdone", "notyet", "notfinished", "incomplete", "unread", "notread"], False),
}

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


def read_done(plain: Plain) -> tuple[Reading, ...]:
    """The one reading as a bool: whether something was done. True, "yes", "done", "[x]", a tick, or 1; False, "not yet", 0."""
    plain = only_element(plain)
    if not isinstance(plain, bool | int | float | str):
        raise Unreadable(kind_of(plain), expected="True when it is done")
    text = normalise(str(int(plain) if plain in {0, 1} else plain), EXPRESSION_LENGTH)
    word = _folded(text)
    done = _DONE.get(word) if word else bool(_TICKS & set(text)) or None
    if done is None:
        raise Unreadable(f"{text!r} does not say whether it is done", expected="True when it is done")
    return (Reading(done, "done" if done else "not done"),)


def read_choice(plain: Plain, options: tuple[str, ...]) -> tuple[Reading, ...]:
    """The one reading as the label of an option; anything that is no option, or like two, is Unreadable."""
    plain = only_element(plain)
    if not isinstance(plain, str | int | float | Fraction | Decimal):
        raise Unreadable(kind_of(plain), expected=f"one of {', '.join(options)}")
    text = str(plain).strip()
    alike = [option for option in options if option == text] or _alike(normalise(text, EXPRESSION_LENGTH), options)
    if len(alike) != 1:
        raise Unreadable(f"{text[:EXPRESSION_LENGTH]!r} is no option", expected=f"one of {', '.join(options)}")
    return (Reading(alike[0], alike[0]),)


def _alike(text: str, options: tuple[str, ...]) -> list[str]:
    """The options that are the text but for case and punctuation, or else but for the words around it."""
    for label in (_folded(text), _folded(_WITH_IT.sub(" ", text))):
        if label and (alike := [option for option in options if _folded(option) == label]):
            return alike
    return []


def _folded(text: str) -> str:
    """Letters and digits alone, in lower case, a times sign as an x: what counts when labels are compared."""
    return "".join(filter(str.isalnum, text.casefold().replace(TIMES, "x").replace("*", "x")))

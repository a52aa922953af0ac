"""A solver's value in a few characters, for a table or a message to whoever writes a problem."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from grader.answers.reading import number_text

# Characters: a number with its digits in threes, or the first rows of a table.
LONGEST = 32


def shortened(value: Any, beside: Any = None, longest: int = LONGEST) -> str:
    """The value, or as much of it as tells it from others.

    Args:
        value: in the form in which its check compares.
        beside: of a table, the value from which only differing rows are shown.
        longest: characters.
    """
    text = _text(value, beside)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _text(value: Any, beside: Any = None) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case int():
            return number_text(value)
        case float() | Fraction():
            return _digits(value)
        case dict():
            return _rows(value, beside)
        case tuple() | list():
            return _listed(value)
    return "" if value is None else str(value)


def _rows(rows: dict[str, Any], beside: Any) -> str:
    known = beside if isinstance(beside, dict) else {}
    changed = (f"{name}: {_text(one)}" for name, one in rows.items() if name not in known or one != known[name])
    return ", ".join(changed) or "fewer rows"


def _listed(members: Sequence[Any]) -> str:
    """All members; of a path, where it leads."""
    if members and isinstance(members[-1], tuple):
        return f"… {_listed(members[-1])}"
    return f"({', '.join(map(_text, members))})"


def _digits(value: float | Fraction) -> str:
    """A whole number in full, another to six digits."""
    try:
        return f"{float(value):.6g}" if value % 1 else number_text(Fraction(value))
    except (OverflowError, ValueError):  # beyond any float, or no finite one
        return number_text(value)

"""What a number may be of: the words that may stand behind it, each with all its meanings. Here those of a count."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from grader.answers.reading import TIMES


@dataclass(frozen=True, slots=True)
class Scale:
    """What a word behind a number multiplies it by."""

    factor: Fraction
    shown: str = ""
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Dimension:
    """What is measured, and the words that may stand behind a number of it."""

    units: Mapping[str, tuple[Scale, ...]]
    """Every meaning of every unit; "" is the number alone, where that is allowed."""
    expected: str
    """Examples of units, for a student whose unit is none of them."""
    suffix: str = ""
    """Ends the text of a reading: " bytes"."""
    ignored: re.Pattern[str] | None = None
    """What may stand at the end without changing the number: the thing counted ("160K parameters")."""
    any_case: bool = False
    """Whether the case of a unit's letters means nothing; then `units` are in lower case."""


ONE = Scale(Fraction(1))


def _thousands(power: int) -> tuple[Scale, ...]:
    """K, M or B, which in a count of parameters are now and then powers of 1024."""
    exponent = f"^{power}" if power > 1 else ""
    return tuple(Scale(Fraction(k) ** power, f"{k}{exponent}", (("K", str(k)),)) for k in (1000, 1024))


# What a count may name without changing it. Other words may be units ("hundred", "GB") and are not guessed at.
_COUNTED = re.compile(
    r"""(?<![^\W_])
    (activation|bias|channel|class|connection|dimension|element|epoch|feature|filter|flop|image|iteration|kernel|layer|mac
    |map|neuron|number|operation|output|param|parameter|pixel|position|px|sample|step|unit|value|weight)(e?s)?\.?$""",
    re.VERBOSE | re.IGNORECASE,
)
_LETTERS = {"K": 1, "M": 2, "B": 3}
_WORDS = {"thousand": 1, "million": 2, "billion": 3}
COUNT = Dimension(
    {
        "": (ONE,),
        "%": (Scale(Fraction(1, 100), "1/100"),),
        **{spelled: _thousands(power) for letter, power in _LETTERS.items() for spelled in (letter, letter.lower())},
        **{word: (Scale(Fraction(1000) ** power, f"1000^{power}"),) for word, power in _WORDS.items()},
        **dict.fromkeys(("x", "X", TIMES, "times", "fold", "-fold"), (ONE,)),  # of a ratio
    },
    expected="a number alone or with K, M, B, % or the name of what is counted",
    ignored=_COUNTED,
)


def without_counted(text: str) -> str:
    """A normalised text without the thing counted at its end: "160K parameters" as "160K"."""
    return _COUNTED.sub("", text).rstrip()

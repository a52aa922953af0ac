"""What a person looks for in an answer, and which of it the answer mentions.

Keywords only help to find the place. A sentence can deny what it mentions, and the best one may use other words, so they
never give or take a point, and no student sees them.
"""

import re
from collections.abc import Collection, Sequence
from functools import cache
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from grader.checks.check import Exact, Options

# A keyword of so many letters also finds longer words, as "overfit" finds "overfitting"; "net" does not find "network".
SHORTEST_STEM = 5
# Of a text in which keywords are looked for: as much as a written answer has.
LONGEST_TEXT = 10_000

_JOINT = r"[\s\u00ad\u2010-\u2015-]{0,3}"
_HYPHEN = re.compile(r"(?<=\w)[\u00ad\u2010-\u2015-]\s?(?=\w)")

Words = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class RubricItem(Options):
    """One thing that a marker looks for."""

    points: Exact = Field(gt=0)
    """What it earns; those of all items make the part's points."""
    what: Words
    """What it is, for whoever marks: "it is non-linear"."""
    keywords: tuple[Words, ...] = Field(default=(), max_length=20)
    """Words of which one may show that it is there, whatever their case and hyphens; from five letters on also as a stem."""

    @field_validator("keywords")
    @classmethod
    def _have_letters(cls, keywords: tuple[str, ...]) -> tuple[str, ...]:
        if empty := [keyword for keyword in keywords if not re.search(r"\w", keyword)]:
            raise ValueError(f"the keyword {empty[0]!r} has no letter or digit to look for")
        return keywords

    def found_in(self, text: str) -> str:
        """The first keyword that a text has; empty if it has none."""
        return self.found_among(spellings(text))

    def found_among(self, texts: Collection[str]) -> str:
        """The same for a text in all its spellings."""
        # Looking for its first word alone is quick, and most keywords are in no text.
        at_all = [word for word in self.keywords if any(_words(word)[0] in one for one in texts)]
        return next((word for word in at_all if any(_pattern(word).search(one) for one in texts)), "")


Rubric = Annotated[tuple[RubricItem, ...], Field(max_length=20)]


def suggestion(rubric: Sequence[RubricItem], text: str) -> str:
    """For a marker: 'mentions: it is non-linear ("nonlinear"); not seen: it has a slope'. Items without keywords are left out."""
    texts = spellings(text)
    looked_for = [(item.what, item.found_among(texts)) for item in rubric if item.keywords]
    seen = [f'{what} ("{word}")' for what, word in looked_for if word]
    missing = [what for what, word in looked_for if not word]
    lists = {"mentions": seen, "not seen": missing}
    return "; ".join(f"{name}: {', '.join(items)}" for name, items in lists.items() if items)


def spellings(text: str) -> set[str]:
    """A text in small letters as it is written, and without hyphens."""
    small = text.casefold()[:LONGEST_TEXT]
    return {small, _HYPHEN.sub("", small)}


@cache
def _words(keyword: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", keyword.casefold()))


@cache
def _pattern(keyword: str) -> re.Pattern[str]:
    words = _words(keyword)
    end = "" if sum(map(len, words)) >= SHORTEST_STEM else r"(?!\w)"
    return re.compile(rf"(?<!\w){_JOINT.join(map(re.escape, words))}{end}")

"""The comments by which the cells of a released notebook are known again, whatever an editor did to their ids.

In a code cell the label is the first line, "# Answer: resnet50". In a Markdown cell it is a comment that is not shown,
"<!-- Answer: dropout -->": at the head of an answer, and at the end of everything else, so that what a student wrote below a
question can be told from it.
"""

import re
from dataclasses import dataclass
from typing import Literal

LabelKind = Literal["homework", "problem", "question", "answer"]

PLACEHOLDER = "*Your answer here.*"
"""What stands where an answer is to be written; left as it is, the part is blank."""
FIGURE_HINT = "# Draw the figure here, so that it is shown below this cell."
"""What stands where a figure is to be drawn by code; left as it is, the part is blank."""

_IN_CODE = re.compile(r"\s*#\s*Answer:\s*(\w+)\s*(\n|$)")
# As it was released, or with what editors escape; every run is bounded, so that hostile text costs no more than its length.
_IN_TEXT = re.compile(
    r"(?:\\?<|&lt;)!--\s{0,20}(homework|problem|question|answer):\s{0,20}([\w\\-]{1,120}?)\s{0,20}--\\?(?:>|&gt;)",
    re.IGNORECASE,
)
_UNANSWERED = re.compile(r"^[*_ \t]{0,9}Your answer here\.?[*_ \t\r]{0,9}$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Label:
    """A label in the text of a cell."""

    kind: LabelKind
    name: str
    """Of a question and an answer the variable."""
    start: int
    end: int


def label(kind: LabelKind, name: str) -> str:
    """The label as it stands in a released Markdown cell."""
    return f"<!-- {kind.capitalize()}: {name} -->"


def labels_in(text: str) -> list[Label]:
    """The labels in a Markdown cell, in their order; a cell that was merged from others has several."""
    if "--" not in text:  # which most code does not have
        return []
    kinds: dict[str, LabelKind] = {kind: kind for kind in ("homework", "problem", "question", "answer")}
    return [
        Label(kinds[found[1].lower()], found[2].replace("\\", ""), found.start(), found.end())
        for found in _IN_TEXT.finditer(text)
    ]


def variable_of(source: str) -> str:
    """The variable whose answer cell this is by the first line of its source; empty if that has no label."""
    found = _IN_CODE.match(source)
    if found is not None:
        return found[1]
    # A Markdown cell that was made a code cell keeps the comment.
    first = next(iter(labels_in(source.lstrip()[:200])), None)
    return first.name if first is not None and first.kind == "answer" and first.start == 0 else ""


def unlabelled(source: str) -> str:
    """The source of an answer cell without what was there when it was released."""
    source = _UNANSWERED.sub(
        "", _IN_TEXT.sub("", _IN_CODE.sub("", source, count=1) if _IN_CODE.match(source) else source)
    )
    return source.replace(FIGURE_HINT, "").strip()

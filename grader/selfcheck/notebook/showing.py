"""What the self-check says, as text for a terminal and as a page within a notebook.

The page takes letters and background from what is around it, so that it fits light and dark themes without knowing which.
It has no scripts and loads nothing; without its style it is a plain table. All text is escaped, and none of it is formulas.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from textwrap import wrap

from grader.answers.plain import show_text
from grader.selfcheck.judging.judged import CheckedItem, Judgement, Standing

ABOUT = "Checked as far as your teacher allows: form, verdict or hint. Marks are given after you hand in."
NOT_HERE = 'The command "grader check notebook.ipynb" looks at the saved file, and at what is not here.'
WIDTH = 100
"""Columns of the text."""

_SIGNS = {
    Standing.RIGHT: "✓",
    Standing.NOT_RIGHT: "✗",
    Standing.READABLE: "•",
    Standing.BLANK: "–",
    Standing.UNREADABLE: "?",
    Standing.DID_NOT_RUN: "!",
    Standing.NOT_HERE: "○",
    Standing.FAULT: "?",
}
_KINDS = {Standing.RIGHT: "good", Standing.NOT_RIGHT: "bad", Standing.UNREADABLE: "bad", Standing.DID_NOT_RUN: "bad"}
_ITEM_SIGNS = {True: "✓", False: "✗", None: "•"}
_ITEM_WORDS = {True: "right", False: "not right", None: "read"}

# Mid-tones that stand out from white and from black alike; words have the colour of the notebook.
_STYLE = """
.grader-check { container-type: inline-size; max-width: 62em; line-height: 1.45; overflow-wrap: anywhere; }
.grader-check p { margin: .4em 0; }
.grader-check table { width: 100%; margin: 0; border-collapse: collapse; table-layout: auto; background: none;
  font-size: 1em; }
.grader-check tr, .grader-check tbody tr:nth-child(odd), .grader-check tbody tr:hover { background: none; }
.grader-check th, .grader-check td { padding: .5em .8em .5em 0; border: 0; border-top: 1px solid rgba(128, 128, 128, .35);
  text-align: left; vertical-align: top; font-weight: normal; line-height: inherit;
  white-space: normal; }
.grader-check th { width: 15em; }
.grader-check td.standing { width: 8em; }
.grader-check .title { display: block; font-size: .9em; }
.grader-check td div + div, .grader-check td details { margin-top: .25em; }
.grader-check ul { margin: .2em 0; padding: 0; list-style: none; }
.grader-check b { display: inline-block; min-width: 1.2em; font-weight: bold; color: #767676; }
.grader-check .good b, .grader-check b.good { color: #1a8a3c; } .grader-check .bad b, .grader-check b.bad { color: #d9342b; }
@container (max-width: 38em) {
  .grader-check th, .grader-check td, .grader-check td.standing { display: block; width: auto; padding-right: 0; }
  .grader-check td { border-top: 0; padding-top: 0; }
}
"""


def as_text(judgements: Sequence[Judgement], remarks: Sequence[str] = ()) -> str:
    """What is to be said, for a terminal; no character in it steers one.

    Args:
        judgements: one per answer.
        remarks: what there is to say besides, first.
    """
    pieces = [*map(show_text, remarks), *map(_text, judgements), *_closing(judgements)]
    return "\n".join(pieces)


def as_html(judgements: Sequence[Judgement], remarks: Sequence[str] = ()) -> str:
    """The same as HTML, to stand within a page."""
    rows = "".join(_row(one, is_open=len(judgements) == 1) for one in judgements)
    table = f"<table><tbody>{rows}</tbody></table>" if rows else ""
    first, last = ("".join(f"<p>{_safe(line)}</p>" for line in lines) for lines in (remarks, _closing(judgements)))
    # What is in these classes MathJax leaves alone: "$" is money or a name in an answer.
    classes = "grader-check tex2jax_ignore mathjax_ignore"
    return f'<div class="{classes}"><style>{_STYLE}</style>{first}{table}{last}</div>'


def _closing(judgements: Sequence[Judgement]) -> list[str]:
    if not judgements:
        return []
    counts = Counter(one.standing for one in judgements)
    summary = ", ".join(f"{counts[standing]} {standing.value}" for standing in Standing if counts[standing])
    several = [f"{len(judgements)} answers: {summary}."] if len(judgements) > 1 else []
    return [*several, *([NOT_HERE] if counts[Standing.NOT_HERE] else []), ABOUT]


def _lines(one: Judgement) -> Iterator[tuple[str, str]]:
    """What is said of an answer below its name: what it is, and the words."""
    said = (("Read as", one.read_as), ("", one.message), ("Convention", one.convention), ("Hint", one.hint))
    return ((name, words) for name, words in said if words)


def _text(one: Judgement) -> str:
    title = "" if one.title in {"", one.variable} else f" ({show_text(one.title)})"
    lines = [f"{_SIGNS[one.standing]} {show_text(one.variable)}{title}: {one.standing.value}"]
    for name, words in _lines(one):
        lines += _indented(f"{name}: {show_text(words)}" if name else show_text(words))
    lines += (f"    {_ITEM_SIGNS[item.right]} {_item_text(item)}" for item in one.items)
    return "\n".join(lines)


def _item_text(item: CheckedItem) -> str:
    return f"{show_text(item.name)}: {show_text(item.read_as)}, {_ITEM_WORDS[item.right]}"


def _indented(text: str) -> list[str]:
    return [f"    {line}" for part in text.splitlines() for line in wrap(part, WIDTH - 4)]


def _row(one: Judgement, *, is_open: bool) -> str:
    title = "" if one.title in {"", one.variable} else f'<span class="title">{_safe(one.title)}</span>'
    name = f'<th scope="row"><code>{_safe(one.variable)}</code>{title}</th>'
    kind = _KINDS.get(one.standing, "")
    standing = f'<td class="standing {kind}"><b aria-hidden="true">{_SIGNS[one.standing]}</b> {one.standing.value}</td>'
    said = "".join(f"<div>{name and f'{name}: '}{_safe(words)}</div>" for name, words in _lines(one))
    return f"<tr>{name}{standing}<td>{said}{_items(one.items, is_open=is_open)}</td></tr>"


def _items(items: Sequence[CheckedItem], *, is_open: bool) -> str:
    if not items:
        return ""
    counts = Counter(_ITEM_WORDS[item.right] for item in items)
    summary = ", ".join(f"{count} {words}" for words, count in counts.items())
    rows = "".join(f"<li>{_item_sign(item)} {_safe(_item_text(item))}</li>" for item in items)
    return f"<details{' open' * is_open}><summary>{len(items)} items: {summary}</summary><ul>{rows}</ul></details>"


def _item_sign(item: CheckedItem) -> str:
    kind = {True: "good", False: "bad", None: ""}[item.right]
    return f'<b class="{kind}" aria-hidden="true">{_ITEM_SIGNS[item.right]}</b>'


def _safe(text: str) -> str:
    return escape(show_text(text)).replace("\n", "<br>")

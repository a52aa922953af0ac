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

ABOUT = "Marks are given after you hand in."
NOT_TOLD = "Readable: it can be read. Whether it is right is not told before you hand in."
MAY_COUNT = "What is not right may still earn points, such as what follows rightly from an earlier answer of yours."
NOT_HERE = (
    "A running notebook does not see its text cells and pictures: {names}. "
    'The command "grader check notebook.ipynb" looks at them in the saved file.'
)
WIDTH = 100
"""Columns of the text."""

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
    pieces = [*map(show_text, remarks), *map(_text, _shown(judgements)), *map(show_text, _closing(judgements))]
    return "\n".join(pieces)


def as_html(judgements: Sequence[Judgement], remarks: Sequence[str] = ()) -> str:
    """The same as HTML, to stand within a page."""
    rows = "".join(_row(one, is_open=len(judgements) == 1) for one in _shown(judgements))
    table = f"<table><tbody>{rows}</tbody></table>" if rows else ""
    first, last = ("".join(f"<p>{_safe(line)}</p>" for line in lines) for lines in (remarks, _closing(judgements)))
    # What is in these classes MathJax leaves alone: "$" is money or a name in an answer.
    classes = "grader-check tex2jax_ignore mathjax_ignore"
    return f'<div class="{classes}"><style>{_STYLE}</style>{first}{table}{last}</div>'


def _shown(judgements: Sequence[Judgement]) -> list[Judgement]:
    """Of several those that are here; the names of the others stand below."""
    here = [one for one in judgements if one.standing is not Standing.NOT_HERE]
    return here if len(judgements) > 1 else list(judgements)


def _closing(judgements: Sequence[Judgement]) -> list[str]:
    if not judgements:
        return []
    counts = Counter(one.standing for one in judgements)
    summary = ", ".join(f"{counts[standing]} {standing.value}" for standing in Standing if counts[standing])
    elsewhere = [one.variable for one in judgements if one.standing is Standing.NOT_HERE]
    lines = {
        f"{len(judgements)} answers: {summary}.": len(judgements) > 1,
        NOT_HERE.format(names=", ".join(elsewhere)): bool(elsewhere),
        NOT_TOLD: bool(counts[Standing.READABLE]),
        MAY_COUNT: bool(counts[Standing.NOT_RIGHT]),
        ABOUT: len(judgements) > 1,
    }
    return [line for line, is_said in lines.items() if is_said]


def _lines(one: Judgement) -> Iterator[tuple[str, str]]:
    """What is said of an answer below its name: what it is, and the words."""
    said = (("Read as", one.read_as), ("", one.message), ("Convention", one.convention), ("Hint", one.hint))
    return ((name, words) for name, words in said if words)


def _text(one: Judgement) -> str:
    title = "" if one.title in {"", one.variable} else f" ({show_text(one.title)})"
    lines = [f"{one.standing.sign} {show_text(one.variable)}{title}: {one.standing.value}"]
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
    standing = f'<td class="standing {kind}"><b aria-hidden="true">{one.standing.sign}</b> {one.standing.value}</td>'
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

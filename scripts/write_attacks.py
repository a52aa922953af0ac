"""Writes docs/attacks.md: every attack that the tests make, and what is expected to become of it.

Run this again after the catalogue has changed:

    python scripts/write_attacks.py
"""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from tests.attacks.attack import FINE, Attack
from tests.attacks.catalogue import ATTACKS, ELSEWHERE, MOST_KIB
from tests.attacks.handing import HANDED, NOT_A_NOTEBOOK

PAGE = Path(__file__).resolve().parent.parent / "docs" / "attacks.md"
INTRODUCTION = """# Attacks

Generated from the catalogue in `tests/attacks/` by `scripts/write_attacks.py`. Each row is a notebook or a file that the tests
hand in through the command line, for every isolation tier that the machine offers: with others like it, and the loudest of
them eight at a time beside honest notebooks, whose grades and rows of the gradebook must not differ by a byte from a run
without them. After each run no process, file, mount, queue or control group is left, the grader's own memory has stayed below
{memory} MiB, its token and the reference answers stand in no result, and its listeners have heard nothing.

An attack is the second of three cells. Unless the table says otherwise, the answers of the first and the third are right
afterwards. *Refused* means that each thing it tries, which the test lists, fails inside the kernel. Where several ends are
named, which of them comes about depends on the tier and the machine.
"""
_WORDS = {
    FINE: "the cell runs to its end",
    "timeout seconds_per_cell": "stopped after the cell's time",
    "died kernel": "ends its own kernel",
    "died protocol": "ended: cannot be understood",
}


def page() -> str:
    """The whole page."""
    return "\n".join(
        [INTRODUCTION.format(memory=MOST_KIB // 1024), *_running(), *_handed(), *_residual(), *_elsewhere(), ""]
    )


def _running() -> Iterator[str]:
    yield "## By what a notebook does\n"
    yield "| row | the notebook | what becomes of the cell |"
    yield "|---|---|---|"
    for attack in sorted(ATTACKS, key=lambda attack: attack.number):
        yield f"| {attack.number} | {attack.what} | {_end(attack)} |"
    yield ""


def _end(attack: Attack) -> str:
    """What is expected, in words."""
    ends = [_words(fate) for fate in sorted(attack.fates, key=lambda fate: (fate != FINE, fate))]
    if attack.attempts:
        ends = ["refused", *(end for end in ends if end != _WORDS[FINE])]
    answers = [f"`{part}` is {' or '.join(sorted(outcomes))}" for part, outcomes in attack.answers.items()]
    return "; ".join(["; or ".join(dict.fromkeys(ends)), *answers])


def _words(fate: str) -> str:
    kind, _, name = fate.partition(" ")
    return _WORDS.get(fate) or (name if kind == "error" else f"ended by the limit `{name}`")


def _handed() -> Iterator[str]:
    yield "## By the file that is handed in\n"
    yield "| row | the file | what becomes of it |"
    yield "|---|---|---|"
    for handed in HANDED:
        end = "refused with a reason" if handed.status == NOT_A_NOTEBOOK else "graded as what it is"
        yield f"| {handed.number} | {handed.what} | {end} |"
    yield ""


def _residual() -> Iterator[str]:
    yield "## What a tier is known to let through\n"
    found = sorted({(tier, name) for attack in ATTACKS for tier, names in attack.residual.items() for name in names})
    for tier, names in groupby(found, key=lambda pair: pair[0]):
        yield f"- **{tier}**: {', '.join(name for _, name in names)}"
    yield ""


def _elsewhere() -> Iterator[str]:
    yield "## Tested elsewhere, or not yet\n"
    yield "| row | what | where |"
    yield "|---|---|---|"
    for number, (what, where) in ELSEWHERE.items():
        yield f"| {number} | {what} | {where} |"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()

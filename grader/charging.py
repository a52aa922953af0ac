"""What mistakes cost: a mistake that explains several parts of a problem is paid for once."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from math import prod

from grader.checks.check import RIGHT
from grader.crediting import Mark
from grader.explaining import Explanation
from grader.mistake_words import comes_out_when, one_of
from grader.problem_file import Mistake

Mistakes = Mapping[str, Mistake]


def charge(marks: Mapping[str, Mark], mistakes: Mistakes) -> dict[str, Mark]:
    """The marks of a problem, with words and credit for those that mistakes explain; credit is never lowered.

    Of several explanations of a part the one is taken that other parts show on their own; where none is, all are named
    and the cheapest is charged.

    Args:
        marks: by part, in the order of the problem.
        mistakes: the problem's known mistakes.
    """
    if not any(mark.explained_by for mark in marks.values()):
        return dict(marks)
    # A mistake is only paid for by a whole answer: else one cell of a table would buy the rest of the problem.
    alone = (mark.explained_by[0].mistakes for mark in marks.values() if len(mark.explained_by) == 1)
    shown = {name for names in alone for name in names}
    charged, paid, doubted = dict(marks), set[str](), set[frozenset[tuple[str, ...]]]()
    for part, mark in marks.items():
        candidates = [e for e in mark.explained_by if set(e.mistakes) <= shown] or list(mark.explained_by)
        whole = mark.match.given == RIGHT
        if len(candidates) == 1:
            charged[part] = _explained(mark, candidates[0], mistakes, paid)
            paid |= set(candidates[0].mistakes) if whole else set()
        elif candidates:
            same = frozenset(e.mistakes for e in candidates)
            charged[part] = _ambiguous(mark, candidates, mistakes, repeated=same in doubted)
            doubted |= {same} if whole else set()
    return charged


def _explained(mark: Mark, explanation: Explanation, mistakes: Mistakes, paid: set[str]) -> Mark:
    costing = [n for n in explanation.mistakes if n not in paid or mistakes[n].costs == "each"]
    left = _left(costing, mistakes)
    what = _what(explanation, mistakes)
    hint = ""
    if costing:
        hint = " ".join(mistakes[name].hint for name in explanation.mistakes).strip()
        message = comes_out_when(what, certain=explanation.certain)
    else:
        message = f"The same as before: {what}. It costs once, so this part earns its points."
    return _credited(mark, left, "+".join(explanation.mistakes), message, hint)


def _ambiguous(mark: Mark, candidates: list[Explanation], mistakes: Mistakes, *, repeated: bool) -> Mark:
    left = RIGHT if repeated else max(_left(e.mistakes, mistakes) for e in candidates)
    words = one_of([_what(e, mistakes) for e in candidates])
    certain = all(e.certain for e in candidates)
    why = "|".join("+".join(e.mistakes) for e in candidates)
    message = f"The same as before: {words}. It costs once." if repeated else comes_out_when(words, certain=certain)
    return _credited(mark, left, why, message)


def _credited(mark: Mark, left: Fraction, why: str, message: str, hint: str = "") -> Mark:
    """What a mistake leaves is left of what was given."""
    return replace(mark, credit=max(mark.credit, left * mark.match.given), why=why, message=message, hint=hint)


def _left(names: Iterable[str], mistakes: Mistakes) -> Fraction:
    """What is left after several mistakes; each takes its share of what the others leave."""
    return prod((mistakes[name].credit for name in names), start=RIGHT)


def _what(explanation: Explanation, mistakes: Mistakes) -> str:
    return " and ".join(mistakes[name].what for name in explanation.mistakes)

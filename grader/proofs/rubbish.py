"""Nonsense is never right, whatever a part asks for."""

from collections.abc import Iterator
from typing import Any

from grader.answers.plain import show
from grader.proofs.flaw import Flaw, Tried
from grader.proofs.trial import Trial, earned
from grader.records import Outcome

_FAULTS = {Outcome.PROBLEM_FAULT, Outcome.GRADER_FAULT}

_ALONE: tuple[Any, ...] = (
    # nothing
    None, ..., "", "   ", "TODO", [], {}, [[], [[]]], {"": None},
    # words
    "about as much as before", "see above", "nan", "None of these, I think", "\N{SHRUG}", "\u202e1,5\u202c", "\ud800", "x" * 20_000,
    "print(answer)", "__import__('os').system('true')", "<script>alert(1)</script>", "' OR 1=1 --", "\x1b[2J\x00",
    # numbers that are none
    "9**9**9", "1,5 GB", "12,34,567", "1.2.3", "0x", "1e999999999", "--5", "1/0", "10 bananas", "5 5 5", "\u0661\u066b\u0665 GB",
    float("nan"), float("inf"), float("-inf"), 10**400, -(10**400), complex("nan"), 1j,
    # things
    b"\x00\xff", object(), type, len, range(3), frozenset({1}), {"no such row": 1}, {("a", 1): {"b": []}}, {1: 2, None: 3},
    [[[[[[[[[[1]]]]]]]]]], [None] * 3, ["?", {}], [float("nan")] * 6, ["a"] * 1000,
)  # fmt: skip


def nonsense(trial: Trial, part: str) -> Tried:
    """Every piece of nonsense, alone and as the members of an answer of the right form, earns nothing and breaks nothing."""
    for thing in _all(trial, part):
        verdict = trial.mark_one(part, thing)
        earns = verdict.outcome is Outcome.CORRECT or bool(verdict.points)
        words = f"the nonsense {verdict.answer or _shown(thing)} earns {earned(verdict)}; this is a fault of its kind"
        yield Flaw(f"parts.{part}", words) if earns or verdict.outcome in _FAULTS else None


def _all(trial: Trial, part: str) -> Iterator[Any]:
    check = trial.problem.parts[part].check
    right = check.right_answers(trial.collisions.accepted(part)[0].value)
    for thing in _ALONE:
        yield thing
        for form in right[:1]:
            if isinstance(form, dict):
                yield dict.fromkeys(form, thing)
            if isinstance(form, list | tuple):
                yield [thing] * len(form)


def _shown(thing: Any) -> str:
    return show(thing) if isinstance(thing, str) else f"of type {type(thing).__name__}"

"""Nonsense is never right, whatever a part asks for."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from grader.answers.plain import show
from grader.handing_in import readings_of
from grader.proofs.flaw import Flaw, Tried
from grader.proofs.trial import Trial, earned
from grader.records import Outcome

_ALONE: tuple[Any, ...] = (
    # nothing
    None, ..., "", "   ", "TODO", [[], [[]]], {"": None},
    # words
    "about as much as before", "see above", "nan", "None of these, I think", "\N{SHRUG}", "\ud800", "x" * 20_000,
    "print(answer)", "__import__('os').system('true')", "<script>alert(1)</script>", "' OR 1=1 --", "\x1b[2J\x00",
    # numbers that are none
    "9**9**9", "1.2.3", "1e999999999", "1/0", "10 bananas", float("nan"), complex("nan"), 1j,
    # things
    b"\x00\xff", object(), type, len, {"no such row": 1}, {("a", 1): {"b": []}}, {1: 2, None: 3},
    [None] * 3, ["?", {}], [float("nan")] * 6, ["a"] * 1000,
)  # fmt: skip
# What is nonsense nearly everywhere, and all that it may mean: where one of that is accepted, it may earn something.
_SELDOM: tuple[tuple[Any, tuple[Any, ...]], ...] = (
    ([], ([],)), ({}, ([],)),
    ("\u202e1,5\u202c", (1.5, [1, 5])), ("1,5 GB", ("1.5 GB", ["1", "5 GB"])), ("\u0661\u066b\u0665 GB", ("1.5 GB",)),
    ("12,34,567", ([12, 34, 567],)), ("0x", (0,)), ("--5", (5,)), ("5 5 5", ([5, 5, 5],)),
    *((number, (number,)) for number in (float("inf"), float("-inf"), 10**400, -(10**400))),
    (range(3), ([0, 1, 2],)), (frozenset({1}), (1, [1])), ([[[[[[[[[[1]]]]]]]]]], (1,)),
)  # fmt: skip


def nonsense(trial: Trial, part: str) -> Tried:
    """Every piece of nonsense, alone and as the members of an answer of the right form, earns nothing and breaks nothing.

    Nothing is held against a part for what is no nonsense there, such as the word "nan" where it is an option.
    """
    for thing, meanings in _all(trial, part):
        verdict = trial.mark_one(part, thing)
        earns = verdict.outcome is Outcome.CORRECT or bool(verdict.points)
        earns = earns and not _makes_sense(trial, part, thing, meanings)
        words = f"the nonsense {verdict.answer or _shown(thing)} earns {earned(verdict)}; this is a fault of its kind"
        yield Flaw(f"parts.{part}", words) if earns or verdict.outcome.is_fault else None


def _all(trial: Trial, part: str) -> Iterator[tuple[Any, list[Any]]]:
    """Each piece in each form, with what it may mean in that form."""
    forms = [lambda thing: thing, *_forms(trial, part)]
    for thing, meanings in (*((thing, ()) for thing in _ALONE), *_SELDOM):
        for form in forms:
            yield form(thing), [form(meaning) for meaning in meanings]


def _forms(trial: Trial, part: str) -> Iterator[Callable[[Any], Any]]:
    """How a thing becomes all members of an answer; not of one that has none."""
    check = trial.problem.parts[part].check
    for right in check.right_answers(trial.collisions.accepted(part)[0].value)[:1]:
        if right and isinstance(right, dict):
            yield partial(dict.fromkeys, right)
        if right and isinstance(right, list | tuple):
            yield partial(_repeated, len(right))


def _repeated(members: int, thing: Any) -> list[Any]:
    return [thing] * members


def _makes_sense(trial: Trial, part: str, thing: Any, meanings: Iterable[Any]) -> bool:
    """Whether it means something that the part accepts, in all or in part, or holds one of the labels of a right answer."""
    check = trial.problem.parts[part].check
    for accepted in trial.collisions.accepted(part):
        readings = (reading for meaning in meanings for reading in readings_of(check, meaning))
        if any(check.compare(reading, accepted.value).credit for reading in readings):
            return True
        if not _labels(thing).isdisjoint(_labels(list(check.right_answers(accepted.value)))):
            return True
    return False


def _labels(thing: Any) -> frozenset[str]:
    """The texts in it, as labels are compared: letters and digits alone. A label such as "nan" may be given as a float."""
    if isinstance(thing, dict | list | tuple):
        members = thing.values() if isinstance(thing, dict) else thing
        return frozenset().union(*map(_labels, members))
    label = "".join(filter(str.isalnum, str(thing).casefold())) if isinstance(thing, str | float) else ""
    return frozenset({label} - {""})


def _shown(thing: Any) -> str:
    return show(thing) if isinstance(thing, str) else f"of type {type(thing).__name__}"

"""Standings of a class, made by hand."""

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from grader.course import Homework
from grader.records import FailureKind, Outcome, Status
from grader.reports.points import Totals, percent_text, points_text
from grader.reports.standing import PartStanding, Standing, Stopped
from tests.reports.grades import homework

WARMUP = "hw4_warmup"
"""Three parts, of 2, 2 and 1 points."""


def part(share: float | None, finding: str = "", **fields: Any) -> PartStanding:
    """One part; None waits for a person."""
    outcome = Outcome.AWAITS_REVIEW if share is None else Outcome.PARTIAL
    outcome = {0.0: Outcome.INCORRECT, 1.0: Outcome.CORRECT}.get(share, outcome) if share is not None else outcome
    return PartStanding(**{"outcome": outcome, "share": share, "finding": finding or outcome, **fields})


def blank() -> PartStanding:
    return PartStanding(Outcome.BLANK, 0.0, Outcome.BLANK)


def one(student: str, *parts: PartStanding | None, name: str = WARMUP, **fields: Any) -> Standing:
    """A student; the totals come from the parts."""
    asked = [problem.parts[each] for problem, each in homework(name).parts]
    shares = [
        (Fraction(has.share).limit_denominator(1000), of)
        for has, of in zip(parts, asked, strict=True)
        if has and has.share is not None
    ]
    total = sum((share * of.points for share, of in shares), Fraction(0))
    decided = sum((of.points for _, of in shares if not of.extra), Fraction(0))
    waiting = sum((of.points for has, of in zip(parts, asked, strict=True) if has and has.share is None), Fraction(0))
    return Standing(
        **{
            "student": student,
            "status": Status.NEEDS_REVIEW if waiting else Status.GRADED,
            "note": "",
            "totals": Totals(
                points_text(total) if shares else "",
                percent_text(total, decided),
                points_text(waiting) if waiting else "",
            ),
            "max_points": sum((of.points for of in asked if not of.extra), Fraction(0)),
            "outcomes": {},
            "row": (student,),
            "late": "",
            "seconds": 0.5,
            "total": total,
            "parts": parts,
            "stopped": (),
            "isolation": "A",
            **fields,
        }
    )


def apart(student: str, status: Status, outcome: Outcome, note: str, name: str = WARMUP) -> Standing:
    """Somebody whose notebook was not marked: every part has the same outcome."""
    share = None if outcome.pending else 0.0
    parts = [PartStanding(outcome, share, outcome) for _ in homework(name).parts]
    return one(student, *parts, name=name, status=status, note=note, isolation="", seconds=0.0)


def warmup(*shares: Sequence[float | None]) -> list[Standing]:
    """A student for each row of shares of the three parts."""
    return [one(f"s{number:02}", *map(part, row)) for number, row in enumerate(shares)]


def made_up_class(size: int, name: str = "hw5_networks", seed: int = 1) -> list[Standing]:
    """A class as large as that, with everything that may happen."""
    chance = random.Random(seed)  # noqa: S311 - the same class every time
    asked = homework(name)
    students = [_made_up(f"student-{number:05}", asked, chance) for number in range(size)]
    odd = [
        (Status.NO_SUBMISSION, Outcome.BLANK, "Nothing was handed in."),
        (Status.OTHER_HOMEWORK, Outcome.AWAITS_REVIEW, "This notebook answers hw9, not this; hand in the right one."),
        (Status.NOT_A_NOTEBOOK, Outcome.UNREADABLE, "x.ipynb is not JSON (line 1); open it and save it"),
        (
            Status.FAULT,
            Outcome.GRADER_FAULT,
            "The grader failed (KeyError); this costs the student nothing. Grade again.",
        ),
    ]
    for number, (status, outcome, note) in enumerate(odd):
        for place in range(number, size, 97):
            students[place] = apart(students[place].student, status, outcome, note, name)
    return students


def _made_up(student: str, asked: Homework, chance: random.Random) -> Standing:
    skill = chance.random()
    parts = [_made_up_part(problem.spec.mistakes, skill, chance) for problem, _ in asked.parts]
    stopped = (Stopped(FailureKind.ERROR, chance.choice(["NameError", "ValueError", "KeyError"]), ""),)
    made = one(student, *parts, name=asked.name, seconds=chance.expovariate(0.2))
    return replace(made, stopped=stopped if chance.random() < 0.1 else (), late="late" if chance.random() < 0.1 else "")


def _made_up_part(mistakes: Sequence[str] | Any, skill: float, chance: random.Random) -> PartStanding:
    luck = chance.random()
    if luck < skill:
        return part(1.0, "correct")
    if luck < skill + 0.1:
        return blank()
    if luck < skill + 0.15:
        return part(None)
    if luck < skill + 0.3 and mistakes:
        return part(0.5, chance.choice(list(mistakes)))
    value = str(int(chance.paretovariate(0.5)))
    return part(0.0, f"unexplained={value}", unexplained=value)

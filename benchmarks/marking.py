"""How long reading and marking takes, without running any code: a class's recorded answers on a homework of many parts.

Every answer of every student is drawn anew: right in some spelling, right under another convention, what a known mistake
leads to, a number that nobody foresaw, text that cannot be read, or nothing.

Usage: python benchmarks/marking.py [SUBMISSIONS] [PROCESSES] [PARTS]
"""

import gc
import json
import os
import platform
import random
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

from pydantic_core import from_json

from grader import Answer, Marker, Problem, load_course
from grader.checks.check import Encoded
from grader.kernels.inside import encode

ROOT = Path(__file__).resolve().parent.parent
# How often an answer is of which sort, in percent.
SORTS = {"right": 60, "convention": 5, "mistake": 15, "unforeseen": 10, "unreadable": 4, "blank": 6}
BATCH = 250  # submissions handed to a process at a time

# One student's answers as they are recorded: JSON text of the captured data by variable.
Sheet = str


@cache
def problems(parts: int) -> tuple[Problem, ...]:
    """Whole problems of the course, in order, as many as have so many parts together; those without networks, which a kernel describes."""
    chosen: dict[str, Problem] = {}
    for homework in load_course(ROOT).homeworks.values():
        for problem in homework.problems:
            has_model = any(part.check.has_many_answers for part in problem.parts.values())
            so_far = sum(len(other.parts) for other in chosen.values())
            if so_far + len(problem.parts) <= parts and not has_model:
                chosen[problem.name] = problem
    return tuple(chosen.values())


@cache
def markers(parts: int) -> tuple[Marker, ...]:
    """What is worked out once in each process."""
    return tuple(Marker(problem) for problem in problems(parts))


def sheet(number: int, parts: int) -> Sheet:
    """The answers of one made-up student."""
    return json.dumps(sheet_of(problems(parts), number))


def sheet_of(asked: Iterable[Problem], number: int) -> dict[str, Any]:
    """By variable, as a kernel hands them over."""
    chance = random.Random(number)  # noqa: S311 - the same class every time
    answers: dict[str, Any] = {}
    for problem in asked:
        convention = chance.choice(problem.assignments)
        for part in problem.parts:
            sort = chance.choices(list(SORTS), list(SORTS.values()))[0]
            value = _answer(problem, part, sort, convention, chance)
            answers[problem.variable(part)] = value.data if isinstance(value, Encoded) else encode(value)
    return answers


def _answer(problem: Problem, part: str, sort: str, convention: Mapping[str, Any], chance: random.Random) -> Any:
    check = problem.parts[part].check
    if sort in {"blank", "unreadable"}:
        return ... if sort == "blank" else f"about {chance.randint(2, 10**6)} or so?"
    if check.reads_anything:
        return f"Because of the {chance.randint(2, 10**6)} parameters, and since it regularises."
    assume = dict(convention) if sort == "convention" else {}
    if sort == "mistake" and problem.spec.mistakes:
        assume |= chance.choice(list(problem.spec.mistakes.values())).assume
    try:
        expected = problem.expected(part, assume)
    except Exception:  # noqa: BLE001 - some mistakes lead nowhere
        expected = problem.expected(part, {})
    if sort == "unforeseen":
        if isinstance(expected, int | float | Fraction) and not isinstance(expected, bool):
            return type(expected)(expected * chance.randint(300, 3000) / 1000)
        return chance.choice(list(check.wrong_answers(expected)) or [...])
    return chance.choice(list(check.right_answers(expected)) or [...])


def settle() -> None:
    """What is there stays, and what marking makes has no cycles to look for."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def mark_all(sheets: list[Sheet], parts: int) -> int:
    """Reads and marks a batch, and counts the verdicts."""
    verdicts = 0
    for text in sheets:
        answers = {name: Answer(variable=name, data=data) for name, data in from_json(text).items()}
        verdicts += sum(len(marker.mark(answers)) for marker in markers(parts))
    return verdicts


def main() -> None:
    """Prints the time for a class, and for one submission."""
    submissions, processes, parts = (int(given) for given in ([*sys.argv[1:], "10000", str(os.cpu_count()), "30"][:3]))
    sheets = [sheet(number, parts) for number in range(submissions)]
    asked = sum(len(problem.parts) for problem in problems(parts))
    print(f"Python {platform.python_version()}, {platform.machine()}; {submissions} submissions of {asked} parts")
    started = perf_counter()
    mark_all(sheets[:100], parts)
    print(f"the first 100, hypotheses solved on the way: {perf_counter() - started:.2f} s")
    started = perf_counter()
    mark_all(sheets[:1000], parts)
    print(f"one process: {(perf_counter() - started) / min(submissions, 1000) * 1e3:.2f} ms a submission")
    batches = [sheets[start : start + BATCH] for start in range(0, submissions, BATCH)]
    started = perf_counter()
    with ProcessPoolExecutor(processes, initializer=settle) as pool:
        verdicts = sum(pool.map(mark_all, batches, [parts] * len(batches)))
    print(f"{processes} processes: {perf_counter() - started:.2f} s for all, {verdicts} verdicts; their start is in it")


if __name__ == "__main__":
    main()

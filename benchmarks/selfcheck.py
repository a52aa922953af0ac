"""What the self-check costs: its import, a guess, sealing a homework, and checking a sheet of right and of wrong answers.

Usage: python -m benchmarks.selfcheck [REPEATS]
"""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.marking import ROOT
from grader import Answer, load_course
from grader.check_level import CheckLevel
from grader.course import Homework
from grader.kernels.inside import encode
from grader.selfcheck.judging.judging import judge
from grader.selfcheck.keys.locking import stretched
from grader.selfcheck.keys.sealed import Cost, SealedHomework
from grader.selfcheck.making.sealing import seal
from grader.selfcheck.making.strength import seconds_of_a_guess

# Goals: what students wait for, and what somebody waits who tries a million answers on a laptop of eight processors.
MOST_SECONDS_TO_IMPORT = 0.3
FEWEST_HOURS_FOR_A_MILLION = 1.0
PROCESSORS = 8
A_MILLION = 10**6


def seconds(work: Callable[[], object], repeats: int) -> list[float]:
    """How long each of some rounds takes."""
    found = []
    for _ in range(repeats):
        before = perf_counter()
        work()
        found.append(perf_counter() - before)
    return found


def imported(code: str) -> None:
    """Runs code in a Python of its own."""
    subprocess.run([sys.executable, "-c", code], check=True)


def sheet(homework: Homework, wrong: bool) -> dict[str, Answer]:  # noqa: FBT001 - right or wrong
    """The reference's answer to each part that has one, or one that is just beyond its tolerance."""
    found = {}
    for problem, part in homework.parts:
        check: Any = problem.parts[part].check
        if check.solved and not check.has_many_answers:
            expected = problem.expected(part, problem.assignments[0])
            given = (check.wrong_answers if wrong else check.right_answers)(expected)[0]
            variable = problem.variable(part)
            found[variable] = Answer(variable=variable, data=encode(given))
    return found


def checked(sealed: SealedHomework, answers: dict[str, Answer]) -> None:
    """Judges a sheet as if nothing had been guessed before."""
    stretched.cache_clear()
    judge(sealed, answers)


def shown(what: str, times: list[float]) -> None:
    """A line of results."""
    print(f"{what:58} {median(times):8.3f} s   ({min(times):.3f} to {max(times):.3f})", flush=True)


def main() -> None:
    """Measures, and fails if a goal is missed."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    start = seconds(lambda: imported("pass"), 3 * repeats)
    shown("an empty Python", start)
    own = seconds(lambda: imported("from grader import check"), 3 * repeats)
    shown("from grader import check, Python's start included", own)
    shown(
        "all that the first check loads, the same",
        seconds(lambda: imported("import grader.selfcheck.notebook.live"), repeats),
    )
    guesses = [seconds_of_a_guess(Cost()) for _ in range(3 * repeats)]
    shown("a guess, on one processor", guesses)
    hours = A_MILLION * median(guesses) / 3600
    print(f"{'a million guesses':58} {hours:8.1f} h   on one processor, {hours / PROCESSORS:.1f} h on {PROCESSORS}")
    for homework in load_course(ROOT).homeworks.values():
        all_told = replace(homework, self_check=CheckLevel.HINT)
        shown(f"{homework.name}: sealed, hints and all", seconds(lambda one=all_told: seal(one), 1))  # type: ignore[misc]
        sealed = seal(all_told)
        print(f"{f'{homework.name}: the file':58} {len(sealed.model_dump_json()) / 1000:8.0f} kB")
        for wrong, word in ((False, "right"), (True, "wrong")):
            answers = sheet(homework, wrong)
            times = seconds(lambda s=sealed, a=answers: checked(s, a), repeats)  # type: ignore[misc]
            shown(f"{homework.name}: check() of {len(answers)} {word} answers", times)
    missed = median(own) > MOST_SECONDS_TO_IMPORT or hours / PROCESSORS < FEWEST_HOURS_FOR_A_MILLION
    sys.exit("missed a goal" if missed else 0)


if __name__ == "__main__":
    main()

"""`grader validate`: proves problems and prints what came out."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from grader.collision_table import collision_table
from grader.console import inert, out_console
from grader.course import Course, Problem
from grader.errors import InputError
from grader.proof_table import WIDTH, explained, proof_table, verdict
from grader.proofs.proving import Proven, prove


def all_proven(course: Course, named: Sequence[Path], *, matrix: bool) -> bool:
    """Proves the problems of these names or folders, or all of the course; whether none has a flaw.

    Args:
        course: whose problems.
        named: names or folders.
        matrix: whether every mistake's value is shown.
    """
    proven = [_proven(problem, matrix=matrix) for problem in _chosen(course, named)]
    return not any(one.flaws for one in proven)


def _chosen(course: Course, named: Sequence[Path]) -> list[Problem]:
    """The problems of these names or folders, or all of the course."""
    there = {problem.name: problem for homework in course.homeworks.values() for problem in homework.problems}
    names = [path.parent.name if path.name == "problem.toml" else path.name for path in named]
    if unknown := [name for name in names if name not in there]:
        raise InputError(f"no homework in {course.root} has a problem {unknown[0]!r}; there is: {', '.join(there)}")
    return [there[name] for name in names or there]


def _proven(problem: Problem, *, matrix: bool) -> Proven:
    """Proves a problem and says what came out."""
    proven = prove(problem)
    console = Console(highlight=False, emoji=False, width=None if out_console.is_terminal else WIDTH)
    console.print(proof_table(proven))
    for part in problem.parts if matrix else ():
        console.print("", collision_table(proven.trial.collisions, part), sep="\n")
    for line in explained(proven):
        out_console.print(f"[dim]explained: {line}[/]", soft_wrap=True)
    for flaw in proven.flaws:
        sort = "[bold yellow]warning:[/]" if flaw.warning else "[bold red]error:[/]"
        out_console.print(f"{sort} {inert(f'{problem.file}: {flaw}')}", soft_wrap=True)
    out_console.print(f"{verdict(proven)}\n", soft_wrap=True)
    return proven

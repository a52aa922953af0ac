"""Which part of a homework is meant."""

from collections.abc import Collection

from grader.course import Homework
from grader.errors import InputError


def place_named(homework: Homework, name: str) -> tuple[str, str]:
    """The problem and part of a name: "problem.part", or "part" where only one problem has it.

    Raises:
        InputError: there is none, or several; with the names there are.
    """
    names = {f"{problem.name}.{part}": (problem.name, part) for problem, part in homework.parts}
    if name in names:
        return names[name]
    candidates = [full for full, (_, part) in names.items() if part == name]
    if len(candidates) == 1:
        return names[candidates[0]]
    if candidates:
        raise InputError(f"several problems have a part {name!r}: name it as {' or '.join(candidates)}")
    raise InputError(f"{homework.name} has no part {name!r}; there is: {', '.join(names)}")


def places_named(homework: Homework, names: Collection[str]) -> set[tuple[str, str]]:
    """Those of several names; all there are if no name is given."""
    if not names:
        return {(problem.name, part) for problem, part in homework.parts}
    return {place_named(homework, name) for name in names}

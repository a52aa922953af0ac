"""What things in a course may be called, so that their names can stand in ids, headings and findings and be assigned to."""

import builtins
import keyword
import re
from pathlib import Path

from grader.errors import ProblemError
from grader.problem_file import ProblemFile
from grader.records import Outcome

# Names become ids of cells in the released notebook ("question-" and the name), which nbformat limits to these and to 64.
_ID = re.compile(r"[A-Za-z0-9_-]{1,55}")
ID_RULE = "is no name made of at most 55 letters, digits, hyphens and underscores"
# Names of parts stand in headings of the statement, and names of mistakes in findings, between commas and bars.
_WORD = re.compile(r"\w+")
_WORD_RULE = "is no name made of letters, digits and underscores; rename it"
# What a finding says where it names no mistake.
_FINDINGS = frozenset({"unexplained", *Outcome})


def is_id(name: str) -> bool:
    """Whether a name makes the id of a cell."""
    return bool(_ID.fullmatch(name))


def check_naming(file: Path, spec: ProblemFile) -> None:
    """Parts, mistakes and variables have names that can be used where they are used.

    Raises:
        ProblemError: the first one that has not.
    """
    for table, names in (("parts", spec.parts), ("mistakes", spec.mistakes)):
        if odd := [name for name in names if not _WORD.fullmatch(name)]:
            raise ProblemError(file, f"{table}.{odd[0]}", f"{odd[0]!r} {_WORD_RULE}")
    if taken := [name for name in spec.mistakes if name in _FINDINGS]:
        raise ProblemError(file, f"mistakes.{taken[0]}", "is what findings say without a mistake; rename it")
    for part, asked in spec.parts.items():
        if trouble := _trouble_of(asked.variable or part):
            raise ProblemError(file, f"parts.{part}.variable", trouble)


def _trouble_of(variable: str) -> str:
    """What is wrong with the name of a variable."""
    if not is_id(variable) or not variable.isidentifier() or keyword.iskeyword(variable):
        return f"{variable!r} {ID_RULE} that Python can assign to"
    if hasattr(builtins, variable):
        return f"{variable!r} is a name of Python's own, which students need; choose another"
    return ""

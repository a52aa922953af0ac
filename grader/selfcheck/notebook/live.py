"""What a running notebook has of the answers that are asked for, encoded as in grading, and what is to be said of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from grader.answers.plain import show
from grader.errors import InputError
from grader.kernels.inside import Capture
from grader.kernels.inside_flow import Flow
from grader.kernels.inside_model import Describer
from grader.records import ANSWERS_MIME, Answer, Asked
from grader.selfcheck.judging.judged import Judgement, Standing
from grader.selfcheck.judging.judging import judge
from grader.selfcheck.keys.key_choice import best_key
from grader.selfcheck.keys.sealed import SealedHomework, read_sealed

IN_A_TEXT_CELL = "A running notebook does not see its text cells; this is read when you hand in."
IN_A_PICTURE = "A running notebook does not see its pictures; this is looked at when you hand in."
_KEPT = 8
"""Files of keys that stay in memory; a notebook has one."""
_NEAREST = 3
"""Names that are told in place of one that is not asked for."""

Namespace = Mapping[str, Any]


def fitting(files: Sequence[Path], words: Collection[str]) -> SealedHomework:
    """The sealed keys that fit a running notebook best; see `best_key`.

    Args:
        files: at least one.
        words: the names that the notebook has, and those that are asked about.
    """
    named = files[0].name
    return best_key(files, words, read=sealed_in, remedy=f'name one: check.use("{named}")').sealed


def sealed_in(file: Path) -> SealedHomework:
    """The sealed keys in a file, which is read again when it has changed; InputError as `read_sealed`."""
    try:
        state = file.stat()
    except OSError as error:
        raise InputError(f"{file.name} cannot be read ({error.strerror}); put it there again") from error
    return _read(file, state.st_mtime_ns, state.st_size)


@lru_cache(_KEPT)
def _read(file: Path, _changed_at: int, _size: int) -> SealedHomework:
    return read_sealed(file)


def judged(
    sealed: SealedHomework, names: Sequence[object], namespace: Namespace
) -> tuple[list[str], tuple[Judgement, ...]]:
    """What is to be said of the answers in a namespace.

    Args:
        sealed: what is asked.
        names: of variables or parts; none means all.
        namespace: the notebook's.

    Returns:
        Remarks about names that are not asked for, and the judgements in the order of the sheet.
    """
    found, remarks = _meant(sealed, names)
    only = found if names else None
    if names and not found:
        return remarks, ()
    judgements = judge(sealed, live_answers(_concerned(sealed, only), namespace), only=only)
    return remarks, tuple(_seen_from_here(one, sealed.asked[one.variable], namespace) for one in judgements)


def _concerned(sealed: SealedHomework, only: Collection[str] | None) -> dict[str, Asked]:
    """What is looked at: whole problems, in which answers bear on one another, and no network of another problem is run."""
    problems = ({part.variable: part.asked for part in problem.parts} for problem in sealed.problems)
    return {name: one for asked in problems if only is None or asked.keys() & only for name, one in asked.items()}


def live_answers(asked: Mapping[str, Asked], namespace: Namespace) -> dict[str, Answer]:
    """The answer per variable, as it stands now, by the code that captures answers while a notebook is graded."""
    describers = {name: Describer(one.model_input, Flow) for name, one in asked.items() if one.model_input}
    capture = Capture(SimpleNamespace(user_ns=namespace), ANSWERS_MIME, list(asked), describers)
    # One by one: a hand-over of all of them would have to keep within the size of one message.
    return {name: Answer(variable=name, data=capture.changed([name]).get(name)) for name in asked}


def _seen_from_here(judgement: Judgement, asked: Asked, namespace: Namespace) -> Judgement:
    """The judgement in the words of a running notebook, which has no text cells and may not have run all of its cells."""
    variable = judgement.variable
    if asked.drawn or (asked.written and judgement.standing is Standing.BLANK):
        words = IN_A_PICTURE if asked.drawn else IN_A_TEXT_CELL
        return judgement.model_copy(update={"standing": Standing.NOT_HERE, "message": words})
    if judgement.standing is Standing.BLANK and variable not in namespace:
        return judgement.model_copy(
            update={"message": f"There is no variable {variable} yet: run its cell, or look whether it failed."}
        )
    return judgement


def _meant(sealed: SealedHomework, names: Iterable[Any]) -> tuple[set[str], list[str]]:
    """The variables that are meant by names, and remarks about those that mean none."""
    found, remarks = set(), []
    for name in names:
        if not issubclass(type(name), str):  # asks the object nothing, which may be anything
            remarks.append('check takes names in quotes, not the answers themselves: check("name_of_the_variable").')
            continue
        variables = {part.variable for part in sealed.parts if name in (part.variable, part.part)}
        found |= variables
        if not variables:
            remarks.append(_unknown(name, [part.variable for part in sealed.parts]))
    return found, list(dict.fromkeys(remarks))


def _unknown(name: str, variables: list[str]) -> str:
    by_case = {variable.casefold(): variable for variable in variables}
    near = [by_case[one] for one in get_close_matches(name[:100].casefold(), by_case, _NEAREST, cutoff=0.5)]
    instead = f"Did you mean {' or '.join(near)}?" if near else f"There is: {', '.join(variables)}."
    return f"No answer is called {show(name)}. {instead}"

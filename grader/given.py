"""What a student gave for the parts of one problem, read as far as it can be read."""

from collections.abc import Mapping
from dataclasses import dataclass

from grader.answers.decoding import decode
from grader.answers.plain import is_blank, show, show_text
from grader.answers.reading import Reading
from grader.answers.values import Plain
from grader.checks import AnyCheck
from grader.checks.check import Check
from grader.course import Problem
from grader.errors import Unreadable
from grader.records import Answer, Outcome

NO_PICTURE = (
    "There is no picture here that can be shown, so a person will look at your notebook. A figure is a picture in PNG or JPEG "
    "that the code in its cell shows, or one that is attached to a text cell."
)


@dataclass(frozen=True)
class Given:
    """The answer to one part with all its readings; none when there is nothing to mark."""

    part: str
    check: AnyCheck
    answer: Answer
    echo: str = ""
    """The answer as text; hostile."""
    readings: tuple[Reading, ...] = ()
    settled: tuple[Outcome, str] | None = None
    """Outcome and words of a part that cannot be marked."""


def read_given(problem: Problem, answers: Mapping[str, Answer]) -> list[Given]:
    """All parts of a problem in their order; one that cannot be read does not stop the others.

    Args:
        problem: what was asked.
        answers: by variable; a missing one is blank.
    """
    return [_read(problem, part, answers) for part in problem.parts]


def _read(problem: Problem, part: str, answers: Mapping[str, Answer]) -> Given:
    variable, check = problem.variable(part), problem.parts[part].check
    answer = answers.get(variable) or Answer(variable=variable)
    if answer.did_not_run:
        return Given(part, check, answer, settled=(Outcome.DID_NOT_RUN, answer.did_not_run))
    if answer.lost:
        return Given(part, check, answer, settled=(Outcome.UNREADABLE, f"There is no answer to read: {answer.lost}."))
    plain: Plain = None
    try:
        plain = None if answer.data is None else decode(answer.data)
        if check.is_unanswered(plain) and not answer.pictures:
            return Given(part, check, answer, settled=(Outcome.BLANK, "No answer was given."))
        if check.drawn and not answer.pictures:
            return Given(part, check, answer, _echo(check, plain), settled=(Outcome.UNREADABLE, NO_PICTURE))
        return Given(part, check, answer, _echo(check, plain), check.read(plain))
    except Unreadable as error:
        words = f"This could not be read: {error}."
        return Given(part, check, answer, _echo(check, plain), settled=(Outcome.UNREADABLE, words))


def _echo(check: Check, plain: Plain) -> str:
    if not check.written:
        return show(plain)
    return "" if is_blank(plain) else show_text(plain)

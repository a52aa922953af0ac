"""An answer in Python as if a student had handed it in: encoded as in a kernel, decoded and read as in marking."""

from typing import Any

from grader.answers.plain import decode
from grader.answers.reading import Reading
from grader.checks.check import Check, Encoded
from grader.errors import Unreadable
from grader.kernels.inside import encode
from grader.records import Answer, Picture


def handed_in(variable: str, given: Any) -> Answer:
    """The answer that a variable with this value makes, or a cell with this picture.

    Args:
        variable: the variable that is asked for.
        given: any object of Python; an `Encoded` one has been encoded already.
    """
    if isinstance(given, Picture):
        return Answer(variable=variable, pictures=(given,))
    return Answer(variable=variable, data=given.data if isinstance(given, Encoded) else encode(given))


def readings_of(check: Check, given: Any) -> tuple[Reading, ...]:
    """All readings of an answer; none where it cannot be read."""
    try:
        return check.read(decode(handed_in("", given).data))
    except Unreadable:
        return ()


def readings_of_value(check: Check, value: Any) -> tuple[Reading, ...]:
    """The same of a solver's value, in the first form in which a student may give it."""
    return next((readings_of(check, given) for given in check.right_answers(value)[:1]), ())

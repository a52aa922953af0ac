"""What a student gave for the parts of one problem, read as far as it can be read."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic_core import to_json

from grader.answers.decoding import decode
from grader.answers.plain import is_blank, show, show_text
from grader.answers.reading import Reading
from grader.answers.values import Plain
from grader.checks import AnyCheck
from grader.checks.check import Check
from grader.course import Problem
from grader.errors import Unreadable
from grader.kept import Kept
from grader.records import Answer, JsonValue, Outcome

GRADER_FAULT = "The grader failed on this answer, which costs you nothing; the staff is told."
NO_PICTURE = (
    "There is no picture here that can be shown, so a person will look at your notebook. A figure is a picture in PNG or JPEG "
    "that the code in its cell shows, or one that is attached to a text cell."
)
TEXT_ELSEWHERE = "No answer was found in its place, and a person will look at your notebook:"


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Looked:
    """What is seen of an answer, whoever gave it."""

    echo: str = ""
    """The answer as text; hostile."""
    readings: tuple[Reading, ...] = ()
    settled: tuple[Outcome, str] | None = None
    """Outcome and words of a part that cannot be marked."""


@dataclass(frozen=True, slots=True)
class Given:
    """The answer to one part with all its readings; none when there is nothing to mark."""

    part: str
    check: AnyCheck
    answer: Answer
    looked: Looked
    data: bytes = b""
    """What the answer was read from, as JSON text: the same for two students who answered the same."""

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Every way to read it."""
        return self.looked.readings


class Reader:
    """Reads the answers to one problem; what many students give alike is read once."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._kept: Kept[Looked] = Kept()

    def read(self, answers: Mapping[str, Answer]) -> list[Given]:
        """All parts of the problem in their order; one that cannot be read does not stop the others.

        Args:
            answers: by variable; a missing one is blank.
        """
        return [self._read(part, answers) for part in self._problem.parts]

    def _read(self, part: str, answers: Mapping[str, Answer]) -> Given:
        variable, check = self._problem.variable(part), self._problem.parts[part].check
        answer = answers.get(variable) or Answer(variable=variable)
        if answer.did_not_run:
            return Given(part, check, answer, Looked(settled=(Outcome.DID_NOT_RUN, answer.did_not_run)))
        if answer.lost:
            words = f"There is no answer to read: {answer.lost}."
            return Given(part, check, answer, Looked(settled=(Outcome.UNREADABLE, words)))
        data, has_pictures = to_json(answer.data, inf_nan_mode="constants"), bool(answer.pictures)
        key = (part, data, has_pictures)
        looked = self._kept.once(key, len(data), lambda: _look(check, answer.data, has_pictures=has_pictures))
        if answer.elsewhere and looked.settled and looked.settled[0] is Outcome.BLANK:
            looked = Looked(settled=(Outcome.UNREADABLE, f"{TEXT_ELSEWHERE} {answer.elsewhere}."))
        return Given(part, check, answer, looked, data)


def _look(check: Check, data: JsonValue, *, has_pictures: bool) -> Looked:
    plain: Plain = None
    try:
        plain = None if data is None else decode(data)
        if check.is_unanswered(plain) and not has_pictures:
            return Looked(settled=(Outcome.BLANK, "No answer was given."))
        if check.drawn and not has_pictures:
            return Looked(_echo(check, plain), settled=(Outcome.UNREADABLE, NO_PICTURE))
        return Looked(_echo(check, plain), check.read(plain))
    except Unreadable as error:
        return Looked(_echo(check, plain), settled=(Outcome.UNREADABLE, f"This could not be read: {error}."))
    except Exception:
        # Whatever it is, it is about this answer, and the others of the submission are marked.
        log.exception("an answer could not be read")
        return Looked(settled=(Outcome.GRADER_FAULT, GRADER_FAULT))


def _echo(check: Check, plain: Plain) -> str:
    if not check.written:
        return show(plain)
    return "" if is_blank(plain) else show_text(plain)

"""A first look at one answer: blank, unreadable, or all the ways to read it. The same wherever it is looked at."""

import logging
from dataclasses import dataclass

from grader.answers.decoding import decode
from grader.answers.plain import is_blank, show, show_text
from grader.answers.reading import Reading
from grader.answers.values import Plain
from grader.checks.check import Check
from grader.errors import Unreadable
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


def not_taken(answer: Answer) -> Looked | None:
    """What there is to say where nothing was taken from the notebook though there may be an answer; None where there was."""
    if answer.did_not_run:
        return Looked(settled=(Outcome.DID_NOT_RUN, answer.did_not_run))
    if answer.lost:
        return Looked(settled=(Outcome.UNREADABLE, f"There is no answer to read: {answer.lost}."))
    return None


def look(check: Check, data: JsonValue, *, has_pictures: bool) -> Looked:
    """What is seen of what was taken. Never raises.

    Args:
        check: of what kind the answer is.
        data: its tagged encoding; None if nothing was set.
        has_pictures: whether pictures belong to it.
    """
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


def with_elsewhere(looked: Looked, answer: Answer) -> Looked:
    """The same, but that a blank answer is unreadable where text that may be meant for it stands elsewhere."""
    if answer.elsewhere and looked.settled and looked.settled[0] is Outcome.BLANK:
        return Looked(settled=(Outcome.UNREADABLE, f"{TEXT_ELSEWHERE} {answer.elsewhere}."))
    return looked


def look_at(check: Check, answer: Answer) -> Looked:
    """What is seen of one answer, whatever became of it."""
    return not_taken(answer) or with_elsewhere(look(check, answer.data, has_pictures=bool(answer.pictures)), answer)


def _echo(check: Check, plain: Plain) -> str:
    if not check.written:
        return show(plain)
    return "" if is_blank(plain) else show_text(plain)

"""What a student gave for the parts of one problem, read as far as it can be read."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic_core import to_json

from grader.answers.reading import Reading
from grader.checks import AnyCheck
from grader.course import Problem
from grader.kept import Kept
from grader.looking import Looked, look, not_taken, with_elsewhere
from grader.records import Answer


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
        if absent := not_taken(answer):
            return Given(part, check, answer, absent)
        data, has_pictures = to_json(answer.data, inf_nan_mode="constants"), bool(answer.pictures)
        key = (part, data, has_pictures)
        looked = self._kept.once(key, len(data), lambda: look(check, answer.data, has_pictures=has_pictures))
        return Given(part, check, answer, with_elsewhere(looked, answer), data)

"""What whoever grades asks for."""

import math
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from grader.console import Shown
from grader.course import Homework
from grader.errors import InputError
from grader.gathering import Asked
from grader.kernel_choice import Isolation
from grader.kernels.limits import Limits


@dataclass(frozen=True)
class Order:
    """What whoever grades asks for."""

    asked: Asked
    """Where submissions come from, and where results go."""
    course: Path
    """The folder with problems/ and reference/."""
    jobs: int
    """Notebooks that run at a time."""
    limits: dict[str, float | None]
    """In place of the homework's own, where they are not None."""
    isolation: Isolation
    by: str
    """Who grades."""
    store: str | None = None
    """URL of the database for the record; by default it is a file of the class."""
    force: bool = False
    """Run every notebook, whatever the record has."""
    shown: Shown = field(default_factory=Shown)
    """What is printed."""

    @property
    def flags(self) -> dict[str, float]:
        """The limits that are set in place of the homework's own; InputError if one is no number."""
        changed = {name: value for name, value in self.limits.items() if value is not None}
        if not all(map(math.isfinite, changed.values())):
            raise InputError("--timeout and --notebook-timeout are numbers of seconds, such as 60")
        return changed

    def limits_of(self, homework: Homework) -> Limits:
        """The limits of a homework with those that are set in their place; InputError if they make no sense."""
        try:
            return Limits.model_validate(homework.limits.model_dump() | self.flags)
        except ValidationError as error:
            detail = error.errors()[0]
            raise InputError(f"{detail['loc'][0]} = {detail['input']}: {detail['msg']}; give more") from error

"""The files of a course as their authors write them: problem.toml and homeworks.toml."""

from fractions import Fraction
from typing import Any, Literal

from pydantic import Field, model_validator

from grader.checks import AnyCheck
from grader.checks.check import Exact, Options
from grader.checks.figure import Figure
from grader.checks.path import Trajectory
from grader.checks.text import Text
from grader.kernels.limits import Limits

Scalar = str | bool | int | float


class Mistake(Options):
    """A known mistake: assumptions that differ from every accepted one, and what they cost."""

    assume: dict[str, Scalar] = Field(min_length=1)
    """Assumptions of the solver and the values which the mistake gives them."""
    what: str
    """What was done, as a clause: "the gradients of the parameters were not counted"."""
    hint: str = ""
    """A question that leads the student on."""
    credit: Exact = Field(default=Exact(0), ge=0, lt=1)
    """Share of a part's points that is left to an answer with this mistake."""
    costs: Literal["once", "each"] = "once"
    """Whether later parts with the same mistake cost again ("each") or not ("once")."""


class Part(Options):
    """One answer that is asked for. The keys of its kind of check stand beside these."""

    points: Exact = Field(gt=0)
    """What a right answer earns."""
    variable: str = ""
    """The variable that holds the answer; by default the part's name."""
    solve: str = ""
    """The solver's function that gives the reference; by default the part's name."""
    follow: Exact = Field(default=Exact(1), ge=0, le=1)
    """Share of the points for what follows rightly from the student's own wrong earlier answer."""
    contours: str = ""
    """For a path in two dimensions: the solver's function that gives the loss, drawn below the path."""
    extra: bool = False
    """Whether its points come on top of the homework's maximum."""
    check: AnyCheck

    @model_validator(mode="before")
    @classmethod
    def _gather_check(cls, data: Any) -> Any:
        """A problem file has the keys of the check beside those of the part; they belong to the check."""
        if not isinstance(data, dict):
            return data
        own = cls.model_fields.keys() - {"check"}
        return {k: v for k, v in data.items() if k in own} | {"check": {k: v for k, v in data.items() if k not in own}}

    @model_validator(mode="after")
    def _draws_only_paths(self) -> "Part":
        if self.contours and not (isinstance(self.check, Trajectory) and self.check.dimensions == 2):  # noqa: PLR2004 - a plane
            raise ValueError("contours are drawn below a path in two dimensions only; remove them")
        return self

    @model_validator(mode="after")
    def _rubric_adds_up(self) -> "Part":
        rubric = self.check.rubric if isinstance(self.check, Text | Figure) else ()
        total = sum((item.points for item in rubric), Fraction(0))
        if rubric and total != self.points:
            raise ValueError(f"the points of the rubric add up to {total}, not to the part's {self.points}")
        return self


class ProblemFile(Options):
    """problem.toml as it is written."""

    title: str
    """What the problem is about, in a few words."""
    solver: str = ""
    """Module below `reference/`; by default the problem's own name. A problem whose parts need no reference has none."""
    given: dict[str, Any] = Field(default_factory=dict)
    """Numbers of the statement, by the names of the solver's parameters."""
    conventions: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Assumptions in which several values are accepted: value = what it means. The first is the sheet's own; a student
    keeps to one throughout the problem."""
    mixed_credit: Exact = Field(default=Exact("1/2"), ge=0, le=1)
    """Share of the points of a part that is right under another convention than the rest of the problem."""
    mistakes: dict[str, Mistake] = Field(default_factory=dict)
    parts: dict[str, Part] = Field(min_length=1)


class HomeworkFile(Options):
    """One table of homeworks.toml."""

    title: str
    problems: tuple[str, ...] = Field(min_length=1)
    """Folders below `problems/`, in the order of the sheet."""
    limits: Limits = Limits()
    """What one notebook may take."""

"""The files of a course as their authors write them: problem.toml and homeworks.toml."""

import itertools
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, StrictBool, StringConstraints, field_validator, model_validator

from grader.autograder_settings import AutograderSettings
from grader.check_level import CheckLevel
from grader.checks import AnyCheck
from grader.checks.check import Exact, Options
from grader.checks.figure import Figure
from grader.checks.integer import Integer
from grader.checks.path import Trajectory
from grader.checks.quantity import Quantity
from grader.checks.real import Real
from grader.checks.shape import Shape
from grader.checks.sketch import Sketch
from grader.checks.table import Table
from grader.checks.text import Text
from grader.kernels.limits import Limits
from grader.late_rule import LateRule
from grader.records import Outcome
from grader.reveal import Revealed

Scalar = str | bool | int | float
# Words that have to be there: a title, or why something is as it is, for the next author.
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Mistake(Options):
    """A known mistake: assumptions that differ from every accepted one, and what they cost."""

    assume: dict[str, Scalar] = Field(min_length=1)
    """Assumptions of the solver and the values which the mistake gives them."""
    what: Reason
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
    follow_if: str = ""
    """What has to hold of the student's own earlier answers for that, by the names of their parts: "parameters > 1000", so that
    nothing is earned for following from a trivial value."""
    contours: str = ""
    """For a path in two dimensions: the solver's function that gives the loss, drawn below the path."""
    picture: Literal["bars", "squares"] | None = None
    """For a table whose rows are layers, of numbers or shapes: a bar for each as long as it is large, or receptive fields as squares
    in one another. For one number: what `pictured` makes of it."""
    pictured: str = ""
    """For one number: the solver's function that takes the part's own and gives the size of each layer by name.
    With the student's number in place of the right one it gives the student's picture. What it takes from elsewhere is shown to
    students whatever is revealed, so it has to be in the statement."""
    picture_unit: str = ""
    """What the picture counts, such as "parameters"; by default "pixels" for squares, and "values" for bars of shapes."""
    self_check: CheckLevel | None = None
    """How much students are told before they hand in (`form`, `verdict` or `hint`); by default as the homework has it."""
    extra: StrictBool = False
    """Whether its points come on top of the homework's maximum."""
    indistinguishable: dict[str, Reason] = Field(default_factory=dict)
    """Mistakes whose value counts as right in this part, and why it may: biases_forgotten = "changes the third decimal"."""
    alike: dict[str, Reason] = Field(default_factory=dict)
    """Mistakes, with commas between them, that have one value in this part and share their message, and why they may."""
    check: AnyCheck

    @property
    def alike_groups(self) -> dict[str, tuple[str, ...]]:
        """The mistakes of each key of `alike`."""
        return {key: tuple(name.strip() for name in key.split(",")) for key in self.alike}

    @property
    def alike_pairs(self) -> frozenset[frozenset[str]]:
        """Every two mistakes that are declared alike."""
        groups = self.alike_groups.values()
        return frozenset(frozenset(pair) for group in groups for pair in itertools.combinations(group, 2))

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
        in_plane = isinstance(self.check, Sketch) or (isinstance(self.check, Trajectory) and self.check.dimensions == 2)  # noqa: PLR2004 - a plane
        if self.contours and not in_plane:
            raise ValueError("contours are drawn below a path or sketch in two dimensions only; remove them")
        return self

    @model_validator(mode="after")
    def _draws_sizes_of_layers(self) -> "Part":
        if self.picture is None:
            if self.pictured or self.picture_unit:
                raise ValueError('pictured and picture_unit need picture = "bars" or "squares"')
            return self
        drawn = self.check.cells if isinstance(self.check, Table) else self.check
        if not isinstance(drawn, Integer | Real | Quantity | Shape):
            raise ValueError(
                "sizes of layers are drawn of a number, or of a table of numbers or shapes; remove picture"
            )
        if isinstance(drawn, Shape) and (self.picture == "squares" or not isinstance(self.check, Table)):
            raise ValueError("shapes are drawn as the bars of a table only; remove picture")
        if isinstance(self.check, Table) == bool(self.pictured):
            raise ValueError(
                "one number needs pictured, the function that gives the layers; a table has its rows, and no pictured"
            )
        if not self.counted:
            raise ValueError('picture needs picture_unit, what its bars count, such as "parameters"')
        return self

    @property
    def counted(self) -> str:
        """What the picture counts."""
        shapes = isinstance(self.check, Table) and isinstance(self.check.cells, Shape)
        return self.picture_unit or ("pixels" if self.picture == "squares" else "values" if shapes else "")

    @model_validator(mode="after")
    def _rubric_adds_up(self) -> "Part":
        rubric = self.check.rubric if isinstance(self.check, Text | Figure) else ()
        total = sum((item.points for item in rubric), Fraction(0))
        if rubric and total != self.points:
            raise ValueError(f"the points of the rubric add up to {total}, not to the part's {self.points}")
        return self


class AuthorTest(Options):
    """Answers to one problem, and what is to become of them. Run by `grader validate` and by pytest."""

    about: Reason
    """What is tried, in words."""
    answers: dict[str, Any] = Field(min_length=1)
    """By part, as TOML writes them."""
    findings: dict[str, str] = Field(default_factory=dict)
    """By part: the finding without the part's name, such as "gradients_forgotten" or "unit-missing"."""
    outcomes: dict[str, Outcome] = Field(default_factory=dict)
    """By part: "correct", "unreadable"."""
    points: dict[str, Exact] = Field(default_factory=dict)
    """By part: what the answer earns."""

    @model_validator(mode="after")
    def _expects_something(self) -> "AuthorTest":
        if not (self.findings or self.outcomes or self.points):
            raise ValueError("expects nothing; it needs findings, outcomes or points")
        return self


class ProblemFile(Options):
    """One problem: what is asked, what is accepted, and which mistakes are known."""

    title: Reason
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
    """Known mistakes by name, which findings repeat."""
    tests: tuple[AuthorTest, ...] = ()
    """The author's own tests."""
    parts: dict[str, Part] = Field(min_length=1)
    """What is asked for, in order; each has a section in statement.md."""


class HomeworkFile(Options):
    """A homework: problems that are handed in together, in one notebook."""

    title: Reason
    """As the notebook and the reports are headed."""
    problems: tuple[str, ...] = Field(min_length=1)
    """Folders below `problems/`, in the order of the sheet."""
    limits: Limits = Limits()
    """What one notebook may take."""
    preload: tuple[str, ...] = ()
    """Modules that most notebooks import, such as `["numpy", "torch"]`: imported once for the class instead of in each notebook."""
    due: AwareDatetime | None = None
    """Until when it may be handed in, with the zone: 2026-11-20T23:59:00+01:00."""
    late: LateRule | None = None
    """What handing in later costs; without it lateness is said and costs nothing."""
    reveal: Revealed = Revealed()
    """How much pages tell, `nothing`, `verdicts`, `hints` or `answers`: `{ students = "hints", staff = "answers" }`."""
    self_check: CheckLevel = CheckLevel.FORM
    """How much students are told of each answer before they hand in: `form`, whether it can be read and as what, `verdict`, whether it is
    right, or `hint`, which known mistake it shows. A part may say otherwise."""
    hand_in: str = ""
    """Where and how it is handed in, in Markdown; stands in the notebook that students receive, after what holds everywhere."""
    gradescope: AutograderSettings = AutograderSettings()
    """How it is graded inside Gradescope; a table of its own, `[hw5_cnn_sizes.gradescope]`."""

    @field_validator("problems")
    @classmethod
    def _lists_each_once(cls, problems: tuple[str, ...]) -> tuple[str, ...]:
        if twice := [name for position, name in enumerate(problems) if name in problems[:position]]:
            raise ValueError(f"{twice[0]!r} is listed twice; remove one")
        return problems

    @field_validator("preload")
    @classmethod
    def _names_modules(cls, preload: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := [name for name in preload if not all(part.isidentifier() for part in name.split("."))]:
            raise ValueError(f"{wrong[0]!r} is no name of a module, such as 'torch'")
        return preload

"""The kinds of answers: one file each, with its options and its rule of comparison."""

from typing import Annotated

from pydantic import Field

from grader.checks.choice import Choice, YesNo
from grader.checks.done import Done
from grader.checks.expression import Formula
from grader.checks.figure import Figure
from grader.checks.integer import Integer
from grader.checks.measurement import Measurement
from grader.checks.model import Model
from grader.checks.path import Trajectory
from grader.checks.quantity import Quantity
from grader.checks.real import Real
from grader.checks.set import Unordered
from grader.checks.shape import Shape
from grader.checks.sketch import Sketch
from grader.checks.table import Table
from grader.checks.text import Text

AnyCheck = Annotated[
    Integer
    | Real
    | Quantity
    | Formula
    | Shape
    | Choice
    | YesNo
    | Table
    | Unordered
    | Trajectory
    | Sketch
    | Text
    | Figure
    | Model
    | Measurement
    | Done,
    Field(discriminator="kind"),
]

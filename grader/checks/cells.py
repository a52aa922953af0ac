"""The kinds of single answers, of which tables and sets are made."""

from typing import Annotated

from pydantic import Field

from grader.checks.choice import Choice, YesNo
from grader.checks.expression import Formula
from grader.checks.integer import Integer
from grader.checks.quantity import Quantity
from grader.checks.real import Real
from grader.checks.shape import Shape

Cell = Annotated[Integer | Real | Quantity | Formula | Shape | Choice | YesNo, Field(discriminator="kind")]

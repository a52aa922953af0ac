"""How much of a grade its readers are told: a setting of each homework, for each audience."""

from grader.checks.check import Options
from grader.levels import Levels


class Reveal(Levels):
    """What a page tells, each level with all that those before it tell."""

    NOTHING = "nothing"
    """What was handed in, and what did not run."""
    VERDICTS = "verdicts"
    """How it was read, what is right and what is not, the points, and what a person says."""
    HINTS = "hints"
    """What leads to a wrong answer, and the question that leads on."""
    ANSWERS = "answers"
    """The right answers."""


class Revealed(Options):
    """Who is told how much."""

    students: Reveal = Reveal.HINTS
    """In a student's own report."""
    staff: Reveal = Reveal.ANSWERS
    """In the staff's page about a student."""

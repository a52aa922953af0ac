"""How much the self-check tells a student of one answer, before it is handed in."""

from grader.levels import Levels


class CheckLevel(Levels):
    """Each level with all that those before it tell."""

    FORM = "form"
    """Whether it can be read, and as what. Nothing about the right answer goes into the sealed keys."""
    VERDICT = "verdict"
    """Whether it is right; of a table or a path, what of it."""
    HINT = "hint"
    """Which known mistake it shows, and the question that leads on."""

"""What can go wrong, and whose fault it was.

    GraderError
    ├── InputError          the caller's: a path, a flag, a file that is no notebook; the rest goes on
    │   └── BadNotebook     one student's file cannot be read as a notebook
    ├── ProblemError        the teacher's: a problem file or solver is wrong; never costs a point
    └── InfrastructureError ours: a kernel did not start, a page could not be written; never costs a point

`Unreadable` is apart from the tree: it is no failure of the program but a finding about one answer.
Every message names the file, the place in it and the remedy, since it is printed as it stands, without a traceback.
"""

from pathlib import Path


class GraderError(Exception):
    """Anything the grader reports in words instead of a traceback."""


class InputError(GraderError):
    """The command was given something it cannot work with."""


class BadNotebook(InputError):  # noqa: N818 - the name says it
    """One submitted file is not a notebook that can be run.

    Args:
        file: the file.
        trouble: what is wrong with it and what would mend it; fit for its student, who knows no folder of ours.
    """

    def __init__(self, file: Path, trouble: str) -> None:
        self.file, self.trouble = file, trouble
        super().__init__(f"{file}: {trouble}")


class ProblemError(GraderError):
    """A file of the course is wrong.

    Args:
        file: the file at fault.
        place: where in it, as a dotted table and key (``parts.batch.points``) or a function name; may be empty.
        trouble: what is wrong and what would mend it.
    """

    def __init__(self, file: Path | str, place: str, trouble: str) -> None:
        self.file, self.place, self.trouble = str(file), place, trouble
        super().__init__(f"{self.file}: {place}: {trouble}" if place else f"{self.file}: {trouble}")


class InfrastructureError(GraderError):
    """The grader itself could not do its work."""


class Unreadable(ValueError):  # noqa: N818 - a finding about an answer, not a failure of the program
    """An answer that cannot be read: what was seen, where it stops making sense, and what was expected.

    Args:
        trouble: what is wrong, as a phrase ("two decimal points").
        place: where ("character 4", "row conv1"), or "" for the whole answer.
        expected: an example of a readable answer ("a whole number such as 4096").
    """

    def __init__(self, trouble: str, *, place: str = "", expected: str = "") -> None:
        self.trouble, self.place, self.expected = trouble, place, expected
        where = f" ({place})" if place else ""
        wanted = f"; expected {expected}" if expected else ""
        super().__init__(f"{trouble}{where}{wanted}")

    def within(self, place: str) -> "Unreadable":
        """The same finding, seen from the table or list around it."""
        inner = f"{place}, {self.place}" if self.place else place
        return Unreadable(self.trouble, place=inner, expected=self.expected)


def unwritable(file: Path, error: OSError) -> InputError:
    """What to raise where a file that was named with -o cannot be written."""
    return InputError(f"{file} cannot be written ({error.strerror}); choose another file with -o")

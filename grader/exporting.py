"""`grader export`: the grades in the file that a platform imports; what it would change there is shown first."""

import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

from grader.console import inert, out_console, warn
from grader.errors import InputError
from grader.exports import Options, difference_table, feedback
from grader.exports import export as exported
from grader.loading import read_course
from grader.recorded_classes import RecordedClass, Where, the_recorded_class
from grader.records import Result
from grader.reports.student_page import student_html
from grader.results import results
from grader.whole_file import replacing


@dataclass(frozen=True)
class Order:
    """What whoever exports asks for."""

    to: str
    options: Options
    file: Path | None = None
    """Where the file goes; None only shows the difference."""
    feedback: Path | None = None
    """Where an archive of the students' reports goes."""

    @property
    def marks(self) -> bool:
        """Whether marks are exported, and not only reports."""
        return self.feedback is None or self.file is not None or self.options.into is not None


def scale(text: str | None) -> Fraction | None:
    """The number of a platform's points that one of ours is; InputError if it is no number."""
    if text is None:
        return None
    try:
        return Fraction(text.replace(",", "."))
    except (ValueError, ZeroDivisionError):
        raise InputError(f"--scale {text!r} is no number; give one such as 0.5 or 1/5") from None


def decimal_mark(text: str | None) -> Literal["", ".", ","]:
    """The mark, or nothing where none is given; InputError if it is neither a point nor a comma."""
    if text is None:
        return ""
    if text in {".", ","}:
        return "." if text == "." else ","
    raise InputError(f"--decimal-mark {text!r} is neither a point nor a comma; give one of them")


def export(where: Where, order: Order) -> None:
    """Shows what would change, and writes the files that were asked for.

    Raises:
        InputError: there is no such class or platform, its file does not fit, or a file cannot be written there.
    """
    into = order.options.into
    if into is not None and order.file is not None and os.path.realpath(into) == os.path.realpath(order.file):
        raise InputError(
            f"{order.file} is the file that is filled in; choose another one with -o, so that the download stays"
        )
    with the_recorded_class(read_course(where.course), where) as class_:
        class_results = list(results(class_.store, class_.homework.name))
        if order.marks:
            _export_marks(class_, order, class_results)
        if order.feedback is not None:
            _write_feedback(class_, order.to, class_results, order.feedback)


def _export_marks(class_: RecordedClass, order: Order, results: list[Result]) -> None:
    made = exported(order.to, results, class_.homework, order.options)
    out_console.print(difference_table(made.difference))
    if order.file is None:
        out_console.print(f"\nnothing is written; -o {inert(made.name)} writes it", soft_wrap=True)
    else:
        _write(order.file, made.content)
        out_console.print(f"\nwrote {inert(str(order.file))}", soft_wrap=True)


def _write_feedback(class_: RecordedClass, to: str, results: list[Result], file: Path) -> None:
    try:
        with replacing(file) as new, new.open("wb") as archive:
            # Made anew, since a report in OUT may be older than the marks, and has links to what lies beside it.
            words = feedback(
                to,
                results,
                lambda one: student_html(one.grade, class_.homework, executed=False).encode(errors="replace"),
                archive,
            )
    except OSError as error:
        raise InputError(f"{file} cannot be written ({error.strerror}); choose another file") from error
    for one in words:
        warn(one)
    out_console.print(f"wrote {inert(str(file))}", soft_wrap=True)


def _write(file: Path, content: bytes) -> None:
    try:
        with replacing(file) as new:
            new.write_bytes(content)
    except OSError as error:
        raise InputError(f"{file} cannot be written ({error.strerror}); choose another file with -o") from error

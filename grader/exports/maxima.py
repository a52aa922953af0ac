"""The maximum of a platform's column, and whether it is the homework's."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from grader.errors import InputError
from grader.exports.difference import Difference
from grader.exports.filling import Job
from grader.exports.numbers import either, readings
from grader.reports.points import points_text, rounded_points


def agreed_maximum(job: Job, text: str, where: str) -> Fraction | None:
    """The points that can be had there, by the platform's own words; a point there is a point here, or is converted.

    Of two readings of "1,000", the one is meant that agrees with the homework. None: it is no number, or none of them agrees.

    Raises:
        InputError: a point there is no point here, and nobody said what it is.
    """
    found, ours = readings(text), job.homework.max_points
    agreed = ours * (job.options.scale or 1)
    for one in found:
        if rounded_points(one) == rounded_points(agreed):
            return one
    if job.options.scale is None and any(found):
        factors = " or ".join(str(one / ours if ours else Fraction(1)) for one in found)
        raise InputError(
            f"{where} has {either(found)} points and {job.homework.name} has {points_text(ours)}; "
            f"give --scale {factors} to convert them, or --scale 1 to send them as they are"
        )
    return found[0] if len(found) == 1 else None


def column_words(header: str, file: Path, maximum: str, agreed: Fraction | None) -> str:
    """Which column is filled, and a warning where its maximum can be read as two numbers and neither agrees."""
    words = f"fills {header!r} of {file}"
    found = readings(maximum)
    return (
        words if agreed is not None or not found else f"{words}; its maximum may be {either(found)} and is not checked"
    )


def above_maximum(difference: Difference, maximum: Fraction | None) -> Difference:
    """With a note at every change that goes above a maximum which the platform does not enforce."""
    if maximum is None:
        return difference
    words = f"above the {points_text(maximum)} of the column"
    changes = tuple(
        change._replace(note="; ".join(filter(None, (words, change.note))))
        if Fraction(change.new) > maximum
        else change
        for change in difference.changes
    )
    return replace(difference, changes=changes)

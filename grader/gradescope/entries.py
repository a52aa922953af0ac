"""The entries of results.json: one for each part of a homework, which add up to the score."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, get_args

from grader.autograder_settings import Visibility
from grader.course import Homework, Problem
from grader.gradescope.markup import html, part_html
from grader.gradescope.points import adding_up, is_by_hand
from grader.gradescope.results import Entry
from grader.records import Grade, Outcome, Verdict
from grader.reports.part_view import Readers, part_view
from grader.reports.points import points_of
from grader.reports.revealing import revealed
from grader.reveal import Reveal

_ONE_DIGIT = 10
Key = tuple[str, str]
"""A problem and a part."""


def readers_of(homework: Homework) -> Readers:
    """Whom the results are for: the students."""
    return Readers(homework.reveal.students, staff=False)


def visibilities(homework: Homework) -> dict[Key, Visibility]:
    """When students see each part. What is not revealed to them at all waits at least until grades are published."""
    settings = homework.autograder
    hides = homework.reveal.students is Reveal.NOTHING
    chosen = {
        (problem.name, part): settings.parts.get(f"{problem.name}.{part}", settings.visibility)
        for problem, part in homework.parts
    }
    return {key: "after_published" if hides and when == "visible" else when for key, when in chosen.items()}


def _readers(homework: Homework, when: Visibility, *, again: bool) -> Readers:
    """Whom a part is for. Right answers are for whoever cannot hand in again: anybody may hand in a blank notebook first."""
    readers = readers_of(homework)
    if again and when == "visible" and readers.level is Reveal.ANSWERS:
        return replace(readers, level=Reveal.HINTS)
    return readers


def _told(grade: Grade, homework: Homework, readers: Mapping[Key, Readers]) -> dict[Key, Verdict]:
    """What is told of each part."""
    levels = {one.level for one in readers.values()}
    told = {
        level: {(one.problem, one.part): one for one in revealed(grade, homework, level).verdicts} for level in levels
    }
    return {key: told[one.level][key] for key, one in readers.items() if key in told[one.level]}


def latest(visibilities: Iterable[Visibility]) -> Visibility:
    """The one that is seen last: for what would tell something of all of them."""
    return max(visibilities, key=get_args(Visibility).index)


def of_autograder(grade: Grade, homework: Homework, *, written: bool = False) -> Grade:
    """The grade of the parts that the autograder decides: without written ones, unless persons have marked them before."""
    by_hand = {(problem.name, part) for problem, part in homework.parts if is_by_hand(problem, part) and not written}
    kept = tuple(one for one in grade.verdicts if (one.problem, one.part) not in by_hand)
    return grade.model_copy(update={"verdicts": kept})


def entries(grade: Grade, homework: Homework, *, written: bool = False) -> tuple[Entry, ...]:
    """An entry for each part, and one for lateness if it costs anything. Only what is decided has a score.

    Args:
        grade: of the submission.
        homework: with its settings for Gradescope.
        written: as for `of_autograder`.
    """
    machine = of_autograder(grade, homework, written=written)
    points, shown, numbers = _scores(machine), visibilities(homework), _numbers(homework)
    readers = {key: _readers(homework, when, again=not written) for key, when in shown.items()}
    verdicts = _told(grade, homework, readers)
    pending = {(one.problem, one.part) for one in machine.verdicts if one.outcome.pending}
    of_parts = (
        Entry(
            name=_name(
                problem, verdicts[key], by_hand=is_by_hand(problem, part) and not written, pending=key in pending
            ),
            number=numbers[key],
            visibility=shown[key],
            **_told_of_part(problem, verdicts[key], readers[key], grade.note),
            **points.get(key, {}),
        )
        for problem, part in homework.parts
        if (key := (problem.name, part)) in verdicts
    )
    return (*_late(machine, points, homework), *of_parts)


def _scores(machine: Grade) -> dict[Key, dict[str, Any]]:
    """Score, maximum and colour of the parts that are decided."""
    decided = [(one, one.points) for one in machine.verdicts if one.points is not None]
    rounded = adding_up(points for _, points in decided)
    return {
        (one.problem, one.part): {
            "score": score,
            "max_score": 0.0 if one.extra else float(one.max_points),
            "status": "passed" if points >= one.max_points else None if one.extra and not points else "failed",
        }
        for (one, points), score in zip(decided, rounded, strict=True)
    }


def _late(machine: Grade, points: Mapping[Key, Mapping[str, Any]], homework: Homework) -> Iterator[Entry]:
    """What lateness costs, so that all scores add up to what is left."""
    if machine.late is None or not machine.deduction:
        return
    earned = sum((Fraction(str(one["score"])) for one in points.values()), Fraction(0))
    (total,) = adding_up([machine.total])
    yield Entry(
        name="Late",
        number="0",
        score=float(Fraction(str(total)) - earned),
        max_score=0.0,
        status="failed",
        output=html("late.html", machine.late.words),
        visibility=latest(visibilities(homework).values()),
    )


def _numbers(homework: Homework) -> dict[Key, str]:
    """Of each part, so that they sort as text, too: "1.2", or "1.02" where a problem has ten."""
    digits = 2 if any(len(problem.parts) >= _ONE_DIGIT for problem in homework.problems) else 1
    return {
        (problem.name, part): f"{number}.{place:0{digits}}"
        for number, problem in enumerate(homework.problems, start=1)
        for place, part in enumerate(problem.parts, start=1)
    }


def _told_of_part(problem: Problem, verdict: Verdict, readers: Readers, note: str) -> dict[str, Any]:
    """What an entry says of a part besides its points."""
    # Pictures that we draw are scalable graphics, which Gradescope removes.
    plain = verdict.model_copy(update={"drawing": None, "sizes": ()})
    part = f"{problem.name}.{verdict.part}"
    return {
        "output": part_html(part_view(problem, plain, readers, part, note)),
        "tags": (problem.name,),
        "extra_data": {"part": part, "outcome": str(verdict.outcome), "finding": verdict.finding},
    }


def _name(problem: Problem, verdict: Verdict, *, by_hand: bool, pending: bool) -> str:
    """The title, with what it is worth where Gradescope does not say it."""
    title, worth = problem.sections[verdict.part].title, points_of(verdict)
    unit = "point" if worth.split()[0] == "1" else "points"
    if by_hand:
        how = "blank" if verdict.outcome is Outcome.BLANK else "marked by a person"
        return f"{title} ({how}, {worth} {unit})"
    if verdict.extra or pending:
        return f"{title} ({worth} {unit}{', pending' if pending else ''})"
    return title

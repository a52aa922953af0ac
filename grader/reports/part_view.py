"""What a student's page shows of one part: a typed view of what its readers are told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from grader.course import Problem
from grader.records import Item, Outcome, Picture, Verdict
from grader.reports.points import part_points, points_of
from grader.reports.size_pictures import sizes_svg
from grader.reveal import Reveal

# What a screen shows beside the colour, so that colour alone never tells.
MARKS = {
    Outcome.CORRECT: "✓",
    Outcome.PARTIAL: "◐",
    Outcome.INCORRECT: "✗",
    Outcome.BLANK: "–",
    Outcome.DID_NOT_RUN: "!",
}
PENDING_MARK, RECEIVED_MARK = "?", "•"
_RECEIVED = "received"
LONGEST_QUESTION = 260
"""Characters: what reminds of a question; the notebook has all of it."""
LONGEST_ANSWER = 90
"""Characters of an answer that stands above its items; a longer one is folded, since the items have all of it."""
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,2})(\S(?:[^*]*\S)?)\1(?![\w*])")


@dataclass(frozen=True)
class Row:
    """A term and what there is to say to it."""

    term: str
    text: str


@dataclass(frozen=True)
class PartView:
    """What the page shows of one part."""

    anchor: str
    title: str
    question: str
    css: str
    mark: str
    outcome: str
    points: str
    answer: str
    answered_in: str
    """The cell in which the answer was taken; empty if none."""
    written: bool
    """Whether the answer is a text to be shown as it was written, rather than a value on one line."""
    folded: bool
    """Whether it is long and said once more by its items."""
    pictures: tuple[Picture, ...]
    read_as: str
    rows: tuple[Row, ...]
    items: tuple[Item, ...]
    doubted: bool
    """Whether items that are not right still have to be looked at, so that they are not said to be wrong."""
    expected: str
    message: str
    hint: str
    comment: str
    by_person: bool
    drawn: tuple[Markup, ...]
    """Pictures of the answer that we have made."""
    for_staff: tuple[Row, ...]


@dataclass(frozen=True)
class Readers:
    """Whom a page is for."""

    level: Reveal
    """How much they are told."""
    staff: bool

    @property
    def see_marks(self) -> bool:
        """Whether they are told of right and wrong at all."""
        return self.level.includes(Reveal.VERDICTS)


def part_view(problem: Problem, verdict: Verdict, readers: Readers, place: str, note: str) -> PartView:
    """The view of one part.

    Args:
        problem: whose part it is.
        verdict: as far as it is told to these readers.
        readers: of the page.
        place: which part of the page it is, such as "2-1".
        note: what the top of the page says already.
    """
    told = readers.see_marks
    received = not told and verdict.outcome is Outcome.AWAITS_REVIEW
    message = "" if verdict.message == note or verdict.marked_by else verdict.message
    return PartView(
        anchor=f"part-{place}",
        title=problem.sections[verdict.part].title,
        question=short_question(problem.sections[verdict.part].text),
        css=_RECEIVED if received else str(verdict.outcome),
        mark=RECEIVED_MARK if received else MARKS.get(verdict.outcome, PENDING_MARK),
        outcome=_RECEIVED if received else verdict.outcome.replace("-", " "),
        points=part_points(verdict) if told else f"of {points_of(verdict)}",
        answer=verdict.answer,
        answered_in="" if verdict.cell is None else f"cell {verdict.cell + 1}",
        written=problem.parts[verdict.part].check.written,
        folded=bool(verdict.items) and len(verdict.answer) > LONGEST_ANSWER,
        pictures=verdict.pictures,
        read_as=verdict.read_as,
        rows=tuple(_rows(problem, verdict)),
        items=verdict.items,
        doubted=verdict.outcome.pending,
        expected="" if verdict.outcome is Outcome.CORRECT and not verdict.follows else verdict.expected,
        # What the grader says of an answer that a person has marked is for nobody any more.
        message=message,
        hint="" if verdict.marked_by else verdict.hint,
        comment=verdict.comment,
        by_person=bool(verdict.marked_by),
        drawn=tuple(_pictures(problem, verdict)),
        for_staff=tuple(_for_staff(verdict)) if readers.staff else (),
    )


def short_question(statement: str) -> str:
    """The beginning of a question in plain words: its first paragraph, or as many words as remind of it."""
    first, *more = statement.strip().split("\n\n")
    words = _EMPHASIS.sub(r"\2", " ".join(first.split())).replace("`", "")
    if len(words) > LONGEST_QUESTION:
        return f"{words[:LONGEST_QUESTION].rpartition(' ')[0]} …"
    return f"{words} …" if more else words


def _rows(problem: Problem, verdict: Verdict) -> Iterator[Row]:
    """What the mark rests on besides the answer itself."""
    if verdict.convention:
        yield Row("Convention", verdict.convention)
    if verdict.follows:
        titles = " and ".join(
            f"“{problem.sections[part].title}”" for part in verdict.follows if part in problem.sections
        )
        yield Row("Carried forward", f"held against what follows from your own answer to {titles}")


def _pictures(problem: Problem, verdict: Verdict) -> Iterator[Markup]:
    if (drawing := verdict.drawing) is not None and drawing.student and len(drawing.student[0]) == 2:  # noqa: PLR2004 - a page has two dimensions
        from grader.reports.path_plot import path_svg  # noqa: PLC0415 - matplotlib takes half a second, and few pages draw

        # Safe: the picture is drawn from numbers alone, no text of a student is in it.
        yield Markup(path_svg(drawing, problem.contours(verdict.part)))  # noqa: S704
    yield from map(sizes_svg, verdict.sizes)


def _for_staff(verdict: Verdict) -> Iterator[Row]:
    yield Row("Finding", verdict.finding)
    if verdict.suggestion:
        yield Row("For marking", verdict.suggestion)
    if verdict.marked_by:
        yield Row("Marked by", verdict.marked_by)

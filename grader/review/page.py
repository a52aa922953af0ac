"""review.html: what waits for a person, as one self-contained page on which it is marked."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.page_files import Inline, inline, templates
from grader.records import Outcome
from grader.review.cells import decimal_text, guarded, one_kind_of_line_ends
from grader.review.incoming import NEEDED
from grader.review.questions import Answer, Group, Question
from grader.review.table import review_csv, stamped

_FOLDER = Path(__file__).parent / "templates"
_TEMPLATES = templates(_FOLDER)
# More names than this hide the answer below them.
MOST_NAMED = 4


@dataclass(frozen=True)
class ItemView:
    """An item of the rubric."""

    what: str
    points: str
    exact: float
    """To be added up."""


@dataclass(frozen=True)
class Card:
    """An answer with the fields in which it is marked."""

    id: str
    group: str
    answer: Answer
    students: str
    rows: str
    """What the saved table has of each student besides the mark, as JSON: [[question, student, fingerprint], ...]."""
    points: str
    comment: str
    message: bool
    """Whether what the student is told tells the marker something."""
    many: bool
    """Whether there are others in the group."""


@dataclass(frozen=True)
class GroupView:
    """Cards side by side."""

    title: str
    """Empty where a single one needs none."""
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class QuestionView:
    """A section of the page."""

    anchor: str
    name: str
    title: str
    statement: str
    max_points: str
    rubric: tuple[ItemView, ...]
    students: int
    groups: tuple[GroupView, ...]


@dataclass(frozen=True)
class ReviewPage:
    """Everything on the page."""

    title: str
    export: str
    """Under which the browser keeps what was typed."""
    header: str
    questions: tuple[QuestionView, ...]
    style: Inline
    script: Inline


def review_html(questions: Iterable[Question], title: str) -> str:
    """The page as HTML text. It needs no network and works from a file.

    What it saves is a table for `read_marks`. The only script and style that a browser runs are the page's own, by their
    hashes (Content Security Policy, level 2).

    Args:
        questions: what is to be marked.
        title: of the homework.
    """
    asked = tuple(questions)
    page = ReviewPage(
        title=title,
        export=hashlib.sha256(review_csv(asked).encode(errors="replace")).hexdigest()[:20],
        header=",".join(NEEDED),
        questions=tuple(_question(number, question) for number, question in enumerate(asked, start=1)),
        style=inline(_FOLDER, "review.css"),
        script=inline(_FOLDER, "review.js"),
    )
    return _TEMPLATES.get_template("review.html").render(page=page)


def _question(number: int, question: Question) -> QuestionView:
    return QuestionView(
        anchor=f"q{number}",
        name=question.name,
        title=question.title,
        statement=question.statement,
        max_points=decimal_text(question.max_points),
        rubric=tuple(ItemView(item.what, decimal_text(item.points), float(item.points)) for item in question.rubric),
        students=question.students,
        groups=tuple(_groups(f"q{number}", question)),
    )


def _groups(anchor: str, question: Question) -> Iterator[GroupView]:
    """The groups, and last those of one answer, which have no others beside them, together."""
    numbered = list(enumerate(question.groups, start=1))
    several = [(number, group) for number, group in numbered if len(group.answers) > 1]
    for number, group in several:
        title = f"Group {number}: {len(group.answers)} answers that are alike, of {group.students} students"
        yield GroupView(title, _cards(f"{anchor}g{number}", question, group))
    alone = tuple(
        card
        for number, group in numbered
        if len(group.answers) == 1
        for card in _cards(f"{anchor}g{number}", question, group)
    )
    if alone:
        yield GroupView("Answers that are unlike the others" if several else "", alone)


def _cards(name: str, question: Question, group: Group) -> tuple[Card, ...]:
    return tuple(
        Card(
            id=f"{name}a{number}",
            group=name,
            answer=answer,
            students=_names(answer.students),
            rows=json.dumps(_rows(question, answer)),
            points="" if answer.points is None else decimal_text(answer.points),
            comment=one_kind_of_line_ends(answer.comment),
            message=answer.outcome is not Outcome.AWAITS_REVIEW or not answer.text,
            many=len(group.answers) > 1,
        )
        for number, answer in enumerate(group.answers, start=1)
    )


def _rows(question: Question, answer: Answer) -> list[tuple[str, str, str]]:
    stamp = stamped(answer.fingerprint, answer.points, answer.comment)
    return [(question.name, guarded(student), stamp) for student in answer.students]


def _names(students: Sequence[str]) -> str:
    named = ", ".join(students[:MOST_NAMED])
    more = len(students) - MOST_NAMED
    return f"{named} and {more} more, word for word" if more > 0 else named

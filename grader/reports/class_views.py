"""What the tables of the class page show, row by row."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.course import Homework
from grader.records import Status
from grader.reports.class_words import NONE, Link, link, links, percent_text, ratio_text, seconds_text
from grader.reports.common_mistakes import CommonMistake
from grader.reports.points import points_text
from grader.reports.running_time import RunningTime
from grader.reports.standing import STOPPED, Standing
from grader.reports.statistics import PartStatistics
from grader.reports.troubles import Reason, StoppedCells
from grader.reports.unexplained import CommonValue, Formula, Right


@dataclass(frozen=True)
class GroupView:
    """Students to whom the same has happened."""

    what: str
    students: tuple[Link, ...]


@dataclass(frozen=True)
class StoppedView:
    """Cells that stopped in the same way."""

    how: str
    name: str
    limit: str
    cells: int
    students: tuple[Link, ...]


@dataclass(frozen=True)
class PartView:
    """One part over the class."""

    name: str
    title: str
    points: str
    numbers: PartStatistics
    correct: str
    difficulty: str
    discrimination: str


@dataclass(frozen=True)
class MistakeView:
    """A known mistake, a slip of the pen, or a unit."""

    mistake: CommonMistake
    credit: str


@dataclass(frozen=True)
class RightView:
    """A right answer beside an unexplained one."""

    right: Right
    ratio: str


@dataclass(frozen=True)
class ValueView:
    """An unexplained answer."""

    part: str
    value: str
    students: tuple[Link, ...]
    rights: tuple[RightView, ...]
    formula: Formula | None


@dataclass(frozen=True)
class StudentView:
    """One row of the class."""

    link: Link
    total: str
    percent: str
    pending: str
    late: str
    status: str
    seconds: str


@dataclass(frozen=True)
class TimeView:
    """How long the notebooks ran."""

    notebooks: int
    total: str
    median: str
    slowest: tuple[tuple[Link, str], ...]
    isolation: str


def statuses(class_: Sequence[Standing]) -> list[tuple[str, int]]:
    """How many students have which status; those that nobody has are left out."""
    counts = Counter(one.status for one in class_)
    return [(status, counts[status]) for status in Status if counts[status]]


def groups(reasons: Iterable[Reason]) -> tuple[GroupView, ...]:
    """Reasons with the pages of their students."""
    return tuple(GroupView(one.what, links(one.students)) for one in reasons)


def stopped_view(stopped: StoppedCells) -> StoppedView:
    """Of cells that stopped in the same way."""
    return StoppedView(STOPPED[stopped.kind], stopped.name, stopped.limit, stopped.cells, links(stopped.students))


def part_views(numbers: Iterable[PartStatistics], homework: Homework) -> tuple[PartView, ...]:
    """The parts, in the order of the homework."""
    return tuple(
        PartView(
            name=f"{problem.name}.{part}",
            title=problem.sections[part].title,
            points=points_text(problem.parts[part].points) + (" extra" if problem.parts[part].extra else ""),
            numbers=one,
            correct=percent_text(one.correct),
            difficulty=NONE if one.difficulty is None else f"{one.difficulty:.2f}",
            discrimination=NONE if one.discrimination is None else f"{one.discrimination:.2f}",
        )
        for one, (problem, part) in zip(numbers, homework.parts, strict=True)
    )


def mistake_view(mistake: CommonMistake) -> MistakeView:
    """Of a mistake that students made."""
    credit = NONE if mistake.credit is None else f"{float(100 * mistake.credit):.0f} %"
    return MistakeView(mistake, credit)


def value_view(value: CommonValue, class_: Sequence[Standing]) -> ValueView:
    """Of an unexplained answer."""
    return ValueView(
        part=value.part,
        value=value.value,
        students=links(class_[position].student for position in value.students),
        rights=tuple(RightView(right, ratio_text(right.ratio)) for right in value.rights),
        formula=value.formula,
    )


def student_views(class_: Iterable[Standing]) -> tuple[StudentView, ...]:
    """A row for every student, by name."""
    return tuple(
        StudentView(
            link=link(one.student),
            total=one.totals.points or NONE,
            percent=one.totals.percent or NONE,
            pending=one.totals.pending,
            late=one.late,
            status=one.status,
            seconds=f"{one.seconds:.1f}" if one.isolation else NONE,
        )
        for one in sorted(class_, key=lambda one: one.student.casefold())
    )


def time_view(time: RunningTime) -> TimeView:
    """Of the running time of a class."""
    return TimeView(
        notebooks=time.notebooks,
        total=seconds_text(time.total),
        median=seconds_text(time.median),
        slowest=tuple((link(student), seconds_text(seconds)) for student, seconds in time.slowest),
        isolation=", ".join(f"{name} ({count})" for name, count in time.isolation.items()),
    )

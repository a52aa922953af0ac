"""What waits for a person: questions, with the answers to each in groups that are alike."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.checks.figure import Figure
from grader.checks.rubric import RubricItem
from grader.checks.text import Text
from grader.course import Homework, Problem
from grader.records import Outcome, Picture, Result, Status, Submission, Verdict
from grader.review.alike import alike
from grader.review.places import places_named

# There is no answer in the file, or no file.
_NOTHING_TO_MARK = {Status.NOT_A_NOTEBOOK, Status.OTHER_HOMEWORK, Status.NO_SUBMISSION}


@dataclass(frozen=True)
class Answer:
    """One answer, of all the students who gave it word for word; it is marked once for all of them."""

    students: tuple[str, ...]
    """Sorted."""
    text: str
    """Hostile, as everything of a student."""
    read_as: str
    pictures: tuple[Picture, ...]
    finding: str
    message: str
    suggestion: str
    outcome: Outcome
    points: Fraction | None
    """So far; None while pending."""
    comment: str
    """So far."""
    marked_by: str
    fingerprint: str
    """By which an import knows that the answer is still this one (see `fingerprint_of`)."""


@dataclass(frozen=True)
class Group:
    """Answers that are alike, those of most students first."""

    answers: tuple[Answer, ...]

    @property
    def students(self) -> int:
        """How many gave one of these answers."""
        return sum(len(answer.students) for answer in self.answers)


@dataclass(frozen=True)
class Question:
    """One part of the homework, and what is to be marked of it."""

    problem: str
    part: str
    title: str
    statement: str
    """What the students were asked, as Markdown."""
    max_points: Fraction
    rubric: tuple[RubricItem, ...]
    """Empty where none is declared."""
    groups: tuple[Group, ...]
    """Those of most students first."""

    @property
    def name(self) -> str:
        """As tables and commands have it: "problem.part"."""
        return f"{self.problem}.{self.part}"

    @property
    def students(self) -> int:
        """How many answers wait, identical ones counted one by one."""
        return sum(group.students for group in self.groups)


def waiting(
    results: Iterable[Result],
    homework: Homework,
    parts: Collection[str] = (),
    everything: bool = False,  # noqa: FBT001, FBT002 - as the command's flag
) -> tuple[Question, ...]:
    """What a person has to mark, in the order of the sheet; questions of which nothing waits are left out.

    Faults of the grader or of a problem wait for a repair and not for marks. Of a file without answers there is nothing to
    mark either; `left_out` says how many these are.

    Args:
        results: the class, persons' marks included.
        homework: the homework that it is the class of.
        parts: the only questions that are wanted, as "problem.part", or "part" where only one problem has it.
        everything: whether what is decided is wanted too, to look through it.

    Raises:
        InputError: there is no such part.
    """
    wanted = places_named(homework, parts)
    found: dict[tuple[str, str], list[tuple[Submission, Verdict]]] = defaultdict(list)
    for result in sorted(results, key=lambda one: one.grade.student.casefold()):
        for verdict in _verdicts(result, everything=everything):
            found[verdict.problem, verdict.part].append((result.submission, verdict))
    return tuple(
        _question(problem, part, found[problem.name, part])
        for problem, part in homework.parts
        if (problem.name, part) in wanted and (problem.name, part) in found
    )


def left_out(results: Iterable[Result]) -> str:
    """Who has parts that cannot be marked and why, in words: "left out: 2 students (not a notebook), ..."; else empty."""
    counts = Counter(result.grade.status for result in results)
    kinds = [
        f"{counts[status]} student{'s' * (counts[status] != 1)} ({status})"
        for status in Status
        if counts[status] and status in _NOTHING_TO_MARK | {Status.FAULT}
    ]
    return f"left out, since there is nothing to mark: {', '.join(kinds)}" if kinds else ""


def fingerprint_of(verdict: Verdict, submission: Submission) -> str:
    """Of what a person saw: the answer, or where nothing was taken from the file, the file.

    It begins with a letter, since a spreadsheet takes some hexadecimal numbers for others ("12e4").
    """
    seen = verdict.fingerprint if verdict.answer or verdict.pictures else submission.fingerprint
    return f"f{seen[:20]}"


def _verdicts(result: Result, *, everything: bool) -> Iterator[Verdict]:
    if result.grade.status in _NOTHING_TO_MARK:
        return
    for verdict in result.grade.verdicts:
        if not verdict.outcome.is_fault and (everything or verdict.outcome.pending):
            yield verdict


def _question(problem: Problem, part: str, given: Sequence[tuple[Submission, Verdict]]) -> Question:
    asked, section = problem.parts[part], problem.sections[part]
    return Question(
        problem=problem.name,
        part=part,
        title=section.title,
        statement=section.text,
        max_points=asked.points,
        rubric=asked.check.rubric if isinstance(asked.check, Text | Figure) else (),
        groups=_groups(list(_answers(given))),
    )


def _answers(given: Iterable[tuple[Submission, Verdict]]) -> Iterator[Answer]:
    """Each distinct answer once. What differs in anything that a person would see of it is distinct.

    So are files from which nothing was taken, by their fingerprints.
    """
    same: dict[Answer, list[str]] = defaultdict(list)
    for submission, verdict in given:
        answer = Answer(
            students=(),
            text=verdict.answer,
            read_as=verdict.read_as,
            pictures=verdict.pictures,
            finding=verdict.finding,
            message=verdict.message,
            suggestion=verdict.suggestion,
            outcome=verdict.outcome,
            points=verdict.points,
            comment=verdict.comment,
            marked_by=verdict.marked_by,
            fingerprint=fingerprint_of(verdict, submission),
        )
        same[answer].append(submission.student)
    for answer, students in same.items():
        yield Answer(**{**vars(answer), "students": tuple(students)})


def _groups(answers: Sequence[Answer]) -> tuple[Group, ...]:
    in_groups = alike([answer.text for answer in answers])
    groups = [
        Group(tuple(sorted((answers[one] for one in group), key=lambda answer: -len(answer.students))))
        for group in in_groups
    ]
    return tuple(sorted(groups, key=lambda group: (-group.students, -len(group.answers))))

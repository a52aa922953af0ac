"""review.csv: what waits for a person, as a table to be filled in."""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from grader.checks.rubric import RubricItem
from grader.review.cells import decimal_text, guarded, one_kind_of_line_ends, shown
from grader.review.questions import Answer, Question

COLUMNS = (
    "question",
    "group",
    "same",
    "student",
    "answer",
    "read as",
    "suggestion",
    "rubric",
    "maximum",
    "points",
    "comment",
    "fingerprint",
)
# Spreadsheets take a file without it for one of their own country's encoding, and spoil names when they save it.
BYTE_ORDER_MARK = "\ufeff"


def review_csv(questions: Iterable[Question]) -> str:
    """The table as the text of a file, to be written as UTF-8 and with its line ends as they are.

    One row for each student and question, those of alike answers in one group and the students with the same answer one
    below the other. Points are empty while pending. Cells with words of students begin with an apostrophe where a
    spreadsheet would take them for a formula or a number; `read_marks` takes it away again.
    """
    out = io.StringIO(newline="")
    out.write(BYTE_ORDER_MARK)
    table = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    table.writerow(COLUMNS)
    for question in questions:
        table.writerows(_rows(question))
    return out.getvalue()


def stamped(fingerprint: str, points: Fraction | None, comment: str) -> str:
    """What the column `fingerprint` has: the answer's, and behind a hyphen that of the mark at the time of the export.

    With it, a row that nobody touched is known even when the grader or another person has given other points since.
    """
    mark = f"{'' if points is None else decimal_text(points)}\n{one_kind_of_line_ends(comment)}"
    return f"{fingerprint}-{hashlib.sha256(mark.encode(errors='replace')).hexdigest()[:8]}"


def rubric_text(rubric: Sequence[RubricItem]) -> str:
    """A line per item: "it is non-linear (1)"."""
    return "\n".join(f"{item.what} ({decimal_text(item.points)})" for item in rubric)


def answer_text(answer: Answer) -> str:
    """What a table has of an answer: its words, and how many pictures are on the page and in the report."""
    count = len(answer.pictures)
    pictures = f"[{count} picture{'s' * (count != 1)}: see the page or the student's report]" if count else ""
    nothing = "" if answer.text or pictures else f"[nothing that can be shown: {answer.message}]"
    return "\n".join(filter(None, (answer.text, pictures, nothing)))


def _rows(question: Question) -> Iterator[Sequence[str | int]]:
    rubric = rubric_text(question.rubric)
    for number, group in enumerate(question.groups, start=1):
        for answer in group.answers:
            for student in answer.students:
                yield (
                    question.name,
                    number,
                    len(answer.students),
                    guarded(student),
                    shown(answer_text(answer)),
                    shown(answer.read_as),
                    shown(answer.suggestion),
                    guarded(rubric),
                    decimal_text(question.max_points),
                    "" if answer.points is None else decimal_text(answer.points),
                    guarded(one_kind_of_line_ends(answer.comment)),
                    stamped(answer.fingerprint, answer.points, answer.comment),
                )

"""Results of a class whose answers a person marks, made by hand."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.course import Homework
from grader.records import Grade, Outcome, Picture, Result, Status, Submission, Verdict
from tests.reports.grades import PICTURE
from tests.reports.grades import homework as own_homework

NAME = "hw5_cnn_sizes"
# As students of the sample class wrote them, and nearly so.
SCALE = "It keeps activations at one scale, so that training is stable at larger learning rates."
SCALE_TOO = "It keeps the activations at one scale, so training is stable at larger learning rates"
FASTER = "Because then the network trains faster."
ZIGZAG = "It damps the zig-zag across a ravine and speeds up along it."
HOSTILE = (
    "</textarea></script></style>--><script>alert(1);document.title='evil'</script><img src=x onerror=alert(2)>"
    "<a href='javascript:alert(3)'>go</a><iframe srcdoc='<script>alert(4)</script>'></iframe><style>*{display:none}</style>"
    "\" onfocus=alert(5) autofocus x='{{7*7}}{% raw %}&lt;script&gt;alert(6)&lt;/script&gt;\\u003cscript\\u003e"
    "\x08\x1b[31m\u202egnp\u2066\ufeff\u2028" + "W" * 300
)


def homework() -> Homework:
    """The homework of this repository with most texts."""
    return own_homework(NAME)


def result(
    student: str,
    answers: Mapping[str, str],
    pictures: tuple[Picture, ...] = (),
    status: Status = Status.NEEDS_REVIEW,
    digest: str = "",
    **fields: Any,
) -> Result:
    """A student whose given texts, by part, wait for a person, and whose other parts are blank."""
    verdicts = []
    for problem, part in homework().parts:
        waits = part in answers
        words = "A person reads this and gives the points." if waits else "Nothing is there."
        own = {"suggestion": "mentions: one scale", **fields} if waits else {}
        verdicts.append(
            Verdict(
                problem=problem.name,
                part=part,
                outcome=Outcome.AWAITS_REVIEW if waits else Outcome.BLANK,
                points=None if waits else Fraction(0),
                max_points=problem.parts[part].points,
                answer=answers.get(part, ""),
                pictures=pictures if waits else (),
                **{"finding": f"{part}:text", "message": words, **own},
            )
        )
    submission = Submission(student=student, path=Path(f"{student}.ipynb"), digest=digest or f"digest of {student}")
    grade = Grade(student=student, homework=NAME, status=status, verdicts=tuple(verdicts))
    return Result(submission=submission, grade=grade)


def small_class() -> dict[str, Result]:
    """Five students and two questions, in which two say the same word for word, one nearly, and one something else."""
    results = (
        result("zoe", {"why_batch_norm": SCALE, "why_momentum": ZIGZAG}),
        result("ada", {"why_batch_norm": SCALE}),
        result("bo", {"why_batch_norm": SCALE_TOO}, pictures=(PICTURE,)),
        result("cy", {"why_batch_norm": FASTER}),
        result("007", {"why_momentum": "=HYPERLINK(0)\n- and a line; +1"}),
    )
    return {one.grade.student: one for one in results}


def with_verdict(one: Result, part: str, **fields: Any) -> Result:
    """The result with fields of one verdict changed."""
    verdicts = tuple(
        verdict.model_copy(update=fields) if verdict.part == part else verdict for verdict in one.grade.verdicts
    )
    return one.model_copy(update={"grade": one.grade.model_copy(update={"verdicts": verdicts})})

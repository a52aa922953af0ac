"""A grade with everything taken out that its readers are not told, before any page or message is made of it."""

from grader.course import Homework
from grader.records import Drawing, Grade, Item, Outcome, Sizes, Verdict
from grader.reveal import Reveal

_OF_THE_RUN = {Outcome.BLANK, Outcome.DID_NOT_RUN}
"""What says nothing of right and wrong."""


UNTOLD = "what later questions ask about this is not shown"


def revealed(grade: Grade, homework: Homework, level: Reveal, *, staff: bool = False) -> Grade:
    """The grade as far as it is told. What is not told is nowhere in it.

    At the lowest level nothing is decided: every part that was answered waits, without points.

    Args:
        grade: of one student.
        homework: which parts it has, and which of them others ask about.
        level: how much is told.
        staff: whether the staff is told, and not the student, so that what helps to mark stays.
    """
    verdicts = (revealed_verdict(one, level, staff=staff) for one in grade.verdicts)
    if not level.includes(Reveal.ANSWERS):
        asked_about = {(problem.name, part) for problem in homework.problems for part in problem.asked_about}
        verdicts = (_untold(one) if (one.problem, one.part) in asked_about else one for one in verdicts)
    return grade.model_copy(update={"verdicts": tuple(verdicts)})


def revealed_verdict(verdict: Verdict, level: Reveal, *, staff: bool = False) -> Verdict:
    """The verdict as far as it is told for itself; takes what `revealed` does."""
    if not level.includes(Reveal.VERDICTS):
        return _received(verdict)
    told: dict[str, object] = {} if staff else {"suggestion": ""}
    if not level.includes(Reveal.HINTS):
        told |= {"finding": f"{verdict.part}:{verdict.outcome}", "hint": ""}
        # Why a part waits or did not run is no hint at what is right.
        told |= {} if verdict.outcome.pending or verdict.outcome in _OF_THE_RUN else {"message": ""}
    if not level.includes(Reveal.ANSWERS):
        told |= {
            "expected": "",
            "items": tuple(_without_answer(item) for item in verdict.items),
            "drawing": _own_path(verdict.drawing),
            "sizes": tuple(_own_sizes(sizes, judged=True) for sizes in verdict.sizes),
        }
    return verdict.model_copy(update=told)


def _received(verdict: Verdict) -> Verdict:
    """What was handed in, and nothing that came of it: how an answer was read may tell whether it is right.

    So may a path, which is drawn with its start where that fits the reference better.
    """
    kept = not verdict.marked_by and _says_nothing_of_right(verdict)
    outcome = verdict.outcome if kept else Outcome.AWAITS_REVIEW
    return Verdict(
        problem=verdict.problem,
        part=verdict.part,
        outcome=outcome,
        points=None,
        max_points=verdict.max_points,
        answer=verdict.answer,
        given=verdict.given,
        finding=f"{verdict.part}:{outcome}",
        message=verdict.message if kept else "",
        cell=verdict.cell,
        extra=verdict.extra,
        pictures=verdict.pictures,
        sizes=tuple(_own_sizes(sizes, judged=False) for sizes in verdict.sizes),
    )


def _untold(verdict: Verdict) -> Verdict:
    """Without what the grader has found out about a free choice: later parts ask for it, and right is what is so of the student's own."""
    items = tuple(item.model_copy(update={"read_as": ""}) for item in verdict.items)
    answer = UNTOLD if verdict.answer else ""
    return verdict.model_copy(update={"answer": answer, "read_as": "", "items": items, "sizes": ()})


def _says_nothing_of_right(verdict: Verdict) -> bool:
    # What could be read in part is unreadable only where it is not right all the same.
    refused = verdict.outcome is Outcome.UNREADABLE and not verdict.read_as
    return refused or verdict.outcome.is_fault or verdict.outcome in _OF_THE_RUN


def _without_answer(item: Item) -> Item:
    return item.model_copy(update={"expected": ""})


def _own_path(drawing: Drawing | None) -> Drawing | None:
    return drawing if drawing is None else drawing.model_copy(update={"reference": ()})


def _own_sizes(sizes: Sizes, *, judged: bool) -> Sizes:
    unknown: dict[str, object] = {"expected": None} if judged else {"expected": None, "right": None}
    return sizes.model_copy(update={"layers": tuple(layer.model_copy(update=unknown) for layer in sizes.layers)})

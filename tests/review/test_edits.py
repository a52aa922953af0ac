from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.records import Edit, Grade, Outcome, Picture, Status, Submission, Verdict
from grader.review.edits import Lapsed, apply_edits

FULL = Fraction(4)
PARTS = ("a", "b", "c")
NOW = datetime(2024, 5, 1, tzinfo=UTC)
SUBMISSION = Submission(student="ada", path=Path("ada.ipynb"), digest="one")
AGAIN = SUBMISSION.model_copy(update={"digest": "two"})


def verdict(part: str, outcome: Outcome = Outcome.AWAITS_REVIEW, **fields: Any) -> Verdict:
    given: dict[str, Any] = {
        "points": None if outcome.pending else FULL,
        "max_points": FULL,
        "answer": f"what I think of {part}",
        "finding": f"{part}:{outcome}",
        "message": "words",
    }
    return Verdict(problem="p", part=part, outcome=outcome, **{**given, **fields})


def grade(*verdicts: Verdict, status: Status = Status.NEEDS_REVIEW, **fields: Any) -> Grade:
    chosen = verdicts or tuple(verdict(part) for part in PARTS)
    return Grade(student="ada", homework="hw1", status=status, verdicts=chosen, **fields)


def edit(part: str = "a", points: Fraction | int | None = 3, minutes: int = 0, **fields: Any) -> Edit:
    plain: dict[str, Any] = {
        "student": "ada",
        "problem": "p",
        "part": part,
        "points": points,
        "by": "Tess",
        "at": NOW + timedelta(minutes=minutes),
        "old_points": None,
        "old_outcome": Outcome.AWAITS_REVIEW,
        "max_points": FULL,
        "digest": "one",
        "answer": verdict(part).fingerprint,
    }
    return Edit(**{**plain, **fields})


def points(graded: Grade) -> list[Fraction | None]:
    return [verdict.points for verdict in graded.verdicts]


def test_a_mark_takes_the_place_of_the_graders_and_leaves_answer_and_message() -> None:
    (marked, *others) = apply_edits(grade(), SUBMISSION, [edit(comment="nearly")])[0].verdicts
    plain = verdict("a")
    expected = {
        "points": 3,
        "outcome": Outcome.PARTIAL,
        "finding": "a:by-a-person",
        "marked_by": "Tess",
        "comment": "nearly",
    }
    assert marked == plain.model_copy(update=expected)
    assert others == [verdict("b"), verdict("c")]


@pytest.mark.parametrize(
    ("given_points", "outcome"),
    [
        (0, Outcome.INCORRECT),
        (Fraction(1, 8), Outcome.PARTIAL),
        (Fraction(31, 8), Outcome.PARTIAL),
        (4, Outcome.CORRECT),
    ],
)
def test_the_outcome_is_told_by_the_points(given_points: Fraction, outcome: Outcome) -> None:
    assert apply_edits(grade(), SUBMISSION, [edit(points=given_points)])[0].verdicts[0].outcome is outcome


def test_a_decided_part_can_be_corrected() -> None:
    decided = grade(verdict("a", Outcome.CORRECT), status=Status.GRADED)
    corrected, lapsed = apply_edits(decided, SUBMISSION, [edit(points=1)])
    assert (points(corrected), corrected.status) == ([Fraction(1)], Status.GRADED)
    assert not lapsed


@pytest.mark.parametrize("minutes", [-5, 0, 5])
def test_the_edit_that_was_added_last_counts_whatever_the_clocks_say(minutes: int) -> None:
    edits = [edit(points=1), edit(points=2, minutes=minutes)]
    assert points(apply_edits(grade(), SUBMISSION, edits)[0])[0] == 2


def test_a_mark_that_was_taken_back_leaves_what_the_grader_says() -> None:
    plain = grade()
    assert apply_edits(plain, SUBMISSION, [edit(), edit(points=None, minutes=1)]) == (plain, ())


def test_edits_of_another_student_are_passed_over() -> None:
    plain = grade()
    assert apply_edits(plain, SUBMISSION, [edit(student="bo")]) == (plain, ())


def test_a_mark_holds_for_a_later_submission_with_the_same_answer() -> None:
    assert points(apply_edits(grade(), AGAIN, [edit()])[0])[0] == 3


def test_a_mark_holds_for_its_submission_however_the_answer_is_read_now() -> None:
    read_anew = grade(verdict("a", answer="read in another way"))
    assert points(apply_edits(read_anew, SUBMISSION, [edit()])[0]) == [3]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"answer": "another"}, "another answer since; look at it"),
        ({"pictures": (Picture(mime="image/png", data="aa"),)}, "another answer since"),
        ({"given": "another hash of a long answer"}, "another answer since"),
    ],
)
def test_a_mark_lapses_when_the_answer_has_changed(changed: dict[str, Any], why: str) -> None:
    plain = grade(verdict("a", **changed))
    graded, (lapsed,) = apply_edits(plain, AGAIN, [edit()])
    assert (graded, lapsed.edit) == (plain, edit())
    assert why in lapsed.why


@pytest.mark.parametrize("outcome", [Outcome.CORRECT, Outcome.BLANK, Outcome.UNREADABLE])
def test_where_a_part_has_other_points_now_its_mark_lapses_and_it_waits_again(outcome: Outcome) -> None:
    now = grade(verdict("a", outcome, max_points=Fraction(5)), status=Status.GRADED)
    graded, (lapsed,) = apply_edits(now, SUBMISSION, [edit()])
    assert "the part had 4 points, and it has 5 now; mark it again" in lapsed.why
    assert (points(graded), graded.status) == ([None], Status.NEEDS_REVIEW)


def test_a_mark_of_a_part_that_is_gone_lapses_and_hurts_nobody() -> None:
    plain = grade()
    assert apply_edits(plain, SUBMISSION, [edit("z")]) == (
        plain,
        (Lapsed(edit=edit("z"), why="the homework has no part p.z any more"),),
    )


def test_a_mark_for_a_file_without_answers_does_not_hold_for_another_such_file() -> None:
    nothing = verdict("a", Outcome.UNREADABLE, answer="")
    mark = edit(answer=nothing.fingerprint)
    assert apply_edits(grade(nothing), SUBMISSION, [mark])[0].points == 3
    assert len(apply_edits(grade(nothing), AGAIN, [mark])[1]) == 1


def test_what_has_lapsed_is_not_replaced_by_an_older_mark() -> None:
    older, newer = edit(points=1, digest="two"), edit(points=2, minutes=1, digest="three", answer="other")
    graded, lapsed = apply_edits(grade(), AGAIN, [older, newer])
    assert (points(graded)[0], [one.edit for one in lapsed]) == (None, [newer])


@pytest.mark.parametrize(
    ("left", "status"),
    [
        (Outcome.GRADER_FAULT, Status.FAULT),
        (Outcome.PROBLEM_FAULT, Status.FAULT),
        (Outcome.AWAITS_REVIEW, Status.NEEDS_REVIEW),
        (Outcome.UNREADABLE, Status.NEEDS_REVIEW),
        (Outcome.BLANK, Status.GRADED),
        (Outcome.CORRECT, Status.GRADED),
    ],
)
@pytest.mark.parametrize(
    "before", [Status.FAULT, Status.NOT_A_NOTEBOOK, Status.OTHER_HOMEWORK, Status.NO_SUBMISSION, Status.NEEDS_REVIEW]
)
def test_the_status_says_what_is_left_and_the_note_stays(left: Outcome, status: Status, before: Status) -> None:
    graded, _ = apply_edits(grade(verdict("a"), verdict("b", left), status=before, note="n"), SUBMISSION, [edit()])
    assert (graded.status, graded.note) == (status, "n")


PLACES = st.sampled_from([*PARTS, "gone"])
EDITS = st.lists(
    st.builds(
        edit,
        PLACES,
        st.none() | st.fractions(0, FULL, max_denominator=8),
        st.integers(0, 20),
        max_points=st.sampled_from([FULL, FULL, Fraction(5)]),
        digest=st.sampled_from(["one", "two"]),
        answer=st.sampled_from([verdict(part).fingerprint for part in PARTS]),
        student=st.sampled_from(["ada", "ada", "ada", "bo"]),
        by=st.sampled_from(["Tess", "Tom"]),
    ),
    max_size=8,
    unique_by=lambda one: one.at,
)
OUTCOMES = st.tuples(*(st.sampled_from(Outcome) for _ in PARTS))


def graded_as(outcomes: tuple[Outcome, ...]) -> Grade:
    return grade(*(verdict(part, outcome) for part, outcome in zip(PARTS, outcomes, strict=True)))


@given(OUTCOMES, EDITS)
def test_marks_put_in_place_twice_are_the_same_as_once(outcomes: tuple[Outcome, ...], edits: list[Edit]) -> None:
    once, lapsed = apply_edits(graded_as(outcomes), SUBMISSION, edits)
    assert apply_edits(once, SUBMISSION, edits) == (once, lapsed)


@given(OUTCOMES, EDITS)
def test_parts_without_a_mark_never_change_and_totals_add_up(outcomes: tuple[Outcome, ...], edits: list[Edit]) -> None:
    before = graded_as(outcomes)
    after, lapsed = apply_edits(before, SUBMISSION, edits)
    in_time = [one for one in edits if one.student == "ada"]
    last = {one.part: one for one in in_time if one.part in PARTS}
    out = {one.edit.part for one in lapsed}
    total = Fraction(0)
    for old, new in zip(before.verdicts, after.verdicts, strict=True):
        mark = last.get(old.part)
        if mark is None or mark.points is None or (old.part in out and mark.max_points == FULL):
            assert new == old
        elif old.part in out:
            assert new.outcome.pending
        else:
            assert (new.points, new.marked_by, new.answer) == (mark.points, mark.by, old.answer)
        total += new.points or 0
    assert (after.points, after.max_points) == (total, before.max_points)
    assert {one.edit for one in lapsed} <= set(last.values()) | {one for one in in_time if one.part == "gone"}


@given(OUTCOMES, EDITS)
def test_taking_everything_back_gives_the_graders_own_grade(outcomes: tuple[Outcome, ...], edits: list[Edit]) -> None:
    back = [one.model_copy(update={"points": None, "at": one.at + timedelta(days=1)}) for one in edits]
    before = graded_as(outcomes)
    assert apply_edits(before, SUBMISSION, [*edits, *back]) == (before, ())

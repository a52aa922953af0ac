from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.errors import InputError
from grader.records import Outcome, Result, Status
from grader.review.places import place_named
from grader.review.questions import Question, fingerprint_of, left_out, waiting
from tests import written_homework
from tests.reports.grades import PICTURE
from tests.review.class_of_answers import FASTER, SCALE, SCALE_TOO, homework, result, small_class, with_verdict

BATCH_NORM = "why_batch_norm"


def asked(results: Sequence[Result], **options: Any) -> tuple[Question, ...]:
    return waiting(results, homework(), **options)


def students(question: Question) -> list[list[tuple[str, ...]]]:
    return [[answer.students for answer in group.answers] for group in question.groups]


def test_only_what_is_pending_waits_in_the_order_of_the_sheet() -> None:
    questions = asked([*small_class().values()])
    assert [question.name for question in questions] == [
        "training_concepts.why_batch_norm",
        "training_concepts.why_momentum",
    ]
    assert [question.students for question in questions] == [4, 2]


def test_a_question_has_its_words_rubric_and_maximum() -> None:
    (question, _) = asked([*small_class().values()])
    assert (question.title, question.max_points) == ("Batch normalisation", Fraction(1))
    assert question.statement.startswith("In one sentence at most")
    assert question.rubric[0].what.startswith("training is faster")


def test_identical_answers_are_one_and_similar_ones_stand_beside_it() -> None:
    (question, _) = asked([*small_class().values()])
    assert students(question) == [[("ada", "zoe"), ("bo",)], [("cy",)]]
    assert question.groups[0].students == 3


def test_the_biggest_group_comes_first() -> None:
    results = [result("a", {BATCH_NORM: FASTER})] + [result(f"b{n}", {BATCH_NORM: f"{SCALE} {n}"}) for n in range(3)]
    assert [group.students for group in asked(results)[0].groups] == [3, 1]


def test_an_answer_with_another_picture_is_another_answer() -> None:
    results = [result("a", {BATCH_NORM: SCALE}), result("b", {BATCH_NORM: SCALE}, pictures=(PICTURE,))]
    assert students(asked(results)[0]) == [[("a",), ("b",)]]


def test_files_of_which_nothing_was_taken_are_never_one_answer() -> None:
    results = [result("a", {BATCH_NORM: ""}), result("b", {BATCH_NORM: ""})]
    assert students(asked(results)[0]) == [[("a",)], [("b",)]]


def test_what_cannot_be_read_waits_too() -> None:
    unread = with_verdict(result("a", {BATCH_NORM: "?"}), BATCH_NORM, outcome=Outcome.UNREADABLE)
    assert asked([unread])[0].groups[0].answers[0].outcome is Outcome.UNREADABLE


def test_everything_has_what_is_decided_too_with_its_points() -> None:
    marked = with_verdict(
        result("a", {BATCH_NORM: SCALE}),
        BATCH_NORM,
        outcome=Outcome.CORRECT,
        points=Fraction(1),
        marked_by="Tess",
        comment="good",
    )
    assert asked([marked]) == ()
    questions = asked([marked], everything=True)
    assert len(questions) == len(list(homework().parts))
    (answer,) = next(question for question in questions if question.part == BATCH_NORM).groups[0].answers
    assert (answer.points, answer.comment, answer.marked_by) == (Fraction(1), "good", "Tess")


@pytest.mark.parametrize("outcome", [Outcome.GRADER_FAULT, Outcome.PROBLEM_FAULT])
def test_a_fault_waits_for_a_repair_and_the_rest_for_a_person(outcome: Outcome) -> None:
    one = with_verdict(
        result("a", {BATCH_NORM: SCALE, "why_momentum": "x"}, status=Status.FAULT), BATCH_NORM, outcome=outcome
    )
    assert [question.part for question in asked([one])] == ["why_momentum"]
    assert BATCH_NORM not in [question.part for question in asked([one], everything=True)]


@pytest.mark.parametrize("status", [Status.NOT_A_NOTEBOOK, Status.OTHER_HOMEWORK, Status.NO_SUBMISSION])
def test_where_there_is_nothing_to_mark_the_student_is_left_out(status: Status) -> None:
    assert asked([result("a", {BATCH_NORM: ""}, status=status)], everything=True) == ()


def test_who_is_left_out_is_said_in_words() -> None:
    results = [result(f"{n}", {}, status=status) for n, status in enumerate([*Status, Status.NOT_A_NOTEBOOK])]
    assert left_out(results) == (
        "left out, since there is nothing to mark: 2 students (not a notebook), 1 student (other homework), "
        "1 student (no submission), 1 student (fault of the grader)"
    )
    assert left_out(results[:2]) == ""


@pytest.mark.parametrize("name", [BATCH_NORM, "training_concepts.why_batch_norm"])
def test_a_part_is_chosen_by_its_name(name: str) -> None:
    assert [question.part for question in asked([*small_class().values()], parts=[name])] == [BATCH_NORM]


@pytest.mark.parametrize("name", ["why", "training_concepts", "layer_sizes.why_batch_norm", ""])
def test_a_name_that_is_none_is_told_with_those_there_are(name: str) -> None:
    with pytest.raises(InputError, match=r"has no part .*; there is: training_concepts\.activation_property, "):
        place_named(homework(), name)


def test_a_name_of_two_parts_is_told_with_both(tmp_path: Path) -> None:
    one = written_homework.homework(tmp_path)
    twice = type(one)(one.name, one.title, (one.problems[0], homework().problems[0]), one.limits)
    with_same = type(one)(one.name, one.title, (*one.problems, *one.problems), one.limits)
    assert place_named(twice, "dropout") == (one.problems[0].name, "dropout")
    assert place_named(with_same, "dropout")  # one problem twice is one name


def test_a_part_without_a_rubric_has_none(tmp_path: Path) -> None:
    one = written_homework.homework(tmp_path)
    problem = one.problems[0].name
    verdict = result("a", {BATCH_NORM: "a"}).grade.verdicts[1]
    texts = verdict.model_copy(update={"problem": problem, "part": "losses"})
    plain = result("a", {})
    grade = plain.grade.model_copy(update={"homework": one.name, "verdicts": (texts,)})
    (question,) = waiting([plain.model_copy(update={"grade": grade})], one)
    assert (question.part, question.rubric) == ("losses", ())


def test_a_fingerprint_is_of_the_answer_or_of_the_file_where_there_is_none() -> None:
    one, same, other = (
        result(name, {BATCH_NORM: text}) for name, text in (("a", SCALE), ("b", SCALE), ("c", SCALE_TOO))
    )

    def printed(one: Result) -> str:
        return fingerprint_of(one.grade.verdicts[1], one.submission)

    assert printed(one) == printed(same) != printed(other)
    assert printed(result("a", {BATCH_NORM: ""})) != printed(result("b", {BATCH_NORM: ""}))
    assert printed(one).startswith("f")

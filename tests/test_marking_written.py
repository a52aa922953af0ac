"""Written parts from an answer to its verdict, without a kernel."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader import Answer, Marker, Outcome, Verdict
from grader.errors import ProblemError
from grader.kernels.inside import encode
from grader.problem_file import Part
from grader.records import Picture
from tests.courses import replaced
from tests.written_homework import PROBLEM, SOLVER, STATEMENT, homework, png, text

PICTURE = Picture(mime="image/png", data=text(png()))


@pytest.fixture
def marker(tmp_path: Path) -> Marker:
    (problem,) = homework(tmp_path).problems
    return Marker(problem)


def mark(marker: Marker, part: str, value: Any = None, **fields: Any) -> Verdict:
    answer = Answer(variable=part, data=encode(value), **fields)
    return next(verdict for verdict in marker.mark({part: answer}) if verdict.part == part)


def test_a_text_waits_for_a_person_in_full_and_with_what_was_seen(marker: Marker) -> None:
    verdict = mark(marker, "dropout", "One line.\n\nAgainst overfitting.", cell=3)
    assert (verdict.outcome, verdict.points, verdict.max_points) == (Outcome.AWAITS_REVIEW, None, Fraction(2))
    assert (verdict.answer, verdict.read_as) == ("One line.\n\nAgainst overfitting.", "4 words")
    assert verdict.suggestion == 'mentions: it regularises ("overfit"); not seen: it is for training only'
    assert verdict.message == "A person reads this and gives the points."
    assert (verdict.finding, verdict.cell) == ("dropout:awaits-review", 3)


@pytest.mark.parametrize("value", [..., None, "", " \n", "...", "TODO", "Your answer here"])
def test_nothing_is_blank_and_decided(marker: Marker, value: Any) -> None:
    verdict = mark(marker, "dropout", value)
    assert (verdict.outcome, verdict.points, verdict.answer) == (Outcome.BLANK, Fraction(0), "")


def test_where_text_elsewhere_may_be_meant_an_empty_part_is_for_a_person_and_only_that(marker: Marker) -> None:
    for part, blank in (("dropout", None), ("losses", None), ("side", ...), ("side", "")):
        verdict = mark(marker, part, blank, elsewhere="but cell 9 has text")
        assert (verdict.outcome, verdict.points) == (Outcome.UNREADABLE, None)
        assert verdict.message.endswith("a person will look at your notebook: but cell 9 has text.")
    assert mark(marker, "side", 4, elsewhere="but cell 9 has text").outcome is Outcome.CORRECT
    assert mark(marker, "side", 5, elsewhere="but cell 9 has text").outcome is Outcome.INCORRECT
    assert mark(marker, "side", ...).outcome is Outcome.BLANK


def test_words_far_below_a_placeholder_are_an_answer(marker: Marker) -> None:
    assert mark(marker, "dropout", "TODO" + "\n" * 300 + "It regularises.").outcome is Outcome.AWAITS_REVIEW


def test_a_picture_alone_is_an_answer_to_either_kind(marker: Marker) -> None:
    for part in ("dropout", "losses"):
        verdict = mark(marker, part, None, pictures=(PICTURE,))
        assert (verdict.outcome, verdict.answer, verdict.pictures) == (Outcome.AWAITS_REVIEW, "", (PICTURE,))


def test_a_figure_waits_for_a_person(marker: Marker) -> None:
    verdict = mark(marker, "losses", "The left one falls.", pictures=(PICTURE,))
    assert (verdict.outcome, verdict.points, verdict.answer) == (Outcome.AWAITS_REVIEW, None, "The left one falls.")


def test_words_without_a_picture_are_for_a_person_who_is_told_what_would_do(marker: Marker) -> None:
    verdict = mark(marker, "losses", "See my drive.")
    assert (verdict.outcome, verdict.answer) == (Outcome.UNREADABLE, "See my drive.")
    assert "PNG or JPEG" in verdict.message


def test_a_figure_that_did_not_run_and_one_that_is_missing_are_decided(marker: Marker) -> None:
    assert mark(marker, "losses", None).outcome is Outcome.BLANK
    verdict = mark(marker, "losses", None, did_not_run="cell 2 stopped")
    assert (verdict.outcome, verdict.points) == (Outcome.DID_NOT_RUN, Fraction(0))


def test_an_extra_part_is_extra_in_its_verdict(marker: Marker) -> None:
    verdicts = {verdict.part: verdict.extra for verdict in marker.mark({})}
    assert verdicts == {"dropout": False, "losses": False, "sketch": True, "side": False}


def test_what_disturbs_the_text_around_it_is_left_out_of_an_answer(marker: Marker) -> None:
    verdict = mark(marker, "dropout", "a\u202eb\u2066c\x1b[31md\te\r\nf\u200dg" + "\n" * 50 + "h  \u2028i")
    assert verdict.answer == "abc [31md e\nf\u200dg\n\n\nh\ni"


def test_the_longest_text_is_shown_in_full(marker: Marker) -> None:
    assert mark(marker, "dropout", "w" * 10_000).answer == "w" * 10_000


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('points = "1/2"', 'points = "1/3"', "the points of the rubric add up to 11/6, not to the part's 2"),
        ('points = "1/2"', "points = 0", "rubric.0.points"),
        ("words_at_most = 60", "words_at_most = 0", "words_at_most"),
        ('kind = "text"', 'kind = "text"\nsolve = "side"', "has no reference"),
        ('keywords = ["training", "train-time"]', 'keyword = "training"', "is not a known key"),
    ],
)
def test_an_error_in_a_written_part_is_named_when_the_course_is_loaded(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    with pytest.raises(ProblemError, match=r"parts\.dropout") as refused:
        homework(tmp_path, replaced(PROBLEM, old, new))
    assert words in str(refused.value)


def test_a_rubric_may_be_left_out() -> None:
    assert Part.model_validate({"kind": "figure", "points": "1/3"}).points == Fraction(1, 3)


def test_a_written_part_that_is_named_as_a_function_takes_no_part_in_follow_through(tmp_path: Path) -> None:
    problem = replaced(replaced(PROBLEM, "[parts.side]", "[parts.area]"), "[parts.dropout]", "[parts.side]")
    statement = replaced(replaced(STATEMENT, "{#side}", "{#area}"), "{#dropout}", "{#side}")
    (found,) = homework(
        tmp_path, problem, statement, SOLVER + "\n\ndef area(side):\n    return len(str(side))\n"
    ).problems
    given = {"side": Answer(variable="side", data=encode("four")), "area": Answer(variable="area", data=encode(4))}
    assert [verdict.outcome for verdict in Marker(found).mark(given)][-1] is Outcome.INCORRECT

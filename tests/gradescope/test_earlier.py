"""How often a submission is graded, and what a student over the limit is told."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from grader.autograder_settings import AutograderSettings
from grader.gradescope.earlier import allowance, ledger_in
from grader.gradescope.handing_again import results_again
from grader.gradescope.metadata import Metadata, Previous
from grader.gradescope.results import COUNTED, FAULT, MOST_CHARACTERS, Entry, Results

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
TWO_A_DAY = AutograderSettings(most_submissions=2, per_hours=24)


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def results(*counted: float, **fields: Any) -> dict[str, Any]:
    extra = {COUNTED: [at(hours).isoformat() for hours in counted], FAULT: False}
    entries = (Entry(name="Area", number="1.1", score=2.0, max_score=2.0),)
    made = Results(**{"score": 2.0, "output": "<p>2 of 2</p>", "tests": entries, "extra_data": extra} | fields)
    return made.model_dump(mode="json", exclude_none=True)


def metadata(now: float, *previous: Previous) -> Metadata:
    return Metadata(submitted=at(now), previous=previous)


def hours(times: Sequence[datetime]) -> list[float]:
    return [(time - NOON) / timedelta(hours=1) for time in times]


def again(about: Metadata) -> Results:
    allowed = allowance(about, TWO_A_DAY)
    assert allowed.next_at is not None
    return results_again(about, TWO_A_DAY, allowed, allowed.next_at)


def test_by_default_every_submission_is_graded_and_counted() -> None:
    about = metadata(3, Previous(submitted=at(1)), Previous(submitted=at(2)))
    allowed = allowance(about, AutograderSettings())
    assert (allowed.next_at, hours(allowed.counted)) == (None, [1, 2, 3])


def test_over_the_limit_none_is_graded_until_the_oldest_one_that_counts_is_out_of_the_window() -> None:
    about = metadata(3, Previous(submitted=at(1)), Previous(submitted=at(2), results=results(1, 2)))
    assert allowance(about, TWO_A_DAY).next_at == at(25)
    later = about.model_copy(update={"submitted": at(25)})
    assert (allowance(later, TWO_A_DAY).next_at, hours(allowance(later, TWO_A_DAY).counted)) == (None, [2, 25])


def test_where_more_count_than_may_the_newest_of_them_decide() -> None:
    about = metadata(4, Previous(submitted=at(3), results=results(1, 2, 3)))
    assert allowance(about, TWO_A_DAY).next_at == at(26)


def test_what_the_newest_results_do_not_count_does_not_count() -> None:
    about = metadata(4, *(Previous(submitted=at(one)) for one in (1, 2)), Previous(submitted=at(3), results=results(1)))
    assert hours(allowance(about, TWO_A_DAY).counted) == [1, 4]


def test_without_an_account_all_count_that_did_not_fail() -> None:
    fault = {"score": 0, "output": "", "extra_data": {FAULT: True}}
    about = metadata(
        4, Previous(submitted=at(1)), Previous(submitted=at(2), failed=True), Previous(submitted=at(3), results=fault)
    )
    assert hours(allowance(about, TWO_A_DAY).counted) == [1, 4]


def test_an_account_that_is_damaged_is_none() -> None:
    for wrong in (
        None,
        {},
        {"extra_data": 3},
        {"extra_data": {COUNTED: "x"}},
        {"extra_data": {COUNTED: [3]}},
        {"extra_data": {COUNTED: ["2026-01-01"]}},
    ):
        assert ledger_in(wrong) is None


def test_a_submission_whose_time_is_not_known_is_graded() -> None:
    about = Metadata(previous=(Previous(submitted=at(1)), Previous(submitted=at(2), results=results(1, 2))))
    assert allowance(about, TWO_A_DAY).next_at is None


def test_later_submissions_do_not_change_what_becomes_of_one_that_is_graded_again() -> None:
    before = (Previous(submitted=at(1)),)
    after = (Previous(submitted=at(5)), Previous(submitted=at(30), results=results(30)))
    assert allowance(metadata(3, *before, *after), TWO_A_DAY) == allowance(metadata(3, *before), TWO_A_DAY)


def test_the_last_results_are_handed_out_again_with_words_in_front() -> None:
    about = metadata(3, Previous(submitted=at(1)), Previous(submitted=at(2), results=results(1, 2)))
    made = again(about)
    assert made.output.endswith("still counts.</p>\n<p>2 of 2</p>")
    assert "2 submissions within 24 hours are graded" in made.output
    assert "after 2026-11-02 13:00:00 (UTC+0000)" in made.output
    assert (made.score, [entry.name for entry in made.tests]) == (2.0, ["Area"])
    assert made.extra_data[COUNTED] == [at(1).isoformat(), at(2).isoformat()]


def test_the_words_do_not_pile_up() -> None:
    first = again(metadata(3, Previous(submitted=at(2), results=results(1, 2))))
    second = again(metadata(4, Previous(submitted=at(3), results=first.model_dump(mode="json"))))
    assert second.output == first.output


def test_results_with_what_gradescope_adds_can_be_handed_out_again() -> None:
    kept = results(1, 2) | {"added": 1, "leaderboard": None}
    kept["tests"] = [one | {"status": None, "id": 7} for one in kept["tests"]]
    assert again(metadata(3, Previous(submitted=at(2), results=kept))).score == 2.0


def test_where_there_are_no_results_to_hand_out_again_only_words_are() -> None:
    for kept in (results(1, 2) | {"score": "x"}, results(1, 2) | {"tests": 5}, results(1, 2) | {"output_format": "md"}):
        made = again(metadata(3, Previous(submitted=at(2), results=kept)))
        assert (made.tests, made.extra_data[COUNTED]) == ((), [at(1).isoformat(), at(2).isoformat()])
        assert "make that one your active submission" in made.output


def test_a_result_that_leaves_no_room_for_the_words_gives_way_to_them() -> None:
    kept = results(1, 2, output="x" * MOST_CHARACTERS)
    assert "xxx" not in again(metadata(3, Previous(submitted=at(2), results=kept))).output


@given(st.lists(st.integers(1, 200), unique=True, min_size=1, max_size=12))
def test_within_any_window_no_more_are_graded_than_may_be(times: list[int]) -> None:
    graded: list[datetime] = []
    previous: tuple[Previous, ...] = ()
    for now in sorted(times):
        about = metadata(now, *previous)
        allowed = allowance(about, TWO_A_DAY)
        counted = allowed.counted if allowed.next_at is None else allowed.earlier
        if allowed.next_at is None:
            graded.append(at(now))
        else:
            assert allowed.next_at > at(now)
        kept = results(*hours(counted))
        previous = (
            *(one.model_copy(update={"results": None}) for one in previous),
            Previous(submitted=at(now), results=kept),
        )
    for one in graded:
        assert len([other for other in graded if one - timedelta(hours=24) < other <= one]) <= 2

"""How often a submission is graded, and what a student over the limit is told."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from grader import __version__
from grader.autograder_settings import AutograderSettings
from grader.gradescope.inside.earlier import allowance, ledger_in
from grader.gradescope.inside.handing_again import results_again
from grader.gradescope.inside.metadata import Metadata, Previous
from grader.gradescope.results import COUNTED, FAULT, MOST_CHARACTERS, Entry, Results

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
TWO_A_DAY = AutograderSettings(most_submissions=2, per_hours=24)
COURSE = "digest"
OURS = {"grader": __version__, "course": COURSE}


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def results(*counted: float, **fields: Any) -> dict[str, Any]:
    extra = {COUNTED: [at(hours).isoformat() for hours in counted], FAULT: False, **OURS}
    entries = (Entry(name="Area", number="1.1", score=2.0, max_score=2.0),)
    made = Results(**{"score": 2.0, "output": "<p>2 of 2</p>", "tests": entries, "extra_data": extra} | fields)
    return made.model_dump(mode="json", exclude_none=True)


def metadata(now: float, *previous: Previous) -> Metadata:
    return Metadata(submitted=at(now), previous=previous)


def hours(times: Sequence[datetime]) -> list[float]:
    return [(time - NOON) / timedelta(hours=1) for time in times]


def answer(about: Metadata, course: str = COURSE) -> Results | None:
    return results_again(about, TWO_A_DAY, allowance(about, TWO_A_DAY), course)


def again(about: Metadata) -> Results:
    made = answer(about)
    assert made is not None
    return made


class Assignment:
    """Submissions to Gradescope, which keeps the results of the newest earlier one only, and what becomes of each."""

    def __init__(self) -> None:
        self.previous: list[Previous] = []

    def hand_in(self, now: float, becomes: str = "graded") -> str:
        """What becomes of a submission: "graded", or what it is told again."""
        told, kept = self._told(now, becomes, later=True)
        failed = becomes == "failed on the platform"
        self.previous.append(Previous(submitted=at(now), failed=failed, results=None if failed else kept))
        return told

    def rerun(self, now: float, *, later: bool) -> str:
        """The same for one that was handed in before; whether later ones are given then is not documented."""
        return self._told(now, "graded", later=later)[0]

    def _told(self, now: float, becomes: str, *, later: bool) -> tuple[str, dict[str, Any]]:
        others = [one for one in self.previous if one.submitted != at(now) and (later or one.submitted < at(now))]
        newest = max(others, key=lambda one: one.submitted, default=None)
        about = metadata(now, *(one if one is newest else one.model_copy(update={"results": None}) for one in others))
        allowed = allowance(about, TWO_A_DAY)
        if (made := results_again(about, TWO_A_DAY, allowed, COURSE)) is not None:
            return f"again {made.score:g}", made.model_dump(mode="json", exclude_none=True)
        if becomes == "graded":
            return "graded", results(*hours(allowed.counted), score=10 + now)
        return becomes, results(*hours(allowed.earlier), score=0.0, tests=()) | {"output": ""}


def test_two_a_day_are_graded_and_the_others_are_told_the_last_ones_results() -> None:
    one = Assignment()
    assert [one.hand_in(now) for now in (0, 1, 2, 3, 25.5, 25.6)] == [
        "graded", "graded", "again 11", "again 11", "graded", "graded",
    ]  # fmt: skip
    assert one.hand_in(25.7) == "again 35.6"


def test_one_that_is_graded_again_once_there_are_later_ones_is_never_left_without_marks() -> None:
    one = Assignment()
    for now in (0, 1, 2, 3, 25.5):
        one.hand_in(now)
    assert [one.rerun(now, later=False) for now in (0, 1, 2, 3, 25.5)] == [
        "graded", "graded", "again 11", "again 11", "graded",
    ]  # fmt: skip
    # The results of the ones before are gone, if only the newest of all has them.
    assert [one.rerun(now, later=True) for now in (0, 1, 2, 3, 25.5)] == ["graded"] * 5


def test_one_that_failed_costs_nothing_whoever_failed() -> None:
    for failed in ("fault of ours", "failed on the platform", "no notebook"):
        one = Assignment()
        assert [one.hand_in(0), one.hand_in(1, failed), one.hand_in(2), one.hand_in(3)] == [
            "graded", failed, "graded", "again 12",
        ]  # fmt: skip


def test_after_a_failure_over_the_limit_there_is_nothing_to_hand_out_so_that_one_is_graded() -> None:
    one = Assignment()
    assert [one.hand_in(0), one.hand_in(1), one.hand_in(2)] == ["graded", "graded", "again 11"]
    one.previous[-1] = Previous(submitted=at(2), failed=True)
    assert one.hand_in(3) == "graded"
    assert one.hand_in(4) == "again 13"
    # Of 0, 1, 2 and 3, none but the one at 2 is known not to have been graded: it was over the limit.
    assert one.hand_in(25.5) == "graded"


def test_after_a_mend_one_over_the_limit_is_graded_instead_of_being_handed_the_old_marks() -> None:
    about = metadata(3, Previous(submitted=at(2), results=results(1, 2)))
    assert answer(about) is not None
    assert answer(about, course="mended") is None
    old = results(1, 2)
    old["extra_data"]["grader"] = "0.0.1"
    assert answer(metadata(3, Previous(submitted=at(2), results=old))) is None


def test_a_fault_in_one_part_leaves_results_to_hand_out() -> None:
    kept = results(1, 2)
    kept["extra_data"][FAULT] = True
    made = again(metadata(3, Previous(submitted=at(2), results=kept)))
    assert (made.score, made.extra_data[FAULT]) == (2.0, True)


def test_without_an_account_none_is_over_the_limit() -> None:
    about = metadata(4, *(Previous(submitted=at(one)) for one in (1, 2, 3)))
    allowed = allowance(about, TWO_A_DAY)
    assert (allowed.next_at, hours(allowed.counted)) == (None, [1, 2, 4])


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
    assert made.output.endswith("still counts.</p><p>2 of 2</p>")
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


def test_where_there_are_no_results_to_hand_out_again_one_over_the_limit_is_graded() -> None:
    changes: list[dict[str, Any]] = [
        {"score": "x"}, {"tests": 5}, {"tests": []}, {"output_format": "md"}, {"output": 3},
    ]  # fmt: skip
    for change in changes:
        about = metadata(3, Previous(submitted=at(2), results=results(1, 2) | change))
        assert allowance(about, TWO_A_DAY).next_at is not None
        assert answer(about) is None


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

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.late_rule import LateRule, lateness
from grader.records import Grade, Lateness, Outcome, Status, Submission, Verdict

DUE = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)
RULE = LateRule.model_validate({"share": "0.1", "grace_minutes": 15, "at_most": "0.5", "until_hours": 240})


def handed_in(after: timedelta | None, **fields: Any) -> Submission:
    when = None if after is None else DUE + after
    return Submission(student="al", path=Path("al.ipynb"), digest="0", submitted=when, **fields)


def late(after: timedelta | None, rule: LateRule | None = RULE, **fields: Any) -> Lateness | None:
    return lateness(handed_in(after, **fields), DUE, rule)


@pytest.mark.parametrize("after", [timedelta(days=-3), timedelta(), timedelta(minutes=15)])
def test_who_hands_in_by_the_due_date_and_the_grace_is_not_late(after: timedelta) -> None:
    assert late(after) is None


@pytest.mark.parametrize(
    ("after", "share"),
    [
        (timedelta(minutes=15, microseconds=1), "1/10"),
        (timedelta(hours=24), "1/10"),
        (timedelta(hours=24, microseconds=1), "2/10"),
        (timedelta(days=4), "4/10"),
        (timedelta(days=9), "1/2"),
        (timedelta(hours=240, microseconds=1), "1"),
    ],
)
def test_each_step_that_has_begun_costs_up_to_a_most_and_after_the_last_time_all(after: timedelta, share: str) -> None:
    found = late(after)
    assert found is not None
    assert found.share == Fraction(share)


def test_words_say_how_late_and_what_it_costs() -> None:
    found = late(timedelta(days=1, hours=2, minutes=3))
    assert found is not None
    assert found.words == "1 day and 2 hours late: 20 % of the points earned are taken off"


def test_without_a_rule_lateness_is_said_and_costs_nothing() -> None:
    found = late(timedelta(hours=1), rule=None)
    assert found is not None
    assert not found.share
    assert found.words == "1 hour late: nothing is taken off"


def test_a_due_date_of_ones_own_counts_instead() -> None:
    assert late(timedelta(days=2), due=DUE + timedelta(days=3)) is None


def test_what_is_late_by_an_unknown_time_costs_nothing_and_says_so() -> None:
    found = late(None, late=True)
    assert found is not None
    assert found.seconds is None
    assert not found.share
    assert "by how much is not known" in found.words


def test_who_has_handed_in_nothing_and_who_has_no_time_are_not_late() -> None:
    assert late(timedelta(days=2), missing=True) is None
    assert late(None) is None


@pytest.mark.parametrize("wrong", [{}, {"share": 2}, {"share": -1}, {"share": "0.1", "every_hours": 0}, {"of": "all"}])
def test_a_rule_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        LateRule.model_validate(wrong)


def graded(points: Fraction, found: Lateness | None) -> Grade:
    verdicts = (
        Verdict(problem="p", part="a", outcome=Outcome.PARTIAL, points=points, max_points=Fraction(10), finding="a:x"),
    )
    return Grade(student="al", homework="h", status=Status.GRADED, verdicts=verdicts, late=found)


def test_a_share_of_the_most_points_leaves_no_less_than_nothing() -> None:
    found = Lateness(seconds=1, share=Fraction(1, 2), of="maximum", words="")
    assert graded(Fraction(8), found).total == 3
    assert graded(Fraction(4), found).total == 0


@given(
    st.fractions(0, 10), st.timedeltas(timedelta(), timedelta(days=30)), st.timedeltas(timedelta(), timedelta(days=30))
)
def test_who_hands_in_later_never_has_more(points: Fraction, one: timedelta, other: timedelta) -> None:
    sooner, later = sorted((one, other))
    totals = [graded(points, late(after)).total for after in (sooner, later)]
    assert 0 <= totals[1] <= totals[0] <= points

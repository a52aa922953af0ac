"""The numbers of a class page, by hand and beside numpy."""

import random
from dataclasses import replace
from statistics import mean, median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.records import Outcome, Status
from grader.reports.standing import Standing
from grader.reports.statistics import FEWEST, PartStatistics, distribution, part_statistics
from tests.reports.grades import homework
from tests.reports.standings import WARMUP, apart, blank, made_up_class, one, part, warmup

POINTS = [float(problem.parts[name].points) for problem, name in homework(WARMUP).parts]
SHARES = st.lists(st.tuples(*[st.sampled_from([None, 0.0, 0.25, 0.5, 1.0])] * 3), min_size=FEWEST, max_size=3 * FEWEST)
ABSENT = [
    apart("nobody", Status.NO_SUBMISSION, Outcome.BLANK, "Nothing was handed in."),
    apart("pdf", Status.NOT_A_NOTEBOOK, Outcome.UNREADABLE, "is a PDF"),
    apart("other", Status.OTHER_HOMEWORK, Outcome.AWAITS_REVIEW, "answers another"),
    apart("fault", Status.FAULT, Outcome.GRADER_FAULT, "The grader failed."),
]


def statistics(class_: list[Standing]) -> tuple[PartStatistics, ...]:
    return part_statistics(class_, homework(WARMUP))


def correlation(rows: list[tuple[float | None, ...]], column: int) -> float | None:
    """The corrected item-total correlation, step by step."""
    own, rest = [], []
    for row in rows:
        others = [(share, POINTS[at]) for at, share in enumerate(row) if share is not None and at != column]
        share = row[column]
        if share is not None and others:
            own.append(share)
            rest.append(round(sum(share * of for share, of in others) / sum(of for _, of in others), 9))
    if len(own) < FEWEST or len(set(own)) == 1 or len(set(rest)) == 1:
        return None
    return float(np.corrcoef(own, rest)[0, 1])


def test_a_small_class_by_hand() -> None:
    class_ = [
        one("ada", part(1.0), part(0.5), blank()),
        one("bo", part(1.0), part(None), part(1.0)),
        one("cy", blank(), part(0.0), None),
        one("di", part(0.5), part(None, outcome=Outcome.UNREADABLE), part(0.0, outcome=Outcome.DID_NOT_RUN)),
    ]
    first, second, third = statistics(class_)
    assert first == PartStatistics(3, 1, 0, 0, 4, correct=0.5, difficulty=2.5 / 4, discrimination=None)
    assert second == PartStatistics(4, 0, 0, 2, 2, correct=0.0, difficulty=0.25, discrimination=None)
    assert third == PartStatistics(1, 1, 1, 0, 3, correct=1 / 3, difficulty=1 / 3, discrimination=None)


def test_only_students_count_whose_notebook_was_marked() -> None:
    class_ = warmup((1.0, 0.5, 0.0), (0.0, 0.5, 1.0))
    assert statistics([*class_, *ABSENT]) == statistics(class_)
    assert distribution([*class_, *ABSENT]) == distribution(class_)


def test_blank_answers_alone_tell_nothing_while_all_others_wait() -> None:
    waiting, all_blank, _ = statistics(
        [one("ada", part(None), blank(), part(1.0)), one("bo", blank(), blank(), blank())]
    )
    assert (waiting.decided, waiting.correct, waiting.difficulty) == (1, None, None)
    assert (all_blank.correct, all_blank.difficulty) == (0.0, 0.0)


def test_a_class_of_nobody_has_no_numbers() -> None:
    nothing = PartStatistics(0, 0, 0, 0, 0, correct=None, difficulty=None, discrimination=None)
    for class_ in ([], ABSENT):
        assert statistics(class_) == (nothing,) * 3
        assert distribution(class_) is None


def test_discrimination_is_the_correlation_with_the_points_of_the_rest() -> None:
    shares = np.random.default_rng(5).choice([0.0, 0.25, 0.5, 1.0], size=(40, 3))
    for column, found in enumerate(statistics(warmup(*shares.tolist()))):
        rest = np.delete(shares, column, axis=1) @ np.delete(POINTS, column)
        assert found.discrimination == pytest.approx(np.corrcoef(shares[:, column], rest)[0, 1])


def test_a_part_that_strong_students_fail_discriminates_negatively() -> None:
    class_ = warmup(*[(level / 20, level / 20, 1 - level / 20) for level in range(20)])
    assert [one.discrimination for one in statistics(class_)][2] == pytest.approx(-1)


@pytest.mark.parametrize(
    "rows",
    [
        [(level / 10, level / 10, level / 10) for level in range(FEWEST - 1)],
        [(0.5, 0.5, 0.5)] * 20,
        [(0.1, level / 20, None) for level in range(20)],
        [(level / 20, 0.1, 0.1) for level in range(20)],
        [(level / 20, None, None) for level in range(20)],
    ],
    ids=["too few", "all alike", "alike in this part", "alike in the rest", "no rest"],
)
def test_there_is_no_discrimination_where_it_would_say_nothing(rows: list[tuple[float | None, ...]]) -> None:
    assert statistics(warmup(*rows))[0].discrimination is None


@settings(max_examples=40)
@given(SHARES, st.randoms())
def test_statistics_are_those_of_numpy_whatever_waits_and_in_whatever_order(
    rows: list[tuple[float | None, ...]], order: random.Random
) -> None:
    class_ = warmup(*rows)
    order.shuffle(class_)
    for column, found in enumerate(statistics(class_)):
        decided = [share for row in rows if (share := row[column]) is not None]
        assert found.pending == len(rows) - len(decided)
        if decided:
            assert found.difficulty == pytest.approx(np.mean(decided))
            assert found.correct == pytest.approx(decided.count(1.0) / len(decided))
        expected = correlation(rows, column)
        assert (found.discrimination is None) == (expected is None)
        if expected is not None:
            assert found.discrimination == pytest.approx(expected, abs=1e-6)


def totals(*percents: str) -> list[Standing]:
    base = one("x", part(1.0), part(1.0), part(1.0))
    return [replace(base, totals=base.totals._replace(percent=percent)) for percent in percents]


def test_each_range_begins_with_its_lower_end_and_100_is_in_the_last() -> None:
    found = distribution(totals("0.0", "9.9", "10.0", "89.9", "90.0", "99.9", "100.0", ""))
    assert found is not None
    assert [bar.students for bar in found.bars] == [2, 1, 0, 0, 0, 0, 0, 0, 1, 3]
    assert (found.bars[0].range, found.bars[-1].range) == ("0\N{EN DASH}10", "90\N{EN DASH}100")
    assert found.students == 7


def test_extra_points_have_a_bar_of_their_own_where_somebody_has_them() -> None:
    found = distribution(totals("100.0", "100.1", "640.0"))
    assert found is not None
    assert (found.bars[-1].range, found.bars[-1].students) == ("> 100", 2)


@given(st.lists(st.decimals(0, 300, places=1).map(str), min_size=1, max_size=40))
def test_bars_hold_everybody_and_the_middle_is_that_of_the_totals(percents: list[str]) -> None:
    found = distribution(totals(*percents))
    assert found is not None
    assert sum(bar.students for bar in found.bars) == found.students == len(percents)
    values = [float(percent) for percent in percents]
    assert (found.mean_percent, found.median_percent) == pytest.approx((mean(values), median(values)))


def test_mean_and_median_in_points_are_of_what_students_have() -> None:
    found = distribution(warmup((1.0, 1.0, 1.0), (0.0, 0.0, 0.0), (1.0, 0.0, 0.0)))
    assert found is not None
    assert found.mean == pytest.approx((sum(POINTS) + POINTS[0]) / 3)
    assert found.median == pytest.approx(POINTS[0])


def test_a_made_up_class_has_numbers_for_every_part() -> None:
    class_ = made_up_class(60)
    assert all(one.discrimination is not None for one in part_statistics(class_, homework("hw5_networks")))

import csv
import io
from fractions import Fraction

import pytest
from rich.console import Console

from grader.changes import MOST_SHOWN, Change, changes_csv, changes_table, changes_words
from grader.records import Lateness, Outcome
from tests.reports.grades import grade, verdicts

HOMEWORK = "hw4_warmup"
RIGHT = verdicts(HOMEWORK, Outcome.CORRECT, Fraction(1))
WRONG = verdicts(HOMEWORK, Outcome.INCORRECT, Fraction(0))
PENDING = verdicts(HOMEWORK, Outcome.AWAITS_REVIEW, None)


def change(before: tuple[int, ...], after: tuple[int, ...], student: str = "al") -> Change | None:
    """From and to grades of which some parts are right."""
    old, new = (
        grade(student, *(RIGHT[part] if part in right else WRONG[part] for part in range(3)))
        for right in (before, after)
    )
    return Change.between(old, new)


def certain(found: Change | None) -> Change:
    assert found is not None
    return found


def shown(changes: list[Change]) -> str:
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(changes_table(changes))
    return console.export_text()


def test_equal_grades_are_no_change() -> None:
    assert change((0, 1), (0, 1)) is None


def test_a_change_has_both_totals_and_the_parts_that_differ() -> None:
    found = certain(change((0,), (0, 1)))
    assert (found.old_total, found.new_total) == (Fraction(2), Fraction(4))
    assert [(one.part, one.old_points, one.new_points) for one in found.parts] == [
        ("layer_sizes.convolution_parameters", Fraction(0), Fraction(2))
    ]


def test_another_reason_for_the_same_points_is_a_change() -> None:
    other = WRONG[0].model_copy(update={"finding": "linear_parameters:bias_forgotten"})
    found = certain(Change.between(grade("al", *WRONG), grade("al", other, *WRONG[1:])))
    assert found.old_total == found.new_total
    assert found.parts[0].words == "layer_sizes.linear_parameters 0 to 0 (incorrect, now bias_forgotten)"


def test_what_waits_is_pending_and_not_zero() -> None:
    found = certain(Change.between(grade("al", *PENDING), grade("al", *RIGHT)))
    assert found.parts[0].words == "layer_sizes.linear_parameters pending to 2 (awaits-review, now correct)"


def test_parts_that_come_and_go_are_told() -> None:
    gone = certain(Change.between(grade("al", *RIGHT), grade("al", *RIGHT[:2])))
    assert gone.parts[0].words.endswith("(correct, now not asked for)")
    new = certain(Change.between(grade("al", *RIGHT[:2]), grade("al", *RIGHT)))
    assert new.parts[0].words.endswith("(not asked for, now correct)")


def test_lateness_alone_is_a_change_without_parts() -> None:
    late = Lateness(seconds=1, share=Fraction(1, 2), words="late")
    found = certain(Change.between(grade("al", *RIGHT), grade("al", *RIGHT, late=late)))
    assert (found.new_total, found.parts) == (Fraction(5, 2), ())
    assert "lateness" in shown([found])
    assert changes_csv([found]).splitlines()[1] == "al,late,,,,,5.0,2.5"


def test_the_largest_changes_come_first_and_the_terminal_has_no_more_than_fit() -> None:
    many = [certain(change((), (2,), f"s{number:03}")) for number in range(MOST_SHOWN + 5)]
    text = shown([*many, certain(change((0, 1, 2), (), "worst"))])
    assert text.splitlines()[1].split()[:4] == ["worst", "5", "0", "-5"]
    assert "s004" in text
    assert f"s{MOST_SHOWN + 4:03}" not in text
    assert f"the table shows the {MOST_SHOWN} largest" in changes_words(many, 100)
    assert all(len(line) <= 80 for line in text.splitlines())


def test_the_words_count_who_gets_more_and_who_gets_less() -> None:
    changes = [certain(change((), (0,))), certain(change((0,), ())), certain(change((0,), (1,)))]
    assert "3 of 9 students change: 1 get more, 1 get less, 1 the same" in changes_words(changes, 9)


@pytest.mark.parametrize("finding", ["unexplained==1+1", "unexplained=[red]\x1b[2J"])
def test_what_a_student_wrote_is_inert_in_the_table_and_in_the_file(finding: str) -> None:
    other = WRONG[0].model_copy(update={"finding": f"linear_parameters:{finding}"})
    found = certain(Change.between(grade("al", *WRONG), grade("al", other, *WRONG[1:])))
    assert "\x1b" not in shown([found])
    (row,) = list(csv.DictReader(io.StringIO(changes_csv([found]))))
    assert row["new finding"][0] not in "=+-@"

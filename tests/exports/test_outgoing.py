from fractions import Fraction
from io import StringIO

import pytest
from rich.console import Console

from grader.course import Homework
from grader.exports import Aside, Change, Difference, Options, difference_table
from grader.exports.outgoing import decide
from grader.records import Lateness, Outcome, Person, Result, Status
from tests.exports.classmates import HOMEWORK, half_pending, homework_of, result, verdict

UNKNOWN = Lateness(seconds=None, words="late by an unknown time")
EXTRA = verdict(None, Fraction(3), part="convolution_outputs", extra=True, outcome=Outcome.UNREADABLE)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (half_pending("al", Person()), "3 of 5 points still pending"),
        (result("al", None), "no points are decided"),
        (result("al", None, status=Status.OTHER_HOMEWORK), "no points are decided (other homework)"),
        (result("al", status=Status.FAULT), "fault of the grader"),
        (result("al", "0", status=Status.NO_SUBMISSION), "no submission"),
        (result("al", late=UNKNOWN), "nobody knows by how much"),
        (
            result("al", verdicts=(verdict(Fraction(2)), EXTRA)),
            "extra points still pending",
        ),
    ],
)
def test_what_is_not_settled_is_held_back_with_the_reason(one: Result, why: str) -> None:
    extra = any(verdict.extra for verdict in one.grade.verdicts)
    now = homework_of("convolution_outputs", linear_parameters=2, convolution_outputs=3) if extra else HOMEWORK
    going, held = decide([one], now, Options())
    assert not going
    assert why in held["al"]


def test_pending_points_go_out_when_asked_with_a_note() -> None:
    going, held = decide([half_pending("al", Person()), result("bo", late=UNKNOWN)], HOMEWORK, Options(pending=True))
    assert not held
    assert (going["al"].text, going["al"].note) == ("2", "3 of 5 points still pending")
    assert "nobody knows" in going["bo"].note


@pytest.mark.parametrize("status", [Status.FAULT, Status.NOT_A_NOTEBOOK, Status.OTHER_HOMEWORK])
def test_nobody_gets_zero_for_what_is_not_read_or_our_fault(status: Status) -> None:
    going, held = decide([result("al", None, status=status)], HOMEWORK, Options(pending=True, missing_as_zero=True))
    assert (list(going), list(held)) == ([], ["al"])


def test_missing_students_get_zero_when_asked() -> None:
    missing = result("al", verdicts=(), status=Status.NO_SUBMISSION)
    going, _ = decide([missing], HOMEWORK, Options(missing_as_zero=True))
    assert (going["al"].text, going["al"].note) == ("0", "no submission")


def test_what_goes_out_is_after_lateness_scaled_and_rounded_half_up_once() -> None:
    late = Lateness(seconds=90_000.0, share=Fraction(1, 10), words="2 days late: 10 % off")
    going, _ = decide([result("al", "1.25", late=late)], HOMEWORK, Options(scale=Fraction(1, 9)))
    assert (going["al"].points, going["al"].text) == (Fraction(1, 8), "0.13")
    assert going["al"].note == "2 days late: 10 % off"


OLD = "marked before the course changed; grader regrade OUT first"


@pytest.mark.parametrize(
    "now",
    [
        homework_of(linear_parameters=2, convolution_outputs=4),
        homework_of(linear_parameters=3, convolution_outputs=2),
        homework_of(linear_parameters=2, convolution_parameters=3),
        homework_of("convolution_outputs", linear_parameters=2, convolution_outputs=3),
    ],
    ids=["maximum", "points of parts", "parts", "extra"],
)
@pytest.mark.parametrize("options", [Options(), Options(pending=True, missing_as_zero=True)])
def test_a_grade_of_the_course_before_it_changed_is_held_back(now: Homework, options: Options) -> None:
    people = [result("al", "4"), result("bo", "0", status=Status.NO_SUBMISSION)]
    going, held = decide(people, now, options)
    assert not going
    assert held == {"al": OLD, "bo": OLD if options.missing_as_zero else "no submission"}
    assert len(decide(people, HOMEWORK, Options(missing_as_zero=True))[0]) == 2


def test_the_difference_fits_80_columns_and_shows_hostile_text_as_it_is() -> None:
    hostile = "[red]bold[/red]\x1b[31m" + "w" * 100
    difference = Difference(
        column=f"fills {hostile!r} of grades.csv",
        changes=(Change(hostile, hostile, "4.5", hostile),),
        unmatched_rows=(hostile,),
        unmatched_students=(Aside(hostile, hostile),),
        out_of_range=(Aside("bo", "6 is more than the maximum of 5"),),
        held_back=(Aside("cy", "no submission"),),
        unchanged=3,
    )
    console = Console(file=StringIO(), width=80, force_terminal=True, color_system="truecolor")
    with console.capture() as capture:
        console.print(difference_table(difference))
    plain = Console(file=StringIO(), width=80)
    with plain.capture() as shown:
        plain.print(difference_table(difference))
    assert "[red]bold[/red]" in shown.get()
    assert "\x1b[31m" not in capture.get()
    assert max(map(len, shown.get().splitlines())) <= 80
    assert shown.get().startswith("fills ")
    assert "1 to change, 3 unchanged" in shown.get()
    for words in ("held back (1)", "out of range, not sent (1)", "not in the file (1)"):
        assert words in shown.get()

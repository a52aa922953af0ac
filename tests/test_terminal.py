import io
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from grader.console import inert
from grader.records import Grade, Outcome, Status
from grader.reports.standing import standing
from grader.terminal import class_table, progress
from tests.reports.grades import grade, homework, verdicts

HOSTILE = "[red]a[/red][link=https://x]:bomb:\x1b]0;title\x07\x1b[2J\u202eb\ud800\n\\["


def printed(*grades: Grade) -> str:
    file = io.StringIO()
    Console(file=file, width=80, force_terminal=True, color_system=None, emoji=False).print(
        class_table([standing(one, homework(one.homework)) for one in grades])
    )
    return file.getvalue()


def of(outcome: Outcome, student: str = "al", status: Status = Status.GRADED, note: str = "") -> Grade:
    credit = None if outcome.pending else Fraction(1, 3)
    return grade(student, *verdicts("hw5_networks", outcome, credit), name="hw5_networks", status=status, note=note)


@pytest.mark.parametrize("student", ["al", "a" * 200, "李" * 60, "हिन्दी" * 20, HOSTILE * 5])
def test_no_line_of_the_table_is_longer_than_80_columns(student: str) -> None:
    everything = [of(outcome, student, status) for outcome in Outcome for status in Status]
    lines = printed(*everything).splitlines()
    assert len(lines) >= len(everything) + 2
    assert max(map(cell_len, lines)) <= 80


def test_markup_and_controls_in_a_name_are_shown_and_do_nothing() -> None:
    shown = printed(of(Outcome.CORRECT, "[red]x[/red]\x1b[2J\n"))
    assert "[red]x[/red]\N{REPLACEMENT CHARACTER}[2J" in shown
    assert "\x1b" not in shown


def test_a_row_tells_total_percent_pending_status_and_what_to_look_at() -> None:
    right = list(verdicts("hw4_warmup", Outcome.CORRECT, Fraction(1)))
    right[1] = verdicts("hw4_warmup", Outcome.UNREADABLE, None)[1]
    right[2] = verdicts("hw4_warmup", Outcome.BLANK, Fraction(0))[2]
    lines = printed(grade("al", *right, status=Status.NEEDS_REVIEW)).splitlines()
    assert [line.split() for line in lines] == [
        ["student", "total", "%", "pending", "status", "look", "at"],
        ["maximum", "5", "100.0"],
        ["al", "2", "66.7", "2", "needs", "review", "1", "unreadable,", "1", "blank"],
    ]


@pytest.mark.parametrize("status", [Status.NOT_A_NOTEBOOK, Status.OTHER_HOMEWORK, Status.FAULT])
def test_a_student_without_marks_has_no_total(status: Status) -> None:
    without = of(Outcome.GRADER_FAULT, status=status)
    row, points = printed(without).splitlines()[2], str(without.pending_points)
    assert row.split() == ["al", points, *str(status).split()]


def test_a_class_of_nobody_has_a_table() -> None:
    assert "student" in printed()


@given(st.text())
def test_inert_text_is_one_line_of_printable_characters_without_style(text: str) -> None:
    shown = Text.from_markup(f"[bold]{inert(text)}[/bold]", emoji=False)
    assert shown.plain.isprintable()
    assert len(shown.plain) == len(text)
    assert {str(span.style) for span in shown.spans} <= {"bold"}
    assert all(a == b for a, b in zip(text, shown.plain, strict=True) if a.isprintable())


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_survives_hostile_names(terminal: bool) -> None:  # noqa: FBT001 - a column of the table
    file = io.StringIO()
    with progress(Console(file=file, force_terminal=terminal, width=80, emoji=False), 2) as advance:
        advance(standing(of(Outcome.CORRECT, HOSTILE), homework("hw4_warmup")))
        advance(standing(of(Outcome.CORRECT, "bo"), homework("hw4_warmup")))
    assert "\x1b]0;" not in file.getvalue()
    assert "\x1b[2J" not in file.getvalue()


def test_where_there_is_no_terminal_progress_is_a_line_per_student() -> None:
    file = io.StringIO()
    with progress(Console(file=file, force_terminal=False, width=40), 2) as advance:
        advance(standing(of(Outcome.CORRECT, "al"), homework("hw4_warmup")))
        advance(standing(of(Outcome.CORRECT, "bo"), homework("hw4_warmup")))
    first, second = file.getvalue().splitlines()
    assert first.startswith("[1/2] al: graded, 0.0 s, about ")
    assert second == "[2/2] bo: graded, 0.0 s, about 0 s left"

import io
from fractions import Fraction
from itertools import cycle, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from grader.changes import Change, changes_table
from grader.console import inert
from grader.records import Grade, Outcome, Status
from grader.reports.standing import Standing, standing
from grader.terminal import MOST_STUDENTS, class_table, class_view
from tests.reports.grades import grade, homework, verdicts
from tests.terminals import on_terminal

HOSTILE = "[red]a[/red][link=https://x]:bomb:\x1b]0;title\x07\x1b[2J\u202eb\ud800\n\\["


USUAL = (Status.GRADED, Status.NEEDS_REVIEW)
NAMES = ["al", "a" * 200, "李" * 60, "हिन्दी" * 20, "e\u0301" * 90, "שלום כהן", "محمد" * 40, HOSTILE * 5]


def standings(*grades: Grade) -> list[Standing]:
    return [standing(one, homework(one.homework)) for one in grades]


def printed(*grades: Grade, width: int = 80) -> str:
    return on_paper(class_table(standings(*grades), width), width=width)


def on_paper(*shown: RenderableType, width: int = 80) -> str:
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=True, color_system=None, emoji=False)
    for one in shown:
        console.print(one)
    return file.getvalue()


def of(outcome: Outcome, student: str = "al", status: Status = Status.GRADED, note: str = "") -> Grade:
    credit = None if outcome.pending else Fraction(1, 3)
    return grade(student, *verdicts("hw5_networks", outcome, credit), name="hw5_networks", status=status, note=note)


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120])
@pytest.mark.parametrize("student", NAMES)
def test_no_line_is_wider_than_the_terminal(student: str, width: int) -> None:
    everything = [of(outcome, student, status) for outcome, status in zip(Outcome, cycle(Status), strict=False)]
    shown = on_paper(*class_view(standings(*everything), width), width=width)
    assert len(shown.splitlines()) >= len(everything) + 2
    assert max(map(cell_len, shown.splitlines())) <= width


@pytest.mark.parametrize("width", [60, 80, 120])
def test_every_word_is_whole_and_every_number_there_on_usual_terminals(width: int) -> None:
    everything = [of(outcome, "a" * 200, status) for outcome, status in product(Outcome, Status)]
    lines = printed(*everything, width=width)
    header, *rows = lines.splitlines()
    assert header.split() == ["student", "total", "%", "pending", "status"]
    assert {word for row in rows for word in row[header.index("status") :].split()} <= set(
        " ".join([*Status, *(f"{status}:" for status in Status), "22", *Outcome]).replace("-", " ").split()
    )
    assert not any("…" in row[header.index("total") - 2 :] for row in rows[1:] if row.startswith("a"))


def test_a_wider_terminal_has_room_for_longer_names() -> None:
    assert "o" * 40 not in printed(of(Outcome.CORRECT, "o" * 40))
    assert "o" * 40 in printed(of(Outcome.CORRECT, "o" * 40), width=120)


def test_numbers_stay_behind_a_name_that_is_written_from_right_to_left() -> None:
    row = printed(of(Outcome.CORRECT, "שלום")).splitlines()[2]
    assert row.split() == ["שלום\N{LEFT-TO-RIGHT MARK}", "16", "38.1", "graded"]
    assert "\N{LEFT-TO-RIGHT MARK}" not in printed(of(Outcome.CORRECT, "李"))


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
        ["student", "total", "%", "pending", "status"],
        ["maximum", "5", "100.0"],
        ["al", "2", "66.7", "2", "needs", "review:", "1", "unreadable,", "1", "blank"],
    ]


@pytest.mark.parametrize("status", [Status.NOT_A_NOTEBOOK, Status.OTHER_HOMEWORK, Status.FAULT])
def test_a_student_without_marks_has_no_total(status: Status) -> None:
    without = of(Outcome.GRADER_FAULT, status=status)
    row, points = printed(without).splitlines()[2], str(without.pending_points)
    assert row.split() == ["al", points, *str(status).split()]


def test_a_class_of_nobody_has_a_table() -> None:
    assert "student" in printed()
    assert on_paper(*class_view([])).splitlines()[-1] == "no students"


def test_a_line_sums_a_class_up() -> None:
    class_ = [
        of(Outcome.CORRECT, "al"),
        grade("bo"),
        of(Outcome.AWAITS_REVIEW, "cy", Status.NEEDS_REVIEW),
        of(Outcome.BLANK, "dee", Status.NO_SUBMISSION),
    ]
    assert on_paper(*class_view(standings(*class_)), width=120).splitlines()[-1] == (
        "4 students: graded 2, needs review 1, no submission 1; mean 69.0 %; 1 has points pending"
    )


def one_line(text: str) -> str:
    return " ".join(text.split())


def large_class() -> list[Grade]:
    return [of(Outcome.AWAITS_REVIEW, f"routine{n}", Status.NEEDS_REVIEW) for n in range(MOST_STUDENTS + 1)]


def test_of_a_large_class_those_are_shown_who_need_something() -> None:
    trouble = [
        of(Outcome.UNREADABLE, "unreadable", Status.NEEDS_REVIEW),
        of(Outcome.DID_NOT_RUN, "failed"),
        *(of(Outcome.GRADER_FAULT, f"{status}", status) for status in Status if status not in {*USUAL}),
    ]
    shown = on_paper(*class_view(standings(*large_class(), *trouble)))
    assert "routine" not in shown
    assert all(f"\n{one.student}" in shown for one in trouble)
    assert f"only those who need something are shown; gradebook.csv has all {61 + len(trouble)} students" in one_line(
        shown
    )


def test_a_class_of_some_tens_is_shown_whole() -> None:
    shown = on_paper(*class_view(standings(*large_class()[:MOST_STUDENTS])))
    assert all(f"routine{n} " in shown for n in range(MOST_STUDENTS))
    assert "who need something" not in shown


def test_where_too_many_need_something_those_come_first_who_cannot_be_decided_without_a_person() -> None:
    failed = [of(Outcome.DID_NOT_RUN, f"failed{n}") for n in range(MOST_STUDENTS)]
    urgent = [of(Outcome.UNREADABLE, "unreadable", Status.NEEDS_REVIEW), of(Outcome.GRADER_FAULT, "zoe", Status.FAULT)]
    lines = on_paper(*class_view(standings(*large_class(), *failed, *urgent))).splitlines()
    assert [line.split()[0] for line in lines[2:5]] == ["zoe", "unreadable", "failed0"]
    assert "only the first 60 of 62 who need something are shown" in " ".join(lines)


def test_a_large_class_in_which_nobody_needs_anything_is_a_line() -> None:
    lines = on_paper(*class_view(standings(*large_class()))).splitlines()
    assert "nobody needs anything; gradebook.csv has all 61 students" in lines
    assert "student" not in [line.split()[0] for line in lines if line]


@given(st.text())
def test_inert_text_is_one_line_of_printable_characters_without_style(text: str) -> None:
    shown = Text.from_markup(f"[bold]{inert(text)}[/bold]", emoji=False)
    assert shown.plain.isprintable()
    assert {str(span.style) for span in shown.spans} <= {"bold"}
    # rich takes some backslashes for its own, such as one before a bracket.
    given, seen = text.replace("\\", ""), shown.plain.replace("\\", "")
    assert all(a == b for a, b in zip(given, seen, strict=True) if a.isprintable())


WIDTH_IN_A_PIPE = """
import subprocess, sys
words = [sys.executable, "-c", "from grader.console import out_console; print(out_console.width)"]
print(subprocess.run(words, stdout=subprocess.PIPE, check=True, text=True).stdout)
"""


@pytest.mark.parametrize(("columns", "width"), [("", 80), ("100", 100)])
def test_what_goes_into_a_pipe_is_80_columns_wide_however_wide_the_terminal_is(
    tmp_path: Path, columns: str, width: int
) -> None:
    program = f"import os; os.environ.update({dict([('COLUMNS', columns)] if columns else [])}){WIDTH_IN_A_PIPE}"
    assert on_terminal(["-c", program], tmp_path, columns=200)[1].split() == [str(width)]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("student", NAMES)
def test_no_line_about_changes_is_wider_than_the_terminal(student: str, width: int) -> None:
    change = Change.between(of(Outcome.INCORRECT, student), of(Outcome.AWAITS_REVIEW, student))
    assert change is not None
    lines = on_paper(changes_table([change], width), width=width).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert lines[0].split() == ["student", "old", "new", "change", "why"]
    assert "0 + 42?" in lines[1]

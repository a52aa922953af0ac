import io
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from grader.intake import Intake, LeftOut
from grader.intake_table import MOST_SHOWN, intake_tables
from grader.records import Submission


@dataclass(frozen=True)
class Handed:
    submission: Submission
    homework: str | None = "hw5"
    trouble: str = ""
    answers: int = 3


def submission(student: str, **fields: object) -> Submission:
    return Submission.model_validate({"student": student, "path": Path("x.ipynb"), "digest": student, **fields})


def shown(chosen: list[Handed], left_out: list[LeftOut], width: int = 80, homework: str = "") -> str:
    intake = Intake(submissions=tuple(one.submission for one in chosen), left_out=tuple(left_out[:1]))
    console = Console(file=io.StringIO(), width=width, highlight=False, emoji=False)
    console.print(intake_tables(intake, chosen, left_out, homework))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_students_files_times_and_notes_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    when = datetime(2026, 3, 1, 10, 5, tzinfo=UTC)
    ada = Handed(submission("ada", origin="ada_1_2_hw.ipynb", submitted=when, late=True, notes=("the newest of 2",)))
    text = shown([ada, Handed(submission("bo"), homework=None), Handed(submission("cy"), trouble="it is empty")], [])
    for words in ("ada_1_2_hw.ipynb", ":05 late", "hw5", "the newest of 2", "none known", "no notebook", "it is empty"):
        assert words in text
    assert "3 students to grade, 0 without a notebook, 0 files left out" in text


def test_who_handed_in_something_else_is_not_counted_as_graded() -> None:
    typed = Handed(submission("di", trouble="text was typed in"), homework=None, trouble="text was typed in")
    text = shown([Handed(submission("ada")), typed, Handed(submission("eve", missing=True))], [])
    assert "text was typed in" in text
    assert "1 student to grade, 2 without a notebook" in text


def test_it_is_late_by_the_rosters_date_too() -> None:
    early, late = (datetime(2026, 3, day, tzinfo=UTC) for day in (1, 2))
    assert "late" in shown([Handed(submission("ada", submitted=late, due=early))], [])
    assert "late" not in shown([Handed(submission("ada", submitted=early, due=late))], [])


def test_what_is_left_out_and_who_is_missing_is_said_with_the_reason() -> None:
    left = [LeftOut(path="a.zip: x.txt", why="is no notebook (.ipynb)"), LeftOut(path="y.rar", why="is not opened")]
    text = shown([Handed(submission("di", missing=True, notes=("handed in no notebook but x.pdf",)))], left)
    for words in (
        "a.zip: x.txt",
        "is no notebook (.ipynb)",
        "y.rar",
        "is not opened",
        "di: handed in no notebook but x.pdf",
    ):
        assert words in text
    assert "0 students to grade, 1 without a notebook, 2 files left out" in text


def test_a_data_set_hides_no_other_reason() -> None:
    left = [LeftOut(path=f"data/{n}.csv", why="is no notebook") for n in range(1000)]
    text = shown([], [*left, LeftOut(path="bo.ipynb", why="is a link")])
    assert f"and {1000 - MOST_SHOWN} more" in text
    assert "bo.ipynb" in text


def test_nothing_is_wider_than_80_columns_and_no_text_of_a_student_does_anything() -> None:
    hostile = "[red]x[/]\x1b[31m\n" + "w" * 200
    ada = Handed(submission("ada", origin=hostile, notes=(hostile,), group=hostile), homework=hostile)
    gone = replace(ada, submission=ada.submission.model_copy(update={"missing": True}))
    text = shown([ada, gone, replace(ada, trouble=hostile)], [LeftOut(path=hostile, why=hostile)])
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text
    assert "[red]" in text


LONG = "Ada Roy_1234567_assignsubmission_file/my work for the second week/hw1-final-version.ipynb"


def rows(text: str) -> list[str]:
    """The lines of the table below its header."""
    return text.partition("\n\n")[0].splitlines()[1:]


def test_a_file_takes_the_room_that_there_is_and_never_more_than_two_lines() -> None:
    ada = Handed(submission("ada", origin=LONG))
    assert LONG in shown([ada], [], width=140)
    first, second = rows(shown([ada], [], width=100))
    assert first.split(None, 1)[1].startswith("Ada Roy_1234567_assignsubmission_file/")
    assert second.strip().endswith("hw1-final-version.ipynb")
    noted = Handed(submission("ada", origin=LONG, notes=("the newest of 2 notebooks",)))
    lines = rows(shown([noted], []))
    assert len([line for line in lines if line[4:26].strip()]) == 2
    assert "…" in "".join(lines)
    assert lines[1].split()[0].endswith(".ipynb")


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_students_with_names_alike_are_told_apart(width: int) -> None:
    names = [f"Participant-of-this-course-{number}" for number in (1234571, 1234572)]
    lines = rows(shown([Handed(submission(name)) for name in names], [], width))
    assert [line.split()[0][-1] for line in lines if line.startswith("Par")] == ["1", "2"]


def test_wide_letters_fill_no_third_line() -> None:
    origin = "李小龙" * 30 + "完.ipynb"
    lines = rows(shown([Handed(submission("ada", origin=origin))], []))
    assert len(lines) == 2
    assert "完.ipynb" in lines[1]


def test_what_a_student_handed_in_instead_is_told_once() -> None:
    why = "is no notebook (.ipynb)"
    eve = Handed(submission("eve", origin="eve/hw.pdf", trouble=f"eve/a.txt {why}; eve/hw.pdf {why}; hand in another"))
    left = [
        LeftOut(path=f"class/{name}", why=why) for name in ("eve/hw.pdf", "eve/a.txt", "ada/hw.pdf", "eve/more.txt")
    ]
    text = shown([replace(eve, trouble=eve.submission.trouble), Handed(submission("ada"))], left, width=200)
    assert (text.count("eve/a.txt"), text.count("class/eve/hw.pdf"), text.count("class/ada/hw.pdf")) == (1, 0, 1)
    assert "2 files left out" in text


def test_another_homework_is_noted() -> None:
    text = shown([Handed(submission("ada"), homework="hw2"), Handed(submission("bo"), "hw1")], [], 120, "hw1")
    assert text.count("answers hw2, not hw1") == 1
    assert "answers hw1" not in text

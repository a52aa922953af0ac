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


def shown(chosen: list[Handed], left_out: list[LeftOut], width: int = 80) -> str:
    intake = Intake(submissions=tuple(one.submission for one in chosen), left_out=tuple(left_out[:1]))
    console = Console(file=io.StringIO(), width=width, highlight=False, emoji=False)
    console.print(intake_tables(intake, chosen, left_out))
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

import csv
from fractions import Fraction
from pathlib import Path

from grader.records import Grade, Lateness, Outcome, Status
from grader.reports.standing import standing
from grader.reports.writing import prepare, write_class
from tests.reports.grades import grade, homework, verdicts

PARTS = [
    "layer_sizes.linear_parameters",
    "layer_sizes.convolution_parameters",
    "layer_sizes.convolution_outputs",
]


def write(out: Path, *grades: Grade) -> None:
    warmup = homework("hw4_warmup")
    write_class(out, [standing(one, warmup) for one in grades], warmup)


def rows(out: Path, *grades: Grade) -> list[dict[str, str]]:
    prepare(out, homework("hw4_warmup"))
    write(out, *grades)
    with (out / "gradebook.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_first_row_has_the_maximum_and_a_column_per_part(tmp_path: Path) -> None:
    first = rows(tmp_path)[0]
    assert list(first) == ["student", *PARTS, "late", "total", "percent", "pending", "status"]
    assert list(first.values()) == ["maximum", "2.0", "2.0", "1.0", "", "5.0", "100.0", "0.0", ""]


def test_students_are_sorted_whatever_the_order_in_which_they_were_done(tmp_path: Path) -> None:
    found = rows(tmp_path, grade("bo"), grade("Cy"), grade("al"))
    assert [row["student"] for row in found] == ["maximum", "al", "bo", "Cy"]


def test_a_pending_part_is_an_empty_cell_and_not_zero(tmp_path: Path) -> None:
    right, _, wrong = verdicts("hw4_warmup", Outcome.CORRECT, Fraction(1))
    unread = verdicts("hw4_warmup", Outcome.UNREADABLE, None)[1]
    row = rows(tmp_path, grade("al", right, unread, wrong.model_copy(update={"points": Fraction(0)})))[1]
    assert [row[part] for part in PARTS] == ["2.0", "", "0.0"]
    assert (row["total"], row["percent"], row["pending"]) == ("2.0", "66.7", "2.0")


def test_total_and_percent_are_empty_when_nothing_is_decided(tmp_path: Path) -> None:
    pending = verdicts("hw4_warmup", Outcome.GRADER_FAULT, None)
    row = rows(tmp_path, grade("al", *pending, status=Status.FAULT))[1]
    assert (row["total"], row["percent"], row["pending"], row["status"]) == ("", "", "5.0", "fault of the grader")


def test_nothing_right_is_zero_and_not_empty(tmp_path: Path) -> None:
    row = rows(tmp_path, grade("al", *verdicts("hw4_warmup", Outcome.BLANK, Fraction(0))))[1]
    assert (row["total"], row["percent"], row["pending"]) == ("0.0", "0.0", "0.0")


def test_names_of_every_script_survive(tmp_path: Path) -> None:
    assert rows(tmp_path, grade("李-हिन्दी-ß"))[1]["student"] == "李-हिन्दी-ß"


def test_what_lateness_costs_has_a_column_and_is_off_the_total(tmp_path: Path) -> None:
    late = Lateness(seconds=1, share=Fraction(1, 10), words="late")
    on_time, too_late = rows(tmp_path, grade("al"), grade("bo", late=late))[1:]
    assert (on_time["late"], on_time["total"]) == ("", "5.0")
    assert (too_late["late"], too_late["total"], too_late["percent"]) == ("-0.5", "4.5", "90.0")

import csv
from fractions import Fraction
from pathlib import Path

from grader.records import Grade, Outcome, Status
from grader.reports.standing import standing
from grader.reports.writing import prepare, write_gradebook
from tests.reports.grades import grade, homework, verdicts

PARTS = [
    "layer_sizes.linear_parameters",
    "layer_sizes.convolution_parameters",
    "layer_sizes.convolution_outputs",
]


def write(out: Path, *grades: Grade) -> list[str]:
    warmup = homework("hw4_warmup")
    return write_gradebook(out, [standing(one, warmup).row for one in grades], warmup)


def rows(out: Path, *grades: Grade) -> list[dict[str, str]]:
    prepare(out)
    write(out, *grades)
    with (out / "gradebook.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_first_row_has_the_maximum_and_a_column_per_part(tmp_path: Path) -> None:
    first = rows(tmp_path)[0]
    assert list(first) == ["student", *PARTS, "total", "percent", "pending", "status"]
    assert list(first.values()) == ["maximum", "2.0", "2.0", "1.0", "5.0", "100.0", "0.0", ""]


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


def test_a_student_graded_alone_joins_the_gradebook_of_the_class(tmp_path: Path) -> None:
    rows(tmp_path, grade("al"), grade("cy"))
    for name in ("al", "bo", "cy"):
        (tmp_path / "students" / name).mkdir(parents=True, exist_ok=True)
    before = (tmp_path / "gradebook.csv").read_text(encoding="utf-8").splitlines()
    assert write(tmp_path, grade("bo")) == ["al", "cy"]
    after = (tmp_path / "gradebook.csv").read_text(encoding="utf-8").splitlines()
    assert [line.partition(",")[0] for line in after] == ["student", "maximum", "al", "bo", "cy"]
    assert set(before) < set(after)


def test_a_student_whose_report_was_removed_leaves_the_gradebook(tmp_path: Path) -> None:
    rows(tmp_path, grade("al"))
    assert write(tmp_path, grade("bo")) == []
    assert [row["student"] for row in rows(tmp_path, grade("bo"))] == ["maximum", "bo"]


def test_a_gradebook_of_another_homework_or_of_somebodys_own_making_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "students" / "al").mkdir(parents=True)
    for text in ("", "student,points\nal,3\n", "\0"):
        (tmp_path / "gradebook.csv").write_text(text, encoding="utf-8")
        assert write(tmp_path, grade("bo")) == []


def test_a_gradebook_that_a_spreadsheet_has_saved_again_keeps_its_students(tmp_path: Path) -> None:
    rows(tmp_path, grade("al"))
    (tmp_path / "students" / "al").mkdir(parents=True, exist_ok=True)
    file = tmp_path / "gradebook.csv"
    file.write_text("\ufeff" + file.read_text(encoding="utf-8"), encoding="utf-8", newline="\r\n")
    assert write(tmp_path, grade("bo")) == ["al"]


def test_a_row_that_is_not_whole_is_left_out(tmp_path: Path) -> None:
    rows(tmp_path, grade("al"))
    for name in ("al", "cy"):
        (tmp_path / "students" / name).mkdir(parents=True, exist_ok=True)
    with (tmp_path / "gradebook.csv").open("a", encoding="utf-8") as file:
        file.write("cy,2.0\n")
    assert write(tmp_path, grade("bo")) == ["al"]

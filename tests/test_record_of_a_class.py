"""A class in real life, from the command line: what is run and what is not, what is recorded, and what changes."""

import csv
import json
import sqlite3
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from grader.records import MAXIMUM
from tests.classes import RIGHT, hand_in, notebook, watch_runs
from tests.commands import Command, in_this_process, on_course
from tests.courses import HOMEWORKS, PROBLEM, STATEMENT, replaced, write_course
from tests.databases import postgresql_server, program
from tests.intake import downloads

FAULT, BAD_INPUT = 1, 2

TEXT = """
[parts.why]
kind = "text"
points = 2
"""
STATEMENT_OF_TEXT = "\n## Why {#why}\n\nWhy is that so?\n"


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    return watch_runs(monkeypatch)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return write_course(tmp_path / "course", problem=PROBLEM + TEXT, statement=STATEMENT + STATEMENT_OF_TEXT)


@pytest.fixture
def grader(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, course: Path, runs: object
) -> Command:
    """The command in this process, for this course, with runs that start no kernel; exit code, output, error output."""
    assert runs == []
    monkeypatch.chdir(tmp_path)
    return on_course(in_this_process(monkeypatch, capsys), course)


def gradebook(out: Path = Path("reports")) -> dict[str, dict[str, str]]:
    with (out / "gradebook.csv").open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file) if row["student"] != MAXIMUM}


def totals(out: Path = Path("reports")) -> dict[str, str]:
    return {student: row["total"] for student, row in gradebook(out).items()}


def edit_problem(course: Path, old: str, new: str) -> None:
    file = course / "problems" / "boxes" / "problem.toml"
    file.write_text(replaced(file.read_text(encoding="utf-8"), old, new), encoding="utf-8")


def three(folder: Path) -> Path:
    return hand_in(
        folder,
        al=notebook(**RIGHT, why="since it is a box"),
        bo=notebook(**{**RIGHT, "area": 80}),
        cy=notebook(**{**RIGHT, "volume": 66.0}, why="since it is a box"),
    )


# Grading again


def test_what_has_run_is_not_run_again_and_comes_to_the_same(
    grader: Command, runs: list[object], tmp_path: Path
) -> None:
    class_ = three(tmp_path / "class")
    assert grader("grade", class_)[0] == 0
    first = Path("reports/gradebook.csv").read_bytes()
    Path("reports/gradebook.csv").unlink()
    status, _, err = grader("grade", class_)
    assert (status, len(runs)) == (0, 3)
    assert "3 unchanged, marked from the record" in " ".join(err.split())
    assert "starting kernels" not in err
    assert Path("reports/gradebook.csv").read_bytes() == first


def test_only_the_new_and_the_changed_are_run(grader: Command, runs: list[Sequence[str]], tmp_path: Path) -> None:
    class_ = three(tmp_path / "class")
    grader("grade", class_)
    hand_in(class_, bo=notebook(area=96), dee=notebook(area=5))
    grader("grade", class_)
    assert {source for sources in runs[3:] for source in sources} == {
        "# Answer: area\narea = 96",
        "# Answer: area\narea = 5",
    }
    assert set(gradebook()) == {"al", "bo", "cy", "dee"}


def test_force_runs_everything_again(grader: Command, runs: list[object], tmp_path: Path) -> None:
    class_ = three(tmp_path / "class")
    grader("grade", class_)
    grader("grade", class_, "--force")
    assert len(runs) == 6


def test_only_one_student_is_graded_and_the_gradebook_keeps_the_others(
    grader: Command, runs: list[object], tmp_path: Path
) -> None:
    class_ = three(tmp_path / "class")
    grader("grade", class_)
    hand_in(class_, al=notebook(area=1), bo=notebook(area=96))
    status, out, _ = grader("grade", class_, "--only", "BO")
    assert (status, len(runs)) == (0, 4)
    assert "al" not in [line.split()[0] for line in out.splitlines() if line.strip()]
    assert {student: row["boxes.area"] for student, row in gradebook().items()} == {
        "al": "2.0",
        "bo": "2.0",
        "cy": "2.0",
    }


def test_only_somebody_unknown_is_told(grader: Command, tmp_path: Path) -> None:
    status, _, err = grader("grade", three(tmp_path / "class"), "--only", "zoe")
    assert status == BAD_INPUT
    assert "--only zoe: there is no such student" in err


def test_one_file_of_two_students_is_run_once_and_marked_for_both(
    grader: Command, runs: list[object], tmp_path: Path
) -> None:
    class_ = hand_in(tmp_path / "class", al=notebook(**RIGHT), bo=notebook(**RIGHT))
    assert grader("grade", class_)[0] == 0
    assert len(runs) == 1
    assert totals() == {"al": "5.0", "bo": "5.0"}
    assert (tmp_path / "reports/students/bo/executed.ipynb").is_file()


def test_larger_limits_run_only_those_again_that_met_one(
    grader: Command, runs: list[Sequence[str]], tmp_path: Path
) -> None:
    slow = json.loads(notebook(area=96))
    slow["cells"].append({"cell_type": "code", "id": "x", "metadata": {}, "source": "slow"})
    class_ = hand_in(tmp_path / "class", al=notebook(**RIGHT), bo=json.dumps(slow).encode())
    grader("grade", class_)
    grader("grade", class_)
    assert len(runs) == 2
    grader("grade", class_, "--timeout", "99")
    assert [sources[-1] for sources in runs[2:]] == ["slow"]


def test_a_late_notebook_joins_the_class(grader: Command, tmp_path: Path) -> None:
    grader("grade", three(tmp_path / "class"))
    late = hand_in(tmp_path / "late", zoe=notebook(**RIGHT))
    status, _, err = grader("grade", late / "zoe.ipynb")
    assert status == 0
    assert "the gradebook has 3 students more from earlier runs: al, bo, cy" in err
    assert set(gradebook()) == {"al", "bo", "cy", "zoe"}


def test_a_folder_with_results_of_another_homework_is_not_overwritten(
    grader: Command, course: Path, tmp_path: Path
) -> None:
    grader("grade", three(tmp_path / "class"))
    listing = course / "problems" / "homeworks.toml"
    listing.write_text(HOMEWORKS + HOMEWORKS.replace("hw1", "hw2"), encoding="utf-8")
    status, _, err = grader("grade", tmp_path / "class", "--homework", "hw2")
    assert status == BAD_INPUT
    assert "has the reports of hw1; choose another folder for hw2 with -o" in err


def test_a_report_that_is_missing_is_written_from_the_record(
    grader: Command, runs: list[object], tmp_path: Path
) -> None:
    class_ = three(tmp_path / "class")
    grader("grade", class_)
    report = tmp_path / "reports/students/al/report.html"
    before = report.read_bytes()
    report.unlink()
    grader("grade", class_)
    assert (report.read_bytes(), len(runs)) == (before, 3)


def test_a_report_that_says_the_same_is_not_written_again(grader: Command, tmp_path: Path) -> None:
    class_ = three(tmp_path / "class")
    grader("grade", class_)
    report = tmp_path / "reports/students/al/report.html"
    before = report.stat().st_mtime_ns
    grader("grade", class_)
    assert report.stat().st_mtime_ns == before


def test_students_of_a_roster_who_handed_nothing_in_have_a_row_and_no_points(grader: Command, tmp_path: Path) -> None:
    class_ = three(tmp_path / "class")
    roster = tmp_path / "roster.csv"
    roster.write_text("student,name\nal,Al\nbo,Bo\ncy,Cy\nzoe,Zoe\n", encoding="utf-8")
    status, out, _ = grader("grade", class_, "--roster", roster)
    assert status == 0
    assert gradebook()["zoe"]["status"] == "no submission"
    assert gradebook()["zoe"]["total"] == "0.0"
    assert "no submission" in out


def test_who_is_missing_in_a_later_download_keeps_what_was_handed_in(grader: Command, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("student\nal\nbo\ncy\n", encoding="utf-8")
    grader("grade", three(tmp_path / "class"), "--roster", roster)
    late = hand_in(tmp_path / "late", cy=notebook(**RIGHT))
    grader("grade", late, "--roster", roster)
    assert {student: row["status"] for student, row in gradebook().items()} == {
        "al": "needs review", "bo": "graded", "cy": "graded",
    }  # fmt: skip


def test_a_roster_that_gives_students_other_names_leaves_no_second_row(grader: Command, tmp_path: Path) -> None:
    class_ = three(tmp_path / "class")
    grader("grade", class_)
    grader("mark", "reports", "al", "why", "1", "--why", "short")
    roster = tmp_path / "roster.csv"
    roster.write_text("student,login\nada,al\nbo,bo\ncy,cy\n", encoding="utf-8")
    status, _, err = grader("grade", class_, "--roster", roster)
    assert status == 0
    assert "renamed, since their files have other students' names now: al to ada" in err
    assert set(gradebook()) == {"ada", "bo", "cy"}
    assert gradebook()["ada"]["boxes.why"] == "1.0"  # what a person gave goes with the file


# Marking again


def test_regrade_shows_who_changes_by_how_much_and_why_and_runs_nothing(
    grader: Command, runs: list[object], course: Path, tmp_path: Path
) -> None:
    grader("grade", three(tmp_path / "class"))
    edit_problem(course, "rtol = 0.01", "rtol = 0.05")
    status, out, _ = grader("regrade", "reports")
    assert (status, len(runs)) == (0, 3)
    line = next(line for line in out.splitlines() if line.startswith("cy"))
    assert line.split()[1:8] == ["4", "+", "2?", "5", "+", "2?", "+1"]
    assert "boxes.volume 0 to 1" in " ".join(out.split())
    assert "1 of 3 students change: 1 get more, 0 get less, 0 the same" in out
    assert gradebook()["cy"]["boxes.volume"] == "1.0"
    assert json.loads(Path("reports/staff/cy/grade.json").read_text("utf-8"))["points"] == 5.0
    rows = list(csv.DictReader(next(Path("reports").glob("changes-*.csv")).read_text("utf-8").splitlines()))
    assert [(row["student"], row["part"], row["old points"], row["new points"]) for row in rows] == [
        ("cy", "boxes.volume", "0.0", "1.0")
    ]


def test_a_dry_run_changes_nothing(grader: Command, course: Path, tmp_path: Path) -> None:
    grader("grade", three(tmp_path / "class"))
    before = {file: file.read_bytes() for file in Path("reports").rglob("*") if file.is_file()}
    edit_problem(course, "rtol = 0.01", "rtol = 0.05")
    status, out, _ = grader("regrade", "reports", "--dry-run")
    assert status == 0
    assert "1 of 3 students change" in out
    assert {file: file.read_bytes() for file in Path("reports").rglob("*") if file.is_file()} == before


def test_what_was_marked_before_stays_in_the_history(grader: Command, course: Path, tmp_path: Path) -> None:
    grader("grade", three(tmp_path / "class"))
    edit_problem(course, "rtol = 0.01", "rtol = 0.05")
    grader("regrade", "reports")
    _, out, _ = grader("history", "reports", "cy")
    words = " ".join(out.split())
    assert "4 of 7, 2 pending, needs review" in words
    assert "5 of 7, 2 pending, needs review" in words
    with sqlite3.connect("reports/record.sqlite") as database:
        hashes = database.execute("SELECT DISTINCT course_hash FROM runs").fetchall()
    assert len(hashes) == 2


def test_a_part_that_is_new_was_not_asked_for_when_the_notebook_ran_and_costs_nothing(
    grader: Command, runs: list[object], course: Path, tmp_path: Path
) -> None:
    class_ = three(tmp_path / "class")
    grader("grade", class_)
    edit_problem(course, "[parts.why]", '[parts.again]\nkind = "integer"\npoints = 3\n\n[parts.why]')
    solver = course / "reference/boxes.py"
    solver.write_text(solver.read_text("utf-8") + "\n\ndef again(side):\n    return 8 * side\n", encoding="utf-8")
    statement = course / "problems/boxes/statement.md"
    statement.write_text(statement.read_text("utf-8") + "\n## Again {#again}\n\nOnce more?\n", encoding="utf-8")
    status, _, err = grader("regrade", "reports")
    assert status == FAULT, err
    assert gradebook()["al"]["boxes.again"] == ""
    assert "marked when the class is graded again" in Path("reports/students/al/report.html").read_text("utf-8")
    grader("grade", class_)  # which runs them, since they were asked for less
    assert len(runs) == 6
    assert gradebook()["al"]["boxes.again"] == "0.0"


def test_regrade_needs_a_record(grader: Command, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    status, _, err = grader("regrade", "empty")
    assert status == BAD_INPUT
    assert "there is no record in empty" in err


# The marks of persons


def test_a_mark_of_a_person_stands_in_place_of_the_graders_and_outlasts_marking_again(
    grader: Command, course: Path, tmp_path: Path
) -> None:
    class_ = three(tmp_path / "class")
    grader("grade", class_)
    status, out, _ = grader(
        "mark", "reports", "al", "why", "1,5", "--why", "half of it", "--comment", "say <b>more</b>", "--by", "kim"
    )
    assert status == 0
    assert "boxes.why: pending before, 1.5 of 2 now; total 5 before, 6.5 now" in out
    edit_problem(course, "rtol = 0.01", "rtol = 0.05")
    grader("regrade", "reports")
    grader("grade", class_, "--force")
    assert (gradebook()["al"]["boxes.why"], gradebook()["al"]["status"]) == ("1.5", "graded")
    page = Path("reports/students/al/report.html").read_text("utf-8")
    assert "say &lt;b&gt;more&lt;/b&gt;" in page
    assert "half of it" not in page  # for the staff
    assert "half of it" in " ".join(grader("history", "reports", "al")[1].split())


def test_a_mark_lapses_when_another_answer_is_handed_in_and_that_is_said(grader: Command, tmp_path: Path) -> None:
    class_ = three(tmp_path / "class")
    grader("grade", class_)
    grader("mark", "reports", "al", "why", "2", "--why", "good", "--by", "kim")
    hand_in(class_, al=notebook(**RIGHT, why="on second thought it is a ball"))
    _, _, err = grader("grade", class_)
    assert "al, why: the mark of kim does not hold" in err
    assert (gradebook()["al"]["boxes.why"], gradebook()["al"]["pending"]) == ("", "2.0")


def test_a_mark_holds_when_something_else_is_handed_in_again(grader: Command, tmp_path: Path) -> None:
    class_ = three(tmp_path / "class")
    grader("grade", class_)
    grader("mark", "reports", "al", "why", "2", "--why", "good")
    hand_in(class_, al=notebook(**{**RIGHT, "area": 3}, why="since it is a box"))
    grader("grade", class_)
    assert (gradebook()["al"]["boxes.why"], gradebook()["al"]["boxes.area"]) == ("2.0", "0.0")


def test_a_mark_is_taken_back(grader: Command, tmp_path: Path) -> None:
    grader("grade", three(tmp_path / "class"))
    grader("mark", "reports", "al", "area", "0", "--why", "wrong one")
    assert totals()["al"] == "3.0"
    status, _, _ = grader("mark", "reports", "al", "boxes.area", "-", "--why", "was right")
    assert (status, totals()["al"]) == (0, "5.0")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["zoe", "area", "1"], "there is no student 'zoe'"),
        (["al", "nothing", "1"], "nothing"),
        (["al", "area", "3"], "out of range; boxes.area has from 0 to 2"),
        (["al", "area", "-1"], "out of range"),
        (["al", "area", "many"], "many"),
    ],
)
def test_a_mark_that_makes_no_sense_is_refused_with_the_remedy(
    grader: Command, tmp_path: Path, arguments: list[str], words: str
) -> None:
    grader("grade", three(tmp_path / "class"))
    status, _, err = grader("mark", "reports", *arguments, "--why", "x")
    assert status == BAD_INPUT
    assert words in err


def test_what_waits_goes_out_and_comes_back_with_marks(grader: Command, tmp_path: Path) -> None:
    grader("grade", three(tmp_path / "class"))
    status, out, _ = grader("review", "export", "reports", "-o", "review.csv")
    assert status == 0
    assert "1 different answer of 2 students to 1 question" in out
    with Path("review.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["student"] for row in rows} == {"al", "cy"}  # one answer of two students
    for row in rows:
        row |= {"points": "2" if row["student"] == "al" else "1.5", "comment": "well said"}
    with Path("marked.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    status, out, _ = grader("review", "import", "reports", "marked.csv", "--by", "kim")
    assert (status, "2 marks by kim recorded" in out) == (0, True)
    assert {student: row["boxes.why"] for student, row in gradebook().items()} == {
        "al": "2.0",
        "bo": "0.0",
        "cy": "1.5",
    }
    assert "kim" in grader("history", "reports", "cy")[1]


def test_one_wrong_row_keeps_all_out_unless_the_sound_ones_are_wanted(grader: Command, tmp_path: Path) -> None:
    grader("grade", three(tmp_path / "class"))
    grader("review", "export", "reports", "-o", "review.csv")
    with Path("review.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["points"] = "2" if row["student"] == "al" else "9"
    with Path("review.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    status, _, err = grader("review", "import", "reports", "review.csv")
    assert status == BAD_INPUT
    assert "nothing was taken" in err
    assert gradebook()["al"]["boxes.why"] == ""
    assert grader("review", "import", "reports", "review.csv", "--skip-troubles")[0] == 0
    assert {student: row["boxes.why"] for student, row in gradebook().items()} == {"al": "2.0", "bo": "0.0", "cy": ""}


def test_who_is_withdrawn_stays_out_until_something_new_is_handed_in(grader: Command, tmp_path: Path) -> None:
    class_ = three(tmp_path / "class")
    grader("grade", class_)
    assert grader("withdraw", "reports", "bo")[0] == 0
    assert grader("withdraw", "reports", "bo")[0] == BAD_INPUT
    assert set(gradebook()) == {"al", "cy"}
    assert "not in the class any more" in grader("history", "reports", "bo")[1].replace("\n", " ")
    assert "withdrawn, and so left out; --only brings them back: bo" in grader("grade", class_)[2]
    assert set(gradebook()) == {"al", "cy"}
    hand_in(class_, bo=notebook(area=96))
    grader("grade", class_)
    assert set(gradebook()) == {"al", "bo", "cy"}


def test_a_withdrawn_student_comes_back_when_asked_for_by_name(grader: Command, tmp_path: Path) -> None:
    class_ = three(tmp_path / "class")
    grader("grade", class_)
    grader("withdraw", "reports", "bo")
    grader("grade", class_, "--only", "bo")
    assert set(gradebook()) == {"al", "bo", "cy"}


# Lateness


def test_lateness_by_the_declared_rule_is_taken_off_and_said_everywhere(
    grader: Command, course: Path, tmp_path: Path
) -> None:
    listing = course / "problems" / "homeworks.toml"
    rule = 'due = 2026-11-20T12:00:00Z\nlate = { share = "0.1" }\n'
    listing.write_text(HOMEWORKS + rule, encoding="utf-8")
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "student,submitted,due\nal,2026-11-20T11:00:00Z,\nbo,2026-11-21T13:00:00Z,\ncy,2026-11-21T13:00:00Z,2026-12-01T00:00:00Z\n",
        encoding="utf-8",
    )
    class_ = hand_in(tmp_path / "class", **dict.fromkeys(("al", "bo", "cy"), notebook(**RIGHT, why=...)))
    grader("grade", class_, "--roster", roster)
    assert totals() == {"al": "5.0", "bo": "4.0", "cy": "5.0"}
    assert gradebook()["bo"]["late"] == "-1.0"
    assert "1 day and 1 hour late: 20 % of the points earned" in Path("reports/students/bo/report.html").read_text(
        "utf-8"
    )
    # A milder rule is marked again from the record.
    listing.write_text(HOMEWORKS + rule.replace('"0.1"', '"0.05"'), encoding="utf-8")
    _, out, _ = grader("regrade", "reports")
    assert totals()["bo"] == "4.5"
    assert "1 of 3 students change: 1 get more" in out


# Exports


def test_an_export_shows_the_difference_first_and_writes_when_it_is_told(grader: Command, tmp_path: Path) -> None:
    class_ = tmp_path / "class"
    hand_in(class_, doejane_340934_208490284_hw1=notebook(**RIGHT), muster_LATE_340935_208490285_hw1=notebook(area=96))
    grader("grade", class_)
    book = tmp_path / "canvas.csv"
    book.write_text(
        "Student,ID,SIS Login ID,Section,One homework (98765)\n    Points Possible,,,,7\n"
        '"Doe, Jane",340934,jdoe,Lab,\n"Muster, Max",340935,mmuster,Lab,2\n',
        encoding="utf-8",
    )
    status, out, _ = grader("export", "reports", "--to", "canvas", "--into", book)
    assert status == 0
    assert "nothing is written" in out
    status, out, _ = grader(
        "export", "reports", "--to", "canvas", "--into", book, "-o", "up.csv", "--feedback", "feedback.zip"
    )
    assert status == 0
    assert '"Doe, Jane",340934,jdoe,Lab,5' in Path("up.csv").read_text("utf-8")
    assert Path("feedback.zip").is_file()


def test_an_export_to_an_unknown_platform_names_those_there_are(grader: Command, tmp_path: Path) -> None:
    grader("grade", three(tmp_path / "class"))
    status, _, err = grader("export", "reports", "--to", "fax")
    assert status == BAD_INPUT
    assert "canvas" in err


def test_our_own_table_holds_back_who_has_points_pending(grader: Command, tmp_path: Path) -> None:
    grader("grade", three(tmp_path / "class"))
    grader("export", "reports", "--to", "csv", "-o", "all.csv")
    with Path("all.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert rows["al"]["pending"] == "2"
    assert rows["al"]["total"] == ""


# Taking in


def test_intake_shows_what_would_be_graded_and_runs_nothing(
    grader: Command, runs: list[object], tmp_path: Path
) -> None:
    class_ = three(tmp_path / "class")
    (class_ / "notes.txt").touch()
    status, out, _ = grader("intake", class_)
    assert (status, runs) == (0, [])
    assert {"al", "bo", "cy"} <= {line.split()[0] for line in out.splitlines() if line.strip()}
    assert "notes.txt" in out
    assert not Path("reports").exists()


# From a download to an upload

GRADED_IN = {
    "flat": 3, "folders": 3, "nbgrader": 3, "exchange": 2, "gradescope": 5, "canvas": 5, "moodle": 5,
    "moodle_teams": 2, "brightspace": 2, "brightspace_flat": 2, "blackboard": 2, "clones": 2,
}  # fmt: skip
"""How many students of each download have a notebook that can be marked."""


@pytest.mark.parametrize("form", downloads.ALL)
def test_a_download_is_graded_as_it_is_and_nobody_in_it_is_lost(
    grader: Command, runs: list[object], tmp_path: Path, form: str
) -> None:
    files = getattr(downloads, form)(lambda student: notebook(**{**RIGHT, "why": f"says {student}"}))
    archive = downloads.zipped(tmp_path / "submissions.zip", files)
    status, _, err = grader("grade", archive)
    assert status == 0, err
    rows = gradebook()
    right = [student for student, row in rows.items() if row["total"] == "5.0"]
    assert len(right) == GRADED_IN[form], rows
    assert {rows[student]["status"] for student in rows if student not in right} <= {"not a notebook", "no submission"}
    ran = len(runs)
    grader("grade", archive)  # from another temporary folder, and known again all the same
    assert len(runs) == ran


@pytest.mark.parametrize(
    ("form", "to"),
    [("canvas", "canvas"), ("moodle", "moodle"), ("brightspace", "brightspace"), ("nbgrader", "nbgrader")],
)
def test_reports_go_back_under_the_names_that_the_platform_gave(
    grader: Command, tmp_path: Path, form: str, to: str
) -> None:
    files = getattr(downloads, form)(lambda student: notebook(**RIGHT, why=f"says {student}"))
    grader("grade", downloads.zipped(tmp_path / "submissions.zip", files))
    worksheet = tmp_path / "worksheet.csv"
    worksheet.write_text(
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
        "Last modified (submission),Last modified (grade),Feedback comments\n"
        "Participant 1234567,Ada Roy,ada@x.edu,Submitted,,7.00,Yes,-,-,\n",
        encoding="utf-8",
    )
    into = ["--into", worksheet] if to == "moodle" else []
    status, _, err = grader("export", "reports", "--to", to, "--pending", "--feedback", "feedback.zip", *into)
    assert status == 0, err
    with zipfile.ZipFile("feedback.zip") as archive:
        names = archive.namelist()
        assert all(b"<!DOCTYPE html>" in archive.read(name) for name in names)
    starts = {"canvas": "royada_340934_208490284_", "moodle": "Ada Roy_1234567_assignsubmission_file/"}
    starts |= {
        "brightspace": "397063-2557369 - Mary-Ann Smith - Sep 25, 2026 1204 AM/",
        "nbgrader": "feedback/ada/ps1/hw1",
    }
    assert [name for name in names if name.startswith(starts[to])]


@pytest.mark.skipif(program("initdb") is None, reason="PostgreSQL's initdb is not installed")
def test_the_record_may_be_in_a_postgresql_database(
    grader: Command, runs: list[object], course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class_ = three(tmp_path / "class")
    with postgresql_server() as url:
        monkeypatch.setenv("GRADER_STORE", url)
        assert grader("grade", class_)[0] == 0
        assert grader("grade", class_)[0] == 0
        assert len(runs) == 3
        assert not Path("reports/record.sqlite").exists()
        edit_problem(course, "rtol = 0.01", "rtol = 0.05")
        assert "1 of 3 students change" in grader("regrade", "reports")[1]
        assert grader("mark", "reports", "al", "why", "2", "--why", "good", "--by", "kim")[0] == 0
        assert gradebook()["al"]["boxes.why"] == "2.0"
        assert "good" in grader("history", "reports", "al")[1]
        assert grader("export", "reports", "--to", "csv", "-o", "all.csv")[0] == 0
    status, _, err = grader("grade", class_)  # the server is gone
    assert status == FAULT
    assert "the record postgresql" in err
    assert "cannot be used" in err


# Whose results they are


def test_a_namesake_in_a_later_download_does_not_take_a_students_place(grader: Command, tmp_path: Path) -> None:
    first = hand_in(tmp_path / "a", leekim_101_9001_hw1=notebook(**RIGHT), roebob_102_9002_hw1=notebook(area=1))
    second = hand_in(tmp_path / "b", leekim_202_9003_hw1=notebook(area=1), poemia_203_9004_hw1=notebook(area=1))
    assert grader("grade", first)[0] == 0
    status, _, err = grader("grade", second)
    assert status == BAD_INPUT
    assert "leekim is another one than in the record of reports (canvas 202, there 101); give a roster" in err
    assert totals()["leekim"] == "5.0"


def test_what_a_roster_said_once_is_remembered_for_the_same_file(grader: Command, course: Path, tmp_path: Path) -> None:
    listing = course / "problems" / "homeworks.toml"
    listing.write_text(HOMEWORKS + 'due = 2026-11-20T12:00:00Z\nlate = { share = "0.1" }\n', encoding="utf-8")
    class_ = hand_in(tmp_path / "class", al=notebook(**RIGHT), bo=notebook(**RIGHT))
    roster = tmp_path / "roster.csv"
    roster.write_text("student,email,submitted\nal,al@x.edu,2026-11-21T01:00:00Z\nbo,,\n", encoding="utf-8")
    grader("grade", class_, "--roster", roster)
    grader("grade", class_)
    assert totals() == {"al": "4.5", "bo": "5.0"}
    grader("export", "reports", "--to", "csv", "-o", "all.csv")
    assert "al@x.edu" in Path("all.csv").read_text("utf-8")


def test_of_names_that_differ_in_case_the_exact_one_is_marked(grader: Command, tmp_path: Path) -> None:
    grader("grade", hand_in(tmp_path / "a", Kim=notebook(area=1)) / "Kim.ipynb")
    grader("grade", hand_in(tmp_path / "b", kim=notebook(area=1)) / "kim.ipynb")
    assert grader("mark", "reports", "kim", "area", "2", "--why", "x")[0] == 0
    assert {student: row["boxes.area"] for student, row in gradebook().items()} == {"Kim": "0.0", "kim": "2.0"}
    status, _, err = grader("mark", "reports", "KIM", "area", "2", "--why", "x")
    assert status == BAD_INPUT
    assert "may be Kim or kim" in err


def test_the_executed_notebook_is_that_of_the_newest_file_even_when_it_is_an_older_one_again(
    grader: Command, tmp_path: Path
) -> None:
    executed = tmp_path / "reports/students/al/executed.ipynb"
    seen = []
    for area in (1, 2, 1):
        grader("grade", hand_in(tmp_path / "class", al=notebook(area=area)))
        seen.append(json.loads(executed.read_text("utf-8"))["cells"][0]["source"])
    assert [source[-1] for source in seen] == ["1", "2", "1"]


def test_long_answers_that_differ_at_their_end_are_different_answers(grader: Command, tmp_path: Path) -> None:
    class_ = hand_in(tmp_path / "class", al=notebook(area="x" * 5000 + " one"), bo=notebook(area="x" * 5000 + " two"))
    grader("grade", class_)
    grader("review", "export", "reports", "-o", "review.csv")
    with Path("review.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["same"] for row in csv.DictReader(file)] == ["1", "1"]
    grader("mark", "reports", "al", "area", "2", "--why", "x")
    hand_in(class_, al=notebook(area="x" * 5000 + " something else"))
    assert "al, area: the mark of" in grader("grade", class_)[2]
    assert gradebook()["al"]["boxes.area"] == ""


def test_a_mark_on_one_file_that_is_no_notebook_does_not_hold_for_another(grader: Command, tmp_path: Path) -> None:
    class_ = hand_in(tmp_path / "class", roebob_102_9002_hw1=notebook(area=1), leekim_101_9001_hw1=notebook(area=1))
    (class_ / "pia_103_9003_a.pdf").write_bytes(b"%PDF")
    grader("grade", class_)
    grader("mark", "reports", "pia", "area", "2", "--why", "seen")
    assert gradebook()["pia"]["boxes.area"] == "2.0"
    (class_ / "pia_103_9003_a.pdf").rename(class_ / "pia_103_9009_other.docx")
    grader("grade", class_)
    assert gradebook()["pia"]["boxes.area"] == ""


# Several homeworks, and a course that changes


def two_homeworks(course: Path) -> None:
    listing = course / "problems" / "homeworks.toml"
    listing.write_text(HOMEWORKS + HOMEWORKS.replace("hw1", "hw2"), encoding="utf-8")


def test_in_one_database_each_homework_keeps_its_own_folder(grader: Command, course: Path, tmp_path: Path) -> None:
    two_homeworks(course)
    store = ["--store", f"sqlite:///{tmp_path / 'all.sqlite'}"]
    one, two = hand_in(tmp_path / "v", al=notebook(**RIGHT)), hand_in(tmp_path / "w", bo=notebook(area=1))
    grader("grade", one, "--homework", "hw1", "-o", "o1", *store)
    grader("grade", two, "--homework", "hw2", "-o", "o2", *store)
    assert grader("regrade", "o1", *store)[0] == 0
    assert (set(gradebook(Path("o1"))), set(gradebook(Path("o2")))) == ({"al"}, {"bo"})
    status, _, err = grader("regrade", "o1", "--homework", "hw2", *store)
    assert status == BAD_INPUT
    assert "there is no record in o1 of hw2" in err
    assert grader("regrade", "o1", "--store", "sqlite:///nowhere.sqlite")[0] == BAD_INPUT
    assert not Path("nowhere.sqlite").exists()


def test_submissions_in_a_folder_named_after_the_homework_are_no_reports(grader: Command, tmp_path: Path) -> None:
    hand_in(tmp_path / "hw1", al=notebook(**RIGHT), bo=notebook(area=1))
    for command in (["grade", "hw1", "-o", "."], ["regrade", "."], ["grade", "hw1", "-o", "."]):
        assert grader(*command)[0] == 0
    assert set(gradebook(Path())) == {"al", "bo"}
    assert not (tmp_path / "hw1" / "students").exists()


def test_regrade_says_which_marks_lapse_and_their_parts_wait(grader: Command, course: Path, tmp_path: Path) -> None:
    grader("grade", three(tmp_path / "class"))
    grader("mark", "reports", "al", "area", "1", "--why", "x", "--by", "kim")
    edit_problem(course, '[parts.area]\nkind = "integer"\npoints = 2', '[parts.area]\nkind = "integer"\npoints = 4')
    status, out, err = grader("mark", "reports", "al", "why", "1", "--why", "x")
    assert status == BAD_INPUT
    assert "have changed since al was marked; run grader regrade reports first" in err
    _, out, err = grader("regrade", "reports")
    assert "al, area: the mark of kim does not hold" in err
    assert "more points are pending than before" in " ".join(out.split())
    assert (gradebook()["al"]["boxes.area"], gradebook()["bo"]["boxes.area"]) == ("", "0.0")
    assert gradebook()["al"]["pending"] == "6.0"


@pytest.mark.parametrize(
    "damage",
    [
        "DROP TRIGGER only_add_contents_update; UPDATE contents SET data = x'00ff'",
        "DROP TRIGGER only_add_executions_update; UPDATE executions SET outcome = x'00ff'",
        "DROP TRIGGER only_add_grades_update; UPDATE grades SET record = x'00ff'",
    ],
)
def test_a_damaged_record_is_told_in_words(grader: Command, tmp_path: Path, damage: str) -> None:
    grader("grade", three(tmp_path / "class"))
    with sqlite3.connect("reports/record.sqlite") as database:
        database.executescript(damage)
    status, _, err = grader("regrade", "reports")
    assert status == FAULT
    assert "the record is damaged" in err


def test_a_file_is_not_written_over_the_one_that_it_fills_in(grader: Command, tmp_path: Path) -> None:
    class_ = hand_in(tmp_path / "class", doejane_340934_208490284_hw1=notebook(**RIGHT))
    grader("grade", class_)
    book = tmp_path / "canvas.csv"
    book.write_text(
        'Student,ID,SIS Login ID,Section,One homework (98765)\n    Points Possible,,,,7\n"Doe, Jane",340934,jdoe,Lab,\n',
        encoding="utf-8",
    )
    before = book.read_bytes()
    status, _, err = grader("export", "reports", "--to", "canvas", "--into", book, "-o", "canvas.csv")
    assert (status, book.read_bytes()) == (BAD_INPUT, before)
    assert "is the file that is filled in" in err

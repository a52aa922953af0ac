"""The tables that are made without a downloaded file: our own, and nbgrader's."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import InputError
from grader.exports import PLATFORMS, Options, export
from grader.exports.nbgrader import split_name
from grader.records import Lateness, Person, Result, Status
from tests.exports.classmates import HOMEWORK, half_pending, homework_of, result, saved, verdict

ADA = Person(name="Lovelace, Ada", email="ada@x.edu", login="ada", number="00417", section="S, 1")
WHEN = datetime(2026, 10, 5, 12, 30, tzinfo=timezone(timedelta(hours=2)))
LATE = Lateness(seconds=90_000.0, share=Fraction(1, 10), words="2 days late: 10 % off")


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_our_table_has_who_every_part_and_what_it_comes_to() -> None:
    done = export(
        "csv", [result("ada", "4.5", person=ADA, late=LATE, submitted=WHEN, group="Team")], HOMEWORK, Options()
    )
    first, ada = rows(done.content)
    assert list(first) == [
        *("student", "name", "email", "login", "number", "section", "group", "submitted"),
        *("layer_sizes.linear_parameters", "layer_sizes.convolution_outputs"),
        *("points", "penalty", "total", "maximum", "percent", "pending", "status", "late"),
    ]
    assert list(first.values())[8:] == ["2", "3", "5", "0", "5", "5", "100.0", "0", "", ""]
    assert first["student"] == "maximum"
    assert list(ada.values()) == [
        *("ada", "Lovelace, Ada", "ada@x.edu", "ada", "00417", "S, 1", "Team", "2026-10-05T12:30:00+02:00"),
        *("2", "2.5", "4.5", "0.45", "4.05", "5", "81.0", "0", "graded", "2 days late: 10 % off"),
    ]


def test_a_total_is_empty_while_something_is_pending_unless_asked() -> None:
    people = [half_pending("al", Person()), result("bo", verdicts=(), status=Status.NO_SUBMISSION)]
    _, al, bo = rows(export("csv", people, HOMEWORK, Options()).content)
    assert (al["points"], al["total"], al["pending"], al["status"]) == ("2", "", "3", "needs review")
    assert (bo["points"], bo["total"], bo["status"]) == ("", "", "no submission")
    asked = export("csv", people, HOMEWORK, Options(pending=True, missing_as_zero=True))
    assert [row["total"] for row in rows(asked.content)[1:]] == ["2", "0"]
    assert [change.note for change in asked.difference.changes] == ["3 of 5 points still pending", "no submission"]


def test_who_was_marked_before_the_course_changed_has_everything_pending() -> None:
    now = homework_of(linear_parameters=2, convolution_outputs=5)
    done = export("csv", [result("al", "4.5"), half_pending("bo", Person())], now, Options(pending=True))
    most, *people = rows(done.content)
    assert most["total"] == "7"
    for row, status in zip(people, ("graded", "needs review"), strict=True):
        sums = {name: row[name] for name in ("points", "penalty", "total", "maximum", "percent", "pending", "status")}
        assert list(sums.values()) == ["", "", "", "7", "", "7", f"{status}, marked before the course changed"]
        assert row["layer_sizes.linear_parameters"] == ""
    assert [aside.student for aside in done.difference.held_back] == ["al", "bo"]


HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "\uff1d1+1", "- 1|x!a"]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_cell_of_our_table_is_a_formula(hostile: str) -> None:
    person = Person(name=hostile, email=hostile, login=hostile, number=hostile, section=hostile)
    one = result("al", person=person, group=hostile, late=Lateness(seconds=0.0, words=hostile))
    cells = rows(export("csv", [one], HOMEWORK, Options()).content)[1].values()
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert list(cells).count("'" + hostile.strip()) == 7


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("before", ["", "a;", "1;", "a; "])
@pytest.mark.parametrize("platform", ["csv", "nbgrader"])
def test_no_half_of_a_name_is_a_formula_where_spreadsheets_split_at_semicolons(
    platform: str, before: str, hostile: str
) -> None:
    text = f"{before}{hostile}"
    one = result("al", "4", person=Person(name=f"{text}, {text}", email=text, login=text))
    row = rows(export(platform, [one], HOMEWORK, Options()).content)[-1]
    names = ("student_id", "last_name", "first_name", "email") if platform == "nbgrader" else ("name", "email", "login")
    for name in names:
        for half in row[name].split(";"):
            assert not half.lstrip().startswith(("=", "+", "-", "@", "\uff1d")), row[name]


@pytest.mark.parametrize("student", ["00417", "12e4", "2026/1", "o'neil", "1.2.3", "zoe", "李", "a-b@x.edu"])
def test_who_a_student_is_stays_where_it_is_harmless(student: str) -> None:
    one = result("al", "4", person=Person(login=student, number=student, email=student))
    assert rows(export("nbgrader", [one], HOMEWORK, Options()).content)[0]["student_id"] == student
    own = rows(export("csv", [one], HOMEWORK, Options()).content)[-1]
    assert (own["login"], own["number"], own["email"]) == (student, student, student)


@pytest.mark.parametrize("platform", ["csv", "nbgrader"])
def test_ends_of_lines_in_names_make_no_rows(platform: str) -> None:
    one = result("al", person=Person(name="a\rb\nc\u2028d\x1b[31m", login="a\r\nb"))
    assert len(export(platform, [one], HOMEWORK, Options()).content.decode().split("\n")) == (
        3 if platform == "nbgrader" else 4
    )
    assert not set("\r\u2028\x1b") & set(export(platform, [one], HOMEWORK, Options()).content.decode())


def test_our_table_is_sorted_and_never_fails_on_odd_text() -> None:
    people = [result(student, person=Person(name='\ud800\n"')) for student in ("Zoë", "al", "Bo")]
    assert [row["student"] for row in rows(export("csv", people, HOMEWORK, Options()).content)] == [
        *("maximum", "al", "Bo", "Zoë")
    ]


def test_nbgraders_table_has_its_columns_with_quotes_where_they_are_needed() -> None:
    one = result("folder", "4.5", person=ADA, late=LATE, submitted=WHEN, due=WHEN - timedelta(days=1))
    done = export("nbgrader", [one, half_pending("al", Person())], HOMEWORK, Options())
    assert done.content.decode().splitlines() == [
        "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,late_submission_penalty,score,max_score",
        "hw4_warmup,2026-10-04 10:30:00,2026-10-05 10:30:00,ada,Lovelace,Ada,ada@x.edu,4.5,0.45,4.05,5",
    ]
    assert done.difference.held_back[0].student == "al"


def of_nbgrader(student: str, origin: str) -> Result:
    return result(student, "4", person=Person(login=student), platform="nbgrader", origin=origin)


@pytest.mark.parametrize(
    "origin",
    [
        "submitted/ada/hw5/Networks.ipynb",
        "ada/hw5/src/Networks.ipynb",
        "course/submitted/Ada/hw5/work.zip/ada/x.ipynb",
        "submitted/registered-otherwise/hw5/x.ipynb",
        "ada+hw5+2026-02-02 15:58:23.948203 UTC/x.ipynb",
        "inbound/ada+hw5+2026-02-02 15_58_23 UTC+r4nd/x.ipynb",
    ],
)
def test_nbgraders_assignment_is_named_as_in_the_folders_that_it_has(origin: str) -> None:
    absent = result("bo", verdicts=(), status=Status.NO_SUBMISSION, missing=True)
    done = export("nbgrader", [of_nbgrader("ada", origin), absent], HOMEWORK, Options(missing_as_zero=True))
    assert [row["assignment"] for row in rows(done.content)] == ["hw5", "hw5"]
    assert done.difference.column == "the assignment is 'hw5', by the folders of the submissions"


def test_nbgraders_assignment_is_the_homework_where_folders_do_not_agree_or_are_not_its_own() -> None:
    several = [of_nbgrader("ada", "submitted/ada/hw5/x.ipynb"), of_nbgrader("bo", "submitted/bo/hw6/x.ipynb")]
    done = export("nbgrader", several, HOMEWORK, Options())
    assert {row["assignment"] for row in rows(done.content)} == {"hw4_warmup"}
    assert "of several ('hw5', 'hw6'); --column names another" in done.difference.column
    plain = result("ada", "4", origin="submitted/ada/hw5/x.ipynb")
    assert rows(export("nbgrader", [plain], HOMEWORK, Options()).content)[0]["assignment"] == "hw4_warmup"


def test_nbgraders_assignment_can_be_named() -> None:
    done = export("nbgrader", [of_nbgrader("ada", "submitted/ada/hw5/x.ipynb")], HOMEWORK, Options(column="ps1"))
    assert rows(done.content)[0]["assignment"] == "ps1"


def test_nbgraders_assignment_is_no_formula() -> None:
    done = export("nbgrader", [of_nbgrader("ada", "submitted/ada/=1+1/x.ipynb")], HOMEWORK, Options())
    assert rows(done.content)[0]["assignment"] == "'=1+1"


def test_nbgraders_table_has_the_due_date_of_the_homework_unless_a_student_has_another() -> None:
    homework = replace(HOMEWORK, due=WHEN)
    people = [result("al", "4"), result("bo", "4", due=WHEN + timedelta(days=1))]
    found = [row["duedate"] for row in rows(export("nbgrader", people, homework, Options()).content)]
    assert found == ["2026-10-05 10:30:00", "2026-10-06 10:30:00"]


@given(st.fractions(0, 10_000))
def test_any_grade_arrives_at_two_decimals(points: Fraction) -> None:
    one = result("al", verdicts=(verdict(points, Fraction(10_000)),))
    great = homework_of(linear_parameters=10_000)
    for platform, column in (("csv", "total"), ("nbgrader", "score")):
        arrived = rows(export(platform, [one], great, Options()).content)[-1][column]
        assert abs(Fraction(arrived) - points) <= Fraction(1, 200)
        assert "e" not in arrived


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("Doe, Jane", ("Jane", "Doe")),
        ("Ana María Roy", ("Ana María", "Roy")),
        ("李小龙", ("", "李小龙")),
        ("", ("", "")),
    ],
)
def test_a_name_is_split_at_its_comma_or_before_its_last_word(name: str, split: tuple[str, str]) -> None:
    assert split_name(name) == split


def test_an_unknown_platform_lists_what_there_is() -> None:
    with pytest.raises(InputError, match="there is no platform 'sakai'; there is: csv, canvas, moodle, nbgrader, bri"):
        export("sakai", [], HOMEWORK, Options())


@pytest.mark.parametrize(
    ("platform", "options", "words"),
    [
        ("csv", {"into": Path("x.csv")}, "--to csv fills no downloaded file; leave out --into x.csv"),
        ("nbgrader", {"scale": Fraction(2)}, "--scale means nothing to --to nbgrader"),
        ("canvas", {"comments": True, "decimal_mark": ","}, "--comments, --decimal-mark means nothing to --to canvas"),
        ("canvas", {"scale": Fraction(0)}, "--scale 0 would make all points zero"),
    ],
)
def test_an_option_that_means_nothing_is_refused(platform: str, options: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        export(platform, [], HOMEWORK, Options(**options))  # type: ignore[arg-type] # by name


def test_results_of_another_homework_or_of_one_student_twice_are_refused() -> None:
    one = result("al")
    other = one.model_copy(update={"grade": one.grade.model_copy(update={"homework": "hw9"})})
    with pytest.raises(InputError, match="the results are of hw9 and not of hw4_warmup"):
        export("csv", [other], HOMEWORK, Options())
    with pytest.raises(InputError, match="al: more than one result"):
        export("csv", [one, one], HOMEWORK, Options())


SHEETS = {
    "canvas": "Student,ID,SIS Login ID,Section,Sizes of single layers (1)\nx,1,s0,,\nx,2,s1,,1\nx,3,s2,,EX\nx,4,s9,,\n",
    "moodle": "Identifier,Username,Grade,Maximum grade,Grade can be changed,Last modified (grade)\n"
    "Participant 1,s0,,5,Yes,-\nParticipant 2,s1,1,5,Yes,-\nParticipant 3,s2,,5,No,-\nParticipant 4,s9,,5,Yes,-\n",
    "brightspace": "Username,Sizes of single layers Points Grade,End-of-Line Indicator\ns0,,#\ns1,1,#\ns2,,#\ns9,,#\n",
    "blackboard": "Username,Sizes of single layers [Total Pts: 5 Score] |1\ns0,\ns1,1\ns2,\ns9,\n",
}


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("options", [Options(), Options(pending=True)])
@given(points=st.lists(st.sampled_from(["1", "6", "-1", None]), max_size=5))
def test_every_student_is_told_of_once(
    tmp_path_factory: pytest.TempPathFactory, platform: str, options: Options, points: list[str | None]
) -> None:
    people = [result(f"s{at}", one, person=Person(login=f"s{at}")) for at, one in enumerate(points)]
    into = saved(tmp_path_factory.getbasetemp() / f"{platform}.csv", SHEETS[platform]) if platform in SHEETS else None
    told = export(platform, people, HOMEWORK, replace(options, into=into)).difference
    asides = (*told.unmatched_students, *told.out_of_range, *told.held_back)
    named = [*(change.student for change in told.changes), *(aside.student for aside in asides)]
    assert len(named) == len(set(named))
    assert len(named) + told.unchanged == len(people)


def test_times_are_utc_in_nbgraders_table() -> None:
    one = result("al", submitted=datetime(2026, 1, 1, tzinfo=UTC))
    assert rows(export("nbgrader", [one], HOMEWORK, Options()).content)[0]["timestamp"] == "2026-01-01 00:00:00"

import csv
import io
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.course import Homework
from grader.errors import InputError
from grader.exports import Change, Export, Options, export
from grader.records import Person, Result, Status
from tests.exports import importers
from tests.exports.classmates import HOMEWORK, half_pending, homework_of, result, saved, verdict

TITLE = "Sizes of single layers (98765)"
GRADEBOOK = (
    f'Student,ID,SIS User ID,SIS Login ID,Section,Notes,"Old, homework (11)",{TITLE},Current Score,Final Grade\r\n'
    ",,,,,,,Manual Posting,,\r\n"
    "    Points Possible,,,,,,10.00,5.00,(read only),(read only)\r\n"
    '"Doe, Jane",340934,00417,jdoe,"Lab 02 and ""03""",shy,7.00,,70,C\r\n'
    '"李, 小龙",340935,1.2.3,li@x.edu,Lab 02,,8.00,4.50,80,B\r\n'
    '"O\'Neil; Zoë",340936,00419,zoe,Lab 02,,1.00,EX,10,F\r\n'
    '"Roy, Ana",340937,00420,ana,Lab 02,,1.00,2.00,10,F\r\n'
    '"Student, Test",340999,,ffff,Lab 02,,,,,\r\n'
)
STUDENTS = {
    340934: importers.CanvasStudent("00417", "jdoe", "Jane Doe"),
    340935: importers.CanvasStudent("1.2.3", "li@x.edu", "李小龙"),
    340936: importers.CanvasStudent("00419", "zoe", "Zoë O'Neil;"),
    340937: importers.CanvasStudent("00420", "ana", "Ana Roy"),
}
ASSIGNMENTS = {11: "Old, homework", 98765: "Sizes of single layers"}
JANE = Person(name="doejane", ids={"canvas": "340934"})


def filled(
    tmp_path: Path, *results: Result, text: str = GRADEBOOK, encoding: str = "utf-8", **options: object
) -> Export:
    file = saved(tmp_path / "gradebook.csv", text, encoding)
    return export("canvas", results, HOMEWORK, Options(into=file, **options))  # type: ignore[arg-type] # by name


def imported(content: bytes) -> dict[tuple[int, int], str]:
    return importers.canvas(content, STUDENTS, ASSIGNMENTS)


def test_canvas_takes_the_points_of_each_student_and_nothing_else(tmp_path: Path) -> None:
    people = (
        result("jane", "4", person=JANE),
        result("li", "1.25", person=Person(email="li@x.edu")),
        result("ana", "3.999", person=Person(number="00420")),
    )
    done = filled(tmp_path, *people)
    assert imported(done.content) == {(340934, 98765): "4", (340935, 98765): "1.25", (340937, 98765): "4"}
    assert done.difference.changes == (
        Change("ana", "2.00", "4"),
        Change("jane", "", "4"),
        Change("li", "4.50", "1.25"),
    )
    assert done.difference.unmatched_rows == ("O'Neil; Zoë (340936)", "Student, Test (340999)")


def test_only_this_assignment_goes_up_with_the_students_columns_as_they_were(tmp_path: Path) -> None:
    done = filled(tmp_path, result("jane", "4", person=JANE))
    assert done.content.decode() == (
        f"Student,ID,SIS User ID,SIS Login ID,Section,{TITLE}\r\n"
        ",,,,,Manual Posting\r\n"
        "    Points Possible,,,,,5.00\r\n"
        '"Doe, Jane",340934,00417,jdoe,"Lab 02 and ""03""",4\r\n'
    )


def test_rows_that_do_not_change_are_left_out_so_that_no_blank_clears_a_score(tmp_path: Path) -> None:
    people = (
        half_pending("jane", JANE),
        result("li", "4.5", person=Person(ids={"canvas": "340935"})),
        result("ana", None, person=Person(login="ANA"), status=Status.NO_SUBMISSION),
        result("who", person=Person(name="Who")),
    )
    done = filled(tmp_path, *people)
    assert imported(done.content) == {}
    assert done.difference.unchanged == 1
    assert [aside.student for aside in done.difference.held_back] == ["ana", "jane"]
    assert [aside.student for aside in done.difference.unmatched_students] == ["who"]


def test_an_excused_student_stays_excused(tmp_path: Path) -> None:
    done = filled(tmp_path, result("zoe", person=Person(login="zoe")))
    assert (done.difference.changes, done.difference.held_back[0].why) == ((), "excused in Canvas")


def test_a_mark_at_the_beginning_goes_and_semicolons_stay(tmp_path: Path) -> None:
    text = GRADEBOOK.replace(",", ";").replace("5.00", "5,00")
    done = filled(tmp_path, result("jane", "4.25", person=JANE), text=text, encoding="utf-8-sig")
    assert done.content.startswith(b"Student;ID")
    assert imported(done.content) == {(340934, 98765): "4.25"}


def test_separate_first_and_last_names_are_read(tmp_path: Path) -> None:
    text = f"LastName,FirstName,ID,SIS Login ID,Section,{TITLE}\nRoy,Ana,7,ana,S,\n"
    assert filled(tmp_path, result("a", person=Person(name="Ana Roy")), text=text).difference.changes


def test_points_above_the_column_are_sent_with_a_word_and_less_than_nothing_is_not(tmp_path: Path) -> None:
    done = filled(tmp_path, result("jane", "6", person=JANE), result("ana", "-1", person=Person(login="ana")))
    assert done.difference.changes == (Change("jane", "", "6", "above the 5 of the column"),)
    assert done.difference.out_of_range == (("ana", "-1 is less than nothing"),)


def test_another_maximum_is_asked_about(tmp_path: Path) -> None:
    text = GRADEBOOK.replace(",5.00,", ",10,")
    with pytest.raises(InputError, match=r"has 10 points and hw4_warmup has 5; give --scale 2 to convert"):
        filled(tmp_path, result("jane", person=JANE), text=text)
    done = filled(tmp_path, result("jane", "4.5", person=JANE), text=text, scale=Fraction(2))
    assert imported(done.content) == {(340934, 98765): "9"}


@pytest.mark.parametrize("column", ["98765", TITLE, "sizes of SINGLE layers"])
def test_a_column_is_named_by_number_title_or_header(tmp_path: Path, column: str) -> None:
    assert filled(tmp_path, result("jane", "4", person=JANE), column=column).difference.changes


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        (GRADEBOOK, "Quiz", "no column is named 'Quiz'; give --column with one of: 'Old, homework \\(11\\)', 'Sizes"),
        (
            GRADEBOOK.replace("Old, homework", "Sizes of single layers"),
            "Sizes of single layers",
            "several columns are named",
        ),
        (
            GRADEBOOK.replace("Sizes of single layers", "HW4"),
            None,
            "no column is named 'Sizes of single layers' or 'hw4_warmup'; give --column with one of: 'Old, homework",
        ),
        (GRADEBOOK.replace(" (11)", "").replace(" (98765)", ""), None, "has no column for points"),
        ("a,b\n1,2\n", None, "line 1 has no column Student or Section, but 'a', 'b'"),
    ],
)
def test_a_column_that_is_not_certain_is_asked_about(tmp_path: Path, text: str, column: str | None, words: str) -> None:
    with pytest.raises(InputError, match=words):
        filled(tmp_path, result("jane", person=JANE), text=text, column=column)


ONLY_ANOTHER = GRADEBOOK.replace("Old, homework (11)", "Old, homework").replace("Sizes of single layers", "HW3")


def test_the_only_column_is_not_filled_when_it_is_another_homeworks(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"give --column with one of: 'HW3 \(98765\)'"):
        filled(tmp_path, result("jane", "4", person=JANE), text=ONLY_ANOTHER)


@pytest.mark.parametrize("column", ["98765", "HW3"])
def test_the_column_that_is_filled_is_told(tmp_path: Path, column: str) -> None:
    done = filled(tmp_path, result("jane", "4", person=JANE), text=ONLY_ANOTHER, column=column)
    assert done.difference.column == f"fills 'HW3 (98765)' of {tmp_path / 'gradebook.csv'}"


def test_a_column_with_the_homeworks_name_is_the_homeworks_whatever_its_spaces(tmp_path: Path) -> None:
    for title in ("hw4_warmup", "Sizes  of SINGLE layers"):
        text = GRADEBOOK.replace("Sizes of single layers", title)
        assert filled(tmp_path, result("jane", "4", person=JANE), text=text).difference.changes


GREAT = homework_of(linear_parameters=400, convolution_outputs=600)


def great(tmp_path: Path, maximum: str, old: str, homework: Homework = GREAT, **options: object) -> Export:
    text = (
        f'Student,ID,SIS Login ID,Section,{TITLE}\n    Points Possible,,,,"{maximum}"\n"Doe, Jane",340934,j,,"{old}"\n'
    )
    given = [(problem.parts[part].points, part) for problem, part in homework.parts]
    verdicts = tuple(verdict(points, points, part=part) for points, part in given)
    into = saved(tmp_path / "gradebook.csv", text)
    return export("canvas", [result("jane", person=JANE, verdicts=verdicts)], homework, Options(into=into, **options))  # type: ignore[arg-type] # by name


@pytest.mark.parametrize("maximum", ["1000", "1,000.00", "1,000", "1.000"])
def test_a_thousand_points_are_the_thousand_of_the_homework_however_they_are_written(
    tmp_path: Path, maximum: str
) -> None:
    assert great(tmp_path, maximum, "").difference.changes == (Change("jane", "", "1000"),)
    assert great(tmp_path, maximum, "1,000.00").difference.unchanged == 1
    assert great(tmp_path, "5.000", "5.000", HOMEWORK).difference.unchanged == 1


def test_old_points_that_may_be_two_numbers_are_sent_with_a_word(tmp_path: Path) -> None:
    changes = great(tmp_path, "1000", "1,000").difference.changes
    assert changes == (Change("jane", "1,000", "1000", "what is there may be 1 or 1000"),)


def test_a_maximum_that_may_be_two_numbers_is_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has 2 or 2000 points and hw4_warmup has 1000; give --scale 1/500 or 2 to"):
        great(tmp_path, "2,000", "")
    assert great(tmp_path, "2,000", "", scale=Fraction(2)).difference.changes == (Change("jane", "", "2000"),)
    asked = great(tmp_path, "2,000", "", scale=Fraction(1)).difference
    assert asked.changes == (Change("jane", "", "1000"),)
    assert asked.column.endswith("its maximum may be 2 or 2000 and is not checked")


def test_a_column_that_canvas_computes_is_no_assignment(tmp_path: Path) -> None:
    text = GRADEBOOK.replace(",5.00,", ",(read only),")
    with pytest.raises(InputError, match="no column is named '98765'"):
        filled(tmp_path, result("jane", person=JANE), text=text, column="98765")


def test_a_gradebook_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "gradebook.csv"
    file.write_bytes(GRADEBOOK.replace("李, 小龙", "Lé").encode("latin-1"))
    with pytest.raises(InputError, match="no UTF-8"):
        export("canvas", [result("jane", person=JANE)], HOMEWORK, Options(into=file))


def test_without_a_gradebook_a_file_is_made_of_canvas_numbers() -> None:
    jane = result(
        "jane", "4", person=Person(name='Doe, "J"\nane', ids={"canvas": "340934"}, number="00417", section="S")
    )
    done = export("canvas", [jane, result("bo")], HOMEWORK, Options(column=TITLE))
    assert imported(done.content) == {(340934, 98765): "4"}
    assert done.content.splitlines()[1] == b'"Doe, ""J"" ane",340934,00417,,S,4'
    assert done.difference.unmatched_students == (("bo", "its Canvas number is not known"),)
    assert imported(export("canvas", [jane], HOMEWORK, Options(column="98765")).content)


@pytest.mark.parametrize(
    ("person", "column", "words"),
    [
        (Person(), TITLE, "download the gradebook"),
        (JANE, None, "--column"),
        (JANE, "HW", "a title alone may make a new"),
    ],
)
def test_what_canvas_could_not_tell_is_not_made(person: Person, column: str | None, words: str) -> None:
    with pytest.raises(InputError, match=words):
        export("canvas", [result("jane", person=person)], HOMEWORK, Options(column=column))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fractions(0, 5), st.sampled_from([",", ";"]))
def test_any_grade_arrives_at_two_decimals(tmp_path: Path, points: Fraction, delimiter: str) -> None:
    table = list(csv.reader(io.StringIO(GRADEBOOK)))
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(table)
    done = filled(tmp_path, result("ana", points, person=Person(number="00420")), text=text.getvalue())
    arrived = imported(done.content).get((340937, 98765), "2")
    assert abs(Fraction(arrived) - points) <= Fraction(1, 200)

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import InputError
from grader.exports import Change, Export, Options, export
from grader.records import Person, Result
from tests.exports import importers
from tests.exports.classmates import HOMEWORK, half_pending, result, saved

ITEM = "Sizes of single layers"
EXPORTED = (
    f"OrgDefinedId,Username,Last Name,First Name,Email,Quiz Points Grade,{ITEM} Points Grade <Numeric MaxPoints:5>,"
    "End-of-Line Indicator\r\n"
    "#00417,#jdoe,Doe,Jane,jane@x.edu,3,,#\r\n"
    '#00418,#li,"李, Jr.",小龙,li@x.edu,4,4.5,#\r\n'
    "#00419,#zoe,O'Neil,Zoë,zoe@x.edu,4,1,#\r\n"
)


def filled(tmp_path: Path, *results: Result, text: str = EXPORTED, **options: object) -> Export:
    file = saved(tmp_path / "grades.csv", text)
    return export("brightspace", results, HOMEWORK, Options(into=file, **options))  # type: ignore[arg-type] # by name


def imported(content: bytes) -> dict[str, float]:
    return importers.brightspace(content, {"jdoe", "li", "zoe"}, {"00417", "00418", "00419"}, ITEM)


def test_brightspace_takes_the_points_of_those_who_change(tmp_path: Path) -> None:
    people = (
        result("jane", "1.125", person=Person(number="00417")),
        result("li", "4.5", person=Person(login="LI")),
        half_pending("zoe", Person(name="Zoë O'Neil")),
    )
    done = filled(tmp_path, *people)
    assert imported(done.content) == {"jdoe": 1.13}
    assert done.difference.column.startswith(f"fills '{ITEM} Points Grade <Numeric MaxPoints:5>' of ")
    assert b"#00417,#jdoe,Doe,Jane,jane@x.edu,1.13,#\r\n" in done.content
    assert (done.difference.unchanged, done.difference.held_back[0].student) == (1, "zoe")


def test_more_than_the_maximum_would_be_cut_and_is_not_sent(tmp_path: Path) -> None:
    done = filled(tmp_path, result("jane", "6", person=Person(number="00417")))
    assert done.difference.out_of_range == (("jane", "6 is more than the maximum of 5"),)
    assert imported(done.content) == {}


@pytest.mark.parametrize("column", ["Quiz", "Quiz Points Grade"])
def test_another_item_is_named_with_or_without_the_words_of_brightspace(tmp_path: Path, column: str) -> None:
    done = filled(tmp_path, result("jane", "4", person=Person(number="00417")), column=column)
    assert done.difference.changes == (Change("jane", "3", "4"),)


def test_without_a_file_one_is_made_of_numbers_and_logins() -> None:
    people = [
        result("jane", "4", person=Person(number="00417", login="jdoe")),
        result("li", "2.5", person=Person(login="#li")),
        result("bo"),
    ]
    done = export("brightspace", people, HOMEWORK, Options())
    assert imported(done.content) == {"jdoe": 4, "li": 2.5}
    assert done.difference.column == f"fills '{ITEM} Points Grade'"
    assert b"\r\n#00417,#jdoe,4,#\r\n" in done.content
    assert [aside.student for aside in done.difference.unmatched_students] == ["bo"]


def test_what_is_no_file_of_brightspace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column OrgDefinedId or End-of-Line Indicator, but 'a', 'b'"):
        filled(tmp_path, result("jane"), text="a,b\n1,2\n")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fractions(0, 5))
def test_any_grade_arrives_at_two_decimals(tmp_path: Path, points: Fraction) -> None:
    done = filled(tmp_path, result("jane", points, person=Person(login="jdoe")))
    assert abs(Fraction(str(imported(done.content)["jdoe"])) - points) <= Fraction(1, 200)

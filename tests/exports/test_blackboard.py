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

COLUMN = "Sizes of single layers [Total Pts: 5 Score] |123456"
ROWS = (
    ("Last Name", "First Name", "Username", "Student ID", "Last Access", "Total [Total Pts: 10 Score] |1", COLUMN),
    ("Doe", "Jane", "jdoe", "00417", "2026-10-05 10:00:00", "7", ""),
    ("李", "小龙", "li_x", "00418", "", "", "4.5"),
    ("O'Neil", "Zoë", "zoe", "00419", "", "", "Needs Grading"),
)
TABS = "\r\n".join("\t".join(f'"{cell}"' for cell in row) for row in ROWS) + "\r\n"


def filled(tmp_path: Path, *results: Result, text: str = TABS, encoding: str = "utf-16", **options: object) -> Export:
    file = saved(tmp_path / "gc.xls", text, encoding)
    return export("blackboard", results, HOMEWORK, Options(into=file, **options))  # type: ignore[arg-type] # by name


def imported(content: bytes) -> dict[tuple[str, str], str]:
    return importers.blackboard(content, {"jdoe", "li_x", "zoe"}, {"123456", "1"})


def test_blackboard_takes_the_points_of_those_who_change(tmp_path: Path) -> None:
    people = (
        result("jane", "1.125", person=Person(login="JDOE")),
        result("li", "4.5", person=Person(number="00418")),
        half_pending("zoe", Person(name="Zoë O'Neil")),
    )
    done = filled(tmp_path, *people)
    assert imported(done.content) == {("jdoe", "123456"): "1.13"}
    assert (done.difference.unchanged, done.difference.held_back[0].student) == (1, "zoe")


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-16", "\t"), ("utf-8-sig", ","), ("utf-8", ",")])
def test_encoding_delimiter_and_quotes_stay(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = TABS.replace("\t", delimiter)
    done = filled(tmp_path, result("zoe", "3", person=Person(login="zoe")), text=text, encoding=encoding)
    expected = [[cell for at, cell in enumerate(row) if at != 5] for row in (ROWS[0], ROWS[3])]
    expected[1][-1] = "3"
    lines = [delimiter.join(f'"{cell}"' for cell in row) + "\r\n" for row in expected]
    assert done.content == "".join(lines).encode(encoding)
    assert done.difference.changes == (Change("zoe", "Needs Grading", "3"),)
    assert done.name.endswith("-blackboard.xls")


def test_points_above_the_column_are_sent_with_a_word(tmp_path: Path) -> None:
    done = filled(tmp_path, result("jane", "6", person=Person(login="jdoe")))
    assert done.difference.changes == (Change("jane", "", "6", "above the 5 of the column"),)


@pytest.mark.parametrize(
    ("header", "words"),
    [(COLUMN.replace(" |123456", ""), "give --column"), (COLUMN.replace("Score", "Text"), "give --column")],
)
def test_a_column_without_number_or_of_text_gets_no_points(tmp_path: Path, header: str, words: str) -> None:
    text = TABS.replace(COLUMN, header).replace('|1"', '|1"\t"Quiz [Total Pts: 5 Score] |2"')
    with pytest.raises(InputError, match=words):
        filled(tmp_path, result("jane"), text=text.replace('\t"7"', '\t"7"\t""'))


def test_the_column_is_named_by_its_number(tmp_path: Path) -> None:
    done = filled(tmp_path, result("jane", "4", person=Person(login="jdoe")), column="1", scale=Fraction(2))
    assert done.difference.changes == (Change("jane", "7", "8"),)
    assert done.difference.column == f"fills {ROWS[0][5]!r} of {tmp_path / 'gc.xls'}"


def test_without_a_file_the_remedy_is_told() -> None:
    with pytest.raises(InputError, match=r"download that .* and give it with --into"):
        export("blackboard", [result("jane")], HOMEWORK, Options())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fractions(0, 5))
def test_any_grade_arrives_at_two_decimals(tmp_path: Path, points: Fraction) -> None:
    done = filled(tmp_path, result("jane", points, person=Person(login="jdoe")))
    assert abs(Fraction(imported(done.content)["jdoe", "123456"]) - points) <= Fraction(1, 200)

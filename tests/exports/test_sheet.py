import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import InputError
from grader.exports import sheet as sheets
from grader.exports.sheet import read_sheet
from tests.exports.classmates import saved

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(TEXT, min_size=width, max_size=width), min_size=1, max_size=5)
)
ANY_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@ANY_FOLDER
@given(TABLES, st.sampled_from(["\n", "\r\n"]), st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]))
def test_cells_say_what_the_csv_module_reads_and_are_written_back_as_they_were(
    tmp_path: Path, table: list[list[str]], end: str, quoting: int
) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator=end, quoting=quoting).writerows(table)  # type: ignore[arg-type] # an int will do
    file = saved(tmp_path / "a.csv", text.getvalue())
    sheet = read_sheet(file)
    assert [[cell.value for cell in line.cells] for line in sheet.lines] == table
    assert sheet.content() == file.read_bytes()


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(b"", "utf-8"), (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_marks_encodings_delimiters_and_ends_of_lines_stay(
    tmp_path: Path, mark: bytes, encoding: str, delimiter: str
) -> None:
    file = tmp_path / "a.csv"
    before = f'name{delimiter}"a ""b"""\r\nÅsa{delimiter}\n\r\nJörg{delimiter}"1"'
    file.write_bytes(mark + before.encode(encoding))
    sheet = read_sheet(file).filled({(1, 1): 'x"y', (3, 1): "2"})
    after = f'name{delimiter}"a ""b"""\r\nÅsa{delimiter}"x""y"\n\r\nJörg{delimiter}"2"'
    assert sheet.content() == mark + after.encode(encoding)


def test_a_file_in_another_encoding_keeps_its_bytes(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("имя,grade\nАнна,\n".encode("cp1251"))
    assert read_sheet(file).filled({(1, 1): "3"}).content() == "имя,grade\nАнна,3\n".encode("cp1251")


def test_a_quotation_mark_behind_a_backslash_is_read_as_php_wrote_it(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.csv", 'id,text,grade\n1,"a \\"b, c",2\n')
    assert [cell.value for cell in read_sheet(file).lines[1].cells] == ["1", 'a \\"b, c', "2"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1 has less than two columns"),
        ("one\ntwo\n", "line 1 has less than two columns"),
        ('a,b\n1,"2\n', "line 2, column 2: a quotation mark is not closed"),
        ('a,b\n"x\ny",1\n1,"2" 3\n', "line 4, column 2"),
        ("a,b\n1,2,3\n", "line 2 has 3 columns and the first line 2"),
        ("a,b\0\n", "is no CSV file"),
    ],
)
def test_what_is_no_table_is_named_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_sheet(saved(tmp_path / "a.csv", text))


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"cannot be opened .*; give the downloaded file"):
        read_sheet(tmp_path / "a.csv")
    monkeypatch.setattr(sheets, "MOST_BYTES", 3)
    with pytest.raises(InputError, match="MiB"):
        read_sheet(saved(tmp_path / "a.csv", "a,b\n"))


def test_a_file_with_more_cells_than_fit_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_CELLS", 3)
    with pytest.raises(InputError, match="more than 3 cells"):
        read_sheet(saved(tmp_path / "a.csv", "a,b\n1,2\n"))


def test_a_workbook_is_told_from_a_table(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04,,,,")
    with pytest.raises(InputError, match="save it as CSV"):
        read_sheet(tmp_path / "a.xlsx")


def test_a_row_that_is_too_short_gets_the_cells_it_lacks(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.csv", "a,b,c\n1\n")
    assert read_sheet(file).filled({(1, 2): "x"}).content() == b"a,b,c\n1,,x\n"

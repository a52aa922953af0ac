import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import InputError
from grader.records import Outcome, Result
from grader.review.incoming import NEEDED
from grader.review.marks import Marks, read_marks
from grader.review.questions import waiting
from grader.review.table import review_csv
from tests.review.class_of_answers import homework, result, small_class, with_verdict

Rows = list[dict[str, str]]
BATCH_NORM, MOMENTUM = "why_batch_norm", "why_momentum"


def exported(results: Mapping[str, Result] | None = None, *, everything: bool = False) -> Rows:
    chosen = small_class() if results is None else results
    text = review_csv(waiting(chosen.values(), homework(), everything=everything))
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def written(rows: Rows, delimiter: str = ",", line_end: str = "\n", columns: Iterable[str] | None = None) -> str:
    out = io.StringIO(newline="")
    names = list(columns or rows[0])
    table = csv.DictWriter(out, names, delimiter=delimiter, lineterminator=line_end, extrasaction="ignore")
    table.writeheader()
    table.writerows(rows)
    return out.getvalue()


def read(rows: Rows, results: Mapping[str, Result] | None = None) -> Marks:
    return read_marks(written(rows), "review.csv", small_class() if results is None else results, homework())


def with_points(*points: str) -> Rows:
    rows = exported()
    for row, cell in zip(rows, points, strict=False):
        row["points"] = cell
    return rows


def test_an_export_that_nobody_touched_says_nothing() -> None:
    assert read(exported()) == Marks(given=(), unchanged=0, empty=6, troubles=())


def test_points_and_comments_come_back_with_whom_and_what_they_are_of() -> None:
    rows = with_points("1", "0.5", "", "0")
    rows[1]["comment"] = "good;\nand well, put"
    marks = read(rows)
    given = [(mark.student, mark.part, mark.points, mark.comment, mark.old_points, mark.row) for mark in marks.given]
    assert given == [
        ("ada", BATCH_NORM, 1, "", None, 2),
        ("zoe", BATCH_NORM, Fraction(1, 2), "good;\nand well, put", None, 3),
        ("cy", BATCH_NORM, 0, "", None, 5),
    ]
    assert (marks.unchanged, marks.empty, marks.troubles) == (0, 3, ())


def test_a_student_with_a_name_like_a_number_is_known() -> None:
    assert read(with_points(*[""] * 4, "1")).given[0].student == "007"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("front", ["", "\ufeff", "sep={}\n", '\ufeff"sep={}"\n'])
def test_the_habits_of_spreadsheets_make_no_difference(delimiter: str, line_end: str, front: str) -> None:
    rows = with_points("1", "0,5")
    rows[0]["comment"] = "a, b; c\n\td"
    plain = read(rows)
    text = front.format(delimiter) + written(rows, delimiter, line_end).replace("\r\n\td", "\n\td")
    other = read_marks(text, "review.csv", small_class(), homework())
    shift = 1 if "sep" in front else 0
    assert [mark.row - shift for mark in other.given] == [mark.row for mark in plain.given] == [2, 3]
    assert [(m.points, m.comment) for m in other.given] == [(1, "a, b; c\n\td"), (Fraction(1, 2), "")]


def test_rows_and_columns_may_be_sorted_left_out_and_added() -> None:
    rows = with_points("1", "0.5", "1")[2::-1]
    text = written([{**row, "mine": "x", "Points": row["points"]} for row in rows], columns=[*NEEDED[::-1], "mine"])
    marks = read_marks(text.replace("points", " Points "), "r", small_class(), homework())
    assert [(mark.student, mark.points) for mark in marks.given] == [("bo", 1), ("zoe", Fraction(1, 2)), ("ada", 1)]


def test_empty_rows_are_none() -> None:
    text = written(with_points("1")) + ",,,,\n\n" + " , ,\n"
    assert read_marks(text, "r", small_class(), homework()) == read(with_points("1"))


TROUBLES: list[tuple[str, Callable[[dict[str, str]], object], str]] = [
    ("points", lambda row: row.update(points="lots"), r"points: 'lots' is no number .*write it like 2\.5"),
    ("points", lambda row: row.update(points="1.5"), "points: 1.5 is not between 0 and 1, the maximum; correct it"),
    ("points", lambda row: row.update(points="-1"), "points: -1 is not between 0 and 1"),
    ("points", lambda row: row.update(points="0.1234"), "points: .* more than 3 decimals"),
    ("comment", lambda row: row.update(points="", comment="hm"), "points: there is a comment and there are no points"),
    ("student", lambda row: row.update(student="adaa"), "student: there is no student 'adaa'; is it ada?"),
    ("student", lambda row: row.update(student="7"), "student: there is no student '7'; .*spreadsheet may"),
    ("question", lambda row: row.update(question="why"), "question: .* has no part 'why'; there is: "),
    ("fingerprint", lambda row: row.update(fingerprint=""), "fingerprint: .*handed in another answer.*export again"),
]


@pytest.mark.parametrize(("change", "words"), [trouble[1:] for trouble in TROUBLES])
def test_a_row_that_cannot_be_taken_is_told_and_keeps_no_other_out(
    change: Callable[[dict[str, str]], object], words: str
) -> None:
    rows = with_points("1", "1")
    change(rows[0])
    marks = read(rows)
    assert [mark.student for mark in marks.given] == ["zoe"]
    (trouble,) = marks.troubles
    assert trouble.startswith("review.csv, row 2, ")
    assert re.search(words, trouble)


def test_cells_beyond_the_last_column_are_told() -> None:
    header, first, *others = written(with_points("1"), columns=NEEDED).splitlines()
    marks = read_marks("\n".join([header, first + ",oops", *others]), "r", small_class(), homework())
    assert not marks.given
    assert "row 2, the end: 'oops' stands beyond the last column" in marks.troubles[0]


def test_another_answer_since_the_export_is_not_marked() -> None:
    rows = with_points("1", "1")
    now = {**small_class(), "ada": result("ada", {BATCH_NORM: "something else"})}
    marks = read(rows, now)
    assert [mark.student for mark in marks.given] == ["zoe"]
    assert "the student has handed in another answer since the export; export again" in marks.troubles[0]


def test_another_file_with_the_same_answer_is_marked() -> None:
    now = {
        **small_class(),
        "ada": result("ada", {BATCH_NORM: small_class()["ada"].grade.verdicts[1].answer}, digest="new"),
    }
    assert read(with_points("1"), now).given[0].student == "ada"


def test_different_marks_for_one_part_are_both_left_out() -> None:
    rows = with_points("1", "1")
    marks = read([*rows, {**rows[0], "points": "0"}])
    assert [mark.student for mark in marks.given] == ["zoe"]
    assert (
        "rows 2 and 8, points: they give ada different marks for training_concepts.why_batch_norm" in marks.troubles[0]
    )


def test_the_same_mark_twice_counts_once_and_an_empty_row_contradicts_nothing() -> None:
    rows = with_points("1")
    marks = read([*rows, rows[0], {**rows[0], "points": ""}])
    assert ([mark.student for mark in marks.given], marks.troubles) == (["ada"], ())


def marked(points: Fraction, comment: str = "") -> dict[str, Result]:
    decided = with_verdict(
        small_class()["ada"], BATCH_NORM, points=points, outcome=Outcome.PARTIAL, comment=comment, marked_by="Tess"
    )
    return {"ada": decided}


@pytest.mark.parametrize("comment", ["", "=so\n'it' is"])
def test_what_was_decided_and_is_not_touched_is_unchanged(comment: str) -> None:
    results = marked(Fraction(1, 3), comment)
    rows = exported(results, everything=True)
    assert read(rows, results) == Marks(given=(), unchanged=len(rows), empty=0, troubles=())


def test_what_nobody_touched_does_not_undo_what_was_given_since() -> None:
    rows = exported(marked(Fraction(1, 2)), everything=True)
    assert read(rows, marked(Fraction(1))).given == ()


def test_a_new_comment_alone_is_a_change_and_keeps_the_exact_points() -> None:
    results = marked(Fraction(1, 3))
    rows = exported(results, everything=True)
    next(row for row in rows if row["points"] == "0.333")["comment"] = "why not"
    (mark,) = read(rows, results).given
    assert (mark.points, mark.old_points, mark.comment) == (Fraction(1, 3), Fraction(1, 3), "why not")


def test_marks_that_are_in_place_already_are_unchanged_when_the_table_is_read_again() -> None:
    rows = with_points("0.5")
    assert read(rows, {**small_class(), **marked(Fraction(1, 2))}).unchanged == 1


@pytest.mark.parametrize("missing", NEEDED)
def test_a_missing_column_is_named(missing: str) -> None:
    text = written(exported(), columns=[name for name in NEEDED if name != missing])
    with pytest.raises(InputError, match=f"review.csv has no column {missing}; the first row has to name"):
        read_marks(text, "review.csv", small_class(), homework())


@pytest.mark.parametrize("text", ["", "\ufeff", "PK\x03\x04", "<html>", "sep=;\n", "a,b\n1,2\n"])
def test_what_is_no_such_table_is_told(text: str) -> None:
    with pytest.raises(InputError, match="has no column question, student, points, comment, fingerprint"):
        read_marks(text, "x.csv", {}, homework())


def test_a_quote_that_never_ends_does_not_swallow_the_rest_silently() -> None:
    text = written(with_points("1")) + '"never ending,\nmore\n'
    with pytest.raises(InputError, match=r"cannot be read as a table .*; export it again"):
        read_marks(text, "x.csv", small_class(), homework())


def test_an_answer_of_any_length_comes_back() -> None:
    results = {"ada": result("ada", {MOMENTUM: "word " * 40_000})}
    text = review_csv(waiting(results.values(), homework()))
    filled = text.replace('"1","","","f', '"1","1","","f')
    assert len(read_marks(filled, "r", results, homework()).given) == 1


CELLS = st.sampled_from(["", "1", "0,5", "x", "1/2", "2"])


@given(st.lists(CELLS, min_size=6, max_size=6), st.permutations(range(6)))
def test_every_row_is_a_mark_or_unchanged_or_empty_or_trouble(points: list[str], order: list[int]) -> None:
    rows = with_points(*points)
    marks = read([rows[position] for position in order])
    assert len(marks.given) + marks.unchanged + marks.empty + len(marks.troubles) == 6
    assert marks.empty == points.count("")
    assert len(marks.troubles) == points.count("x") + points.count("2")

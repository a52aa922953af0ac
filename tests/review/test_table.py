import csv
import io
from fractions import Fraction

from grader.records import Outcome
from grader.review.questions import waiting
from grader.review.table import COLUMNS, review_csv
from tests.reports.grades import PICTURE
from tests.review.class_of_answers import SCALE, homework, result, small_class, with_verdict


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def of_class() -> str:
    return review_csv(waiting(small_class().values(), homework()))


def test_there_is_a_row_for_each_student_and_question_groups_together() -> None:
    table = rows(of_class())
    assert tuple(table[0]) == COLUMNS
    assert [(row["question"].split(".")[1], row["group"], row["same"], row["student"]) for row in table] == [
        ("why_batch_norm", "1", "2", "ada"),
        ("why_batch_norm", "1", "2", "zoe"),
        ("why_batch_norm", "1", "1", "bo"),
        ("why_batch_norm", "2", "1", "cy"),
        ("why_momentum", "1", "1", "'007"),
        ("why_momentum", "2", "1", "zoe"),
    ]


def test_a_row_has_what_is_needed_to_mark_it() -> None:
    row = rows(of_class())[0]
    assert (row["answer"], row["suggestion"], row["maximum"]) == (SCALE, "mentions: one scale", "1")
    assert row["rubric"].endswith("less weight on the initialisation (1)")
    assert (row["points"], row["comment"]) == ("", "")


def test_students_texts_keep_their_lines_and_do_nothing_in_a_spreadsheet() -> None:
    assert rows(of_class())[4]["answer"] == "'=HYPERLINK(0)\n- and a line; '+1"


def test_a_long_text_is_whole() -> None:
    long = "word " * 30_000
    text = review_csv(waiting([result("a", {"why_momentum": long})], homework()))
    assert long in text


def test_pictures_are_said_to_be_there() -> None:
    one = result("a", {"why_momentum": "see"}, pictures=(PICTURE, PICTURE))
    (row,) = rows(review_csv(waiting([one], homework())))
    assert row["answer"] == "see\n[2 pictures: see the page or the student's report]"


def test_where_there_is_no_answer_the_reason_is_there() -> None:
    (row,) = rows(review_csv(waiting([result("a", {"why_momentum": ""})], homework())))
    assert row["answer"] == "[nothing that can be shown: A person reads this and gives the points.]"


def test_what_is_decided_has_its_points_and_comment() -> None:
    one = with_verdict(
        result("a", {"why_momentum": "x"}),
        "why_momentum",
        outcome=Outcome.PARTIAL,
        points=Fraction(1, 3),
        comment="=half",
    )
    row = next(row for row in rows(review_csv(waiting([one], homework(), everything=True))) if row["answer"] == "x")
    assert (row["points"], row["comment"]) == ("0.333", "'=half")


def test_the_same_class_gives_the_same_table() -> None:
    backwards = review_csv(waiting(list(small_class().values())[::-1], homework()))
    assert of_class() == backwards


def test_nothing_that_waits_is_a_table_without_rows() -> None:
    assert rows(review_csv(())) == []

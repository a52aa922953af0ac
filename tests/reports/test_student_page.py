import re
from fractions import Fraction
from html.parser import HTMLParser

import pytest

from grader.records import CellFailure, FailureKind, Item, Outcome, Status
from grader.reports.student_page import student_html
from tests.reports.grades import grade, homework, verdicts

WARMUP = homework("hw4_warmup")


class Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def text(html: str) -> str:
    """The page's text in reading order, without its styles."""
    reader = Words()
    reader.feed(html[html.index("<body>") :])
    return " ".join(" ".join(reader.words).split())


def test_a_part_reads_title_outcome_points_answer_reading_cells_hint() -> None:
    items = (Item(name="conv1", read_as="64 x 32", right=False),)
    fields = {"answer": "the answer", "read_as": "the reading", "message": "the hint", "cell": 3, "items": items}
    html = student_html(
        grade("al", *verdicts("hw4_warmup", Outcome.PARTIAL, Fraction(1, 2), **fields)), WARMUP, executed=True
    )
    title = WARMUP.problems[0].sections["linear_parameters"].title
    order = [title, "partial", "1 of 2", "Your answer", "(cell 4)", "the answer", "Read as", "the reading",
             "conv1", "64 x 32", "not right", "the hint"]  # fmt: skip
    assert re.search(".*?".join(map(re.escape, order)), text(html))


def test_the_total_comes_first_and_every_problem_has_its_own() -> None:
    words = text(student_html(grade("al"), WARMUP, executed=True))
    assert words.startswith(f"{WARMUP.title} al 5 of 5 points 100.0 % {WARMUP.problems[0].spec.title} 5 of 5")


def test_pending_points_are_told_apart_from_lost_ones() -> None:
    _, *others = verdicts("hw4_warmup", Outcome.CORRECT, Fraction(1))
    unread = verdicts("hw4_warmup", Outcome.UNREADABLE, None)[0]
    words = text(student_html(grade("al", unread, *others), WARMUP, executed=True))
    assert "3 of 5 points 2 pending: a person looks at them first 100.0 % of what is decided" in words
    assert "? unreadable pending, of 2" in words


def test_nobody_is_shown_zero_points_before_anything_is_decided() -> None:
    note = "This is no notebook."
    pending = verdicts("hw4_warmup", Outcome.UNREADABLE, None, message=note)
    html = student_html(grade("al", *pending, status=Status.NOT_A_NOTEBOOK, note=note), WARMUP, executed=False)
    assert "– of 5 points 5 pending" in text(html)
    assert text(html).count(note) == 1
    assert "executed.ipynb" not in html


@pytest.mark.parametrize(("isolation", "told"), [("none", True), ("landlock", False)])
def test_a_run_without_isolation_is_told(isolation: str, told: bool) -> None:  # noqa: FBT001 - a column of the table
    html = student_html(grade("al", isolation=isolation), WARMUP, executed=True)
    assert ("not isolated from the machine" in html) is told


@pytest.mark.parametrize(
    ("cut", "words"), [((), None), ((1,), "in cell 2: the executed"), ((0, 2), "in cells 1, 3: the executed")]
)
def test_cells_whose_output_was_cut_are_named_with_the_limit(cut: tuple[int, ...], words: str | None) -> None:
    page = text(student_html(grade("al", cut=cut), WARMUP, executed=True))
    assert ("output_bytes_per_cell" in page) is bool(cut)
    assert words is None or words in page


def test_failed_cells_are_listed_with_their_tracebacks() -> None:
    failure = CellFailure(
        cell=2, kind=FailureKind.ERROR, name="NameError", message="x is not defined", traceback="line 1"
    )
    words = text(student_html(grade("al", failures=(failure,)), WARMUP, executed=True))
    assert "Cell 3: stopped with an error NameError : x is not defined Traceback line 1" in words
    again = failure.model_copy(update={"without": (0,)})
    words = text(student_html(grade("al", failures=(again,)), WARMUP, executed=True))
    assert "Cell 3, run without cell 1: stopped with an error NameError" in words


def test_every_outcome_has_a_mark_beside_its_colour() -> None:
    for outcome in Outcome:
        credit = None if outcome.pending else Fraction(0)
        html = student_html(grade("al", *verdicts("hw4_warmup", outcome, credit)), WARMUP, executed=True)
        assert re.search(rf'<span aria-hidden="true">[✓◐✗–!?]</span> {outcome.replace("-", " ")}', html)


def test_equal_grades_give_equal_pages() -> None:
    assert student_html(grade("al"), WARMUP, executed=True) == student_html(grade("al"), WARMUP, executed=True)

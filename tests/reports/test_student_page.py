import re
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser

import pytest

from grader.course import Homework
from grader.records import CellFailure, FailureKind, Item, Outcome, Status
from grader.reports.failure_view import short_traceback
from grader.reports.part_view import short_question
from grader.reports.student_page import staff_html, student_html
from grader.reveal import Reveal, Revealed
from tests.reports.grades import grade, homework, verdicts

WARMUP = homework("hw4_warmup")


def untold(level: Reveal) -> Homework:
    """The same homework, with so much revealed to students."""
    return replace(WARMUP, reveal=Revealed(students=level))


TOLD = untold(Reveal.ANSWERS)
PARTLY = verdicts(
    "hw4_warmup", Outcome.PARTIAL, Fraction(1, 2), answer="the answer", read_as="the reading", cell=3,
    items=(Item(name="conv1", read_as="64 x 32", right=False, expected="64 x 31"),), expected="the right one",
    message="the message", hint="the question?", convention="by which", follows=("linear_parameters",),
    suggestion="look for the slope",
)  # fmt: skip


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
    section = WARMUP.problems[0].sections["linear_parameters"]
    order = [section.title, "partial", "1 of 2", "The image is flattened", "Your answer", "(cell 4)", "the answer",
             "Read as", "the reading", "Right answer", "the right one", "Convention", "by which",
             "Carried forward", f"“{section.title}”", "conv1", "64 x 32", "not right", ", right is 64 x 31",
             "the message", "Hint", "the question?"]  # fmt: skip
    assert re.search(".*?".join(map(re.escape, order)), text(student_html(grade("al", *PARTLY), TOLD, executed=True)))


def test_what_the_staff_reads_says_so_and_has_what_helps_to_mark() -> None:
    words, own = text(staff_html(grade("al", *PARTLY), WARMUP, executed=True)), student_html
    assert "For the staff: not to be handed out" in words
    assert "Finding linear_parameters:partial For marking look for the slope" in words
    assert "slope" not in text(own(grade("al", *PARTLY), TOLD, executed=True))
    html = staff_html(grade("ä l"), WARMUP, executed=True)
    assert 'href="../../students/%C3%A4%20l/executed.ipynb"' in html


def test_every_part_is_linked_from_the_top_with_its_outcome_in_words() -> None:
    html = student_html(grade("al", *PARTLY), WARMUP, executed=True)
    links = re.findall(r'<a class="chip partial" href="#([^"]+)" title="([^"]+)"', html)
    assert len(links) == 3
    assert links[0][1].endswith(": partial")
    assert all(f'id="{anchor}"' in html for anchor, _ in links)


def test_before_anything_is_revealed_the_page_says_what_was_received_and_no_points() -> None:
    blank, *_ = verdicts("hw4_warmup", Outcome.BLANK, Fraction(0), message="No answer was given.")
    parts = (blank, *verdicts("hw4_warmup", Outcome.CORRECT, Fraction(1), answer="12", cell=3)[1:])
    words = text(student_html(grade("al", *parts), untold(Reveal.NOTHING), executed=True))
    assert "al 2 of 3 answers received Marks are not shown yet." in words
    assert "• received of 2" in words
    assert "No answer was given." in words
    assert not re.search(r"correct|pending|5 of 5|100\.0", words)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("How *many* parameters does `conv` learn?", "How many parameters does conv learn?"),
        ('Give a formula such as `"3*n + 1"` or\n`2*n*k`.', 'Give a formula such as "3*n + 1" or 2*n*k.'),
        ("**Convolutions** have none.\n\nMore.", "Convolutions have none. …"),
        ("word " * 100, "word " * 51 + "word …"),
    ],
)
def test_a_question_is_said_in_short_and_in_plain_words(statement: str, words: str) -> None:
    assert short_question(statement) == words


def test_of_a_long_traceback_the_end_is_shown() -> None:
    assert short_traceback("\n".join(map(str, range(13)))).splitlines() == list(map(str, range(13)))
    first, *rest = short_traceback("\n".join(map(str, range(100)))).splitlines()
    assert first == "[88 lines before]"
    assert rest == list(map(str, range(88, 100)))


def test_the_total_comes_first_and_every_problem_has_its_own() -> None:
    words = text(student_html(grade("al"), WARMUP, executed=True))
    assert words.startswith(f"{WARMUP.title} al 5 of 5 points 100.0 % {WARMUP.problems[0].spec.title} ✓")
    assert f"{WARMUP.problems[0].spec.title} 5 of 5 A linear layer" in words


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
    assert (
        "Cell 3: stopped with an error NameError : x is not defined No cell that ran before it sets this name." in words
    )
    assert "to see it, too. line 1" in words
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

"""class.html as text: what stands in it, for whatever class."""

import pickle
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser
from subprocess import run
from time import perf_counter

import pytest

from grader.records import Outcome, Status
from grader.reports.class_page import class_html
from grader.reports.class_words import link, seconds_text
from grader.reports.standing import Standing
from tests.reports.grades import homework
from tests.reports.standings import WARMUP, apart, made_up_class, one, part, warmup

CLASS = "hw5_networks"


class Text(HTMLParser):
    """The words of a page, and its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - its signature
        self.attributes += attrs

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def text(class_: list[Standing], name: str = WARMUP) -> str:
    return Text(class_html(class_, homework(name))).text


def test_where_nothing_is_known_a_dash_says_so() -> None:
    page = text([])
    assert "Students 0" in page
    assert "Mean total – Median total –" in page
    for words in (
        "Nothing: all is decided.",
        "Nothing is decided yet.",
        "Nothing was run.",
        "Every cell ran to its end.",
    ):
        assert words in page


def test_totals_are_of_those_whose_notebook_was_marked() -> None:
    class_ = [*warmup((1.0, 1.0, 1.0), (0.0, 0.0, 0.0)), apart("no", Status.NO_SUBMISSION, Outcome.BLANK, "none")]
    page = text(class_)
    assert "Students 3 Graded 2 No submission 1 Something pending 0" in page
    full = class_[0].max_points
    assert f"Mean total 50.0 % of what is decided, {float(full) / 2:g} of {full} points so far" in page


@pytest.mark.parametrize(
    ("student", "command"),
    [
        (one("ada", part(None), part(1.0), part(1.0)), "grader review export OUT"),
        (one("ada", part(None, outcome=Outcome.PROBLEM_FAULT), part(1.0), part(1.0)), "grader validate PROBLEM"),
        (one("ada", part(None, outcome=Outcome.GRADER_FAULT), part(1.0), part(1.0)), "the same grader grade command"),
        (apart("ada", Status.FAULT, Outcome.GRADER_FAULT, "The grader failed."), "the same grader grade command"),
        (apart("ada", Status.OTHER_HOMEWORK, Outcome.AWAITS_REVIEW, "another"), "--homework NAME"),
        (apart("ada", Status.NOT_A_NOTEBOOK, Outcome.UNREADABLE, "a PDF"), "Ask for the notebook"),
        (apart("ada", Status.NO_SUBMISSION, Outcome.BLANK, "nothing"), "grader withdraw OUT STUDENT"),
    ],
)
def test_what_somebody_has_to_do_comes_with_what_does_it(student: Standing, command: str) -> None:
    to_do = text([student]).partition("Distribution of totals")[0]
    assert command in to_do
    assert "Nothing: all is decided." not in to_do


def test_a_name_leads_to_the_page_of_that_student_and_nowhere_else() -> None:
    assert link("ada").page == "staff/ada/report.html"
    assert link("../x y").page == "staff/..%2Fx%20y/report.html"
    assert link("javascript:alert(1)//\ud800").page == "staff/javascript%3Aalert%281%29%2F%2F%3F/report.html"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.0, "0.0 s"), (59.94, "59.9 s"), (60.0, "1 min 0 s"), (200.4, "3 min 20 s"), (7501.0, "2 h 5 min")],
)
def test_times_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert seconds_text(seconds) == words


def test_a_page_runs_and_applies_nothing_but_what_is_its_own() -> None:
    page = class_html(made_up_class(50), homework(CLASS))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert "unsafe" not in policy[1]
    found = Text(page)
    assert not [name for name, _ in found.attributes if name == "style" or name.startswith("on")]
    ids = [value for name, value in found.attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_the_page_is_the_same_in_whatever_order_students_come() -> None:
    class_ = made_up_class(40)
    assert class_html(class_, homework(CLASS)) == class_html(class_[::-1], homework(CLASS))


def test_long_lists_of_students_are_folded_and_cut() -> None:
    class_ = [apart(f"s{number}", Status.NO_SUBMISSION, Outcome.BLANK, "") for number in range(300)]
    assert "300 students s0 s1 s10" in text(class_)
    assert "and 100 more" in text(class_)


def test_a_thousand_students_take_less_than_two_seconds() -> None:
    class_ = made_up_class(1000)
    class_html(class_[:10], homework(CLASS))  # matplotlib is imported, and the solvers have solved
    start = perf_counter()
    page = class_html(class_, homework(CLASS))
    assert perf_counter() - start < 2
    assert len(page) < 1_000_000


def test_a_standing_is_small_enough_for_ten_thousand_of_them() -> None:
    assert len(pickle.dumps(made_up_class(3)[2])) < 3000


def test_matplotlib_is_not_loaded_before_a_page_is_made() -> None:
    code = "import sys, grader.reports.class_page; sys.exit('matplotlib' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_part_that_was_not_asked_for_leaves_the_student_on_the_page() -> None:
    class_ = [
        replace(student, parts=(None, *student.parts[1:])) for student in warmup((1.0, 0.5, 1.0), (0.5, 0.5, 0.0))
    ]
    assert "s00" in text(class_)

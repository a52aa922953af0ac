"""What Gradescope is handed for a grade."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.autograder_settings import AutograderSettings
from grader.course import Homework
from grader.gradescope.markup import html
from grader.gradescope.points import adding_up, autograder_points, is_by_hand, written_parts
from grader.gradescope.reporting import results_of
from grader.gradescope.results import COUNTED, FAULT, MOST_CHARACTERS, Circumstances, Entry, Results
from grader.records import CellFailure, FailureKind, Grade, Lateness, Outcome, Status, Verdict
from grader.reports.points import rounded_points
from grader.reveal import Reveal, Revealed
from tests.reports.grades import grade, homework, verdicts

NAME = "hw5_cnn_sizes"
SIZES = homework(NAME)
ABOUT = Circumstances(notebook="hw5.ipynb", seconds=1.25, counted=(datetime(2026, 11, 1, 12, tzinfo=UTC),))
POINTS = st.fractions(0, 1, max_denominator=12)
DECIDED = [Outcome.CORRECT, Outcome.PARTIAL, Outcome.INCORRECT, Outcome.BLANK, Outcome.DID_NOT_RUN]
HOSTILE = "<img src=x onerror=alert(1)>\x1b[31m\u202e & </pre><script>"


class Elements(HTMLParser):
    """The elements of a text, and whether each one is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs
        self.seen.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def with_settings(settings: AutograderSettings | None = None, level: Reveal = Reveal.HINTS) -> Homework:
    return replace(SIZES, autograder=settings or AutograderSettings(), reveal=Revealed(students=level))


def results(grade: Grade, homework: Homework = SIZES, about: Circumstances = ABOUT) -> Results:
    made = results_of(grade, homework, about)
    return Results.model_validate_json(made.as_json())


def marked(outcome: Outcome = Outcome.CORRECT, credit: Fraction | None = Fraction(1), **fields: Any) -> Grade:
    return grade("al", *verdicts(NAME, outcome, credit, **fields), name=NAME)


def texts(made: Results) -> list[str]:
    return [made.output, *(entry.output for entry in made.tests)]


@st.composite
def grades(draw: st.DrawFn) -> Grade:
    def one(verdict: Verdict) -> Verdict:
        outcome = draw(st.sampled_from(Outcome))
        points = None if outcome.pending else draw(POINTS) * verdict.max_points
        return verdict.model_copy(update={"outcome": outcome, "points": points})

    late = st.builds(
        Lateness, seconds=st.just(9.0), share=POINTS, of=st.sampled_from(["earned", "maximum"]), words=st.just("late")
    )
    made = (one(verdict) for verdict in verdicts("hw5_networks", Outcome.CORRECT, Fraction(1)))
    return grade("al", *made, name="hw5_networks", late=draw(st.none() | late))


@given(grades())
def test_entries_add_up_to_the_score_and_what_is_pending_is_in_neither(grade: Grade) -> None:
    networks = homework("hw5_networks")
    made = results(grade, networks)
    scores = [Fraction(str(entry.score)) for entry in made.tests if entry.score is not None]
    assert sum(scores) == Fraction(str(made.score))
    of = sum(Fraction(str(entry.max_score)) for entry in made.tests if entry.max_score is not None)
    pending = sum(
        problem.parts[part].points
        for problem, part in networks.parts
        if not is_by_hand(problem, part)
        and not problem.parts[part].extra
        and _outcome(grade, problem.name, part).pending
    )
    assert of + pending == autograder_points(networks)
    assert all((entry.score is None) == (entry.max_score is None) for entry in made.tests)


def _outcome(grade: Grade, problem: str, part: str) -> Outcome:
    (found,) = (one for one in grade.verdicts if (one.problem, one.part) == (problem, part))
    return found.outcome


@given(st.lists(st.fractions(-3, 9, max_denominator=24)))
def test_rounded_points_add_up_to_the_rounded_sum_and_each_is_within_a_cent(points: list[Fraction]) -> None:
    written = list(adding_up(points))
    assert sum((Fraction(str(one)) for one in written), Fraction(0)) == Fraction(
        str(rounded_points(sum(points, Fraction(0))))
    )
    assert all(abs(Fraction(str(one)) - exact) <= Fraction(1, 100) for one, exact in zip(written, points, strict=True))


def test_written_parts_are_no_part_of_the_score_and_are_named_for_manual_questions() -> None:
    made = results(marked())
    assert made.score == float(autograder_points(SIZES))
    by_hand = [entry for entry in made.tests if "marked by a person" in entry.name]
    assert len(by_hand) == len(written_parts(SIZES))
    assert {entry.score for entry in by_hand} == {None}


def test_what_cannot_be_read_is_pending_and_not_a_zero() -> None:
    made = results(marked(Outcome.UNREADABLE, None))
    assert {entry.score for entry in made.tests} == {None}
    assert "pending" in made.output
    assert all("pending" in entry.name or "marked by a person" in entry.name for entry in made.tests)


def test_a_fault_of_the_grader_says_that_it_is_not_graded_yet_and_is_flagged_for_the_staff() -> None:
    fault = grade(
        "al", *verdicts(NAME, Outcome.GRADER_FAULT, None), name=NAME, status=Status.FAULT, note="The grader failed."
    )
    made = results(fault)
    assert "Not graded yet" in made.output
    assert "The grader failed." in made.output
    assert (made.tests, made.extra_data[FAULT]) == ((), True)


def test_a_fault_in_one_part_is_flagged_and_leaves_the_others_as_they_are() -> None:
    first, *others = marked().verdicts[-7:]
    fault = first.model_copy(update={"outcome": Outcome.PROBLEM_FAULT, "points": None})
    made = results(grade("al", *marked().verdicts[:-7], fault, *others, name=NAME, status=Status.FAULT))
    assert made.extra_data[FAULT] is True
    assert results(marked()).extra_data[FAULT] is False
    assert made.score == float(autograder_points(SIZES) - first.max_points)
    assert [entry.name for entry in made.tests if "pending" in entry.name] == ["A convolution (2 points, pending)"]


def test_whoever_answers_nothing_is_asked_whether_it_was_the_right_file() -> None:
    assert "Was this the right file?" in results(marked(Outcome.BLANK, Fraction(0))).output
    assert "Was this the right file?" not in results(marked(Outcome.INCORRECT, Fraction(0))).output


def test_what_is_no_notebook_of_this_homework_is_told_in_words_without_entries() -> None:
    wrong = grade(
        "al",
        *verdicts(NAME, Outcome.UNREADABLE, None),
        name=NAME,
        status=Status.NOT_A_NOTEBOOK,
        note="hand in the notebook",
    )
    made = results(wrong)
    assert "Nothing was graded" in made.output
    assert "hand in the notebook" in made.output
    assert made.tests == ()


def test_lateness_is_an_entry_that_takes_points_off() -> None:
    late = Lateness(seconds=90000.0, share=Fraction(1, 10), of="earned", words="1 day late: 10 % are taken off")
    made = results(marked().model_copy(update={"late": late}))
    entry = made.tests[0]
    assert (entry.name, entry.number, entry.max_score, entry.visibility) == ("Late", "0", 0.0, "visible")
    assert entry.score is not None
    assert entry.score == pytest.approx(-0.1 * float(autograder_points(SIZES)), abs=0.005)
    assert "1 day late" in entry.output
    assert "1 day late" in made.output


def test_what_lateness_costs_is_seen_no_earlier_than_any_part_since_it_tells_the_total() -> None:
    late = Lateness(seconds=90000.0, share=Fraction(1, 10), of="earned", words="late")
    one, other = (f"{SIZES.problems[1].name}.{part}" for part in list(SIZES.problems[1].parts)[:2])
    settings = AutograderSettings(visibility="after_due_date", parts={one: "hidden", other: "after_published"})
    made = results(marked().model_copy(update={"late": late}), with_settings(settings))
    assert made.tests[0].visibility == "hidden"


@pytest.mark.parametrize("visibility", ["after_due_date", "after_published", "hidden"])
def test_no_total_is_told_as_long_as_any_part_is_not_visible(visibility: Any) -> None:
    one = f"{SIZES.problems[1].name}.{next(iter(SIZES.problems[1].parts))}"
    partly = with_settings(AutograderSettings(parts={one: visibility}))
    made = results(marked(), partly)
    whole = f"{float(autograder_points(SIZES)):g} of"
    assert whole in results(marked()).output
    assert whole not in made.output
    assert "answers received" in made.output
    assert [entry.visibility for entry in made.tests].count(visibility) == 1


@given(first=st.sampled_from(DECIDED), second=st.sampled_from(DECIDED), credits_=st.tuples(POINTS, POINTS))
def test_where_nothing_is_revealed_no_word_depends_on_the_marks_and_scores_wait_to_be_published(
    first: Outcome, second: Outcome, credits_: tuple[Fraction, Fraction]
) -> None:
    silent = with_settings(level=Reveal.NOTHING)
    blank = {Outcome.BLANK, Outcome.DID_NOT_RUN}
    made = [results(marked(outcome, credit, answer="7", read_as=f"{outcome} 7"), silent)
            for outcome, credit in zip((first, second), credits_, strict=True) if outcome not in blank]  # fmt: skip
    assert all(texts(one) == texts(made[0]) for one in made)
    assert {entry.visibility for one in made for entry in one.tests} <= {"after_published"}
    assert all(one.extra_data == made[0].extra_data for one in made)
    assert all(
        entry.extra_data == other.extra_data
        for one in made
        for entry, other in zip(one.tests, made[0].tests, strict=True)
    )


@pytest.mark.parametrize("level", list(Reveal))
def test_right_answers_and_hints_are_told_from_their_level_on_only(level: Reveal) -> None:
    after = with_settings(AutograderSettings(visibility="after_due_date"), level)
    made = results(marked(Outcome.INCORRECT, Fraction(0), expected="4242", hint="And the bias?"), after)
    words = made.as_json().decode()
    assert ("4242" in words) == level.includes(Reveal.ANSWERS)
    assert ("And the bias?" in words) == level.includes(Reveal.HINTS)


def test_right_answers_are_not_told_where_somebody_may_hand_in_again_with_them() -> None:
    wrong, one = marked(Outcome.INCORRECT, Fraction(0), expected="4242"), next(iter(SIZES.problems[1].parts))
    told = with_settings(level=Reveal.ANSWERS)
    assert "4242" not in results(wrong, told).as_json().decode()
    later = AutograderSettings(parts={f"{SIZES.problems[1].name}.{one}": "after_due_date"})
    assert results(wrong, with_settings(later, Reveal.ANSWERS)).as_json().decode().count("4242") == 1
    assert "4242" in results(wrong, told, replace(ABOUT, written=True)).as_json().decode()


def test_where_points_are_shown_later_it_says_when_and_nothing_of_a_number() -> None:
    for when, words in (("after_due_date", "after the due date"), ("after_published", "when grades are published")):
        made = results(marked(), with_settings(AutograderSettings(visibility=when)))
        assert words in made.output
        assert "in this number" not in made.output


def test_pending_points_that_lateness_takes_in_any_case_are_not_promised() -> None:
    late = Lateness(seconds=9e5, share=Fraction(1), of="earned", words="it came after the last time and earns nothing")
    made = results(marked(Outcome.UNREADABLE, None).model_copy(update={"late": late}))
    assert "more points are pending" not in made.output


def test_all_text_of_students_is_escaped_and_only_plain_elements_are_used() -> None:
    failures = (CellFailure(cell=2, kind=FailureKind.ERROR, name=HOSTILE, message=HOSTILE, traceback=HOSTILE),)
    graded = marked(answer=HOSTILE, read_as=HOSTILE, message=HOSTILE, comment=HOSTILE).model_copy(
        update={"failures": failures}
    )
    made = results(graded, about=replace(ABOUT, notebook=HOSTILE, notes=(HOSTILE,), group=(HOSTILE, "b")))
    for text in texts(made):
        elements = Elements(text)
        assert elements.open == []
        assert elements.seen <= {"p", "strong", "code", "pre", "ul", "li"}
        assert "\x1b" not in text
        assert "\u202e" not in text


@pytest.mark.parametrize("field", ["answer", "read_as", "comment", "message"])
def test_an_endless_text_is_cut_so_that_the_markup_survives(field: str) -> None:
    text: dict[str, Any] = {field: "<&" * 60_000}
    made = results(marked(**text))
    assert all(len(text) <= MOST_CHARACTERS for text in texts(made))
    assert all(Elements(text).open == [] for text in texts(made))


def test_endless_tracebacks_of_many_cells_are_left_out() -> None:
    failures = tuple(
        CellFailure(cell=cell, kind=FailureKind.ERROR, name="E", message="m", traceback="<" * 20_000)
        for cell in range(50)
    )
    made = results(marked().model_copy(update={"failures": failures}))
    assert len(made.output) <= MOST_CHARACTERS
    assert "50" in made.output


@pytest.mark.parametrize(
    ("name", "message", "advice"),
    [
        ("ModuleNotFoundError", "No module named 'seaborn.utils'", "The package seaborn is not there"),
        ("SyntaxError", "invalid syntax", "Python cannot read this cell"),
        ("NameError", "name 'x' is not defined", "run all cells from top to bottom"),
        ("FileNotFoundError", "data.csv", "Only the notebook itself is graded"),
    ],
)
def test_a_cell_that_failed_comes_with_what_its_student_can_do(name: str, message: str, advice: str) -> None:
    failure = CellFailure(cell=3, kind=FailureKind.ERROR, name=name, message=message)
    made = results(marked().model_copy(update={"failures": (failure,)}))
    assert "Cell 4: stopped with an error" in made.output
    assert advice in made.output


def test_results_have_versions_and_the_ledger_for_the_next_submission() -> None:
    data = results(marked(), about=replace(ABOUT, course="c0ffee")).extra_data
    assert (data["homework"], data["course"], data[COUNTED]) == (NAME, "c0ffee", ["2026-11-01T12:00:00+00:00"])


def test_text_that_no_encoding_takes_does_not_keep_the_results_from_being_written() -> None:
    made = results_of(marked(answer="\ud800 \x00"), SIZES, ABOUT).as_json()
    assert rb"\u0000" not in made
    json.loads(made)


def test_numbers_sort_as_text_where_a_problem_has_ten_parts() -> None:
    numbers = [
        entry.number
        for entry in results(
            grade("al", *verdicts("hw6_design", Outcome.CORRECT, Fraction(1)), name="hw6_design"),
            homework("hw6_design"),
        ).tests
    ]
    assert numbers == sorted(numbers)


def test_no_score_can_be_no_number() -> None:
    with pytest.raises(ValueError, match="finite"):
        Entry(name="x", number="1", score=float("nan"))


def test_the_shortest_view_is_a_sentence() -> None:
    assert html("late.html", "x" * 100_000) == "<p>This is too long to be shown here.</p>"

"""Answers that a person marks, on the page and in the tables."""

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.course import Homework
from grader.records import Grade, Outcome, Status, Verdict
from grader.reports.gradebook import as_text, columns, maximum
from grader.reports.points import totals
from grader.reports.standing import standing
from grader.reports.student_page import student_html
from grader.terminal import class_table
from tests import written_homework
from tests.reports.grades import PICTURE
from tests.reports.test_student_page import text

WORDS = "First line <b>bold</b> & **stars**\n\n  indented ![x](http://evil.example/a.png)"
SUGGESTION = "mentions: the slope; not seen: the non-linearity"


@pytest.fixture(scope="module")
def homework(tmp_path_factory: pytest.TempPathFactory) -> Homework:
    return written_homework.homework(tmp_path_factory.mktemp("course"))


def graded(homework: Homework, **points: Fraction | None) -> Grade:
    """A grade in which parts that are not named wait for a person."""
    verdicts = []
    for problem, part in homework.parts:
        earned = points.get(part)
        fields: dict[str, Any] = {"answer": WORDS, "suggestion": SUGGESTION, "pictures": (PICTURE, PICTURE)}
        verdicts.append(
            Verdict(
                problem=problem.name,
                part=part,
                outcome=Outcome.AWAITS_REVIEW if earned is None else Outcome.CORRECT,
                points=earned,
                max_points=problem.parts[part].points,
                finding=f"{part}:awaits-review",
                extra=problem.parts[part].extra,
                message="A person reads this and gives the points.",
                **fields,
            )
        )
    return Grade(student="al", homework="hw1", status=Status.NEEDS_REVIEW, verdicts=tuple(verdicts))


def test_a_text_is_shown_in_full_and_as_it_was_typed(homework: Homework) -> None:
    html = student_html(graded(homework), homework, executed=True)
    shown = "First line &lt;b&gt;bold&lt;/b&gt; &amp; **stars**\n\n  indented ![x](http://evil.example/a.png)"
    assert f'<div class="written" dir="auto">{shown}</div>' in html


def test_what_helps_the_marker_is_never_on_the_students_page(homework: Homework) -> None:
    for grade in (graded(homework), graded(homework, dropout=Fraction(2), losses=Fraction(1))):
        html = student_html(grade, homework, executed=True)
        assert "the slope" not in html
        assert "not seen" not in html


def test_pictures_are_part_of_the_page_and_numbered(homework: Homework) -> None:
    html = student_html(graded(homework), homework, executed=True)
    sources = re.findall(r'<img class="given" src="([^"]*)" alt="([^"]*)"', html)
    assert sources[:2] == [
        (f"data:image/png;base64,{PICTURE.data}", f"Picture {number} of 2 in your answer") for number in (1, 2)
    ]
    assert len(sources) == 8


def test_the_page_may_show_pictures_that_are_in_it_and_load_nothing(homework: Homework) -> None:
    html = student_html(graded(homework), homework, executed=True)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/]{43}='; img-src data:; base-uri 'none'; form-action 'none'",
        policy[1],
    )


def test_extra_points_are_told_apart_from_the_others(homework: Homework) -> None:
    words = text(student_html(graded(homework, sketch=Fraction(1), side=Fraction(1)), homework, executed=True))
    assert "2 of 4 points 3 pending: a person looks at them first" in words
    assert "What a person marks 2 of 4 + 1 extra" in words
    assert "Sketch ✓ correct 1 of 1 extra" in words
    assert re.search(r"Dropout \? awaits review pending, of 2 .*? Your answer", words)


def test_extra_points_alone_are_points(homework: Homework) -> None:
    assert totals(graded(homework, sketch=Fraction(1))) == ("1", "", "4")
    assert totals(graded(homework)) == ("", "", "4")


def test_the_maximum_of_the_gradebook_leaves_extra_points_out(homework: Homework) -> None:
    everything = {"dropout": Fraction(2), "losses": Fraction(1), "sketch": Fraction(1), "side": Fraction(1)}
    names, of = columns(homework), maximum(homework)
    row = standing(graded(homework, **everything), homework).row
    assert [(of[index], row[index]) for index in map(names.index, ("total", "percent"))] == [
        ("4.0", "5.0"),
        ("100.0", "125.0"),
    ]
    assert of[names.index("boxes.sketch")] == "1.0"


def test_neither_gradebook_nor_terminal_repeats_a_text(homework: Homework) -> None:
    one = standing(graded(homework), homework)
    assert "line" not in as_text(homework, [one.row])
    assert "line" not in " ".join(str(cell) for column in class_table([one]).columns for cell in column.cells)


def test_a_page_of_a_course_elsewhere_needs_no_file_beside_it(homework: Homework, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(student_html(graded(homework), homework, executed=False), encoding="utf-8")
    assert not re.search(r'(?:src|href)="(?!data:|#)', file.read_text(encoding="utf-8"))

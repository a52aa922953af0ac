"""What a page does not reveal is nowhere in its file: neither in words, nor in a picture, nor between the lines."""

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course import Homework
from grader.exports.moodle_comment import comment
from grader.handing_in import handed_in
from grader.records import Drawing, Grade, Item, Outcome, Result, Size, Sizes, Status, Submission, Verdict
from grader.reports.student_page import student_html
from grader.reveal import Reveal, Revealed
from grader.shortened import shortened
from tests.marks import marked, marker
from tests.reports.grades import PICTURE, grade, homework

NETWORKS = homework("hw5_networks")
LEVELS = list(Reveal)
MARKED = (Outcome.CORRECT, Outcome.PARTIAL, Outcome.INCORRECT)
TEXT = st.text(max_size=12)
NUMBERS = st.floats(0.1, 1e6)
PATH: dict[str, str] = {"problem": "momentum_paths", "part": "descent_path"}
Secret = dict[Reveal, dict[str, Any]]
"""Fields of a verdict, by the level from which they are told."""


def told(level: Reveal) -> Homework:
    return replace(NETWORKS, reveal=Revealed(students=level))


def page(verdict: Verdict, level: Reveal) -> str:
    return student_html(grade("al", verdict, name="hw5_networks"), told(level), executed=True)


@st.composite
def secrets(draw: st.DrawFn) -> Secret:
    pair = st.tuples(NUMBERS, NUMBERS)
    return {
        Reveal.VERDICTS: {
            "outcome": draw(st.sampled_from(MARKED)), "points": draw(st.fractions(0, 2)), "read_as": draw(TEXT),
            "right": draw(st.tuples(st.booleans(), st.booleans())), "convention": draw(TEXT),
            "follows": draw(st.sampled_from([(), ("descent_path",)])), "comment": draw(TEXT),
            "wrong_steps": draw(st.sampled_from([(), (1,), (1, 2)])),
        },
        Reveal.HINTS: {"message": draw(TEXT), "hint": draw(TEXT), "finding": "descent_path:" + draw(TEXT)},
        Reveal.ANSWERS: {
            "expected": draw(TEXT), "of items": draw(st.tuples(TEXT, TEXT)), "of sizes": draw(NUMBERS),
            "reference": draw(st.tuples(pair, pair, pair, pair)),
        },
    }  # fmt: skip


def all_of(secret: Secret) -> dict[str, Any]:
    return {name: value for fields in secret.values() for name, value in fields.items()}


def verdict_with(fields: dict[str, Any], suggestion: str = "") -> Verdict:
    """A verdict on a path, with one of everything that a page can show."""
    fields = dict(fields)
    right, expected = fields.pop("right"), fields.pop("of items")
    items = tuple(
        Item(name=f"step {step}", read_as="(1, 2)", right=is_right, expected=text)
        for step, (is_right, text) in enumerate(zip(right, expected, strict=True), start=1)
    )
    own = ((10.0, 1.0), (9.0, 0.5), (8.0, 0.2), (7.5, 0.1))
    drawing = Drawing(student=own, reference=fields.pop("reference"), wrong_steps=fields.pop("wrong_steps"))
    layer = Size(name="conv1", given=7.0, expected=fields.pop("of sizes"), right=right[0])
    return Verdict(
        **PATH, max_points=Fraction(2), answer="my answer", given="h", cell=3, pictures=(PICTURE,), items=items,
        drawing=drawing, sizes=(Sizes(form="bars", unit="values", layers=(layer,)),), suggestion=suggestion, **fields,
    )  # fmt: skip


@pytest.mark.parametrize("level", LEVELS)
@given(one=secrets(), other=secrets(), suggestions=st.tuples(TEXT, TEXT))
def test_a_page_does_not_depend_on_what_it_does_not_reveal(
    level: Reveal, one: Secret, other: Secret, suggestions: tuple[str, str]
) -> None:
    shown = {name: value for at in LEVELS[1:] if level.includes(at) for name, value in one[at].items()}
    pages = {
        page(verdict_with(all_of(secret) | shown, suggestion), level)
        for secret, suggestion in zip((one, other), suggestions, strict=True)
    }
    assert len(pages) == 1


@pytest.mark.parametrize(
    ("level", "field"), [(Reveal.VERDICTS, "read_as"), (Reveal.HINTS, "hint"), (Reveal.ANSWERS, "expected")]
)
@given(secret=secrets())
def test_a_page_shows_what_it_does_reveal(level: Reveal, field: str, secret: Secret) -> None:
    fields = all_of(secret) | {"outcome": Outcome.INCORRECT}
    assert page(verdict_with(fields | {field: "one"}), level) != page(verdict_with(fields | {field: "other"}), level)


WRONG: dict[str, dict[str, Any]] = {
    "alexnet_sizes": {
        "parameters": {"conv1": 1}, "feature_maps": ["9x9x9"] * 11, "training_bytes": 17, "largest_batch": 9,
    },
    "resnet50_field": {"resnet50_stages": [7, 12, 36, 90, 200, 300], "resnet50": 1},
    "receptive_field": {"two_convolutions": 25, "after_pool": "n*25"},
    "inception_params": {"inception_reduced": 157520, "inception_naive": 3, "inception_ratio": 0.4, "largest_branch": "pool"},
    "momentum_paths": {"descent_path": [(10, 1), (8, 0.5)], "momentum_path": [(1, 1)] * 6},
}  # fmt: skip
RIGHT = {
    "alexnet_sizes": ["23 232", "64 × 56 × 56", "600 394 976", "2 907"],
    "resnet50_field": ["</span> 11</bdi>", "</span> 99</bdi>", "</span> 291</bdi>", "</span> 483</bdi>"],
    "receptive_field": ["n + 8"],
    "inception_params": ["163 696", "393 472", "24592"],
    "momentum_paths": ["(9.5, 0.5)", "(8.575, -0.2)"],
}


@pytest.mark.parametrize("problem", WRONG)
def test_right_answers_to_real_problems_are_in_the_page_only_where_answers_are_revealed(problem: str) -> None:
    verdicts = tuple(marked(problem, **WRONG[problem]).values())
    asked = next(
        homework(name)
        for name in ("hw5_cnn_sizes", "hw5_networks", "hw6_design")
        if problem in {one.name for one in homework(name).problems}
    )
    graded = Grade(student="al", homework=asked.name, status=Status.GRADED, verdicts=verdicts)
    for level in LEVELS:
        html = student_html(graded, replace(asked, reveal=Revealed(students=level)), executed=True)
        found = {value for value in RIGHT[problem] if value in html}
        assert (found == set(RIGHT[problem])) is (level is Reveal.ANSWERS), (level, found)
        assert not found or level is Reveal.ANSWERS


@pytest.mark.parametrize("outcome", list(Outcome))
def test_at_the_lowest_level_no_outcome_says_whether_an_answer_is_right(outcome: Outcome) -> None:
    points = None if outcome.pending else Fraction(1)
    verdict = Verdict(
        **PATH, outcome=outcome, points=points, max_points=Fraction(2), read_as="9", answer="9", finding="f"
    )
    of_the_run = {Outcome.BLANK, Outcome.DID_NOT_RUN, Outcome.PROBLEM_FAULT, Outcome.GRADER_FAULT}
    html = page(verdict, Reveal.NOTHING)
    assert ("</span> received</p>" in html) is (outcome not in of_the_run)
    assert (f"</span> {outcome.replace('-', ' ')}</p>" in html) is (outcome in of_the_run)


def test_a_comment_for_moodle_tells_no_more_than_the_page() -> None:
    verdict = Verdict(
        **PATH, outcome=Outcome.INCORRECT, points=Fraction(0), max_points=Fraction(2), finding="f",
        message="It comes out when.", hint="Why?", convention="v = mu v", follows=("descent_path",),
    )  # fmt: skip
    submission = Submission(student="al", path=Path("al.ipynb"), digest="")
    result = Result(submission=submission, grade=grade("al", verdict, name="hw5_networks"))
    words = {level: comment(result, told(level)).removeprefix("0 of 2 points") for level in LEVELS}
    title = "Descent with momentum, Plain descent"
    rests = f"<br>{title}: Right under the convention that v = mu v. Held against what follows from your own answer to {title}."
    assert words == {
        Reveal.NOTHING: "Marks are not shown yet.",
        Reveal.VERDICTS: rests,
        Reveal.HINTS: f"{rests} It comes out when. Why?",
        Reveal.ANSWERS: f"{rests} It comes out when. Why?",
    }


def test_the_right_members_of_a_set_are_told_to_whoever_has_others() -> None:
    verdict = marked("googlenet_table", misprinted_rows=["conv1"])["misprinted_rows"]
    assert verdict.expected.startswith("7 in all: conv1, 4a")
    assert marked("googlenet_table")["misprinted_rows"].expected == verdict.expected


def test_what_later_parts_ask_about_a_free_choice_is_not_said_beside_it() -> None:
    design = marker("cifar_design").problem
    assert design.asked_about == {"cifar_design"}
    network = design.parts["cifar_design"].check.right_answers(design.expected("cifar_design", {}))[0]
    asked = ("design_field", "design_largest_map", "design_parameters", "design_macs")
    given = {"cifar_design": network, **dict.fromkeys(asked, 123457)}
    answers = {name: handed_in(name, answer) for name, answer in given.items()}
    verdicts = marker("cifar_design").mark(answers)
    right = {part: shortened(design.expected(part, {})) for part in asked}
    for level in LEVELS:
        graded = Grade(student="al", homework="hw6_design", status=Status.GRADED, verdicts=verdicts)
        html = student_html(graded, replace(homework("hw6_design"), reveal=Revealed(students=level)), executed=True)
        # A number that stands for itself: in text, in words for whoever sees no picture, and in the picture.
        found = {part for part, number in right.items() if re.search(rf"(?<![\d.]){number}(?![\d.])", _seen(html))}
        assert found == (set(asked) if level is Reveal.ANSWERS else set()), level


def _seen(html: str) -> str:
    """The page without the coordinates of its pictures, its style and its questions."""
    body = re.sub(r"<style>.*?</style>|<p class=\"question\">.*?</p>", "", html, flags=re.DOTALL)
    return re.sub(r" (?:d|x|y|viewBox|width|height|style)=\"[^\"]*\"", "", body)

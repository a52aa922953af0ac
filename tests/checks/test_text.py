from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.answers.values import Foreign, Plain
from grader.checks.rubric import RubricItem, suggestion
from grader.checks.text import Text
from tests.checks.answering import declared
from tests.checks.test_any_answer import ANSWERS


def item(*keywords: str, what: str = "it is there") -> RubricItem:
    return RubricItem.model_validate({"points": "1/2", "what": what, "keywords": keywords})


def text(**options: Any) -> Text:
    check = declared("text", **options)
    assert isinstance(check, Text)
    return check


@pytest.mark.parametrize(
    ("keyword", "answer"),
    [
        ("non-linear", "It is NONLINEAR."),
        ("non-linear", "it is non linear"),
        ("non-linear", "it is non\N{NON-BREAKING HYPHEN}linear"),
        ("nonlinear", "it is non-linear"),
        ("nonlinear", "the non-\nlinearity"),
        ("batch norm", "BatchNorm2d"),
        ("overfit", "against overfitting"),
        ("net", "a net."),
        ("GRÖSSE", "die Größe"),
    ],
)
def test_a_keyword_is_found_whatever_its_case_and_hyphens_and_as_a_stem(keyword: str, answer: str) -> None:
    assert item(keyword).found_in(answer) == keyword


@pytest.mark.parametrize(
    ("keyword", "answer"),
    [
        ("net", "a network"),
        ("linear", "nonlinear"),
        ("linear", "non_linear"),
        ("over fit", "over the fit"),
        ("c++", "c is older"),
    ],
)
def test_a_keyword_is_not_found_inside_another_word(keyword: str, answer: str) -> None:
    assert (item(keyword).found_in(answer) == keyword) is (keyword == "c++")  # signs are not looked for


def test_the_suggestion_says_what_is_mentioned_and_what_is_not_seen() -> None:
    rubric = (item("slope", "gradient", what="a slope"), item("fast", what="speed"), item(what="style"))
    assert suggestion(rubric, "The gradient is there.") == 'mentions: a slope ("gradient"); not seen: speed'
    assert suggestion((item(what="style"),), "words") == ""


@pytest.mark.parametrize("keywords", [["-"], [""], ["w" * 201], ["word"] * 21])
def test_a_keyword_that_cannot_be_looked_for_is_refused(keywords: list[str]) -> None:
    with pytest.raises(ValidationError):
        text(rubric=[{"points": 1, "what": "w", "keywords": keywords}])


@given(answer=ANSWERS | st.just(Foreign("str", too_large=True)))
def test_whatever_is_given_waits_for_a_person_and_earns_nothing_by_itself(answer: Plain) -> None:
    check = text(rubric=[{"points": 1, "what": "w", "keywords": ["word"]}])
    (reading,) = check.read(answer)
    match = check.compare(reading, None)
    assert match.credit == 0
    assert match.told
    assert match.awaits
    assert "not seen" not in match.awaits
    assert "word" not in match.message


def test_the_best_answer_earns_no_points_by_its_keywords() -> None:
    check = text(rubric=[{"points": 1, "what": "w", "keywords": ["word"]}])
    assert check.compare(check.read("word")[0], None).credit == 0


@pytest.mark.parametrize(("words", "told"), [(3, False), (4, True)])
def test_a_text_longer_than_asked_is_told_to_both_and_costs_nothing(words: int, told: bool) -> None:  # noqa: FBT001 - a column
    check = text(words_at_most=3)
    match = check.compare(check.read("word " * words)[0], None)
    for said in (match.awaits, match.suggestion):
        assert (f"{words} words where at most 3 were asked for" in said) is told


@pytest.mark.parametrize(
    ("answer", "read"), [("one", "1 word"), ("one\ntwo", "2 words"), (("a b", "c"), "3 words"), (None, "")]
)
def test_the_words_are_counted(answer: Plain, read: str) -> None:
    assert text().read(answer)[0].text == read

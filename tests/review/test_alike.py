import itertools
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.review import alike as module
from grader.review.alike import alike
from tests.review.class_of_answers import FASTER, SCALE, SCALE_TOO, ZIGZAG

WORDS = f"{SCALE} {FASTER} {ZIGZAG}".split()
TEXTS = st.lists(st.text(max_size=12) | st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), max_size=12)


def test_answers_that_say_nearly_the_same_stand_together() -> None:
    assert alike([SCALE, ZIGZAG, SCALE_TOO, FASTER]) == ((0, 2), (1,), (3,))


def test_case_spaces_and_punctuation_make_no_difference() -> None:
    assert alike(["RELU, SINCE IT IS QUICK!", "x y z", "relu  since it\nis quick"]) == ((0, 2), (1,))


def test_answers_without_words_are_alike_to_none() -> None:
    assert alike(["", "", "?!", SCALE]) == ((0,), (1,), (2,), (3,))


def test_words_of_every_script_are_looked_at() -> None:
    assert alike(["梯度消失", "因为训练更快", "梯度消失。"]) == ((0, 2), (1,))


@given(TEXTS)
def test_every_answer_is_in_one_group(texts: list[str]) -> None:
    groups = alike(texts)
    assert sorted(position for group in groups for position in group) == list(range(len(texts)))
    assert all(list(group) == sorted(group) for group in groups)


@given(TEXTS, st.randoms(use_true_random=False))
def test_the_order_of_students_does_not_matter(texts: list[str], random: Random) -> None:
    order = random.sample(range(len(texts)), len(texts))
    shuffled = alike([texts[position] for position in order])
    back = {frozenset(order[position] for position in group) for group in shuffled}
    assert back == {frozenset(group) for group in alike(texts)}


def many(count: int) -> list[str]:
    """Texts of which each is one of a few with some words changed, and which all differ."""
    bases = [SCALE.split(), FASTER.split(), ZIGZAG.split()]
    texts = []
    for number in range(count):
        words = list(bases[number % len(bases)])
        words[number % len(words)] = WORDS[number // 7 % len(WORDS)]
        texts.append(f"{' '.join(words)} {number}")
    return texts


def test_ten_thousand_different_answers_are_grouped() -> None:
    groups = alike(many(10_000))
    assert sorted(position for group in groups for position in group) == list(range(10_000))
    assert len(groups) < 2_000
    assert all(len({position % 3 for position in group}) == 1 for group in groups if len(group) > 100)


def test_answers_that_cannot_be_told_apart_are_divided_nevertheless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_COMPARED", 10)
    same_words = [" ".join(words) for words in itertools.permutations(["one", "two", "six", "ten"])]
    assert sorted(position for group in alike(same_words) for position in group) == list(range(24))

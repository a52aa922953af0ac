import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.answers.choices import read_choice, read_yesno
from grader.answers.values import Plain
from grader.errors import Unreadable


@pytest.mark.parametrize(
    ("plain", "value"),
    [
        (True, True),
        (False, False),
        ((True,), True),
        ("yes", True),
        ("Yes.", True),
        (" Y ", True),
        ("TRUE", True),
        ("ｙｅｓ", True),
        ("no", False),
        ("No!", False),
        ("n", False),
        ("false", False),
    ],
)
def test_yes_and_no_are_read(plain: Plain, value: bool) -> None:  # noqa: FBT001 - it is the fact
    (reading,) = read_yesno(plain)
    assert reading.value is value
    assert reading.text == ("yes" if value else "no")


@pytest.mark.parametrize("plain", [1, 0, "1", "", "maybe", "yes no", None, (True, False), "y" * 300])
def test_what_is_neither_yes_nor_no_is_unreadable(plain: Plain) -> None:
    with pytest.raises(Unreadable, match="expected"):
        read_yesno(plain)


OPTIONS = ("A", "B", "zig-zag", "<", ">", "2")


@pytest.mark.parametrize(
    ("plain", "label"),
    [
        ("A", "A"),
        ("a", "A"),
        ("(b)", "B"),
        ("B.", "B"),
        ("Zig Zag", "zig-zag"),
        ("<", "<"),
        (" > ", ">"),
        (2, "2"),
        (("a",), "A"),
    ],
)
def test_an_option_is_read_in_any_case_and_punctuation(plain: Plain, label: str) -> None:
    assert [(r.value, r.text) for r in read_choice(plain, OPTIONS)] == [(label, label)]


@pytest.mark.parametrize("plain", ["C", "", "=", "A B", 3, None, ("A", "B"), "a" * 300])
def test_what_is_no_option_is_unreadable(plain: Plain) -> None:
    with pytest.raises(Unreadable, match=r"one of A, B, zig-zag|at most 200"):
        read_choice(plain, OPTIONS)


@pytest.mark.parametrize("text", ["conv1", "Conv 1", "CONV_1", "the conv1", "the Conv1 layer"])
def test_words_around_an_option_may_also_belong_to_it(text: str) -> None:
    assert read_choice(text, ("conv1", "conv2"))[0].value == "conv1"


def test_an_option_like_two_is_unreadable_unless_it_is_one_of_them() -> None:
    assert read_choice("a+", ("a+", "a-"))[0].value == "a+"
    with pytest.raises(Unreadable):
        read_choice("a", ("a+", "a-"))


@given(st.text())
def test_no_text_raises_anything_but_unreadable(text: str) -> None:
    for read in (read_yesno, lambda plain: read_choice(plain, OPTIONS)):
        try:
            readings = read(text)
        except Unreadable:
            continue
        assert len(readings) == 1

import pytest

from grader.answers.text import normalise, sides
from grader.errors import Unreadable


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\N{MINUS SIGN}3\N{EN DASH}\N{HYPHEN}", "-3--"),
        ("2\N{MIDDLE DOT}3\N{MULTIPLICATION X}4\N{DIVISION SIGN}5", "2*3×4/5"),
        ("\N{ALMOST EQUAL TO}１２３，", "~123,"),
        (" a\N{NO-BREAK SPACE}b\t\nc ", "a b  c"),
        ("1\N{ZERO WIDTH SPACE}2\N{RIGHT-TO-LEFT OVERRIDE}", "12"),
        ("\N{ARABIC-INDIC DIGIT THREE}\N{DEVANAGARI DIGIT FOUR}", "34"),
        ("x²½", "x²½"),
    ],
)
def test_there_is_one_spelling(text: str, plain: str) -> None:
    assert normalise(text, 64) == plain


def test_length_is_capped_before_anything_else() -> None:
    assert normalise(" " * 100 + "1" * 64, 64) == "1" * 64
    with pytest.raises(Unreadable, match="a text of 65 characters; expected at most 64"):
        normalise("1" * 65, 64)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("n + 8", ["n + 8"]),
        ("r = n + 8", ["    n + 8"]),
        ("n = 8", ["n ", "    8"]),
        ("1 == 1", ["1 ", "     1"]),
        ("= 5", ["  5"]),
        ("r=", ["r"]),
        ("=", ["="]),
    ],
)
def test_the_sides_of_an_equation_keep_their_places(text: str, parts: list[str]) -> None:
    assert sides(text, symbols=("n",)) == parts


def test_an_equation_has_at_most_eight_sides() -> None:
    assert len(sides("1=" * 7 + "1")) == 8
    with pytest.raises(Unreadable, match="an equation with 9 sides; expected at most 8"):
        sides("1=" * 8 + "1")

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.answers.paths import read_path
from grader.answers.values import Foreign, Frame, Plain
from grader.errors import Unreadable

THREE = ((1.0, 2.0), (3.0, 4.5), (-5.0, 0.006))


@pytest.mark.parametrize(
    "plain",
    [
        THREE,
        (THREE,),
        ((1, 2), (3, Fraction(9, 2)), (-5, Decimal("0.006"))),
        Frame(("x", "y"), (0, 1, 2), THREE),
        Frame(("a", "b"), (0, 1, 2), THREE),
        Frame(("y", "x"), (0, 1, 2), tuple((y, x) for x, y in THREE)),
        Frame(("step", "w_1", "w_2"), (0, 1, 2), tuple((step, *point) for step, point in enumerate(THREE))),
        Frame(("X", "Y", "loss"), (0, 1, 2), tuple((*point, 0.5) for point in THREE)),
        {"x": (1, 3, -5), "y": (2, 4.5, 0.006)},
        {"w[1]": (2, 4.5, 0.006), "w[0]": (1, 3, -5), "loss": 7},
        {"$\\theta_{1}$": (1, 3, -5), "$\\theta_{2}$": (2, 4.5, 0.006)},
        "(1, 2), (3, 4.5), (-5, 6e-3)",
        "(1,2),(3,4.5),(-5,.006)",
        "[[1. 2.]\n [3. 4.5]\n [-5. 0.006]]",
        "(1; 2); (3; 4.5); (−5; 0.006)",
    ],
)
def test_a_path_is_read_as_points(plain: Plain) -> None:
    (reading,) = read_path(plain, 2)
    assert reading.value == THREE
    assert reading.tags == ()
    assert all(type(x) is float for point in reading.value for x in point)


def test_an_array_of_coordinates_is_read_transposed() -> None:
    (reading,) = read_path(tuple(zip(*THREE, strict=True)), 2)
    assert reading.value == THREE
    assert reading.tags == (("axes", "transposed"),)
    assert reading.text == "3 points: (1, 2) ... (-5, 0.006), transposed"


def test_two_points_in_the_plane_are_taken_as_they_stand() -> None:
    (reading,) = read_path(((1, 2), (3, 4)), 2)
    assert reading.value == ((1.0, 2.0), (3.0, 4.0))
    assert reading.tags == ()


def test_one_point_is_a_path() -> None:
    assert read_path(((9.5, 0.5),), 2)[0].value == ((9.5, 0.5),)


def test_coordinates_may_not_be_finite_or_beyond_a_float() -> None:
    (reading,) = read_path(((math.nan, -math.inf), (10**400, -(10**400))), 2)
    assert str(reading.value) == "((nan, -inf), (inf, -inf))"


@pytest.mark.parametrize(
    ("plain", "trouble"),
    [
        ((), "a list of 0; expected an array of shape"),
        ((1, 2), r"a number instead of a point \(point 0\)"),
        (((1, 2), (3, None)), r"nothing as a coordinate \(point 1\)"),
        (((1, 2), (3, True)), "a truth value as a coordinate"),
        (((1, 2), (3, "4")), "a text as a coordinate"),
        (((1, 2), (3,)), "the rows are no points"),
        (((1, 2, 3), (4, 5, 6), (7, 8, 9)), "the rows are no points"),
        (((1, 2), ()), "a list of 0 instead of a point"),
        (Frame(("a", "b", "c"), (0,), ((1, 2, 3),)), "the rows are no points"),
        (Frame(("w1", "w2", "v1", "v2"), (0,), ((1, 2, 3, 4),)), "does not tell which entries are the coordinates"),
        (Frame(("x", "y", "x"), (0,), ((1, 2, 3),)), "the rows are no points"),
        ({"x": (1, 2), "y": (1, 2, 3)}, "no lists of one length"),
        ({"x": 1, "y": 2}, "no lists of one length"),
        ({"a": (1, 2), "b": (1, 2)}, "does not tell which entries are the coordinates"),
        ({"w0": (1,), "w1": (1,), "w2": (1,)}, "does not tell which entries are the coordinates"),
        ({"x": (1, "two"), "y": (1, 2)}, r"a text as a coordinate \(point 1\)"),
        ({"x": (), "y": ()}, "a list of 0"),
        (Frame((), (), ()), "a list of 0"),
        (Foreign("torch.Tensor", too_large=True), "too large"),
        ({0: (1, 2)}, "a dict of 1"),
        ("", "no point in brackets"),
        ("1, 2", r"unexpected '1' \(character 1\)"),
        ("(1, 2) then (3, 4)", r"unexpected 't' \(character 8\)"),
        ("(1, b)", r"unexpected 'b' \(character 5\)"),
        ("(1-2)", r"unexpected '-' \(character 3\)"),
        ("(1.2.3, 4)", r"a second decimal point \(character 5\)"),
        ("()", "a point without coordinates"),
        ("(1 2) " * 2000, "a text of 11999 characters"),
    ],
)
def test_what_is_no_path_says_why(plain: Plain, trouble: str) -> None:
    with pytest.raises(Unreadable, match=trouble):
        read_path(plain, 2)


NUMBERS = st.floats(allow_nan=False, min_value=-1e30, max_value=1e30).filter(lambda x: x == 0 or abs(x) > 1e-14)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=5).map(tuple))
def test_every_path_reads_back_from_its_text(path: tuple[tuple[float, float], ...]) -> None:
    assert read_path(str(path), 2)[0].value == path


@given(st.text() | st.text("0123456789.,;()[] e-+\n"))
def test_no_text_raises_anything_but_unreadable(text: str) -> None:
    try:
        readings = read_path(text, 2)
    except Unreadable:
        return
    assert len(readings) == 1

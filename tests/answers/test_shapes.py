import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.answers.shapes import read_shape, read_square
from grader.answers.values import Frame, Plain
from grader.errors import Unreadable


@pytest.mark.parametrize(
    ("plain", "shape"),
    [
        ((64, 56, 56), (64, 56, 56)),
        (((64, 56, 56),), (64, 56, 56)),
        (((64,), (56,)), (64, 56)),
        ((64.0, 56.0), (64, 56)),
        (64, (64,)),
        (64.0, (64,)),
        ((4096,), (4096,)),
        ("64x56x56", (64, 56, 56)),
        ("64 X 56", (64, 56)),
        ("64×56×56", (64, 56, 56)),
        ("64*56*56", (64, 56, 56)),
        ("(64, 56, 56)", (64, 56, 56)),
        ("[64,56,56]", (64, 56, 56)),
        ("64, 56, 56", (64, 56, 56)),
        ("(64,)", (64,)),
        ("64", (64,)),
        ("1,500", (1, 500)),
        ("torch.Size([64, 56, 56])", (64, 56, 56)),
        ("Size([64])", (64,)),
        ("（６４，５６）", (64, 56)),
    ],
)
def test_a_shape_is_read(plain: Plain, shape: tuple[int, ...]) -> None:
    (reading,) = read_shape(plain)
    assert reading.value == shape
    assert all(type(size) is int for size in reading.value)


@pytest.mark.parametrize(
    "plain",
    [
        "",
        "64x",
        "x64",
        "(64, 56]",
        "(64",
        "64 56",
        "64x-1",
        "64.5x3",
        "a shape",
        "9" * 13,
        "1x" * 31 + "1",
        (),
        (64, -1),
        (64, 5.5),
        (64, float("nan")),
        (64, 10**12),
        (64, True),
        (64, "56"),
        ((1, 2), (3, 4)),
        (1,) * 9,
        None,
        True,
        Frame((), (), ()),
    ],
)
def test_what_is_no_shape_is_unreadable(plain: Plain) -> None:
    with pytest.raises(Unreadable, match="expected"):
        read_shape(plain)


def test_a_shape_is_echoed_with_times_signs() -> None:
    assert read_shape((64, 56, 56))[0].text == "64 × 56 × 56"
    assert read_shape(64)[0].text == "(64,)"


@pytest.mark.parametrize("plain", ["9x9", "9 × 9", "(9, 9)", (9, 9)])
def test_a_square_is_its_side(plain: Plain) -> None:
    reading = read_square(plain)
    assert reading is not None
    assert reading.value == 9


@pytest.mark.parametrize("plain", ["9*8", "9", 9, "9x9x9", "(9", "", ("9x9",), "163,696"])
def test_what_is_no_square_has_no_side(plain: Plain) -> None:
    assert read_square(plain) is None


@pytest.mark.parametrize("plain", ["9x8", "95 × 71 pixels", (9, 8)])
def test_a_size_that_is_no_square_is_unreadable_and_no_product(plain: Plain) -> None:
    with pytest.raises(Unreadable, match="which is no square"):
        read_square(plain)


SIZES = st.lists(st.integers(0, 10**9), min_size=1, max_size=4).map(tuple)


@given(SIZES, st.sampled_from(["x", "×", ", ", " * "]), st.sampled_from(["{}", "({})", "torch.Size([{}])"]))
def test_every_shape_reads_back(shape: tuple[int, ...], sign: str, around: str) -> None:
    assert read_shape(around.format(sign.join(map(str, shape))))[0].value == shape


@given(st.text(max_size=70) | st.text("0123456789x×*, ()[]torch.Size", max_size=70))
def test_no_text_raises_anything_but_unreadable(text: str) -> None:
    try:
        read_square(text)
        readings = read_shape(text)
    except Unreadable:
        return
    assert len(readings) == 1

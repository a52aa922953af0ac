import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.answers.choices import read_choice
from grader.answers.numbers import read_integer
from grader.answers.plain import show
from grader.answers.reading import Reading
from grader.answers.sets import MEMBERS, Members, read_set
from grader.answers.shapes import read_shape
from grader.answers.values import Foreign, Frame, Plain
from grader.errors import Unreadable

LAYERS = ("conv1", "max pool", "squeeze and excitation")


def read_layer(plain: Plain) -> tuple[Reading, ...]:
    return read_choice(plain, LAYERS)


def values(reading: Reading) -> list[object]:
    members: Members = reading.value
    return [readings[0].value for _, readings in members.readable]


@pytest.mark.parametrize(
    "plain",
    [
        ("conv1", "max pool"),
        ("conv1", ..., "max pool", None),
        Frame(("layer",), (0, 1), (("conv1",), ("max pool",))),
        "conv1, max pool",
        "conv1; max pool",
        "conv1 and max pool",
        "conv1, and max pool",
        "conv1 & Max-Pool.",
        "{conv1, max pool}",
        "{'conv1', 'max pool'}",
        "[conv1, max pool]",
        "conv1\nmax pool",
        "- conv1\n- max pool\n",
        "* conv1\r\n* max pool",
        ("conv1, max pool",),
    ],
)
def test_a_list_of_any_form_is_a_set(plain: Plain) -> None:
    (reading,) = read_set(plain, read_layer)
    assert values(reading) == ["conv1", "max pool"]
    assert reading.text == "2 in all: conv1, max pool"


@pytest.mark.parametrize(
    ("plain", "layers"),
    [
        ("conv1", ["conv1"]),
        ("squeeze and excitation", ["squeeze and excitation"]),
        ("conv1, squeeze and excitation", ["conv1", "squeeze and excitation"]),
        (("squeeze and excitation",), ["squeeze and excitation"]),
    ],
)
def test_a_name_may_hold_an_and(plain: Plain, layers: list[str]) -> None:
    (reading,) = read_set(plain, read_layer)
    assert values(reading) == layers


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("1, 2, 3", [[1, 2, 3]]),
        ("1,200", [[1, 200], [1200]]),
        ("163,696, 5", [[163, 696, 5], [163_696, 5]]),
        ("1,200,300", [[1, 200, 300], [1_200_300]]),
        ("{163,696; 5}", [[163, 696, 5], [163_696, 5]]),
        ("5", [[5]]),
    ],
)
def test_a_comma_may_stand_in_a_number_or_between_two(text: str, ways: list[list[int]]) -> None:
    assert [values(reading) for reading in read_set(text, read_integer)] == ways


@pytest.mark.parametrize(
    ("plain", "ways"),
    [
        ("(1, 2), (3, 4)", [[(1, 2), (3, 4)]]),
        ("{(1, 2); 3x4}", [[(1, 2), (3, 4)]]),
        ("(3, 4)", [[(3,), (4,)], [(3, 4)]]),
        (((1, 2), (3, 4)), [[(1, 2), (3, 4)]]),
    ],
)
def test_members_may_have_brackets_of_their_own(plain: Plain, ways: list[list[object]]) -> None:
    assert [values(reading) for reading in read_set(plain, read_shape)] == ways


def test_a_member_that_cannot_be_read_spoils_no_other_and_is_named() -> None:
    (reading,) = read_set(("conv1", "conv9\u202e"), read_layer)
    assert values(reading) == ["conv1"]
    assert [str(trouble) for trouble in reading.value.unreadable] == [
        "'conv9\\u202e' is no option (member conv9); expected one of conv1, max pool, squeeze and excitation"
    ]


@pytest.mark.parametrize("plain", [(), {}, "{}", "[ ]", "set()", "∅", "none", "None.", "nothing"])
def test_nothing_is_a_set_where_it_may_be(plain: Plain) -> None:
    (reading,) = read_set(plain, read_layer, may_be_empty=True)
    assert values(reading) == []
    assert reading.text == "none"
    with pytest.raises(Unreadable):
        read_set(plain, read_layer)


@pytest.mark.parametrize(
    ("plain", "trouble"),
    [
        ({"conv1": True}, "a dict of 1"),
        (Frame(("a", "b"), (0,), (("conv1", "max pool"),)), "a table"),
        (Foreign("frozenset"), "a value of type frozenset"),
        ("what, ever", "'what' is no option"),
        (("conv1",) * (MEMBERS + 1), "41 members; expected at most 40"),
        ("conv1," * 101, "101 members"),
        ("a" * 2001, "a text of 2001 characters"),
    ],
)
def test_what_is_no_set_says_why(plain: Plain, trouble: str) -> None:
    with pytest.raises(Unreadable, match=trouble):
        read_set(plain, read_layer)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=20), st.sampled_from([", ", "; ", "\n", " and ", " & "]))
def test_whole_numbers_read_back_with_anything_between_them(numbers: list[int], between: str) -> None:
    (reading,) = read_set(between.join(map(str, numbers)), read_integer)
    assert values(reading) == numbers


@given(st.text(max_size=80) | st.text("0123, ;and{}[]()-*\n'", max_size=80))
def test_no_text_raises_anything_but_unreadable(text: str) -> None:
    for read in (read_integer, read_shape, read_layer):
        try:
            readings = read_set(text, read, may_be_empty=True)
        except Unreadable:
            continue
        assert all(show(reading.text) is not None for reading in readings)

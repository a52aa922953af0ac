import math

import pytest

from grader.answers.numbers import read_integer
from grader.answers.tables import read_table
from grader.answers.values import Foreign, Frame, Plain
from grader.errors import Unreadable

KEYS = ("conv1", "conv2", "fc_6")
READERS = dict.fromkeys(KEYS, read_integer)


def values(plain: Plain) -> dict[str, list[int]]:
    table = read_table(plain, READERS)
    return {
        key: [] if isinstance(cell, Unreadable) else [reading.value for reading in cell]
        for key, cell in table.cells.items()
    }


@pytest.mark.parametrize(
    "plain",
    [
        {"conv1": 1, "conv2": "2", "fc_6": 3.0},
        {"Conv 1": 1, "CONV-2": 2, "fc6": 3},
        {"conv1": (1,), "conv2": (2,), "fc_6": (3,)},
        (1, 2, 3),
        (("conv1", 1), ("conv2", 2), ("fc_6", 3)),
        (("fc6", 3), ("conv2", 2), ("conv1", 1)),
        Frame(("parameters",), KEYS, ((1,), (2,), (3,))),
        Frame(("layer", "parameters"), (0, 1, 2), (("conv1", 1), ("conv2", 2), ("fc_6", 3))),
        Frame(("layer", "output", "parameters"), (0, 1, 2), (("conv1", "a", 1), ("conv2", "b", 2), ("fc_6", "c", 3))),
        Frame(("output", "parameters", "note"), KEYS, (("a", 1, None), ("b", 2, None), ("c", 3, "all"))),
        Frame(("fc 6", "conv2", "conv1"), (0,), ((3, 2, 1),)),
        Frame((*KEYS, "total"), ("parameters",), ((1, 2, 3, 6),)),
    ],
)
def test_a_table_of_any_form_is_read_by_key(plain: Plain) -> None:
    assert values(plain) == {"conv1": [1], "conv2": [2], "fc_6": [3]}


@pytest.mark.parametrize(
    "plain",
    [
        {"conv1": 1, "conv2": ...},
        {"conv1": 1, "conv2": None, "fc_6": ""},
        (1, ..., None),
        Frame(("parameters",), KEYS, ((1,), (math.nan,), (None,))),
    ],
)
def test_a_blank_cell_is_absent(plain: Plain) -> None:
    assert values(plain) == {"conv1": [1]}


def test_one_row_of_a_frame_may_have_other_names_as_columns() -> None:
    table = read_table(Frame(("first", "conv2"), (0,), ((1, 2),)), READERS, {"first": "conv1"})
    assert list(table.cells) == ["conv1", "conv2"]


def test_a_cell_has_all_readings() -> None:
    assert values({"conv1": "35K"}) == {"conv1": [35_000, 35_840]}


def test_an_unreadable_cell_spoils_no_other_and_is_named() -> None:
    table = read_table({"conv1": "1,5", "conv2": 2}, READERS)
    assert isinstance(table.cells["conv1"], Unreadable)
    assert table.cells["conv1"].place == "row conv1, character 2"
    assert not isinstance(table.cells["conv2"], Unreadable)


def test_a_cell_given_twice_is_unreadable() -> None:
    table = read_table({"conv1": 1, "Conv1": 2}, READERS)
    assert str(table.cells["conv1"]) == "given more than once (row conv1); expected one value"


def test_a_key_that_nobody_asked_for_is_shown_harmlessly() -> None:
    assert read_table({"pool\u202e\n": 1, 3: 2, "conv1": 1}, READERS).extra == ("pool", "3")


def test_a_point_in_a_key_counts() -> None:
    table = read_table({0.1: 5, 1: 6}, dict.fromkeys(("0.1", "1"), read_integer))
    assert [cell[0].value for cell in table.cells.values() if not isinstance(cell, Unreadable)] == [5, 6]


@pytest.mark.parametrize(
    ("plain", "trouble"),
    [
        ((1, 2), "a list of 2; expected a dict with 3 entries: conv1, conv2, fc_6"),
        ("conv1: 1", "a text"),
        (5, "a number"),
        (Foreign("set"), "a value of type set"),
        (Frame(("a", "b", "c"), (0,), ((1, 2, 3),)), "a table of 3 columns"),
        (Frame(("layer", "stride", "parameters"), (0,), (("conv1", 2, 3),)), "a table of 3 columns"),
        (Frame(("layer", "input", "output"), (0,), (("conv1", "2", "3"),)), "a table of 3 columns"),
        (Frame((), (), ()), "a table of 0 columns"),
    ],
)
def test_what_is_no_table_is_unreadable(plain: Plain, trouble: str) -> None:
    with pytest.raises(Unreadable, match=trouble):
        read_table(plain, READERS)

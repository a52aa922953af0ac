import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.answers.values import Plain
from grader.checks.tolerance import CUT_OFF_CREDIT
from tests.checks.answering import declared, explains, match

MEMORY = 600_394_976


@pytest.mark.parametrize(
    ("answer", "credit", "note"),
    [
        (MEMORY, 1, ""),
        ("600394976 bytes", 1, ""),
        ("600,394,976 B", 1, ""),
        (float(MEMORY), 1, ""),
        ("4803159808 bits", 1, ""),
        (MEMORY + 1, 0, ""),
        ("600 MB", 1, ""),
        ("600.4 MB", 1, ""),
        ("0.6 GB", 1, ""),
        ("573 MiB", 1, ""),
        ("572.6 MiB", 1, ""),
        ("573 MB", 1, ""),  # a binary megabyte
        ("572 MiB", CUT_OFF_CREDIT, "cut-off"),
        ("600.3 MB", CUT_OFF_CREDIT, "cut-off"),
        ("601 MB", 0, ""),
        ("600 KB", Fraction(1, 2), "unit-wrong"),
        (600, Fraction(1, 2), "unit-missing"),
        (600.394976, Fraction(1, 2), "unit-missing"),
        ("572.6", Fraction(1, 2), "unit-missing"),
        (601, 0, ""),
        (0, 0, ""),
        (-MEMORY, 0, ""),
        (math.nan, 0, ""),
        (math.inf, 0, ""),
    ],
)
def test_an_amount_of_memory_counts_in_any_unit(answer: Plain, credit: Fraction, note: str) -> None:
    found = match(declared("quantity", rounding=0.005), answer, MEMORY)
    assert (found.credit, found.note) == (credit, note)


@pytest.mark.parametrize(
    ("answer", "right"),
    [(1010, True), (990, True), (1011, False), (989, False), ("1.01 KB", True), ("1.0100001 KB", False)],
)
def test_the_relative_tolerance_is_inclusive(answer: Plain, right: bool) -> None:  # noqa: FBT001 - a row of the table
    assert match(declared("quantity", rtol=0.01), answer, 1000).right == right


@given(st.integers(1, 10**15), st.integers(1, 10**5))
def test_a_whole_number_of_bytes_is_exact_however_large(solved: int, off: int) -> None:
    check = declared("quantity")
    assert match(check, solved, solved).right
    assert not match(check, solved + off, solved).right
    assert explains(check, solved, solved)
    assert not explains(check, solved + off, solved)


@given(st.integers(1, 10**15))
def test_a_computed_float_may_differ_in_its_last_bits(solved: int) -> None:
    check = declared("quantity")
    for answer in (solved / 1e9 * 1e9, solved / 3 * 3, math.nextafter(solved, math.inf)):
        assert match(check, answer, solved).right


def test_the_credit_without_a_unit_is_the_authors() -> None:
    assert match(declared("quantity", rounding=0.005, unit_credit="1/3"), 600, MEMORY).credit == Fraction(1, 3)
    assert match(declared("quantity", rounding=0.005, unit_credit=0), 600, MEMORY).credit == 0


def test_a_right_number_with_a_wrong_unit_earns_what_one_without_unit_does() -> None:
    found = match(declared("quantity", rounding=0.005), "600 GB", MEMORY)
    assert (found.credit, found.note) == (Fraction(1, 2), "unit-wrong")
    assert match(declared("quantity", rounding=0.005), "700 GB", MEMORY).credit == 0


def test_explaining_is_stricter_than_marking() -> None:
    check = declared("quantity", rtol=0.01)
    assert match(check, 1005, 1000).right
    assert not explains(check, 1005, 1000)
    assert explains(check, "1.0 KB", 1004)


@pytest.mark.parametrize("solved", [1.0, True, "1 GB", None])
def test_only_an_exact_number_is_a_reference(solved: object) -> None:
    with pytest.raises(ValueError, match="an exact number in the unit byte"):
        declared("quantity").expect(solved)


@pytest.mark.parametrize(
    "options",
    [
        {"unit": "metre"},
        {"rounding": 0.1, "sigfigs": 2},
        {"unit_credit": 2},
        {"rtol": 1},
        {"rounding": 0.5},
        {"atol": 1},
    ],
)
def test_other_options_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        declared("quantity", **options)


@pytest.mark.parametrize(
    ("unit", "answer", "solved", "credit", "note"),
    [
        ("flop", "256 MFLOPs", 256 * 10**6, 1, ""),
        ("flop", "128 MMACs", 256 * 10**6, 1, ""),
        ("flop", 256, 256 * 10**6, Fraction(1, 2), "unit-missing"),
        ("flop", "256 GFLOPs", 256 * 10**6, Fraction(1, 2), "unit-wrong"),
        ("mac", "256 MFLOPs", 128 * 10**6, 1, ""),
        ("mac", "128 MFLOPs", 128 * 10**6, 1, ""),
        ("mac", "64 MFLOPs", 128 * 10**6, 0, ""),
        ("second", "59 s", 59, 1, ""),
        ("second", 59.0, 59, 1, ""),
        ("second", "59000 ms", 59, 1, ""),
        ("second", 59000, 59, Fraction(1, 2), "unit-missing"),
        ("second", "59 ms", 59, Fraction(1, 2), "unit-wrong"),
        ("second", "59 min", 59, Fraction(1, 2), "unit-wrong"),
        ("second", 0.1 + 0.2, 0.3, 1, ""),
        ("ratio", "25 %", Fraction(1, 4), 1, ""),
        ("ratio", "1:4", 0.25, 1, ""),
        ("ratio", 25, Fraction(1, 4), Fraction(1, 2), "unit-missing"),
        ("ratio", "0.25 %", Fraction(1, 4), Fraction(1, 2), "unit-wrong"),
        ("ratio", 4, Fraction(1, 4), 0, ""),
        ("ratio", 1 / 3, Fraction(1, 3), 1, ""),
        ("ratio", "0.33", Fraction(1, 3), 0, ""),
    ],
)
def test_every_kind_of_amount_has_its_units(
    unit: str, answer: Plain, solved: float | Fraction, credit: Fraction, note: str
) -> None:
    found = match(declared("quantity", unit=unit), answer, solved)
    assert (found.credit, found.note) == (credit, note)


@pytest.mark.parametrize(
    ("answer", "credit"),
    [("600 MB", 1), ("600.4 MB", 1), ("0.6 GB", 0), ("0.600 GB", 1), ("573 MiB", 1), ("572 MiB", CUT_OFF_CREDIT)],
)
def test_with_sigfigs_a_rounded_amount_needs_as_many_digits(answer: Plain, credit: Fraction) -> None:
    assert match(declared("quantity", sigfigs=3), answer, MEMORY).credit == credit


def test_what_is_counted_is_no_float() -> None:
    for unit in ("byte", "flop", "mac"):
        with pytest.raises(ValueError, match=f"an exact number in the unit {unit}"):
            declared("quantity", unit=unit).expect(1.0)
    with pytest.raises(ValueError, match="an exact number in the unit ratio"):
        declared("quantity", unit="ratio").expect(math.nan)

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.answers.quantities import in_other_units, read_bytes
from grader.answers.values import Plain
from grader.errors import Unreadable

ASSUMED = ("unit", "assumed")
DECIMAL, BINARY = (("prefix", "decimal"),), (("prefix", "binary"),)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("6 B", 6),
        ("6 bytes", 6),
        ("1 byte", 1),
        ("163,696 bytes", 163696),
        ("16 bits", 2),
        ("12 b", Fraction(3, 2)),
        ("8 GiB", 8 * 2**30),
        ("8GiB", 8 * 2**30),
        ("1.5 MiB", 3 * 2**19),
        ("2 kib", 2048),
        ("2 Ki", 2048),
        ("3 gibibytes", 3 * 2**30),
        ("600 million bytes", 600_000_000),
        ("2^30 bytes", 2**30),
        ("64x64x4 B", 16384),
    ],
)
def test_an_amount_has_one_reading(text: str, value: int | Fraction) -> None:
    (reading,) = read_bytes(text)
    assert reading.value == value
    assert reading.tags == ()


@pytest.mark.parametrize(
    ("text", "decimal", "binary"),
    [
        ("600 MB", 600 * 10**6, 600 * 2**20),
        ("600M", 600 * 10**6, 600 * 2**20),
        ("600 mb", 600 * 10**6, 600 * 2**20),
        ("600 Mbytes", 600 * 10**6, 600 * 2**20),
        ("600 M bytes", 600 * 10**6, 600 * 2**20),
        ("600 megabytes", 600 * 10**6, 600 * 2**20),
        ("≈ 0.6 GB", 6 * 10**8, Fraction(6 * 2**30, 10)),
        ("1 kB", 1000, 1024),
        ("1 KB", 1000, 1024),
        ("7 T", 7 * 10**12, 7 * 2**40),
    ],
)
def test_a_decimal_prefix_may_be_meant_as_binary(text: str, decimal: int, binary: int | Fraction) -> None:
    assert [(r.value, r.tags) for r in read_bytes(text)] == [(decimal, DECIMAL), (binary, BINARY)]


def test_the_last_digit_of_an_amount_is_worth_its_unit() -> None:
    assert read_bytes("0.60 GB")[0].unit_in_last_place == 10**7
    assert read_bytes("600 MB")[0].unit_in_last_place == 10**6
    assert read_bytes("8 GiB")[0].unit_in_last_place == 2**30
    assert read_bytes("163696 bytes")[0].unit_in_last_place == 0


def test_an_amount_is_echoed_in_bytes() -> None:
    assert read_bytes("600 MB")[1].text == "600 × 1024^2 = 629 145 600 bytes"


@pytest.mark.parametrize("plain", [600, 600.0, "600"])
def test_a_bare_number_is_taken_in_the_assumed_unit(plain: Plain) -> None:
    assert [(r.value, r.tags) for r in read_bytes(plain)] == [(600, (ASSUMED,))]
    assert [(r.value, r.tags) for r in read_bytes(plain, bare_unit="MiB")] == [(600 * 2**20, (ASSUMED,))]
    assert [r.tags for r in read_bytes(plain, bare_unit="MB")] == [(*DECIMAL, ASSUMED), (*BINARY, ASSUMED)]
    with pytest.raises(Unreadable, match="a number without a unit"):
        read_bytes(plain, bare_unit=None)


@pytest.mark.parametrize(
    ("plain", "trouble"),
    [
        ("1,5 GB", r"a comma .* \(character 2\)"),
        ("5 Gb", r"an unknown unit 'Gb' \(character 3\); expected a number with B, KB"),
        ("5 parameters", "an unknown unit 'parameters'"),
        ("5 GB/s", "an unknown unit"),
        ("GB", r"unexpected 'G' \(character 1\)"),
        ("5 % ", r"unexpected '%'"),
        (True, "a truth value"),
    ],
)
def test_what_is_no_amount_says_why(plain: Plain, trouble: str) -> None:
    with pytest.raises(Unreadable, match=trouble):
        read_bytes(plain)


def test_a_forgotten_unit_may_be_any_other() -> None:
    meant = {dict(reading.tags)["unit"]: reading for reading in in_other_units(read_bytes("600")[0])}
    assert [meant[unit].value for unit in ("b", "MB", "MiB")] == [75, 600 * 10**6, 600 * 2**20]
    assert meant["MB"].unit_in_last_place == 10**6
    assert list(meant) == ["b", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB"]


def test_what_is_no_finite_number_has_no_other_units() -> None:
    assert in_other_units(read_bytes(float("nan"))[0]) == ()


@pytest.mark.parametrize("number", [10**99, Fraction(10**99), "9" * 64])
def test_no_readable_number_fails_in_other_units(number: Plain) -> None:
    assert all(abs(reading.value) < 10**112 for reading in in_other_units(read_bytes(number)[0]))


@given(
    st.integers(0, 10**12),
    st.sampled_from([("B", 1), ("KiB", 2**10), ("MiB", 2**20), ("GiB", 2**30), ("TiB", 2**40)]),
)
def test_every_binary_amount_reads_back(number: int, unit: tuple[str, int]) -> None:
    (reading,) = read_bytes(f"{number} {unit[0]}")
    assert reading.value == number * unit[1]

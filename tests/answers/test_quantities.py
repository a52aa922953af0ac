from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.answers.quantities import in_other_units, read_quantity
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
    (reading,) = read_quantity(text, "byte")
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
    assert [(r.value, r.tags) for r in read_quantity(text, "byte")] == [(decimal, DECIMAL), (binary, BINARY)]


def test_the_last_digit_of_an_amount_is_worth_its_unit() -> None:
    assert read_quantity("0.60 GB", "byte")[0].unit_in_last_place == 10**7
    assert read_quantity("600 MB", "byte")[0].unit_in_last_place == 10**6
    assert read_quantity("8 GiB", "byte")[0].unit_in_last_place == 2**30
    assert read_quantity("163696 bytes", "byte")[0].unit_in_last_place == 0


def test_an_amount_is_echoed_in_bytes() -> None:
    assert read_quantity("600 MB", "byte")[1].text == "600 × 1024^2 = 629 145 600 bytes"


@pytest.mark.parametrize("plain", [600, 600.0, "600"])
def test_a_bare_number_is_taken_in_the_unit_asked_for(plain: Plain) -> None:
    assert [(r.value, r.tags) for r in read_quantity(plain, "byte")] == [(600, (ASSUMED,))]


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
        read_quantity(plain, "byte")


def test_a_forgotten_unit_may_be_any_other() -> None:
    meant = {dict(reading.tags)["unit"]: reading for reading in in_other_units(read_quantity("600", "byte")[0], "byte")}
    assert [meant[unit].value for unit in ("b", "MB", "MiB")] == [75, 600 * 10**6, 600 * 2**20]
    assert meant["MB"].unit_in_last_place == 10**6
    assert list(meant) == ["b", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB"]


def test_what_is_no_finite_number_has_no_other_units() -> None:
    assert in_other_units(read_quantity(float("nan"), "byte")[0], "byte") == ()


@pytest.mark.parametrize("number", [10**99, Fraction(10**99), "9" * 64])
def test_no_readable_number_fails_in_other_units(number: Plain) -> None:
    assert all(abs(reading.value) < 10**112 for reading in in_other_units(read_quantity(number, "byte")[0], "byte"))


@given(
    st.integers(0, 10**12),
    st.sampled_from([("B", 1), ("KiB", 2**10), ("MiB", 2**20), ("GiB", 2**30), ("TiB", 2**40)]),
)
def test_every_binary_amount_reads_back(number: int, unit: tuple[str, int]) -> None:
    (reading,) = read_quantity(f"{number} {unit[0]}", "byte")
    assert reading.value == number * unit[1]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("128 MFLOPs", 128 * 10**6),
        ("128M", 128 * 10**6),
        ("1.5B flops", 1_500_000_000),
        ("0.128 gflops", 128 * 10**6),
        ("128 million operations", 128 * 10**6),
        ("2 GigaFLOP", 2 * 10**9),
        ("3 PFLOPS", 3 * 10**15),
        ("128 ops.", 128),
        ("128 MFLOPs per image", 128 * 10**6),
        ("128 MFLOPs/image", 128 * 10**6),
        ("2*(64*64 + 1) FLOPs", 8194),
    ],
)
def test_operations_have_decimal_prefixes_alone(text: str, value: int) -> None:
    (reading,) = read_quantity(text, "flop")
    assert (reading.value, dict(reading.tags).get("flops_per_mac")) == (value, None)


@pytest.mark.parametrize(
    "word", ["MACs", "mac", "MADDs", "multiply-adds", "multiply adds", "mult-adds", "multiplications"]
)
def test_multiply_adds_have_many_names(word: str) -> None:
    (reading,) = read_quantity(f"128 M{word}", "mac")
    assert reading.value == 128 * 10**6
    assert reading.text == "128 × 1000^2 = 128 000 000 MACs"


@pytest.mark.parametrize(
    ("text", "unit", "two", "one"),
    [("256 MFLOPs", "mac", 128, 256), ("128 MMACs", "flop", 256, 128), ("1 Mops", "mac", Fraction(1, 2), 1)],
)
def test_a_flop_may_be_half_a_multiply_add_or_a_whole_one(text: str, unit: str, two: int, one: int) -> None:
    read = [(reading.value, reading.tags) for reading in read_quantity(text, unit)]
    assert read == [(two * 10**6, (("flops_per_mac", "2"),)), (one * 10**6, (("flops_per_mac", "1"),))]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("59 s", 59),
        ("59 sec.", 59),
        ("59 seconds per epoch", 59),
        ("59 s/epoch", 59),
        ("1.5 min", 90),
        ("2 h", 7200),
        ("12 ms", Fraction(12, 1000)),
        ("12 µs", Fraction(12, 10**6)),
        ("12 μs", Fraction(12, 10**6)),
        ("12 us", Fraction(12, 10**6)),
        ("3 Nanoseconds", Fraction(3, 10**9)),
    ],
)
def test_a_time_is_read_in_seconds(text: str, seconds: Fraction) -> None:
    (reading,) = read_quantity(text, "second")
    assert reading.value == seconds


@pytest.mark.parametrize(
    ("plain", "ratio"),
    [
        (0.25, Fraction(1, 4)),
        ("1/4", Fraction(1, 4)),
        ("1:4", Fraction(1, 4)),
        ("1 : 4", Fraction(1, 4)),
        ("25 %", Fraction(1, 4)),
        ("25 percent", Fraction(1, 4)),
        ("a quarter", Fraction(1, 4)),
        ("One Quarter.", Fraction(1, 4)),
        ("half", Fraction(1, 2)),
        ("two thirds", Fraction(2, 3)),
        ("4x", 4),
        ("4-fold", 4),
        ("twice", 2),
    ],
)
def test_a_ratio_may_be_a_number_a_share_or_a_word(plain: Plain, ratio: Fraction) -> None:
    (reading,) = read_quantity(plain, "ratio")
    assert reading.value == ratio


def test_a_percentage_without_its_sign_may_be_a_share() -> None:
    assert [reading.value for reading in read_quantity(0.91, "percent")] == [Fraction(91, 100), 91]
    assert [reading.value for reading in read_quantity("91.03 %", "percent")] == [Fraction(9103, 100)]


@pytest.mark.parametrize(
    ("text", "unit", "trouble"),
    [
        ("128 GB", "flop", "an unknown unit 'GB'"),
        ("128 GFLOP/s", "flop", "an unknown unit"),
        ("128 KiFLOPs", "flop", "an unknown unit"),
        ("59 m", "second", "an unknown unit 'm'"),
        ("1:2:3", "ratio", "unexpected ':'"),
        ("about a quarter", "ratio", "unexpected 'a'"),
        ("7 dozen", "ratio", "an unknown unit"),
    ],
)
def test_what_is_no_amount_of_its_kind_says_why(text: str, unit: str, trouble: str) -> None:
    with pytest.raises(Unreadable, match=trouble):
        read_quantity(text, unit)


@pytest.mark.parametrize(
    ("unit", "meant"),
    [
        ("flop", {"kflop": 3000, "mflop": 3 * 10**6, "gflop": 3 * 10**9, "tflop": 3 * 10**12}),
        (
            "second",
            {"ms": Fraction(3, 1000), "us": Fraction(3, 10**6), "ns": Fraction(3, 10**9), "min": 180, "h": 10800},
        ),
        ("ratio", {"%": Fraction(3, 100)}),
    ],
)
def test_every_kind_of_amount_has_units_that_may_be_forgotten(unit: str, meant: dict[str, object]) -> None:
    others = in_other_units(read_quantity(3, unit)[0], unit)
    assert {dict(reading.tags)["unit"]: reading.value for reading in others} == meant

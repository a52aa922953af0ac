import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.answers.numbers import read_integer, read_real
from grader.answers.quantities import AMOUNTS, read_quantity
from grader.answers.reading import Reading, number_text
from grader.answers.values import Foreign, Plain
from grader.errors import Unreadable

K_1000, K_1024 = (("K", "1000"),), (("K", "1024"),)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("163696", 163696),
        ("163,696", 163696),
        ("163 696", 163696),
        ("163\N{NO-BREAK SPACE}696", 163696),
        ("163\N{THIN SPACE}696", 163696),
        ("163\N{NARROW NO-BREAK SPACE}696", 163696),
        ("163_696", 163696),
        ("163'696", 163696),
        ("163’696", 163696),
        ("１６３，６９６", 163696),
        ("1,500", 1500),
        ("12,345,678", 12345678),
        (" 5\n", 5),
        ("+5", 5),
        ("-3", -3),
        ("−3", -3),
        ("– 3", -3),
        ("2^20", 2**20),
        ("2**20", 2**20),
        ("2^32", 2**32),
        ("-2^2", -4),
        ("1.2e6", 1_200_000),
        ("1.2 × 10^6", 1_200_000),
        ("64*64*3", 12288),
        ("64x64x3", 12288),
        ("64 × 64 × 3", 12288),
        ("6/3", 2),
        ("163328 + 368", 163_696),
        ("163328+368 parameters", 163_696),
        ("163,328 + 368 = 163,696", 163_696),
        (
            "(1*1*192 + 1)*64 + (1*1*192 + 1)*96 + (3*3*96 + 1)*128 + (192 + 1)*16 + (5*5*16 + 1)*32 + (192 + 1)*32",
            163_696,
        ),
        ("2*(3 - 1)", 4),
        ("64*64 - 96", 4000),
        ("-(3 + 4)", -7),
        ("2 * -3", -6),
        ("(3 + 4)^2", 49),
        ("(-2)^2", 4),
        ("((5))", 5),
        ("(4 + 4)/2", 4),
        ("6 x (2 + 1)", 18),
        ("4096.", 4096),
        ("= 5", 5),
        ("64 * 3 = 192", 192),
        ("number of parameters = 192", 192),
        ("162816 = 159K", 162816),
        ("163696 = 159k", 163696),
        ("160K = 163696", 163696),
        ("≈ 163696", 163696),
        ("~163696", 163696),
        ("163696 parameters", 163696),
        ("163,696 params.", 163696),
        ("9 Pixels", 9),
        ("1.2 million", 1_200_000),
        ("4096.0", 4096),
        ("9" * 64, 10**64 - 1),
    ],
)
def test_a_spelling_of_a_whole_number_has_one_reading(text: str, value: int) -> None:
    (reading,) = read_integer(text)
    assert reading.value == value
    assert type(reading.value) is int
    assert reading.tags == ()


@pytest.mark.parametrize(
    ("text", "decimal", "binary", "unit"),
    [
        ("159K", 159_000, 162_816, 1000),
        ("159k", 159_000, 162_816, 1000),
        ("≈ 160 K parameters", 160_000, 163_840, 1000),
        ("7B", 7 * 10**9, 7 * 2**30, 10**9),
        ("1.5M", 1_500_000, 3 * 2**19, 10**5),
        ("159.9K", 159_900, Fraction(818688, 5), 100),
    ],
)
def test_a_letter_has_a_decimal_and_a_binary_reading(
    text: str, decimal: int, binary: int | Fraction, unit: int
) -> None:
    readings = read_integer(text)
    assert [(r.value, r.tags) for r in readings] == [(decimal, K_1000), (binary, K_1024)]
    assert readings[0].unit_in_last_place == unit


@pytest.mark.parametrize(
    ("plain", "value", "unit", "digits"),
    [
        (0.5, Fraction(1, 2), Fraction(1, 10), None),
        (0.125, Fraction(1, 8), Fraction(1, 1000), None),
        (1 / 3, Fraction(repr(1 / 3)), Fraction(math.ulp(1 / 3)), None),
        (4096.0, 4096, Fraction(math.ulp(4096.0)), None),
        (7, 7, 0, None),
        (Fraction(1, 3), Fraction(1, 3), 0, None),
        (Decimal("1.50"), Fraction(3, 2), Fraction(1, 100), 3),
        (Decimal(4096), 4096, 0, None),
        ("0.60", Fraction(3, 5), Fraction(1, 100), 2),
        (".5", Fraction(1, 2), Fraction(1, 10), 1),
        ("3/4", Fraction(3, 4), 0, None),
        ("1.2e6", 1_200_000, 100_000, 2),
        ("45%", Fraction(9, 20), Fraction(1, 100), 2),
        ("10^-3", Fraction(1, 1000), 0, None),
        ("1.2*1.50", Fraction(9, 5), Fraction(162, 1000), 2),
        ("1/0.5", 2, Fraction(4, 10), 1),
        ("1.5^2", Fraction(9, 4), Fraction(3, 10), 2),
        ("1.5 + 100", Fraction(203, 2), Fraction(1, 10), 4),
        ("1/3 + 1/6", Fraction(1, 2), 0, None),
        ("(25 + 5) %", Fraction(3, 10), 0, None),
        (((5,),), 5, 0, None),
    ],
)
def test_a_number_is_exact_and_knows_its_last_digit(
    plain: Plain, value: int | Fraction, unit: int | Fraction, digits: int | None
) -> None:
    (reading,) = read_real(plain)
    assert (reading.value, reading.unit_in_last_place, reading.significant_digits) == (value, unit, digits)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_read_but_is_no_integer(number: float) -> None:
    (reading,) = read_real(number)
    assert str(reading.value) == str(number)
    with pytest.raises(Unreadable, match="not a whole number"):
        read_integer(number)


@pytest.mark.parametrize(
    ("plain", "trouble"),
    [
        ("1,5", r"a comma that does not .* \(character 2\); expected a decimal point"),
        ("12,34,567", r"a comma .* \(character 3\)"),
        ("0,500", r"a comma .* \(character 2\)"),
        ("1,500,00", r"a comma .* \(character 6\)"),
        ("1,234 567", r"character 7"),
        ("1.2.3", r"a second decimal point \(character 4\)"),
        ("9**9**9", r"a power .* \(character 5\)"),
        ("9^9^9", r"a power .* \(character 4\)"),
        ("9^(9^9)", r"a power .* \(character 2\)"),
        ("2^999", r"beyond 10\^30"),
        ("10^9999999", r"a power"),
        ("1e31", r"an exponent of 31 \(character 3\); expected at most 30"),
        ("1e999999999999", "an exponent"),
        ("0^-1", "a power of zero"),
        ("5/0", r"a division by zero \(character 3\)"),
        ("163696 = 120k", "two different numbers"),
        ("3 - 2", r"a hyphen between two numbers, which may be a range .* \(character 3\)"),
        ("160-165", r"a hyphen between two numbers"),
        ("163,328-163,696 parameters", r"a hyphen between two numbers, .* \(character 8\)"),
        ("2026-11-20", r"a hyphen between two numbers"),
        ("5 +- 1", r"unexpected '\+' \(character 3\)"),
        ("5 ± 1", r"unexpected '±' \(character 3\)"),
        ("163328 + 368K", r"'K' behind a sum may belong .* \(character 13\); expected parentheses"),
        ("(163328 + 368", r"the text ends too early \(character 14\); expected '\)'"),
        ("(163328, 368)", r"a comma .* \(character 8\)"),
        ("2(3 + 4)", r"unexpected '\(' \(character 2\)"),
        ("(" * 200, r"more than 25 parentheses in each other \(character 26\)"),
        ("9e30*" * 39 + "9e30", r"numbers beyond 10\^100"),
        ("(9e30*9e30)^30", r"a power beyond 10\^30"),
        ("1*" * 100 + "1", r"a text of 201 characters; expected at most 200"),
        ("5 hundred", r"an unknown unit 'hundred' \(character 3\)"),
        ("5 GB", "an unknown unit 'GB'"),
        ("5 xyz", "an unknown unit 'xyz'"),
        ("", "ends too early"),
        ("five", r"unexpected 'f' \(character 1\)"),
        ("0.5", r"0.5 is not a whole number; expected a whole number such as 4096"),
        ("1.2345K", "not a whole number"),
        (4096.5, "4 096.5 is not a whole number"),
        (True, "a truth value"),
        (None, "nothing"),
        ((1, 2, 3), "a list of 3; expected one number"),
        ({"a": 1}, "a dict of 1"),
        (Foreign("torch.nn.Linear"), "a value of type torch.nn.Linear"),
        (10**101, r"beyond 10\^100"),
        ("9e30*9e30*9e30*9e30", r"beyond 10\^100"),
        ("1" * 65, "a text of 65 characters; expected at most 64"),
    ],
)
def test_what_is_no_whole_number_says_why_and_where(plain: Plain, trouble: str) -> None:
    with pytest.raises(Unreadable, match=trouble):
        read_integer(plain)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("163696", "163 696"),
        ("384K", "384 × 1000 = 384 000"),
        ("64x64x3", "64 × 64 × 3 = 12 288"),
        ("2^20", "2^20 = 1 048 576"),
        ("3/4", "3 / 4 = 0.75"),
        ("45%", "45 × 1/100 = 0.45"),
        ("(192+1)*64 - 1", "(192 + 1) × 64 - 1 = 12 351"),
        ("2*(1000)", "2 × 1 000 = 2 000"),
    ],
)
def test_a_reading_is_echoed(text: str, shown: str) -> None:
    assert read_real(text)[0].text == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (-1234567, "-1 234 567"),
        (Fraction(12345678, 10), "1 234 567.8"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(1, 3), "1/3"),
        (Fraction(10**20 + 1, 3), "3.333333333e+19"),
        (10**400, "1e+400"),
        (Fraction(1, 10**300), "1e-300"),
        (math.nan, "nan"),
    ],
)
def test_a_number_is_shown_short(number: int | Fraction, shown: str) -> None:
    assert number_text(number) == shown


SPELLINGS: list[Callable[[int], Any]] = [
    int,
    str,
    lambda n: f"{n:,}",
    lambda n: f"{n:_}",
    lambda n: f"{n:,}".replace(",", "\N{THIN SPACE}"),
    lambda n: f"{n:,}".replace(",", "'"),
    lambda n: f"{n}".replace("-", "−"),
    lambda n: f"{n}".translate({ord(d): 0xFF10 + int(d) for d in "0123456789"}),
    lambda n: f"{n} parameters",
    lambda n: f"p = {n}",
    lambda n: (n,),
    Fraction,
    Decimal,
]


@given(st.integers(-(10**30), 10**30), st.sampled_from(SPELLINGS))
def test_every_integer_in_every_spelling_reads_back(number: int, spell: Callable[[int], Any]) -> None:
    (reading,) = read_integer(spell(number))
    assert reading.value == number
    assert reading.unit_in_last_place == 0


@given(st.floats(-1e99, 1e99))
def test_every_float_is_read_as_it_is_shown_and_whole_ones_exactly(number: float) -> None:
    value = read_real(number)[0].value
    assert float(value) == number
    assert value == (Fraction(number) if number.is_integer() else Fraction(repr(number)))


@given(st.decimals(-(10**9), 10**9, places=3))
def test_every_decimal_as_text_is_within_its_last_digit_of_its_float(number: Decimal) -> None:
    (reading,) = read_real(f"{number}")
    assert reading.value == Fraction(number)
    assert reading.unit_in_last_place == Fraction(1, 1000)


ALPHABETS = [
    "0123456789.,eE^*x/+-% K=~",
    "0123456789 kMGTiBbytes._'",
    "(){}[]0123,x× ",
    "９٣²½−×⁄≈\u200b\u202e\ud800 1e",
]


@given(st.text(max_size=70) | st.sampled_from(ALPHABETS).flatmap(lambda letters: st.text(letters, max_size=70)))
def test_no_text_raises_anything_but_unreadable(text: str) -> None:
    amounts: list[Callable[[str], tuple[Reading, ...]]] = [partial(read_quantity, unit=unit) for unit in AMOUNTS]
    for read in (read_integer, read_real, *amounts):
        try:
            readings = read(text)
        except Unreadable:
            continue
        assert readings
        assert all(isinstance(reading.value, int | Fraction) for reading in readings)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (10**30 + Fraction(1, 10**12), "1 000 000 000 000 000 000 000 000 000 000.000000000001"),
        (1 << 100_000, "9.99002093e+30102"),
        (-(10**20_000), "-1e+20000"),
        (Fraction(1, 10**20_000), "1e-20000"),
    ],
    ids=["long", "large", "negative", "small"],  # Python refuses to write such numbers out
)
def test_no_number_is_too_large_or_too_small_to_be_shown(number: int | Fraction, shown: str) -> None:
    assert number_text(number) == shown


@given(st.integers() | st.fractions() | st.builds(lambda n, e: n << e, st.integers(), st.integers(0, 200_000)))
def test_every_exact_number_is_shown_on_one_line(number: int | Fraction) -> None:
    assert 0 < len(number_text(number)) < 80

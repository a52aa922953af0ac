"""In whatever spelling: what is right is never rejected, and what is outside of the tolerance is never accepted."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.answers.values import Plain
from grader.checks.check import Check
from grader.errors import Unreadable
from tests.answers.spellings import LETTERS, calculation, decimal, power, product, shape, whole, with_unit
from tests.checks.answering import declared, match

WHOLE = st.integers(-(10**15), 10**15)
NUMERIC: list[Check] = [
    declared("integer"),
    declared("count", sigfigs=3),
    declared("integer", rounding=0.1),
    declared("real", sigfigs=15, atol="1e-9"),
    declared("expression", symbols=["z"]),
]
BYTES = {
    "B": Fraction(1),
    "bytes": Fraction(1),
    "bits": Fraction(1, 8),
    "b": Fraction(1, 8),
    **{f"{letter}iB": Fraction(1024) ** power for power, letter in enumerate("KMGT", start=1)},
    **{f"{word}bytes": Fraction(1000) ** power for power, word in enumerate(["kilo", "mega", "giga"], start=1)},
    **{f"{letter}B": Fraction(1000) ** power for power, letter in enumerate("KMGT", start=1)},
    **{f"{letter}b": Fraction(1000) ** power for power, letter in enumerate("kmgt", start=1)},
}
FLOPS = {
    f"{prefix}{word}": Fraction(1000) ** power
    for power, prefix in enumerate(["", "K", "M", "G", "T", "P"])
    for word in ("FLOP", "FLOPs", "flops", "ops")
}
SECONDS = {
    **dict.fromkeys(["s", "sec", "seconds"], Fraction(1)),
    "ms": Fraction(1, 1000),
    "us": Fraction(1, 10**6),
    "µs": Fraction(1, 10**6),
    "ns": Fraction(1, 10**9),
    "min": Fraction(60),
    "h": Fraction(3600),
}
RATIOS = {"": Fraction(1), "%": Fraction(1, 100), "percent": Fraction(1, 100), "x": Fraction(1), "times": Fraction(1)}


@pytest.mark.parametrize("check", NUMERIC, ids=repr)
@given(data=st.data(), number=WHOLE)
def test_a_whole_number_is_right_in_every_spelling(check: Check, data: st.DataObject, number: int) -> None:
    assert match(check, data.draw(whole(number)), number).right


@pytest.mark.parametrize("check", NUMERIC[:2], ids=repr)
@given(data=st.data(), number=WHOLE, other=WHOLE)
def test_another_whole_number_is_wrong_in_every_spelling(
    check: Check, data: st.DataObject, number: int, other: int
) -> None:
    assume(number != other)
    assert not match(check, data.draw(whole(other)), number).right


@pytest.mark.parametrize("check", [declared("integer"), declared("quantity", unit="flop"), NUMERIC[3]], ids=repr)
@given(
    data=st.data(), products=st.lists(st.lists(st.integers(1, 9999), min_size=1, max_size=3), min_size=1, max_size=5)
)
def test_a_calculation_is_what_comes_out_of_it(check: Check, data: st.DataObject, products: list[list[int]]) -> None:
    solved = sum(number_of(factors) for factors in products)
    text = data.draw(calculation(products))
    assert match(check, text, solved).right
    assert not match(check, text, solved + 1).right


def number_of(factors: list[int]) -> int:
    result = 1
    for factor in factors:
        result *= factor
    return result


@given(data=st.data(), factors=st.lists(st.integers(1, 9999), min_size=2, max_size=5))
def test_a_product_is_right_with_any_sign(data: st.DataObject, factors: list[int]) -> None:
    assert match(declared("integer"), data.draw(product(factors)), number_of(factors)).right


@given(data=st.data(), base=st.integers(2, 12), exponent=st.integers(0, 20))
def test_a_power_is_right_with_any_sign(data: st.DataObject, base: int, exponent: int) -> None:
    assume(base**exponent <= 10**30)
    assert match(declared("integer"), data.draw(power(base, exponent)), base**exponent).right


@given(
    count=st.integers(1, 9999),
    places=st.integers(0, 3),
    letter=st.sampled_from(sorted(LETTERS)),
    base=st.sampled_from([1000, 1024]),
)
def test_a_letter_is_read_both_ways(count: int, places: int, letter: str, base: int) -> None:
    assume(base == 1000 or len(letter.strip()) == 1)
    value = Fraction(count, 10**places) * base ** LETTERS[letter]
    text = f"{count / 10**places:.{places}f}{letter}"
    check = declared("integer", rounding=0.4)
    try:
        readings = check.read(text)
    except Unreadable:
        assert value.denominator > 1 and base == 1000  # noqa: PT018 - digits finer than one
        return
    assert value in [reading.value for reading in readings]
    assert match(check, text, round(value)).right or value < 1


@pytest.mark.parametrize(
    ("unit", "units"),
    [("byte", BYTES), ("flop", FLOPS), ("second", SECONDS), ("ratio", RATIOS)],
    ids=lambda each: str(each)[:9],
)
@given(data=st.data(), number=st.decimals(0, 10**6, places=3).map(Fraction))
def test_an_amount_is_right_in_every_unit_and_beside_it_is_wrong(
    unit: str, units: dict[str, Fraction], data: st.DataObject, number: Fraction
) -> None:
    text = data.draw(decimal(number, 3))
    word, factor = data.draw(with_unit(units))
    check = declared("quantity", unit=unit)
    assert match(check, text + word, number * factor).right
    assert not match(check, text + word, number * factor * Fraction(1001, 1000) + factor).right


@given(data=st.data(), number=st.decimals(-(10**6), 10**6, places=4).map(Fraction), share=st.fractions(-3, 3))
def test_a_real_number_is_right_within_the_tolerance_and_nowhere_else(
    data: st.DataObject, number: Fraction, share: Fraction
) -> None:
    check = declared("real", atol="1/7")
    reference = number + share / 7
    assert match(check, data.draw(decimal(number, 4)), reference).right == (abs(share) <= 1)


@given(data=st.data(), sizes=st.lists(st.integers(1, 4096), min_size=2, max_size=4).map(tuple))
def test_a_shape_is_right_in_every_spelling(data: st.DataObject, sizes: tuple[int, ...]) -> None:
    text: Plain = data.draw(shape(sizes))
    for check in (declared("shape"), declared("shape", channels_last=True)):
        assert match(check, text, sizes).right
        assert not match(check, text, (*sizes, 7)).right

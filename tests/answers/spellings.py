"""Numbers in all the ways in which students type them; every strategy draws a text for a given number."""

from collections.abc import Callable
from fractions import Fraction

from hypothesis import strategies as st

Spelling = st.SearchStrategy[str]

MINUS = "-\N{MINUS SIGN}\N{EN DASH}\N{FULLWIDTH HYPHEN-MINUS}"
TIMES = ["*", " * ", "x", " x ", "X", "×", " × ", "✕", "·"]
POWERS = ["^", "**", " ^ "]
GROUPS = [",", "_", "'", "’", " ", "\N{NO-BREAK SPACE}", "\N{THIN SPACE}", "，", ""]
ZEROS = "0０٠०"  # of scripts whose digits follow their zero
IN_FRONT = ["", " ", "~", "≈ ", "= ", "n = ", "number of parameters = ", "+"]
BEHIND = ["", " ", " parameters", " params.", "\n", " weights", " values."]
LETTERS = {"": 0, "K": 1, "k": 1, " K": 1, "M": 2, "m": 2, "B": 3, " thousand": 1, " million": 2, " billion": 3}


def in_script(digits: str, zero: str) -> str:
    """The same with the digits of another script."""
    return "".join(chr(ord(zero) + int(each)) if each in "0123456789" else each for each in digits)


def _joined(*parts: st.SearchStrategy[str]) -> Spelling:
    return st.tuples(*parts).map("".join)


def digits(number: int) -> Spelling:
    """In full, grouped in threes or not, in any script."""
    return st.builds(
        lambda group, zero: in_script(f"{number:,}".replace(",", group), zero),
        st.sampled_from(GROUPS),
        st.sampled_from(ZEROS),
    )


def whole(number: int) -> Spelling:
    """A whole number in full with its sign, and with words around it."""
    sign = st.sampled_from(MINUS) if number < 0 else st.just("")
    front = st.sampled_from(IN_FRONT if number >= 0 else IN_FRONT[:-1])
    return _joined(front, sign, digits(abs(number)), st.sampled_from(BEHIND))


def product(factors: list[int]) -> Spelling:
    """A product with any sign of multiplication."""
    return st.lists(st.sampled_from(TIMES), min_size=len(factors), max_size=len(factors)).map(
        lambda signs: "".join(f"{sign}{factor}" for sign, factor in zip(["", *signs[1:]], factors, strict=True))
    )


def calculation(products: list[list[int]]) -> Spelling:
    """A sum of products, each in parentheses or not; a single sum of two numbers is never a difference, which may be a range."""
    terms = [
        st.tuples(product(factors), st.booleans()).map(lambda drawn: f"({drawn[0]})" if drawn[1] else drawn[0])
        for factors in products
    ]
    return st.tuples(*terms).map(" + ".join)


def power(base: int, exponent: int) -> Spelling:
    """A power."""
    return st.sampled_from(POWERS).map(lambda sign: f"{base}{sign}{exponent}")


def decimal(number: Fraction, places: int) -> Spelling:
    """With so many places behind the point, or as a power of ten, in any script."""
    count = int(number * 10**places)
    sign = "-" if count < 0 else ""
    point = f"{sign}{abs(count) // 10**places}.{abs(count) % 10**places:0{places}}" if places else str(count)
    return st.one_of(
        st.sampled_from(ZEROS).map(lambda zero: in_script(point, zero)),
        st.sampled_from(
            [f"{count}e-{places}", f"{count}E-{places}", f"{count} × 10^-{places}", f"{count} / 10^{places}"]
        ),
    )


def with_unit(units: dict[str, Fraction]) -> st.SearchStrategy[tuple[str, Fraction]]:
    """A unit, with or without a blank before it, and what it multiplies by."""
    blank = st.sampled_from(["", " ", "\N{NO-BREAK SPACE}"])
    return st.tuples(blank, st.sampled_from(sorted(units))).map(lambda drawn: (drawn[0] + drawn[1], units[drawn[1]]))


def shape(sizes: tuple[int, ...]) -> Spelling:
    """Sizes with x or commas between them, in brackets or not."""
    between = st.sampled_from([",", ", ", "x", " x ", "×", " × ", "*", "X"])
    brackets: list[Callable[[str], str]] = [
        str,
        "({})".format,
        "[{}]".format,
        "torch.Size([{}])".format,
        "（{}）".format,
    ]
    return st.builds(lambda sign, around: around(sign.join(map(str, sizes))), between, st.sampled_from(brackets))

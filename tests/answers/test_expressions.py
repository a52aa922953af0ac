import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.answers.equivalence import equivalent
from grader.answers.expressions import parse, read_expression
from grader.answers.formulas import Constant, Expression, Operation, Symbol
from grader.answers.values import Plain
from grader.errors import Unreadable

N = ("n",)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("n+8", "n + 8"),
        ("N + 8", "n + 8"),
        ("2n+7", "2*n + 7"),
        ("2 n + 7", "2*n + 7"),
        ("2(n-1)", "2*(n - 1)"),
        ("n(n-1)", "n*(n - 1)"),
        ("(n+8)(n+8)", "(n + 8)*(n + 8)"),
        ("n × 3", "n*3"),
        ("n x 3", "n*3"),
        ("n^2", "n^2"),
        ("n**2", "n^2"),
        ("n²", "n^2"),
        ("n¹²+1", "n^12 + 1"),
        ("2n^2", "2*n^2"),
        ("-n^2", "-n^2"),
        ("(-n)^2", "(-n)^2"),
        ("--n", "n"),
        ("n - (1 - n)", "n - (1 - n)"),
        ("n / (2 / n)", "n/(2/n)"),
        ("1.50n", "1.5*n"),
        ("1e3 + n", "1000 + n"),
        ("floor((n-1)/2)+1", "floor((n - 1)/2) + 1"),
        ("Floor(n/2)", "floor(n/2)"),
        ("ceiling(n/2)", "ceil(n/2)"),
        ("⌊(n−1)/2⌋ + 1", "floor((n - 1)/2) + 1"),
        ("⌈n/2⌉", "ceil(n/2)"),
        ("(n-1)//2 + 1", "floor((n - 1)/2) + 1"),
        ("max(n, 1, 2) min(n,1,500)", "max(n, 1, 2)*min(n, 1, 500)"),
        ("２ｎ＋８", "2*n + 8"),
    ],
)
def test_a_formula_is_parsed_into_one_form(text: str, printed: str) -> None:
    assert str(parse(text, N)) == printed


def test_case_tells_symbols_apart_where_it_has_to() -> None:
    assert str(parse("N+n", ("n", "N"))) == "N + n"
    with pytest.raises(Unreadable, match="'STRIDE', which may be Stride or stride"):
        parse("STRIDE", ("Stride", "stride"))


def test_x_is_a_symbol_where_it_is_declared() -> None:
    assert str(parse("2x", ("x",))) == "2*x"
    assert str(parse("2x3", ())) == "2*3"


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("", r"ends too early \(character 1\)"),
        ("n+", r"ends too early \(character 3\)"),
        ("(n+8", r"ends too early \(character 5\); expected '\)'"),
        ("n+8)", r"unexpected '\)' \(character 4\)"),
        ("n 2", r"unexpected '2' \(character 3\)"),
        ("n!", r"unexpected '!' \(character 2\)"),
        ("⌊n/2⌉", r"unexpected '⌉' \(character 5\); expected '⌋'"),
        ("m+1", r"an unknown name 'm' \(character 1\); expected one of n"),
        ("sin(n)", "an unknown name 'sin'"),
        ("__import__('os')", "an unknown name '__import__'"),
        ("floor n", "unexpected 'n'"),
        ("floor(n, 2)", "a comma"),
        ("max(n)", "max of one number"),
        ("1/2n", r"1/2n may be .* \(character 4\); expected parentheses"),
        ("n//2n", "may be"),
        ("n^n", "a power that is no number or too large"),
        ("n^31", r"a whole number up to 30"),
        ("n^1.5", "a whole number up to 30"),
        ("n^-1", r"unexpected '-' \(character 3\)"),
        ("n^2^3", r"a power other than .* \(character 4\)"),
        ("9**9**9", r"a power other than"),
        ("((((n^30)^30)^30)^30)^30", "grow too large"),
        ("1e31 n", "an exponent of 31"),
        ("(" * 26 + "n" + ")" * 26, "more than 25 parentheses"),
        ("n+" * 100 + "n", "a text of 201 characters; expected at most 200"),
    ],
)
def test_what_is_no_formula_says_why_and_where(text: str, trouble: str) -> None:
    with pytest.raises(Unreadable, match=trouble):
        parse(text, N)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2n+7", 17),
        ("-n^2", -25),
        ("(-n)^2", 25),
        ("n/2", Fraction(5, 2)),
        ("floor(-n/2)", -3),
        ("ceil(n/2)", 3),
        ("max(n, 7) - min(n, 7)", 2),
        ("0.1n", Fraction(1, 2)),
        ("7 - 2 - n", 0),
        ("2n^2", 50),
        ("n/5/n", Fraction(1, 5)),
        ("3*-n", -15),
    ],
)
def test_a_formula_is_evaluated_exactly(text: str, value: int | Fraction) -> None:
    result = parse(text, N).value_at({"n": Fraction(5)})
    assert result == value
    assert isinstance(result, int | Fraction)


def test_a_division_by_zero_is_told() -> None:
    with pytest.raises(ZeroDivisionError):
        parse("1/(n-1)", N).value_at({"n": Fraction(1)})


@pytest.mark.parametrize(
    ("plain", "texts"),
    [
        ("n + 8", ["n + 8"]),
        ("r = n + 8", ["n + 8"]),
        ("receptive field = n + 8", ["n + 8"]),
        ("n + 3 + 5 = n + 8", ["n + 3 + 5"]),
        ("n+8 pixels", ["n + 8"]),
        ("n+8 pixels.", ["n + 8"]),
        ("(n+8) x (n+8)", ["n + 8, as a square of this side", "(n + 8)*(n + 8)"]),
        ("n+8 × n+8", ["n + 8, as a square of this side", "n + 8*n + 8"]),
        ("(n+8)*(n+8)", ["(n + 8)*(n + 8)"]),
        ("(n+8) x (n+7)", ["(n + 8)*(n + 7)"]),
        ("n x n x n", ["n*n*n"]),
        (141, ["141"]),
        (0.5, ["0.5"]),
        (Fraction(1, 3), ["1/3"]),
        ((141,), ["141"]),
        ("163,696", ["163 696"]),
        ("35K", ["35 × 1000 = 35 000", "35 × 1024 = 35 840"]),
        ("floor(7/2)", ["floor(7/2)"]),
    ],
)
def test_an_answer_is_read_as_a_formula(plain: Plain, texts: list[str]) -> None:
    readings = read_expression(plain, N)
    assert [reading.text for reading in readings] == texts
    assert all(isinstance(reading.value, Expression) for reading in readings)


def test_a_square_is_read_as_its_side_first() -> None:
    side, product = read_expression("(n+8) x (n+8)", N)
    assert side.value == parse("n+8", N)
    assert side.tags == (("notation", "size"),)
    assert product.value == parse("(n+8)(n+8)", N)


def test_a_counted_thing_may_be_a_symbol() -> None:
    assert read_expression("2 layers", ("layers",))[0].text == "2*layers"
    assert read_expression("2 pixels", N)[0].text == "2"


@pytest.mark.parametrize(
    ("plain", "trouble"),
    [
        ("n + 8 = n + 9", "two different formulas"),
        ("n = n + 8", "two different formulas"),
        ("n + 8 = m", r"an unknown name 'm' \(character 9\)"),
        (math.nan, "nan is no number to compute with"),
        (True, "a truth value"),
        (None, "nothing"),
        (("n", "+"), "a list of 2"),
    ],
)
def test_what_cannot_be_read_as_a_formula_says_why(plain: Plain, trouble: str) -> None:
    with pytest.raises(Unreadable, match=trouble):
        read_expression(plain, N)


LEAVES: st.SearchStrategy[Expression] = st.one_of(
    st.sampled_from([Symbol("n"), Symbol("W")]),
    st.integers(0, 99).map(lambda number: Constant(Fraction(number))),
    st.integers(0, 99).map(lambda number: Constant(Fraction(number, 4))),
)


def larger(smaller: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    pairs = st.tuples(smaller, smaller)
    exponents = st.integers(0, 3).map(lambda number: Constant(Fraction(number)))
    return st.one_of(
        st.builds(Operation, st.sampled_from("+-*/"), pairs),
        st.builds(Operation, st.sampled_from(["min", "max"]), pairs),
        st.builds(Operation, st.sampled_from(["negative", "floor", "ceil"]), st.tuples(smaller)),
        st.builds(Operation, st.just("^"), st.tuples(smaller, exponents)),
    )


FORMULAS = st.recursive(LEAVES, larger, max_leaves=8).filter(lambda formula: len(str(formula)) <= 200)


@given(FORMULAS)
def test_a_printed_formula_is_parsed_back(formula: Expression) -> None:
    assert equivalent(parse(str(formula), ("n", "W")), formula)


@given(FORMULAS, st.fractions(), st.sampled_from([Constant(Fraction(-3)), Constant(Fraction(1, 3))]))
def test_a_formula_with_any_constant_is_printed_as_an_equivalent_one(
    formula: Expression, number: Fraction, small: Constant
) -> None:
    for constant in (Constant(number.limit_denominator(10**6)), small):
        sum_of_both = Operation("-", (formula, Operation("*", (constant, constant))))
        if len(str(sum_of_both)) <= 200:
            assert equivalent(parse(str(sum_of_both), ("n", "W")), sum_of_both)


@given(FORMULAS)
def test_every_formula_is_the_same_as_itself_and_not_as_its_successor(formula: Expression) -> None:
    one = Constant(Fraction(1))
    twice = Operation("-", (Operation("+", (formula, formula)), formula))
    assert equivalent(twice, formula)
    undefined = all(_undefined(formula, n, w) for n in range(1, 4) for w in range(1, 4))
    assert undefined or not equivalent(Operation("+", (formula, one)), formula)


def _undefined(formula: Expression, n: int, w: int) -> bool:
    try:
        formula.value_at({"n": Fraction(n), "W": Fraction(w)})
    except ZeroDivisionError:
        return True
    return False


@given(st.text(max_size=210) | st.text("nW0123456789.()+-*/^x ,floorceilmax⌊⌋²=", max_size=210))
def test_no_text_raises_anything_but_unreadable(text: str) -> None:
    try:
        readings = read_expression(text, ("n", "W"))
    except Unreadable:
        return
    assert readings
    assert all(str(reading.value) for reading in readings)


def test_the_longest_formulas_stay_within_the_recursion_limit() -> None:
    for text in ("+".join("n" * 100), "-" * 199 + "n", "(" * 25 + "n" + ")" * 25, "n" + "(n)" * 66):
        formula = parse(text, N)
        assert equivalent(formula, parse(str(formula).replace(" ", ""), N))

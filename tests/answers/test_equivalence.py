import pytest

from grader.answers.equivalence import LARGE_POINTS, equivalent, seem_alike
from grader.answers.expressions import parse

N = ("n",)
CONVOLUTION = ("W", "F", "P", "S")


@pytest.mark.parametrize(
    ("left", "right", "symbols"),
    [
        ("n + 8", "8 + n", N),
        ("(n+1)^2", "n^2 + 2n + 1", N),
        ("floor((n-1)/2) + 1", "ceil(n/2)", N),
        ("floor(n/3) + floor((n+1)/3) + floor((n+2)/3)", "n", N),
        ("floor((W-F+2P)/S) + 1", "floor((W-F+2P+S)/S)", CONVOLUTION),
        ("floor((W-F+2P)/S) + 1", "ceil((W-F+2P+1)/S)", CONVOLUTION),
        ("max(n, 1)", "n", N),
        ("n/n", "1", N),
        ("1/(n-3)", "(n+1)/((n+1)(n-3))", N),
        ("0.5", "1/2", N),
        ("max(W,P)", "max(P,W)", CONVOLUTION),
    ],
)
def test_these_formulas_are_the_same(left: str, right: str, symbols: tuple[str, ...]) -> None:
    assert equivalent(parse(left, symbols), parse(right, symbols))


@pytest.mark.parametrize(
    ("left", "right", "symbols"),
    [
        ("n + 8", "n + 9", N),
        ("n + 8", "8", N),
        ("floor(n/2)", "ceil(n/2)", N),
        ("floor(n/32)", "floor((n+1)/32)", N),
        ("floor((n+5)/400)", "floor((n+6)/400)", N),
        ("max(n, 3)", "n", N),
        ("n*(n-1)/(n-1)", "n", N),
        ("(n-3)(n-3)/(n-3)", "n - 3", N),
        ("n^30", "n^30 + 1", N),
        ("floor((W-F+2P)/S) + 1", "ceil((W-F+2P)/S) + 1", CONVOLUTION),
        ("floor((W-F+2P)/S) + 1", "floor((W-F+P)/S) + 1", CONVOLUTION),
        ("floor((W-F+2P)/S) + 1", "(W-F+2P)/S + 1", CONVOLUTION),
        ("max(W,P)", "W", CONVOLUTION),
        ("1/3", "0.3333", N),
        ("n/3", "floor(n/3)", N),
        ("1/n", "1/n + 0*n/(n-7)", N),
        ("n/(1-1)", "n", N),
    ],
)
def test_these_formulas_are_told_apart(left: str, right: str, symbols: tuple[str, ...]) -> None:
    assert not equivalent(parse(left, symbols), parse(right, symbols))


def test_formulas_that_are_told_apart_by_small_numbers_alone_may_seem_alike() -> None:
    for left, right in (("max(n, 3)", "n"), ("floor((n+5)/400)", "floor((n+6)/400)")):
        assert seem_alike([parse(left, N), parse(right, N)])
        assert not equivalent(parse(left, N), parse(right, N))
    assert seem_alike([parse("n + 8", N)])
    assert not seem_alike([parse("n + 8", N), parse("8 + n", N), parse("n + 9", N)])


def test_no_formula_that_can_be_typed_has_as_many_roots_as_there_are_points() -> None:
    roots = "*".join(["(n-1048575)"] * 30)
    assert len(roots) > 200
    assert roots.count("n") < LARGE_POINTS

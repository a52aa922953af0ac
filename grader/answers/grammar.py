"""The grammar of formulas, read by recursive descent. Nothing is evaluated, and a formula's size and depth are bounded.

sum      = product { ("+" | "-") product }
product  = signed { ("*" | "x" | "/" | "//") signed | power }       a power behind a power is a product: 2n, 2(n-1)
signed   = { "+" | "-" } power
power    = atom [ ("^" | "**") whole number ]
atom     = numeral | symbol | function "(" sum { "," sum } ")" | "(" sum ")" | "⌊" sum "⌋" | "⌈" sum "⌉"
function = "floor" | "ceil" | "ceiling" | "max" | "min"
"""

from grader.answers.formulas import Constant, Expression, Operation, Symbol
from grader.answers.reading import TIMES
from grader.answers.text import EXPONENT, EXPRESSION_LENGTH, normalise, place, unexpected
from grader.answers.tokens import Token, tokens_of
from grader.errors import Unreadable

NESTING = 25  # parentheses in parentheses; the depth of the recursion
BITS = 2_500  # of the largest value in a formula, so that comparing stays fast

EXPECTED = "a formula such as 2*n + 7"
_ONE_ARGUMENT = {"floor", "ceil"}
_BRACKETS = {"\N{LEFT FLOOR}": ("\N{RIGHT FLOOR}", "floor"), "\N{LEFT CEILING}": ("\N{RIGHT CEILING}", "ceil")}


def parse(text: str, symbols: tuple[str, ...]) -> Expression:
    """The formula that a text of at most 200 characters spells in the declared symbols.

    Case counts where it tells symbols apart. Whatever else occurs is Unreadable, with its place.
    """
    return parse_normalised(normalise(text, EXPRESSION_LENGTH), symbols)


def parse_normalised(text: str, symbols: tuple[str, ...]) -> Expression:
    """As `parse`, for a text that is normalised, so that places stay those of a longer text around it."""
    expression = _Parser(text, tokens_of(text, symbols)).whole()
    if expression.bits > BITS:
        raise Unreadable("a formula with powers of powers that grow too large", expected=EXPECTED)
    return expression


class _Parser:
    """Descends through the tokens of one formula."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.next = 0
        self.nesting = 0

    def whole(self) -> Expression:
        """The formula, up to the end of the text."""
        expression = self._sum()
        self._take("")
        return expression

    @property
    def _token(self) -> Token:
        return self.tokens[self.next]

    def _take(self, kind: str) -> Token:
        """The next token, which has to be of this kind."""
        token = self._token
        if token.kind != kind:
            raise self._stop(f"{kind!r}" if kind else EXPECTED)
        self.next += 1
        return token

    def _stop(self, expected: str) -> Unreadable:
        return unexpected(self.text, self._token.position, expected)

    def _sum(self) -> Expression:
        expression = self._product()
        while self._token.kind in {"+", "-"}:
            sign = self._take(self._token.kind).kind
            expression = Operation(sign, (expression, self._product()))
        return expression

    def _product(self) -> Expression:
        expression, sign = self._signed(), ""
        while self._token.kind in {"*", TIMES, "/", "//"} or self._begins_an_atom():
            if self._begins_an_atom():
                if sign.startswith("/"):
                    raise Unreadable(
                        "1/2n may be 1/(2n) or (1/2)n", place=place(self._token.position), expected="parentheses"
                    )
                sign = "*"
                expression = Operation("*", (expression, self._power()))
            else:
                sign = self._take(self._token.kind).kind
                expression = _combined(sign, expression, self._signed())
        return expression

    def _begins_an_atom(self) -> bool:
        """Whether a factor follows without a sign. A numeral is none: "n 2" is no product."""
        return self._token.kind in {"symbol", "function", "(", *_BRACKETS}

    def _signed(self) -> Expression:
        negative = False
        while self._token.kind in {"+", "-"}:
            negative ^= self._take(self._token.kind).kind == "-"
        power = self._power()
        return Operation("negative", (power,)) if negative else power

    def _power(self) -> Expression:
        base = self._atom()
        if self._token.kind != "^":
            return base
        self._take("^")
        start = self._token
        exponent = self._atom()
        if not isinstance(exponent, Constant) or exponent.value.denominator > 1 or exponent.value > EXPONENT:
            wanted = f"a whole number up to {EXPONENT}"
            raise Unreadable("a power that is no number or too large", place=place(start.position), expected=wanted)
        return Operation("^", (base, exponent))

    def _atom(self) -> Expression:
        token = self._token
        if token.kind == "numeral":
            return Constant(self._take("numeral").value)
        if token.kind == "symbol":
            return Symbol(self._take("symbol").text)
        if token.kind == "function":
            return self._function(self._take("function").text)
        if token.kind in _BRACKETS:
            closing, function = _BRACKETS[token.kind]
            return Operation(function, (self._inside(token.kind, closing)[0],))
        return self._inside("(", ")")[0]

    def _function(self, name: str) -> Expression:
        position = self._token.position
        arguments = self._inside("(", ")", several=name not in _ONE_ARGUMENT)
        if name not in _ONE_ARGUMENT and len(arguments) == 1:
            raise Unreadable(f"{name} of one number", place=place(position), expected=f"{name}(a, b)")
        return Operation(name, arguments)

    def _inside(self, opening: str, closing: str, *, several: bool = False) -> tuple[Expression, ...]:
        """What stands in brackets: one formula, or several with commas between them."""
        if self._token.kind != opening:
            raise self._stop(EXPECTED)
        self._take(opening)
        self.nesting += 1
        if self.nesting > NESTING:
            raise Unreadable(f"more than {NESTING} parentheses in each other", expected=EXPECTED)
        inside = [self._sum()]
        while several and self._token.kind == ",":
            self._take(",")
            inside.append(self._sum())
        self._take(closing)
        self.nesting -= 1
        return tuple(inside)


def _combined(sign: str, left: Expression, right: Expression) -> Expression:
    """A product or quotient; Python's // is the floor of a quotient."""
    if sign == "//":
        return Operation("floor", (Operation("/", (left, right)),))
    return Operation("/" if sign == "/" else "*", (left, right))

"""Writes docs/problem-toml.md: every table and key of a problem file, and every kind of answer with an example that was run.

The keys and their words come from the pydantic models, the examples from docs/kinds.toml. Run this again after one of them
has changed:

    python scripts/write_reference.py
"""

import ast
import inspect
import tomllib
import types
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from inspect import cleandoc
from itertools import pairwise
from pathlib import Path
from textwrap import dedent
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

import numpy as np
import pandas as pd
import torch
from pydantic import AwareDatetime, BaseModel, TypeAdapter
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from grader.answers.decoding import decode
from grader.autograder_settings import AutograderSettings
from grader.checks import AnyCheck
from grader.checks.check import Check
from grader.errors import Unreadable
from grader.kernels.inside import encode
from grader.kernels.limits import Limits
from grader.late_rule import LateRule
from grader.problem_file import HomeworkFile, Mistake, Part, ProblemFile

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "docs" / "kinds.toml"
REFERENCE = ROOT / "docs" / "problem-toml.md"

# What the answers in docs/kinds.toml are written with.
NAMES = {"np": np, "pd": pd, "torch": torch, "Fraction": Fraction, "Decimal": Decimal}
WORDS: dict[Any, str] = {
    str: "text",
    bool: "true or false",
    int: "whole number",
    float: "number",
    Fraction: "number",
    AwareDatetime: "date and time with its zone",
    Any: "any value",
}
INTRODUCTION = """# Reference of the files of a course

Generated from the models that read the files, by `scripts/write_reference.py`; [authoring.md](authoring.md) is the guide. A key
that is not listed is an error, named with file, table and key. A number may be a whole number, a decimal, or a fraction as text
(`"1/3"`), and is taken exactly as written.
"""


def reference() -> str:
    """The whole page."""
    sections = [
        INTRODUCTION,
        _section("homeworks.toml: one table per homework", HomeworkFile),
        _section("Its table `limits`: what one notebook may take", Limits),
        _section("Its table `late`: what lateness costs", LateRule),
        _section("Its table `gradescope`: how it is graded inside Gradescope", AutograderSettings),
        _section("problem.toml", ProblemFile),
        _section("A table `mistakes.NAME`", Mistake),
        _section("A table `parts.NAME`", Part, without=("check",)),
        "The other keys of a part belong to its kind of answer.\n",
        "## Kinds of answers\n",
        *_kinds(),
    ]
    return "\n".join(sections)


def _section(title: str, model: type[BaseModel], without: tuple[str, ...] = ()) -> str:
    return f"## {title}\n\n{cleandoc(model.__doc__ or '')}\n\n{_keys(model, without)}"


def _keys(model: type[BaseModel], without: tuple[str, ...]) -> str:
    fields = {name: field for name, field in model.model_fields.items() if name not in without}
    if not fields:
        return "It has no keys of its own.\n"
    words = _words_below(model)
    rows = (
        f"| `{name}` | {_type(field)} | {_default(field)} | {_line(words.get(name))} |"
        for name, field in fields.items()
    )
    return "\n".join(["| key | value | by default | meaning |", "|---|---|---|---|", *rows]) + "\n"


def _words_below(model: type[BaseModel]) -> dict[str, str]:
    """What stands below each field of a class and of those it comes from.

    Read here, since pydantic would read them whenever the grader starts, which takes a quarter of a second.
    """
    words: dict[str, str] = {}
    for one in reversed([base for base in model.__mro__ if issubclass(base, BaseModel) and base is not BaseModel]):
        body = cast("ast.ClassDef", ast.parse(dedent(inspect.getsource(one))).body[0]).body
        for field, below in pairwise(body):
            match field, below:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                    words[name] = text
    return words


def _line(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


def _type(field: FieldInfo) -> str:
    return _type_words(field.annotation)


def _type_words(annotation: Any) -> str:  # noqa: PLR0911 - one form of type each
    if annotation in WORDS:
        return WORDS[annotation]
    origin, arguments = get_origin(annotation), [one for one in get_args(annotation) if one is not Ellipsis]
    if origin is Annotated:
        return _type_words(arguments[0])
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        origin, arguments = Literal, [one.value for one in annotation]
    if origin is Literal:
        return " or ".join(f'`"{one}"`' for one in arguments)
    if origin in {Union, types.UnionType}:
        known = [one for one in arguments if one is not types.NoneType]
        return (
            "a kind of answer"
            if any(_is_check(one) for one in known)
            else " or ".join(dict.fromkeys(map(_type_words, known)))
        )
    if origin in {tuple, list}:
        return f"list: {', '.join(dict.fromkeys(map(_type_words, arguments)))}"
    if origin is dict:
        return f"table: {_type_words(arguments[1])}"
    if _is_check(annotation):
        return "a kind of answer"
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return f"table: {', '.join(f'`{name}`' for name in annotation.model_fields)}" if is_model else "table"


def _is_check(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Check)


def _default(field: FieldInfo) -> str:
    default = field.get_default(call_default_factory=True, validated_data={})
    if default is PydanticUndefined:
        return "has to be given"
    if default is None or default in ({}, (), "") or isinstance(default, BaseModel):
        return ""
    return f"`{default.value if isinstance(default, Enum) else _plain(default)}`"


def _plain(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else float(value) if isinstance(value, Fraction) else value


def _kinds() -> Iterator[str]:
    examples = tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))
    for model in get_args(get_args(AnyCheck)[0]):
        names = get_args(model.model_fields["kind"].annotation)
        yield f"### {', '.join(names)}\n\n{cleandoc(model.__doc__ or '')}\n\n{_keys(model, ('kind',))}"
        yield _example(examples[names[0]])


def _example(example: dict[str, Any]) -> str:
    """The part as it is written, and what becomes of some answers, found out by running them."""
    check: Check = TypeAdapter(AnyCheck).validate_python(
        {key: value for key, value in tomllib.loads(example["part"]).items() if key != "points"}
    )
    expected = check.expect(_value(example["reference"])) if "reference" in example and check.solved else None
    pieces = [f"```toml\n{example['part'].strip()}\n```"]
    if check.solved:
        said = example.get("says") or f"`{example['reference']}`"
        pieces.append(f"The solver says {said}.")
    if example["answers"]:
        rows = (f"| `{answer}` | {_outcome(check, answer, expected)} |" for answer in example["answers"])
        pieces.append("\n".join(["| answer | what becomes of it |", "|---|---|", *rows]))
    else:
        pieces.append(example["instead"])
    return "\n\n".join(pieces) + "\n"


def _value(source: str) -> Any:
    return eval(source, dict(NAMES))  # noqa: S307 - our own file


def _outcome(check: Check, answer: str, expected: Any) -> str:
    try:
        readings = check.read(decode(encode(_value(answer))))
    except Unreadable as error:
        return _line(f"unreadable: {error}")
    match, reading = max(((check.compare(one, expected), one) for one in readings), key=lambda pair: pair[0].credit)
    if match.awaits and not match.right:
        return _line(f"awaits review: {match.awaits}")
    if match.unread and not match.right:
        return _line(f"pending, since a part of it cannot be read: {match.unread}")
    said = f". {match.message}" if match.message else ""
    share = "right" if match.right else f"{match.credit} of the points" if match.credit else "wrong"
    return _line(f"read as {reading.text}: {share}{said}")


def main() -> None:
    """Write the page."""
    REFERENCE.write_text(reference(), encoding="utf-8")


if __name__ == "__main__":
    main()

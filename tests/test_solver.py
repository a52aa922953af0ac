from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import ProblemError
from grader.solver import Inputs, SolveError, Solver

BOXES = """
def edges(side, kept=True):
    return 12 * side if kept else 0

def length(edges, glue=1):
    return edges + glue

def cost(length, edges, price, glue=1):
    return price * length + edges * glue

def _hidden(nobody_knows):
    return nobody_knows
"""


def solver(source: str, given: Mapping[str, Any] | None = None) -> Solver:
    module = ModuleType("boxes")
    module.__file__ = "reference/boxes.py"
    exec(source, vars(module))  # noqa: S102 - the test's own text
    return Solver(module, given or {})


def boxes() -> Solver:
    return solver(BOXES, {"side": 2, "price": 10})


def test_parameters_are_functions_given_numbers_or_assumptions() -> None:
    found = boxes()
    assert list(found.functions) == ["edges", "length", "cost"]
    assert found.assumptions == {"kept": True, "glue": 1}
    assert found.wanted == {"side", "price"}


def test_functions_that_were_imported_are_no_part_of_the_graph() -> None:
    assert list(solver("from os.path import join\ndef area(): return 1").functions) == ["area"]


def test_ancestors_are_the_functions_and_assumptions_below_a_function() -> None:
    assert boxes().ancestors("edges") == {"kept"}
    assert boxes().ancestors("cost") == {"length", "edges", "kept", "glue"}


def test_the_inputs_of_a_function_are_what_it_takes_itself() -> None:
    cost = boxes().inputs("cost")
    assert cost == Inputs(functions=("length", "edges"), given={"price": 10}, assumptions={"glue": 1})
    assert boxes().inputs("edges") == Inputs(functions=(), given={"side": 2}, assumptions={"kept": True})


def test_assumptions_have_their_intended_values_unless_others_are_given() -> None:
    assert boxes().solve("cost") == 10 * 25 + 24
    assert boxes().solve("cost", {"glue": 0}) == 240
    assert boxes().solve("cost", {"kept": False}) == 10


def test_a_substituted_function_is_not_evaluated_and_reaches_everything_above_it() -> None:
    assert boxes().solve("cost", substitute={"edges": 100}) == 10 * 101 + 100
    assert boxes().solve("cost", {"glue": 0}, {"length": 7}) == 70


def test_a_function_is_never_substituted_for_itself() -> None:
    assert boxes().solve("length", substitute={"length": 7}) == 25


def test_values_are_solved_once_and_assumptions_that_cannot_matter_do_not_count() -> None:
    counting = solver(
        "calls = []\ndef area(side, lid=True):\n    calls.append(lid)\n    return side\ndef other(wood=1): return wood",
        {"side": 2},
    )
    for assume in ({}, {"wood": 2}, {"wood": 3}, {"lid": False}):
        counting.solve("area", assume)
    assert counting.module.calls == [True, False]


def test_substituted_values_leave_no_trace() -> None:
    one = boxes()
    one.solve("cost", substitute={"edges": 100})
    assert one.solve("cost") == 10 * 25 + 24


def test_what_a_function_raises_is_named_with_the_function() -> None:
    broken = solver("def area(side): return 1 // side\ndef volume(area): return area", {"side": 0})
    with pytest.raises(SolveError, match=r"reference.boxes\.py: area: raised ZeroDivisionError"):
        broken.solve("volume")


@pytest.mark.parametrize(
    ("source", "place", "trouble"),
    [
        ("def area(side): return side", "area", "'side' is no function of the module"),
        ("def a(b): pass\ndef b(c): pass\ndef c(a): pass", "", "the functions need each other"),
        ("def a(a): pass", "a", "need each other: a -> a"),
        ("def a(k=1): pass\ndef b(k=2): pass", "b", "'k' has another default elsewhere"),
        ("def a(k=1): pass\ndef b(k=True): pass", "b", "'k' has another default elsewhere"),
        ("def a(k=1): pass\ndef b(k): pass", "b", "'k' has another default elsewhere, or none"),
        ("def a(k): pass\ndef b(k=1): pass", "b", "'k' has another default elsewhere, or none"),
        ("def a(): pass\ndef b(a=1): pass", "b", "'a' is a function of the module"),
        ("def a(k=None): pass", "a", "'k' needs a text, a number, True or False"),
        ("import numpy\ndef a(k=numpy.ones(2)): pass", "a", "'k' needs a text, a number, True or False"),
        ("def a(*k): pass", "a", "'k' needs a plain name"),
        ("def a(**k): pass", "a", "'k' needs a plain name"),
        ("def a(k, /): pass", "a", "'k' needs a plain name"),
    ],
)
def test_a_wrong_graph_is_found_at_once_and_named_with_file_and_function(source: str, place: str, trouble: str) -> None:
    with pytest.raises(ProblemError) as found:
        solver(source)
    assert found.value.file == str(Path("reference/boxes.py"))
    assert found.value.place == place or not place
    assert trouble in found.value.trouble


def test_a_circle_is_told_in_the_order_in_which_the_functions_need_each_other() -> None:
    with pytest.raises(ProblemError, match=r"a -> b -> c -> a|b -> c -> a -> b|c -> a -> b -> c"):
        solver("def a(b): pass\ndef b(c): pass\ndef c(a): pass")


def test_a_graph_of_many_diamonds_is_read_at_once() -> None:
    layers = ["def a0(): return 1\ndef b0(): return 1"]
    layers += [f"def a{n}(a{n - 1}, b{n - 1}): return 1\ndef b{n}(a{n - 1}, b{n - 1}): return 1" for n in range(1, 40)]
    assert len(solver("\n".join(layers)).ancestors("a39")) == 78


@given(st.integers(), st.integers(), st.booleans())
def test_substituting_what_a_function_returns_changes_nothing(side: int, glue: int, kept: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    one, assume = solver(BOXES, {"side": side, "price": 10}), {"glue": glue, "kept": kept}
    for name in ("edges", "length"):
        assert one.solve("cost", assume, {name: one.solve(name, assume)}) == one.solve("cost", assume)


def test_what_does_not_build_on_a_substituted_value_is_worked_out_once() -> None:
    source = """
calls = []

def slow():
    calls.append("called")
    return 2

def own():
    return 3

def later(slow, own, extra=0):
    return slow * own + extra
"""
    built = solver(source)
    assert [built.solve("later", {"extra": extra}, {"own": 10}) for extra in (0, 1, 2)] == [20, 21, 22]
    assert built.solve("later") == 6
    assert built.module.calls == ["called"]

import json
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.notebooks import Cell, Notebook
from grader.records import CellFailure, FailureKind
from grader.selfcheck.saved.names_set import names_set
from grader.selfcheck.saved.out_of_order import SavedRun, explained, saved_run


def saved(*counts: int | None, failed: tuple[int, ...] = ()) -> SavedRun:
    return SavedRun({place: count for place, count in enumerate(counts) if count is not None}, frozenset(failed))


def failed(cell: int, name: str, message: str) -> CellFailure:
    return CellFailure(cell=cell, kind=FailureKind.ERROR, name=name, message=message)


def missing(name: str, cell: int, *sources: str, run: SavedRun | None = None, others: tuple[int, ...] = ()) -> str:
    """What is said of a cell that fails because a name is missing."""
    notebook = Notebook(tuple(Cell("code", source) for source in sources))
    failures = [failed(other, "ValueError", "") for other in others]
    failures.append(failed(cell, "NameError", f"name {name!r} is not defined. Did you mean: 'y'?"))
    return explained(failures, notebook, run or saved(*range(1, len(sources) + 1)))[-1].explanation


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("x = y = 1\na, (b, *c) = z\nd.e = 1\nf[0] = 2\ng += 1", {"x", "y", "a", "b", "c", "g"}),
        ("import os.path, numpy as np\nfrom a.b import c as d", {"os", "np", "d"}),
        ("def f(a):\n    b = 1\n    global h\n    h = 2\nclass K:\n    q = 1", {"f", "h", "K"}),
        ("for i in a: pass\nwith b as c: pass\n[w for w in v if (u := w)]", {"i", "c", "u"}),
        ("del x\nprint(y)", set()),
        ("%matplotlib inline\n!pip install torch\nfiles = !ls\nx = 1", {"files", "x"}),
        ("%%time\nx = 1", {"x"}),
        ("%time x = 1\ny = 2", {"x", "y"}),
        ("%%bash\nx=1", set()),
        ("x = await f()", {"x"}),
        ("x = [1,", set()),
        ("x = '\\d'", {"x"}),
        ("(" * 5000, set()),
        ("x\0 = 1", set()),
    ],
)
def test_the_names_that_a_cell_sets_are_found_in_its_source(source: str, names: set[str]) -> None:
    assert names_set(source) == names


@given(st.text())
def test_no_source_makes_the_search_for_names_fail(source: str) -> None:
    assert isinstance(names_set(source), frozenset)


def test_a_name_that_a_later_cell_sets_is_told_with_that_cell() -> None:
    assert missing("x", 0, "print(x)", "y = 1", "x = 2") == "x is set in cell 3, which stands below: move it up."


def test_a_name_that_no_cell_sets_was_set_by_one_that_is_gone() -> None:
    words = "x is set in no cell any more: the cell that set it was changed or deleted."
    assert missing("x", 1, "y = 1", "print(x)") == words


def test_of_a_cell_that_never_worked_no_former_cell_is_supposed() -> None:
    assert missing("x", 1, "y = 1", "print(x)", run=saved(1, None)) == "x is set in no cell."
    assert missing("x", 1, "y = 1", "print(x)", run=saved(1, 2, failed=(1,))) == "x is set in no cell."


def test_a_name_whose_cell_failed_itself_is_told_with_that_cell() -> None:
    words = missing("x", 1, "x = 1 / 0", "print(x)", others=(0,))
    assert words == "x is set in cell 1, which failed itself."


def test_a_name_that_its_own_cell_sets_afterwards_is_told_so() -> None:
    assert "before this cell sets it" in missing("x", 0, "x = x + 1")


def test_a_missing_module_and_a_missing_file_are_told_with_what_helps() -> None:
    failures = [failed(0, "ModuleNotFoundError", "No module named 'x'"), failed(1, "FileNotFoundError", "data.csv")]
    module, file = explained(failures, Notebook((Cell("code", ""), Cell("code", ""))), saved(1, 2))
    assert sys.executable in module.explanation
    assert "Nothing but the notebook is there" in file.explanation
    assert module.worked_before
    assert file.worked_before


def test_a_cell_that_ran_out_of_time_is_none_that_only_worked_out_of_order() -> None:
    failure = CellFailure(cell=0, kind=FailureKind.TIMEOUT, name="seconds_per_cell", message="ran longer than 60 s")
    (one,) = explained([failure], Notebook((Cell("code", ""),)), saved(1))
    assert (one.worked_before, one.explanation) == (False, "")


@pytest.mark.parametrize(
    ("counts", "remark"),
    [
        ((1, 2, 3), ""),
        ((1, 5, None, 9), ""),
        ((None, None), ""),
        ((), ""),
        ((1, 7, 3), "When it was saved, cell 2 had run after cell 3, which stands below it."),
        ((4, None, 4), "When it was saved, cell 1 had run after cell 3, which stands below it."),
    ],
)
def test_counts_that_do_not_rise_show_that_cells_ran_out_of_order(counts: tuple[int | None, ...], remark: str) -> None:
    assert saved(*counts).remark.startswith(remark)
    assert bool(saved(*counts).remark) == bool(remark)


def as_file(*cells: dict[str, Any]) -> bytes:
    return json.dumps({"nbformat": 4, "cells": cells}).encode()


def test_a_saved_cell_worked_if_it_has_a_count_and_no_error() -> None:
    error = {"output_type": "error", "ename": "NameError"}
    run = saved_run(
        as_file(
            {"cell_type": "markdown", "execution_count": 9},
            {"cell_type": "code", "execution_count": 1, "outputs": [{"output_type": "stream"}]},
            {"cell_type": "code", "execution_count": 2, "outputs": [error]},
            {"cell_type": "code", "execution_count": None, "outputs": []},
        )
    )
    assert [run.worked(cell) for cell in range(4)] == [False, True, False, False]


@pytest.mark.parametrize("odd", [True, "1", 1.0, -1, [1], {"a": 1}, None, 0])
def test_whatever_a_file_has_in_place_of_counts_and_outputs_means_that_nothing_is_known(odd: object) -> None:
    run = saved_run(as_file({"cell_type": "code", "execution_count": odd, "outputs": odd}, {}))
    assert run == SavedRun({}, frozenset())
    assert saved_run(as_file({"cell_type": "code", "execution_count": 1, "outputs": [odd]})).worked(0)

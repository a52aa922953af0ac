import pytest

from grader.notebooks import Cell, Notebook
from grader.records import Answer, Asked, Captured, CellFailure, Execution, FailureKind
from grader.taking import take_answers

BLANK, NONE = {"t": "ellipsis"}, {"t": "none"}


def value(number: int) -> dict[str, str]:
    return {"t": "int", "v": str(number)}


def answer(
    cells: list[str | Cell], captured: dict[int, dict[str, str]], failures: tuple[CellFailure, ...] = ()
) -> Answer:
    """The answer "x" of the released cell "home"; a source in angle brackets has that id."""
    notebook = Notebook(
        tuple(Cell("code", c.strip("<>"), "home" if c[0] == "<" else None) if isinstance(c, str) else c for c in cells)
    )
    seen = tuple(Captured(variable="x", cell=cell, data=data) for cell, data in captured.items())
    other = Captured(variable="y", cell=0, data=value(99))
    execution = Execution(notebook={}, captured=(other, *seen), failures=failures, isolation="none")
    return take_answers(execution, notebook, {"x": Asked(cell_id="home")})["x"]


@pytest.mark.parametrize(
    ("cells", "captured", "taken", "cell"),
    [
        (["<x = 1>"], {0: value(1)}, value(1), 0),
        (["<x = 1>", "x = 2"], {0: value(1), 1: value(2)}, value(1), 0),
        (["x = 1", "<y = x>", "x = 2"], {0: value(1), 2: value(2)}, value(1), 0),
        (["x = 1", "x = 2"], {0: value(1), 1: value(2)}, value(2), 1),
        (["# Answer: x\nx = 1", "x = 2"], {0: value(1), 1: value(2)}, value(1), 0),
        (["#Answer: xy\nx = 1", "x = 2"], {0: value(1), 1: value(2)}, value(2), 1),
        (["y = 3\n# Answer: x", "x = 2"], {0: BLANK, 1: value(2)}, value(2), 1),
        (["<x = ...>", "x = 2"], {0: BLANK, 1: value(2)}, value(2), 1),
        (["x = 2", "<x = None>"], {0: value(2), 1: NONE}, value(2), 0),
        (["<x = 1>", "<x = 2>", "x = 3"], {0: value(1), 1: value(2), 2: value(3)}, value(2), 1),
        (["<x = 1>", "<x = ...>", "x = 3"], {0: value(1), 1: BLANK, 2: value(3)}, value(1), 0),
        (["<x = ...>"], {0: BLANK}, BLANK, 0),
        ([Cell("markdown", "", "home"), "x = 2"], {1: value(2)}, value(2), 1),
    ],
)
def test_the_value_at_the_answer_cell_counts(
    cells: list[str | Cell], captured: dict[int, dict[str, str]], taken: dict[str, str] | None, cell: int | None
) -> None:
    assert answer(cells, captured) == Answer(variable="x", data=taken, cell=cell)


def test_an_answer_cell_that_was_not_reached_does_not_count() -> None:
    failures = (
        CellFailure(cell=1, kind=FailureKind.DIED, message="ended the kernel"),
        CellFailure(cell=2, kind=FailureKind.NOT_REACHED, message="the kernel ended in cell 2"),
    )
    assert answer(["<x = 1>", "exit()", "<x = 2>"], {0: value(1)}, failures).data == value(1)


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (
            CellFailure(cell=1, kind=FailureKind.ERROR, name="NameError", message="a\nb"),
            "cell 2 stopped with NameError: a b",
        ),
        (CellFailure(cell=1, kind=FailureKind.TIMEOUT, message="ran longer than 60 s"), "cell 2 ran longer than 60 s"),
        (CellFailure(cell=1, kind=FailureKind.DIED, message="ended the kernel"), "cell 2 ended the kernel"),
        (CellFailure(cell=1, kind=FailureKind.NOT_REACHED, message="why"), "cell 2 was not reached: why"),
        (
            CellFailure(cell=1, kind=FailureKind.ERROR, name="NameError", message="a", without=(0, 4)),
            "cell 2, run without cell 1 and cell 5, stopped with NameError: a",
        ),
        (
            CellFailure(cell=1, kind=FailureKind.DIED, message="used too much; the notebook ran again without it"),
            "cell 2 used too much; the notebook ran again without it",
        ),
    ],
)
@pytest.mark.parametrize("captured", [{}, {0: BLANK}])
def test_a_failure_that_mentions_the_variable_says_why_there_is_no_answer(
    failure: CellFailure, words: str, captured: dict[int, dict[str, str]]
) -> None:
    assert answer(["x = ...", "<x = f(1)>"], captured, (failure,)).did_not_run == words


def test_an_answer_that_was_seen_counts_though_its_cell_was_left_out_later() -> None:
    failure = CellFailure(cell=0, kind=FailureKind.DIED, message="ended the kernel when it ran again", without=(1,))
    assert answer(["<x = 1>", "crash()"], {0: value(1)}, (failure,)).data == value(1)


def test_an_answer_given_after_a_cell_that_was_left_out_counts() -> None:
    failure = CellFailure(cell=0, kind=FailureKind.DIED, message="ended the kernel; the notebook ran again without it")
    assert answer(["crash()", "<x = 1>"], {1: value(1)}, (failure,)).data == value(1)


def test_a_failure_elsewhere_leaves_the_answer_blank() -> None:
    failure = CellFailure(cell=1, kind=FailureKind.ERROR, name="E")
    assert answer(["<x = ...>", "xs = max_x(1)"], {0: BLANK}, (failure,)).did_not_run == ""


def test_an_answer_that_is_there_needs_no_excuse() -> None:
    failure = CellFailure(cell=1, kind=FailureKind.ERROR, name="E")
    assert answer(["<x = 1>", "x + undefined"], {0: value(1)}, (failure,)) == Answer(
        variable="x", data=value(1), cell=0
    )


def test_a_long_reason_is_cut() -> None:
    failure = CellFailure(cell=0, kind=FailureKind.ERROR, name="E", message="m" * 1000)
    assert len(answer(["<x = f()>"], {}, (failure,)).did_not_run) == 200


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["<y = 1>"], "cell 1 does not set x"),
        (["y = 1", "# Answer: x\ny = 483"], "cell 2 does not set x"),
        ([Cell("markdown", "x is 483", "home")], "cell 1 is no code cell any more, so that nothing set x"),
        (["<>"], ""),
        (["<# Answer: x>"], ""),
        (["y = 1"], ""),
    ],
)
def test_an_answer_cell_that_holds_something_else_is_a_lost_answer(cells: list[str | Cell], words: str) -> None:
    assert answer(cells, {}).lost == words

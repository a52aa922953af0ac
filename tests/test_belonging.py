from collections.abc import Iterator

import pytest

from grader.belonging import belongings
from grader.labels import label
from grader.notebooks import Cell, Notebook

QUESTION, ANSWER, OTHER = "## What?\n\n" + label("question", "x"), label("answer", "x"), label("question", "y")


def text(*cells: str | Cell, variable: str | None = "x") -> list[str]:
    """What belongs to the answer, of Markdown cells unless it says otherwise."""
    notebook = Notebook(tuple(cell if isinstance(cell, Cell) else Cell("markdown", cell) for cell in cells))
    return [piece.text for piece in belongings(notebook, ("x", "y")).get(variable, []) if piece.text]


def places() -> Iterator[tuple[str, list[str | Cell]]]:
    yield "in its own cell", [QUESTION, f"{ANSWER}\n\nmine", OTHER]
    yield "above the label", [QUESTION, f"mine\n{ANSWER}", OTHER]
    yield "in cells added below", [QUESTION, ANSWER, "mine", OTHER]
    yield "in a cell between question and answer", [QUESTION, "mine", ANSWER, OTHER]
    yield "behind code of the student", [QUESTION, ANSWER, Cell("code", "y = 2"), "mine", OTHER]
    yield "behind the question in its cell", [QUESTION + "\nmine", ANSWER, OTHER]
    yield "below the question, the answer's cell deleted", [QUESTION, "mine", OTHER]
    yield "in a raw cell", [QUESTION, Cell("raw", f"{ANSWER}\nmine"), OTHER]
    yield "in a cell known by its id", [Cell("markdown", "mine", "answer-x"), OTHER]
    yield "below a question known by its id", [Cell("markdown", "## What?", "question-x"), "mine", OTHER]
    yield "merged with the next question", [QUESTION, f"{ANSWER}\nmine\n\n{OTHER}", "not mine"]
    yield "before the next problem", [ANSWER, "mine", label("problem", "p"), "not mine"]
    yield "before a question known by its id", [ANSWER, "mine", Cell("markdown", "## Next?", "question-y"), "not mine"]
    yield "before the answer to the next", [ANSWER, "mine", Cell("code", "# Answer: y\ny = 2"), "not mine"]


@pytest.mark.parametrize(("cells"), [pytest.param(cells, id=place) for place, cells in places()])
def test_an_answer_is_found(cells: list[str | Cell]) -> None:
    found = [piece for piece in text(*cells) if piece != "y = 2"]
    assert found == ["mine"]


def test_a_copied_id_gives_way_to_the_label_in_the_text() -> None:
    copied = Cell("markdown", f"{label('answer', 'y')}\nmine", "answer-x")
    assert text(copied) == []
    assert text(copied, variable="y") == ["mine"]


def test_a_label_of_what_nobody_asked_for_is_text() -> None:
    strange = f"{label('answer', 'z')} words"
    assert text(ANSWER, strange) == ["words"]


def test_what_stands_before_the_first_question_belongs_to_none() -> None:
    assert text("Name: Ada", QUESTION, "mine", variable=None) == ["Name: Ada"]

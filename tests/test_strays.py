"""Where text may be meant for a part without an answer; "x" and "y" are written, "n" is computed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.belonging import belongings
from grader.labels import PLACEHOLDER, label
from grader.notebooks import Cell, Notebook
from grader.records import Answer, Asked, Execution
from grader.strays import text_elsewhere
from grader.taking import take_answers

ASKED = {name: Asked(cell_id=f"answer-{name}", written=name != "n") for name in ("x", "y", "n")}
TITLE, PROBLEM = f"# Homework\n\n{label('homework', 'hw')}", f"About.\n\n{label('problem', 'p')}"
QUESTION = {name: f"## What is {name}?\n\n{label('question', name)}" for name in ASKED}
BLANK = {name: f"{label('answer', name)}\n\n{PLACEHOLDER}" for name in ("x", "y")}
NUMBER = Cell("code", "# Answer: n\nn = ...")
RELEASED: tuple[str | Cell, ...] = (
    *(TITLE, PROBLEM, QUESTION["x"], BLANK["x"], QUESTION["y"], BLANK["y"], QUESTION["n"], NUMBER),
)
MEANT = "nothing stands below its question, but the text in cell {} may be meant for it"
BELOW = "n is not set, but there is text below its question, in cell {}"


def notebook(*cells: str | Cell) -> Notebook:
    return Notebook(tuple(cell if isinstance(cell, Cell) else Cell("markdown", cell) for cell in cells))


def elsewhere(*cells: str | Cell) -> dict[str, str]:
    return text_elsewhere(ASKED, belongings(notebook(*cells), ASKED))


@pytest.mark.parametrize(
    "cells",
    [
        RELEASED,
        (f"# Homework\nName: Ada, 123\n\n{label('homework', 'hw')}\nName: Ada, 123", *RELEASED[1:]),
        (*RELEASED[:1], "Name: Ada, 123", *RELEASED[1:]),
        (*RELEASED[:2], "I worked alone.", *RELEASED[2:]),
        (*RELEASED[:4], "My answer to x.", *RELEASED[4:]),
        (*RELEASED, "", " \n", "...", Cell("code", "print('n')")),
    ],
)
def test_a_notebook_whose_texts_all_have_their_place_has_none_elsewhere(cells: tuple[str | Cell, ...]) -> None:
    assert set(elsewhere(*cells).values()) == {""}


def test_all_answers_in_one_cell_at_the_end_may_be_meant_for_every_part_without_one() -> None:
    found = elsewhere(*RELEASED, "## My answers\n\n1. It is.\n2. It is not.\n3. 1 234")
    assert found == {"x": MEANT.format(9), "y": MEANT.format(9), "n": BELOW.format(9)}


def test_text_between_a_problem_and_its_first_question_may_be_meant_for_others() -> None:
    found = elsewhere(*RELEASED, label("problem", "q"), "1. It is.", label("question", "z"))
    assert found == {"x": MEANT.format(10), "y": MEANT.format(10), "n": ""}


def test_a_number_below_its_cell_may_be_meant() -> None:
    assert elsewhere(*RELEASED, "I get **1 234** parameters.")["n"] == BELOW.format(9)


def test_a_number_behind_its_question_may_be_meant() -> None:
    assert elsewhere(*RELEASED[:6], f"{QUESTION['n']}\n1 234", NUMBER)["n"] == BELOW.format(7)


def test_a_part_whose_cells_are_gone_may_be_meant_by_text_anywhere() -> None:
    gone = "the cells of x are gone, and cell {} may be meant for it"
    assert elsewhere(TITLE, PROBLEM, "It is.", *RELEASED[4:])["x"] == gone.format(3)
    assert elsewhere(TITLE, PROBLEM, *RELEASED[4:], "It is.")["x"] == gone.format(7)


@given(st.lists(st.sampled_from([*RELEASED, "My words.", Cell("code", "z = 1")]), max_size=12))
def test_whatever_becomes_of_a_notebook_words_below_its_first_question_are_shown_or_told_of_in_every_empty_part(
    cells: list[str | Cell],
) -> None:
    cells = [QUESTION["x"], *cells, "My words."]
    run = Execution(notebook={"cells": []}, isolation="none")
    answers = take_answers(run, notebook(*cells), ASKED)
    shown = sum(_words(answer).count("My words.") for answer in answers.values())
    empty = [answer for name, answer in answers.items() if name != "n" and not _words(answer)]
    assert shown == cells.count("My words.") or all(answer.elsewhere for answer in empty)


def _words(answer: Answer) -> str:
    return str(answer.data["v"]) if answer.data else ""

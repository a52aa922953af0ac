"""Answers to written parts, taken from notebooks whose run is made up."""

from typing import Any

import pytest

from grader.labels import FIGURE_HINT, PLACEHOLDER, label
from grader.notebooks import Cell, Notebook
from grader.pictures import MAX_PICTURES
from grader.records import Answer, Asked, Captured, CellFailure, Execution, FailureKind
from grader.showing import MAX_CHARACTERS
from grader.taking import take_answers
from tests.written_homework import png, text

QUESTION, HOME = Cell("markdown", label("question", "x")), f"{label('answer', 'x')}\n\n"
BLANK, OTHER = Cell("markdown", HOME + PLACEHOLDER), Cell("markdown", label("question", "y"))


def taken(
    *cells: Cell,
    drawn: bool = False,
    values: dict[int, Any] | None = None,
    failures: tuple[CellFailure, ...] = (),
    outputs: dict[int, list[dict[str, str]]] | None = None,
) -> Answer:
    """The answer "x" after a run in which it was set to these values and cells showed these pictures."""
    shown = [{"outputs": [{"data": data} for data in (outputs or {}).get(index, [])]} for index in range(len(cells))]
    captured = tuple(Captured(variable="x", cell=cell, data=data) for cell, data in (values or {}).items())
    execution = Execution(notebook={"cells": shown}, captured=captured, failures=failures, isolation="none")
    asked = {"x": Asked(cell_id="answer-x", written=True, drawn=drawn), "y": Asked(cell_id="answer-y")}
    return take_answers(execution, Notebook(cells), asked)["x"]


def words(answer: Answer) -> str:
    return str(answer.data["v"]) if answer.data else ""


def string(value: str) -> dict[str, str]:
    return {"t": "str", "v": value}


def failed(cell: int, name: str = "NameError", kind: FailureKind = FailureKind.ERROR) -> CellFailure:
    return CellFailure(cell=cell, kind=kind, name=name, message="why")


@pytest.mark.parametrize(
    "source",
    ['check("x")', "check()", "%grader x", "%load_ext grader\n%grader", "from grader import check\ncheck('x', 'y');"],
)
def test_a_cell_that_only_asks_the_self_check_is_no_answer(source: str) -> None:
    asks = Cell("code", source)
    assert taken(QUESTION, BLANK, asks, OTHER) == Answer(variable="x")
    assert words(
        taken(
            QUESTION,
            BLANK,
            Cell("code", f"{source}\nbecause it is sparse"),
            OTHER,
            failures=(failed(2, "SyntaxError"),),
        )
    )


@pytest.mark.parametrize("source", [HOME + PLACEHOLDER, HOME, f"  {HOME}\n \n", f"{HOME}...", f"{HOME}TODO"])
def test_an_untouched_answer_is_blank(source: str) -> None:
    assert taken(QUESTION, Cell("markdown", source)) == Answer(variable="x")


def test_several_cells_make_one_answer_at_the_first_of_them() -> None:
    answer = taken(QUESTION, BLANK, Cell("markdown", "One."), Cell("code", "1 + 1"), Cell("markdown", "Two."))
    assert (words(answer), answer.cell) == ("One.\n\nTwo.", 2)


def test_a_string_in_a_code_cell_is_an_answer() -> None:
    answer = taken(QUESTION, Cell("code", "# Answer: x\nx = 'It is.'"), values={1: string("It is.")})
    assert (words(answer), answer.cell) == ("It is.", 1)


def test_a_text_and_a_string_are_both_kept() -> None:
    answer = taken(QUESTION, Cell("markdown", f"{HOME}One."), Cell("code", "x = 'Two.'"), values={2: string("Two.")})
    assert words(answer) == "One.\n\nTwo."


def test_a_variable_of_the_same_name_does_not_displace_a_text() -> None:
    answer = taken(Cell("markdown", f"{HOME}One."), values={0: {"t": "unsupported", "type": "torch.nn.Dropout"}})
    assert words(answer) == "One."


@pytest.mark.parametrize("value", [{"t": "int", "v": "5"}, {"t": "list", "v": [string("One.")]}])
def test_any_other_value_is_left_for_a_person(value: Any) -> None:
    assert taken(BLANK, Cell("code", "x = 5"), values={1: value}).data == value


@pytest.mark.parametrize(
    ("source", "failure"),
    [
        ("It is non-linear.", failed(1, "SyntaxError")),
        ("Nonlinearity", failed(1)),
        ("# It is non-linear.", None),
        ('"It is non-linear."', None),
        ('x = "It is " + non_linear', failed(1)),
        ('x = "It is non-linear."', failed(1, kind=FailureKind.NOT_REACHED)),
        ('x = "It is non-linear."', failed(1, kind=FailureKind.TIMEOUT)),
    ],
)
def test_words_in_a_code_cell_that_nothing_keeps_are_shown_as_they_stand(
    source: str, failure: CellFailure | None
) -> None:
    for cell in (Cell("code", f"# Answer: x\n{source}"), Cell("code", source, "answer-x")):
        answer = taken(QUESTION, cell, failures=(failure,) if failure else ())
        assert (words(answer), answer.did_not_run) == (source, "")


def test_a_converted_cell_keeps_its_comment_and_is_shown() -> None:
    cell = Cell("code", f"{HOME}It is non-linear.")
    assert words(taken(QUESTION, cell, failures=(failed(1, "SyntaxError"),))) == "It is non-linear."


@pytest.mark.parametrize(
    ("source", "failure"),
    [
        ('print("nonlinear, differentiable")', None),
        ("%%markdown\nIt is non-linear.", None),
        ("%%html\n<b>It is non-linear.</b>", None),
        ('display(Markdown("more data"))', None),
        ('display(Markdown("more data"))', failed(2)),
        ('answer = "damps zigzag"', None),
        ('xx = "a slip in the name"', failed(2, kind=FailureKind.NOT_REACHED)),
        ('print("noise helps")  # memory too', None),
        ("x = ...  # memory too", None),
        ("# It is non-linear.\nx = ...", None),
    ],
)
def test_where_there_is_no_text_the_code_below_the_question_is_shown(source: str, failure: CellFailure | None) -> None:
    failures = (failure,) if failure else ()
    for cell in (BLANK, Cell("markdown", ""), Cell("code", "# Answer: x\nx = ...")):
        answer = taken(QUESTION, cell, Cell("code", source), values={1: {"t": "ellipsis"}}, failures=failures)
        assert (words(answer), answer.cell, answer.did_not_run, answer.lost) == (source, 2, "", "")


def test_code_in_place_of_the_deleted_cell_is_shown_too() -> None:
    assert words(taken(QUESTION, Cell("code", 'print("It is.")'), OTHER)) == 'print("It is.")'


def test_all_code_is_shown_where_a_comment_is_the_only_text() -> None:
    answer = taken(QUESTION, BLANK, Cell("code", "# my answer"), Cell("code", "print('It is.')"))
    assert words(answer) == "# my answer\n\nprint('It is.')"


def test_code_beside_a_text_is_not_shown() -> None:
    assert words(taken(QUESTION, Cell("markdown", f"{HOME}One."), Cell("code", "print(1 + 1)"))) == "One."


@pytest.mark.parametrize("source", ["x = ...", "x = None", 'x = ""', "# ...", "\n", "x = ...\n# TODO"])
def test_a_code_cell_in_which_nothing_is_said_leaves_the_answer_blank(source: str) -> None:
    assert taken(QUESTION, Cell("code", f"# Answer: x\n{source}"), OTHER) == Answer(variable="x")


def test_code_below_the_next_question_is_not_shown() -> None:
    assert taken(QUESTION, BLANK, OTHER, Cell("code", "z = 1"), Cell("code", "# Answer: y\ny = z")).data is None


def test_where_both_cells_are_gone_words_that_belong_to_nothing_are_for_a_person() -> None:
    assert taken(Cell("markdown", "I think so.")).elsewhere == "the cells of x are gone, and cell 1 may be meant for it"
    assert taken(Cell("code", "y = 1")).elsewhere == ""
    assert taken(Cell("markdown", "Ada"), QUESTION, BLANK).elsewhere == ""


def test_an_empty_answer_that_a_failure_mentions_did_not_fail_where_text_may_be_meant_for_it() -> None:
    cells = [QUESTION, BLANK, OTHER, Cell("code", "# Answer: y\ny = x")]
    assert taken(*cells, failures=(failed(3),)).did_not_run != ""
    answer = taken(*cells, Cell("markdown", "1. It is."), failures=(failed(3),))
    assert (answer.did_not_run, bool(answer.elsewhere)) == ("", True)


@pytest.mark.parametrize("mime", ["image/png", "image/jpeg"])
def test_what_the_code_shows_is_a_figure(mime: str) -> None:
    cell = Cell("code", "# Answer: x\nplt.show()")
    answer = taken(QUESTION, cell, drawn=True, outputs={1: [{"text/plain": "5"}, {mime: text(png())}]})
    assert ([picture.data for picture in answer.pictures], answer.data, answer.cell) == ([text(png())], None, 1)


def test_a_figure_shown_before_the_cell_failed_counts() -> None:
    cell = Cell("code", "# Answer: x\nplt.show()\n1 / 0")
    answer = taken(QUESTION, cell, drawn=True, outputs={1: [{"image/png": text(png())}]}, failures=(failed(1),))
    assert (len(answer.pictures), answer.data, answer.did_not_run) == (1, None, "")


def test_a_figure_whose_cell_failed_did_not_run() -> None:
    for source in ("# Answer: x\nplt.plot(", "# Answer: x\nplt.plot(1)"):
        answer = taken(QUESTION, Cell("code", source), drawn=True, failures=(failed(1, "SyntaxError"),))
        assert (answer.did_not_run, answer.lost) == ("cell 2 stopped with SyntaxError: why", "")


def test_a_figure_whose_cell_failed_did_not_run_although_its_comment_is_gone() -> None:
    answer = taken(QUESTION, Cell("code", "plt.plot(1)", "answer-x"), drawn=True, failures=(failed(1),))
    assert answer.did_not_run == "cell 2 stopped with NameError: why"


def test_a_figure_drawn_in_a_cell_below_is_found() -> None:
    answer = taken(QUESTION, BLANK, Cell("code", "plt.show()"), drawn=True, outputs={2: [{"image/png": text(png())}]})
    assert (len(answer.pictures), answer.cell) == (1, 2)


@pytest.mark.parametrize("source", [FIGURE_HINT, "", "# I could not do it.", "x = ..."])
def test_a_figure_cell_without_code_is_blank(source: str) -> None:
    answer = taken(QUESTION, Cell("code", f"# Answer: x\n{source}"), drawn=True)
    assert answer == Answer(variable="x")


def test_a_figure_cell_whose_code_shows_nothing_is_for_a_person() -> None:
    answer = taken(QUESTION, Cell("code", "# Answer: x\nplt.savefig('a.png')"), drawn=True)
    assert answer.lost == "cell 2 shows no picture in PNG or JPEG"


def test_code_below_an_untouched_figure_cell_that_shows_nothing_is_for_a_person() -> None:
    answer = taken(QUESTION, Cell("code", f"# Answer: x\n{FIGURE_HINT}"), Cell("code", "plot()"), drawn=True)
    assert answer.lost == "cell 3 shows no picture in PNG or JPEG"


def test_words_below_a_figure_whose_code_failed_are_kept() -> None:
    cells = [QUESTION, Cell("code", "# Answer: x\nplot()"), Cell("markdown", "See https://example.org/figure.png")]
    answer = taken(*cells, drawn=True, failures=(failed(1),))
    assert (words(answer), answer.did_not_run) == ("See https://example.org/figure.png", "")


def test_a_picture_that_is_not_shown_is_told_in_the_text() -> None:
    cell = Cell("code", "# Answer: x\nplt.show()")
    answer = taken(QUESTION, cell, drawn=True, outputs={1: [{"image/svg+xml": "<svg/>", "text/plain": "x"}]})
    assert words(answer) == "[a picture of cell 2 is an SVG; save it as PNG and attach that]"


def test_of_many_pictures_the_rest_is_counted() -> None:
    shown = [{"image/png": text(png())}] * (MAX_PICTURES + 5)
    answer = taken(Cell("code", "# Answer: x\ndraw()"), drawn=True, outputs={0: shown})
    assert len(answer.pictures) == MAX_PICTURES
    assert words(answer) == "[5 more pictures are not shown here, but they are in the notebook]"


@pytest.mark.parametrize("length", [MAX_CHARACTERS + 1, 10**6])
def test_a_text_that_is_too_long_is_cut_and_says_so(length: int) -> None:
    shown = words(taken(Cell("markdown", HOME + "w" * length)))
    assert len(shown) <= MAX_CHARACTERS
    assert shown.startswith("w" * 9_000)
    assert shown.endswith(f"[Cut here: of {length:,} characters the first are shown, the notebook as it ran has all]")

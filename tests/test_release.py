import ast
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader.course import Homework
from grader.kernels.inside import encode
from grader.labels import labels_in, variable_of
from grader.loading import load_course
from grader.marking import Marker
from grader.notebooks import Notebook, read_notebook
from grader.records import Captured, Execution, Outcome
from grader.release import release
from grader.taking import take_answers
from tests import written_homework
from tests.courses import HOMEWORKS, PROBLEM, replaced, write_course

OWN = load_course(Path(__file__).parents[1])


@pytest.fixture(params=[*OWN.homeworks, "odd", "words and pictures"])
def homework(request: pytest.FixtureRequest, tmp_path: Path) -> Homework:
    """Every homework of the project's own course, one with long names and odd points, and one that a person marks."""
    if request.param in OWN.homeworks:
        return OWN.homework(request.param)
    if request.param != "odd":
        return written_homework.homework(tmp_path)
    problem = replaced(PROBLEM, "points = 2", f'points = "1/3"\nvariable = "{"v" * 55}"')
    return load_course(write_course(tmp_path, problem=problem)).homework("hw1")


def answer_cells(notebook: Any) -> dict[str, str]:
    """Id and source of every code cell."""
    return {cell["id"]: cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"}


def test_the_notebook_is_valid_and_survives_being_written(homework: Homework) -> None:
    notebook = release(homework)
    nbformat.validate(notebook)
    assert json.loads(json.dumps(notebook)) == notebook
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)


def test_ids_are_unique_and_the_same_every_time(homework: Homework) -> None:
    ids = [cell["id"] for cell in release(homework)["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name) for name in ids)
    assert release(homework) == release(homework)


def test_every_computed_part_has_one_code_cell_that_sets_its_variable_to_nothing_yet(homework: Homework) -> None:
    cells = answer_cells(release(homework))
    computed = {name: one for name, one in homework.asked.items() if not one.written}
    assert computed
    for name, one in computed.items():
        assert cells[one.cell_id] == f"# Answer: {name}\n{name} = ..."
    for source in cells.values():
        ast.parse(source)


def test_words_and_sketches_have_a_text_cell_and_figures_by_code_a_code_cell(tmp_path: Path) -> None:
    cells = {cell["id"]: cell for cell in release(written_homework.homework(tmp_path))["cells"]}
    for name in ("dropout", "sketch"):
        answer = cells[f"answer-{name}"]
        assert answer["cell_type"] == "markdown"
        assert answer["source"] == f"<!-- Answer: {name} -->\n\n*Your answer here.*"
    assert cells["answer-losses"]["cell_type"] == "code"
    assert cells["answer-losses"]["source"].startswith("# Answer: losses\n# Draw ")


def test_how_to_answer_is_told_for_the_kinds_that_are_asked_for(tmp_path: Path) -> None:
    words = release(written_homework.homework(tmp_path))["cells"][0]["source"]
    computed = release(load_course(write_course(tmp_path / "computed")).homework("hw1"))["cells"][0]["source"]
    for told in ("Replace each `...`", "*Your answer here.*", "PNG or JPEG"):
        assert told in words
        assert (told in computed) is told.startswith("Replace")


def test_the_heading_tells_points_that_are_extra_and_the_length_that_is_asked_for(tmp_path: Path) -> None:
    sources = "\n".join(cell["source"] for cell in release(written_homework.homework(tmp_path))["cells"])
    assert "## Dropout (2 points, at most 60 words)" in sources
    assert "## Sketch (1 extra point)" in sources


def test_every_part_is_asked_in_the_cell_above_its_answer(homework: Homework) -> None:
    cells = release(homework)["cells"]
    places = {cell["id"]: position for position, cell in enumerate(cells)}
    for problem, part in homework.parts:
        section, answer = problem.sections[part], places[homework.asked[problem.variable(part)].cell_id]
        assert cells[answer - 1]["source"].startswith(f"## {section.title} (")
        assert section.text in cells[answer - 1]["source"]
        assert places[f"problem-{problem.name}"] < answer


def test_the_points_of_a_part_are_told(tmp_path: Path) -> None:
    problem = replaced(PROBLEM, "points = 2", "points = 0.5")
    sources = [
        cell["source"]
        for cell in release(load_course(write_course(tmp_path, problem=problem)).homework("hw1"))["cells"]
    ]
    assert any(source.startswith("## Area (0.5 points)") for source in sources)
    assert any(source.startswith("## Volume (1 point)") for source in sources)


def test_every_cell_is_known_by_a_label_too_since_editors_drop_ids(homework: Homework) -> None:
    for cell in release(homework)["cells"]:
        if cell["cell_type"] == "code":
            assert f"answer-{variable_of(cell['source'])}" == cell["id"]
            continue
        (found,) = labels_in(cell["source"])
        assert cell["id"] == ("title" if found.kind == "homework" else f"{found.kind}-{found.name}")
        assert found.kind == "answer" or found.end == len(cell["source"])


def test_the_notebook_names_its_homework_and_is_read_back(homework: Homework, tmp_path: Path) -> None:
    read = handed_out(homework, tmp_path)
    assert read.homework == homework.name
    assert {one.cell_id for one in homework.asked.values()} <= {cell.original_id for cell in read.cells}


@pytest.mark.parametrize("ids", [True, False])
def test_as_it_is_handed_out_every_part_is_blank(homework: Homework, tmp_path: Path, ids: bool) -> None:  # noqa: FBT001 - kept or not
    notebook = handed_out(homework, tmp_path)
    if not ids:
        notebook = Notebook(tuple(replace(cell, original_id=None) for cell in notebook.cells))
    nothing = {name: encode(...) for name, one in homework.asked.items() if not one.written}
    captured = tuple(Captured(variable=name, cell=0, data=data) for name, data in nothing.items())
    execution = Execution(notebook={}, captured=captured, isolation="none")
    answers = take_answers(execution, notebook, homework.asked)
    verdicts = [verdict for problem in homework.problems for verdict in Marker(problem).mark(answers)]
    assert {verdict.outcome for verdict in verdicts} == {Outcome.BLANK}
    assert len(verdicts) == len(homework.asked)


def handed_out(homework: Homework, folder: Path) -> Notebook:
    """The released notebook, written and read."""
    path = folder / "handed-out.ipynb"
    path.write_text(json.dumps(release(homework)), encoding="utf-8")
    return read_notebook(path, pictures=True)


def test_the_first_cell_says_how_to_hand_in_what_may_be_imported_and_what_the_course_adds(tmp_path: Path) -> None:
    title = release(OWN.homework("hw5_cnn_sizes"))["cells"][0]["source"]
    assert "restart the kernel and run all cells" in title
    assert "ends in `.ipynb`" in title
    assert "scikit-learn and torch; nothing more can be installed" in title
    listing = f'{HOMEWORKS}hand_in = "Upload it to **Homework 1**."\ngradescope.packages = ["einops[all]==0.8.1"]\n'
    own = release(load_course(write_course(tmp_path, homeworks=listing)).homework("hw1"))["cells"][0]["source"]
    assert "scikit-learn and einops;" in own
    assert "Upload it to **Homework 1**." in own

import ast
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader.course import Homework
from grader.kernels.inside import encode
from grader.loading import load_course
from grader.marking import Marker
from grader.notebooks import read_notebook
from grader.records import Answer, Outcome
from grader.release import release
from tests.courses import PROBLEM, replaced, write_course

OWN = load_course(Path(__file__).parents[1])


@pytest.fixture(params=[*OWN.homeworks, "written"])
def homework(request: pytest.FixtureRequest, tmp_path: Path) -> Homework:
    """Every homework of the project's own course, and one with long names and odd points."""
    if request.param != "written":
        return OWN.homework(request.param)
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


def test_every_part_has_one_code_cell_that_sets_its_variable_to_nothing_yet(homework: Homework) -> None:
    cells = answer_cells(release(homework))
    assert cells == {one.cell_id: f"# Answer: {name}\n{name} = ..." for name, one in homework.asked.items()}
    for source in cells.values():
        ast.parse(source)


def test_every_part_is_asked_in_the_cell_above_its_answer(homework: Homework) -> None:
    cells = release(homework)["cells"]
    places = {cell["id"]: position for position, cell in enumerate(cells)}
    for problem, part in homework.parts:
        section, answer = problem.sections[part], places[homework.asked[problem.variable(part)].cell_id]
        assert cells[answer - 1]["source"].startswith(f"## {section.title} (")
        assert cells[answer - 1]["source"].endswith(section.text)
        assert places[f"problem-{problem.name}"] < answer


def test_the_points_of_a_part_are_told(tmp_path: Path) -> None:
    problem = replaced(PROBLEM, "points = 2", "points = 0.5")
    sources = [
        cell["source"]
        for cell in release(load_course(write_course(tmp_path, problem=problem)).homework("hw1"))["cells"]
    ]
    assert any(source.startswith("## Area (0.5 points)") for source in sources)
    assert any(source.startswith("## Volume (1 point)") for source in sources)


def test_the_notebook_names_its_homework_and_is_read_back(homework: Homework, tmp_path: Path) -> None:
    path = tmp_path / "handed-out.ipynb"
    path.write_text(json.dumps(release(homework)), encoding="utf-8")
    read = read_notebook(path)
    assert read.homework == homework.name
    assert {cell.original_id for cell in read.cells if cell.kind == "code"} == {
        one.cell_id for one in homework.asked.values()
    }


def test_as_it_is_handed_out_every_part_is_blank(homework: Homework) -> None:
    for problem in homework.problems:
        variables = [problem.variable(part) for part in problem.parts]
        verdicts = Marker(problem).mark({name: Answer(variable=name, data=encode(...)) for name in variables})
        assert {verdict.outcome for verdict in verdicts} == {Outcome.BLANK}

import ast
import itertools
import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from grader import check
from grader.course import Homework
from grader.kernels.inside import encode
from grader.labels import PLACEHOLDER, labels_in, variable_of
from grader.loading import load_course
from grader.marking import Marker
from grader.notebooks import Notebook, read_notebook
from grader.records import Captured, Execution, Outcome, Verdict
from grader.release import release
from grader.selfcheck.keys.sealed import SUFFIX
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


@pytest.mark.parametrize("checks", [True, False])
@pytest.mark.parametrize("ids", [True, False])
def test_as_it_is_handed_out_every_part_is_blank(homework: Homework, tmp_path: Path, ids: bool, checks: bool) -> None:  # noqa: FBT001 - kept or not, there or not
    notebook = handed_out(homework, tmp_path, checks=checks)
    if not ids:
        notebook = Notebook(tuple(replace(cell, original_id=None) for cell in notebook.cells))
    nothing = {name: ... for name, one in homework.asked.items() if not one.written}
    verdicts = marked(homework, notebook, nothing)
    assert {verdict.outcome for verdict in verdicts} == {Outcome.BLANK}
    assert len(verdicts) == len(homework.asked)


@pytest.mark.parametrize("ids", [True, False])
def test_cells_that_check_change_nothing_of_what_is_marked(homework: Homework, tmp_path: Path, ids: bool) -> None:  # noqa: FBT001 - kept or not
    given = {name: 96 for name, one in homework.asked.items() if not one.written}
    verdicts = []
    for checks in (True, False):
        notebook = handed_out(homework, tmp_path, checks=checks)
        cells = (replace(cell, source=cell.source.replace(PLACEHOLDER, "Since it is.")) for cell in notebook.cells)
        notebook = Notebook(tuple(replace(cell, original_id=cell.original_id if ids else None) for cell in cells))
        verdicts.append([one.model_copy(update={"cell": None}) for one in marked(homework, notebook, given)])
    assert verdicts[0] == verdicts[1]


def marked(homework: Homework, notebook: Notebook, given: dict[str, Any]) -> list[Verdict]:
    """The verdicts on a notebook whose variables have these values, each set in its own cell."""
    cells = {cell.variable: index for index, cell in enumerate(notebook.cells) if cell.kind == "code"}
    captured = tuple(Captured(variable=name, cell=cells[name], data=encode(value)) for name, value in given.items())
    execution = Execution(notebook={}, captured=captured, isolation="none")
    answers = take_answers(execution, notebook, homework.asked)
    return [verdict for problem in homework.problems for verdict in Marker(problem).mark(answers)]


def handed_out(homework: Homework, folder: Path, *, checks: bool = False) -> Notebook:
    """The released notebook, written and read."""
    path = folder / "handed-out.ipynb"
    path.write_text(json.dumps(release(homework, checks=checks)), encoding="utf-8")
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


def test_with_checks_the_notebook_is_valid_and_has_all_that_it_has_without(homework: Homework) -> None:
    plain, checked = release(homework)["cells"], release(homework, checks=True)["cells"]
    nbformat.validate(release(homework, checks=True))
    ids = [cell["id"] for cell in checked]
    assert len(set(ids)) == len(ids)
    assert [cell for cell in checked if cell in plain] == plain
    assert release(homework) == release(homework, checks=False)


def test_below_each_computed_answer_stands_its_check_and_all_are_checked_at_the_end(homework: Homework) -> None:
    cells = release(homework, checks=True)["cells"]
    for above, cell in itertools.pairwise(cells):
        variable = variable_of(above["source"]) if above["id"].startswith("answer-") else ""
        is_computed = bool(variable) and not homework.asked[variable].written
        assert (cell["source"] == f'check("{variable}")') is is_computed
        assert cell["id"].startswith("check-") is is_computed
    assert cells[-1]["source"] == "check()"
    assert [cell["id"] for cell in cells[1:3]] == ["title-checks", "title-set-up"]
    for text in (cells[1], cells[-2]):  # what is below belongs to no answer
        (found,) = labels_in(text["source"])
        assert (found.kind, found.end) == ("homework", len(text["source"]))


def test_with_checks_the_two_files_are_named(homework: Homework) -> None:
    words = release(homework, checks=True)["cells"][1]["source"]
    assert f"`{homework.name}{SUFFIX}`" in words
    assert ".whl`" in words
    assert "Colab" in words


class Shell:
    """Stands for IPython, whose magics install nothing here."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def run_line_magic(self, name: str, line: str) -> None:
        self.lines.append((name, line))


def set_up(homework: Homework) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Runs the cell that makes `check` work; gives its names, and the magics that it has called."""
    cell = next(cell for cell in release(homework, checks=True)["cells"] if cell["id"] == "title-set-up")
    shell, names = Shell(), dict[str, Any]()
    source = TransformerManager().transform_cell(cell["source"])  # type: ignore[no-untyped-call]
    exec(source, names | {"get_ipython": lambda: shell}, names)  # noqa: S102 - our own cell
    return names, shell.lines


def test_the_set_up_leaves_a_grader_that_is_there_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deep_learning_grader-0.1.0-py3-none-any.whl").touch()
    names, magics = set_up(OWN.homework("hw6_design"))
    assert names["check"] is check
    assert magics == []


def test_the_set_up_installs_the_wheel_beside_the_notebook_and_without_it_says_so_and_lets_the_rest_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "grader", None)
    names, magics = set_up(OWN.homework("hw6_design"))
    assert magics == []
    names["check"]("resnet50")
    assert "Put its wheel beside the notebook, rename what is called grader" in capsys.readouterr().out
    (tmp_path / "deep_learning_grader-0.1.0-py3-none-any.whl").touch()
    assert set_up(OWN.homework("hw6_design"))[1] == [("pip", 'install -q "{wheel}"')]

"""The notebook that students receive: the statements, and one cell per answer.

A computed answer has a code cell with a variable set to `...`; a written one has a text cell, and a figure that code draws
has a code cell. Every cell that matters to grading has a label, since some editors drop the ids.

With checks, a cell below each computed answer asks the self-check about it. Such a cell belongs to that answer, where it counts
for nothing; the one at the end, which asks about all answers, stands below a label of the homework and belongs to none.
"""

import re
from typing import Any

from nbformat import NotebookNode, v4

from grader.checks.figure import Figure
from grader.checks.text import Text
from grader.course import Homework, Problem
from grader.labels import FIGURE_HINT, PLACEHOLDER, label
from grader.problem_file import Part

_COMPUTED = """Replace each `...` by your answer, in the cell that has it. You may add cells and compute as you like; what counts is the
value that the variable has after its own cell. Leave the comment in the first line: it says which answer it is."""
_WRITTEN = f"""Where it says {PLACEHOLDER} double-click the cell and write over these words. You may add cells below it; all text and
pictures down to the next question belong to your answer. A person reads it, as plain text."""
_DRAWN = (
    """A figure is shown by code in its cell, or it is a picture (PNG or JPEG) that you paste into a text cell there."""
)

_HANDING_IN = """**Before you hand in**, restart the kernel and run all cells, from top to bottom: so it is run when it is graded. Then save,
and hand in this notebook itself, a file that ends in `.ipynb` (in Colab: File, Download, Download .ipynb), under any name. No PDF, no
copy as `.py`. Only the notebook is looked at: files beside it are not there, and there is no network."""
_PACKAGES = ("numpy", "pandas", "matplotlib", "scipy", "sympy", "scikit-learn")
"""What the grader needs itself and is therefore there wherever it runs."""

_CHECKING = """## Checking your answers

You may check your answers before you hand in. Put the two files that the course gives you beside this notebook (in Colab: upload both to
the session), `deep_learning_grader-....whl` and `{keys}`, and run the cell below. Then `check("name")` in the cell below an answer says
how it was read and, as far as your teacher allows, whether it is right; `check()` at the end looks at all of them. You need not check: what
counts is what you hand in, and these cells do nothing where it is graded. Nothing is sent anywhere."""
_SET_UP = """# Makes check() work. Nothing is to be changed here.
from importlib.util import find_spec
from pathlib import Path

for wheel in Path().glob("deep_learning_grader-*.whl"):
    if find_spec("grader") is None:
        %pip install -q "{wheel}"

try:
    from grader import check
except ImportError:
    def check(*names):
        print("Nothing is checked: the grader is not installed, or a file or folder here has its name. Put its wheel beside the notebook, "
              "rename what is called grader, restart the kernel, and run the first code cell again.")"""
_CHECK_ALL = """## All answers

The cell below checks all answers that a running notebook can see. Save the notebook before you hand it in."""


def release(homework: Homework, *, checks: bool = False) -> NotebookNode:
    """A homework as a notebook (nbformat 4.5). Graded as it is, every part is blank.

    Args:
        homework: what is asked.
        checks: whether it has cells in which students check their answers against sealed keys.
    """
    title = f"# {homework.title}\n\n{_how_to(homework)}\n\n{label('homework', homework.name)}"
    cells = [v4.new_markdown_cell(title, id="title")]
    cells += _setting_up(homework) if checks else []
    for problem in homework.problems:
        introduction = f"{problem.introduction}\n\n{label('problem', problem.name)}"
        cells.append(v4.new_markdown_cell(introduction, id=f"problem-{problem.name}"))
        for part in problem.parts:
            cells += [_question(problem, part), _answer(homework, problem, part)]
            cells += _check(problem, part) if checks else []
    cells += _checking_all(homework) if checks else []
    metadata = {
        "grader": {"homework": homework.name},
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    notebook: NotebookNode = v4.new_notebook(cells=cells, metadata=metadata)
    return notebook


def _setting_up(homework: Homework) -> list[Any]:
    """Cells whose ids and labels are the title's, so that they belong to no answer."""
    words = _CHECKING.format(keys=f"{homework.name}.seal.json")
    text = f"{words}\n\n{label('homework', homework.name)}"
    return [v4.new_markdown_cell(text, id="title-checks"), v4.new_code_cell(_SET_UP, id="title-set-up")]


def _checking_all(homework: Homework) -> list[Any]:
    text = f"{_CHECK_ALL}\n\n{label('homework', homework.name)}"
    return [v4.new_markdown_cell(text, id="title-all"), v4.new_code_cell("check()", id="title-check-all")]


def _check(problem: Problem, part: str) -> list[Any]:
    """The cell below an answer; none where a running notebook cannot see the answer, or the cell would become a part of it."""
    variable = problem.variable(part)
    if problem.parts[part].check.written:
        return []
    return [v4.new_code_cell(f'check("{variable}")', id=f"check-{variable}")]


def _how_to(homework: Homework) -> str:
    checks = [problem.parts[part].check for problem, part in homework.parts]
    kinds = {
        _COMPUTED: any(not check.written for check in checks),
        _WRITTEN: any(check.written for check in checks),
        _DRAWN: any(check.drawn for check in checks),
    }
    own = [homework.hand_in.strip()] if homework.hand_in.strip() else []
    return "\n\n".join([*(words for words, needed in kinds.items() if needed), _HANDING_IN, _packages(homework), *own])


def _packages(homework: Homework) -> str:
    """What may be imported."""
    own = [*homework.preload, *(re.split(r"[\[=]", package)[0] for package in homework.autograder.packages)]
    *most, last = dict.fromkeys([*_PACKAGES, *own])
    return f"Besides Python's own modules you may import {', '.join(most)} and {last}; nothing more can be installed."


def _question(problem: Problem, part: str) -> Any:
    section, variable = problem.sections[part], problem.variable(part)
    heading = f"## {section.title} ({_worth(problem.parts[part])})"
    text = f"{heading}\n\n{section.text}\n\n{label('question', variable)}"
    return v4.new_markdown_cell(text, id=f"question-{variable}")


def _worth(part: Part) -> str:
    worth = f"{float(part.points):g} {'extra ' * part.extra}point{'s' * (part.points != 1)}"
    most = part.check.words_at_most if isinstance(part.check, Text) else None
    return f"{worth}, at most {most} words" if most else worth


def _answer(homework: Homework, problem: Problem, part: str) -> Any:
    variable, check = problem.variable(part), problem.parts[part].check
    cell_id = homework.asked[variable].cell_id
    if isinstance(check, Figure) and not check.by_hand:
        return v4.new_code_cell(f"# Answer: {variable}\n{FIGURE_HINT}", id=cell_id)
    if check.written:
        return v4.new_markdown_cell(f"{label('answer', variable)}\n\n{PLACEHOLDER}", id=cell_id)
    return v4.new_code_cell(f"# Answer: {variable}\n{variable} = ...", id=cell_id)

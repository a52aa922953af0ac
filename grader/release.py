"""The notebook that students receive: the statements, and one cell per answer.

A computed answer has a code cell with a variable set to `...`; a written one has a text cell, and a figure that code draws
has a code cell. Every cell has a label, since some editors drop the ids.
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


def release(homework: Homework) -> NotebookNode:
    """A homework as a notebook (nbformat 4.5). Graded as it is, every part is blank."""
    title = f"# {homework.title}\n\n{_how_to(homework)}\n\n{label('homework', homework.name)}"
    cells = [v4.new_markdown_cell(title, id="title")]
    for problem in homework.problems:
        introduction = f"{problem.introduction}\n\n{label('problem', problem.name)}"
        cells.append(v4.new_markdown_cell(introduction, id=f"problem-{problem.name}"))
        for part in problem.parts:
            cells += [_question(problem, part), _answer(homework, problem, part)]
    metadata = {
        "grader": {"homework": homework.name},
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    notebook: NotebookNode = v4.new_notebook(cells=cells, metadata=metadata)
    return notebook


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

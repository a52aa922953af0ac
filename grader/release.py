"""The notebook that students receive: the statements, and one cell per answer with a variable set to `...`."""

from nbformat import NotebookNode, v4

from grader.course import Homework, Problem

_HOW_TO = """Replace each `...` by your answer, in the cell that has it. You may add cells and compute as you like; what counts is the
value that the variable has after its own cell. Leave the comment in the first line: it says which answer it is."""


def release(homework: Homework) -> NotebookNode:
    """A homework as a notebook (nbformat 4.5). Graded as it is, every part is blank."""
    cells = [v4.new_markdown_cell(f"# {homework.title}\n\n{_HOW_TO}", id="title")]
    for problem in homework.problems:
        cells.append(v4.new_markdown_cell(problem.introduction, id=f"problem-{problem.name}"))
        for part in problem.parts:
            cells += _part(homework, problem, part)
    metadata = {
        "grader": {"homework": homework.name},
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    notebook: NotebookNode = v4.new_notebook(cells=cells, metadata=metadata)
    return notebook


def _part(homework: Homework, problem: Problem, part: str) -> list[NotebookNode]:
    section, variable, points = problem.sections[part], problem.variable(part), problem.parts[part].points
    worth = f"{float(points):g} point{'s' * (points != 1)}"
    return [
        v4.new_markdown_cell(f"## {section.title} ({worth})\n\n{section.text}", id=f"question-{variable}"),
        v4.new_code_cell(f"# Answer: {variable}\n{variable} = ...", id=homework.asked[variable].cell_id),
    ]

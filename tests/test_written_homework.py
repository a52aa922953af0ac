"""A homework that a person marks, from files to reports."""

import hashlib
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader import pipeline
from grader.conditions import conditions
from grader.course import Course, Homework
from grader.grades import Grades
from grader.keeping import Keeper
from grader.kernels.limits import Limits
from grader.kernels.plain import PlainKernels
from grader.loading import load_course
from grader.pipeline import Graded, Run, read_all
from grader.recorded import Marked
from grader.records import Execution, Outcome, Status, Submission
from grader.release import release
from grader.reports.standing import standing
from grader.reports.writing import prepare, write_student
from grader.store import open_store
from tests import written_homework
from tests.written_homework import png, text

Cells = dict[str, dict[str, Any]]


@pytest.fixture
def homework(tmp_path: Path) -> Homework:
    return written_homework.homework(tmp_path / "course")


def handed_in(homework: Homework, file: Path, fill: Callable[[Cells], None], *, ids: bool = True) -> Submission:
    """The released notebook after a student has filled in its cells, here by their ids."""
    notebook: dict[str, Any] = json.loads(json.dumps(release(homework)))
    fill({cell["id"]: cell for cell in notebook["cells"]})
    for cell in [] if ids else notebook["cells"]:
        del cell["id"]
    file.write_text(json.dumps(notebook), encoding="utf-8")
    return Submission(student=file.stem, path=file, digest=hashlib.sha256(file.read_bytes()).hexdigest())


def graded(homework: Homework, submission: Submission, tmp_path: Path) -> Graded:
    """After a run in a real kernel, or in whatever stands for one."""
    course = load_course(tmp_path / "course")
    (done,) = run_of(course, homework).grade_all(read_all([submission], course), 1)
    return done


def run_of(course: Course, homework: Homework) -> Run:
    return Run(Grades(course, homework), PlainKernels(), conditions(homework.asked, Limits(), []))


def fill_in(cells: Cells) -> None:
    cells["answer-dropout"]["source"] = "<!-- Answer: dropout -->\n\nAgainst *overfitting*,\nwhile training."
    cells["answer-losses"]["source"] = (
        "# Answer: losses\nfrom IPython.display import Image, display\nimport base64\n"
        f"display(Image(base64.b64decode({text(png(6, 5))!r})))"
    )
    cells["answer-sketch"]["source"] += "\n![photo](attachment:photo.png)"
    cells["answer-sketch"]["attachments"] = {"photo.png": {"image/png": text(png(9, 8))}}
    cells["answer-side"]["source"] = "# Answer: side\nside = 4"


@pytest.mark.kernel
def test_words_and_pictures_reach_the_page_and_the_marker_and_nothing_else(homework: Homework, tmp_path: Path) -> None:
    done = graded(homework, handed_in(homework, tmp_path / "ada.ipynb", fill_in, ids=False), tmp_path)
    assert [verdict.outcome for verdict in done.grade.verdicts] == [Outcome.AWAITS_REVIEW] * 3 + [Outcome.CORRECT]
    assert done.grade.status is Status.NEEDS_REVIEW
    prepare(tmp_path / "out", homework)
    write_student(tmp_path / "out", done.grade, done.execution, homework)
    files = {file.name: file.read_text(encoding="utf-8") for file in (tmp_path / "out/students/ada").iterdir()}
    assert "Against *overfitting*,\nwhile training.</div>" in files["report.html"]
    assert files["report.html"].count("data:image/png;base64,") == 2
    assert text(png(9, 8)) in files["report.html"]
    assert "mentions" not in files["report.html"]
    grade_json = (tmp_path / "out/staff/ada/grade.json").read_text(encoding="utf-8")
    (dropout, losses, sketch, side) = json.loads(grade_json)["parts"]
    assert dropout["suggestion"].startswith("mentions: it is for training only")
    assert (losses["pictures"], sketch["pictures"], sketch["extra"], side["points"]) == (1, 1, True, 1.0)
    assert text(png(9, 8)) not in grade_json + files["executed.ipynb"]


def test_a_file_that_changes_while_it_runs_is_graded_as_it_was(
    homework: Homework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = handed_in(homework, tmp_path / "ada.ipynb", fill_in)

    def ran(*_: Any) -> Execution:
        handed_in(homework, submission.path, lambda cells: cells["answer-dropout"].update(source="Otherwise."))
        return Execution(notebook={}, isolation="none")

    monkeypatch.setattr(pipeline, "execute", ran)
    dropout = graded(homework, submission, tmp_path).grade.verdicts[0]
    assert "while training" in dropout.answer


def test_neither_notebooks_nor_what_is_on_pages_stays_in_memory_for_the_tables_of_a_class(
    homework: Homework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = load_course(tmp_path / "course")
    handed = read_all([handed_in(homework, tmp_path / "ada.ipynb", fill_in)], course)
    monkeypatch.setattr(pipeline, "execute", lambda *_: Execution(notebook={}, isolation="none"))
    prepare(tmp_path / "out", homework)
    run = run_of(course, homework)
    with open_store(tmp_path / "out") as store:
        keeper = Keeper(
            store, store.begin("grade", homework.name, "", "kim"), homework, tmp_path / "out", run.conditions
        )
        class_ = [standing(keeper.keep(Marked(one)), homework) for one in run.grade_all(handed, 1)]
    assert len(pickle.dumps([handed, class_])) < 2000
    assert "data:image/png" in (tmp_path / "out/students/ada/report.html").read_text(encoding="utf-8")


def test_a_notebook_of_words_alone_is_known_by_its_labels(homework: Homework, tmp_path: Path) -> None:
    submission = handed_in(homework, tmp_path / "ada.ipynb", fill_in, ids=False)
    notebook = json.loads(submission.path.read_text(encoding="utf-8"))
    notebook["metadata"] = {}
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    submission.path.write_text(json.dumps(notebook), encoding="utf-8")
    (handed,) = read_all([submission], load_course(tmp_path / "course"))
    assert handed.homework == "hw1"

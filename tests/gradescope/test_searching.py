"""The student's notebook, found among whatever was handed in."""

import io
import json
import os
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from grader.course import Course
from grader.grades import Grades
from grader.gradescope.inside.metadata import Metadata, Submitter
from grader.gradescope.inside.searching import MOST_NOTEBOOKS, Found, find_notebook
from grader.loading import load_course
from grader.records import Status
from tests.classes import RIGHT, notebook
from tests.courses import write_course

GOOD = notebook(**RIGHT)
POOR = notebook(area=96, volume=...)
OTHER = notebook(weights=3)
EARLY, LATE, LATER = (datetime(2026, 11, day, tzinfo=UTC) for day in (1, 8, 9))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return load_course(write_course(tmp_path_factory.mktemp("course")))


class Search:
    """A folder of what was handed in, to be searched."""

    def __init__(self, course: Course, tmp_path: Path) -> None:
        self.course, self.folder, self._tmp = course, tmp_path / "submission", tmp_path
        self.folder.mkdir()

    def put(self, name: str | bytes, content: bytes = b"x") -> None:
        path = self.folder / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def found(self, metadata: Metadata | None = None, due: datetime | None = None) -> Found:
        homework = replace(self.course.homework("hw1"), due=due)
        unpacked = self._tmp / "unpacked"
        unpacked.mkdir(exist_ok=True)
        return find_notebook(self.folder, self.course, homework, metadata or Metadata(), unpacked)

    def status(self, found: Found) -> Status:
        grade = Grades(self.course, self.course.homework("hw1")).without_run(found.handed)
        return grade.status if grade else Status.GRADED


@pytest.fixture
def search(course: Course, tmp_path: Path) -> Search:
    return Search(course, tmp_path)


def zipped(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "hw.ipynb",
        "a/b/c/My Homework (final) (2).IPYNB",
        "homework.txt",
        "hw.json",
        "hw.ipynb.txt",
        "hw",
        b"\xff\xfe.ipynb",
        "a\nb.ipynb",
        "x" * 249 + ".ipynb",
    ],
)
def test_a_notebook_of_any_name_in_any_folder_is_found(search: Search, name: str | bytes) -> None:
    search.put(name, GOOD)
    search.put("notes.txt", b"{not a notebook")
    search.put("data.json", b'{"cells": 3}')
    found = search.found()
    assert search.status(found) is Status.GRADED
    assert found.notes == ()
    assert found.name.isprintable()
    assert 0 < len(found.name) <= 81


def test_a_notebook_within_an_archive_is_found(search: Search) -> None:
    search.put("all.zip", zipped({"folder/hw.ipynb": GOOD, "../up.ipynb": GOOD, "__MACOSX/._hw.ipynb": b"x"}))
    found = search.found()
    assert (search.status(found), found.name) == (Status.GRADED, "all.zip/folder/hw.ipynb")


def test_what_systems_and_editors_leave_behind_is_no_notebook(search: Search) -> None:
    for name in (".ipynb_checkpoints/hw-checkpoint.ipynb", "__MACOSX/._hw.ipynb", ".git/hw.ipynb"):
        search.put(name, GOOD)
    search.put("hw.ipynb", POOR)
    found = search.found()
    assert (found.name, found.notes) == ("hw.ipynb", ())


def test_links_are_not_followed(search: Search, tmp_path: Path) -> None:
    (tmp_path / "secret.ipynb").write_bytes(GOOD)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "more.ipynb").write_bytes(GOOD)
    (search.folder / "hw.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (search.folder / "hw.txt").symlink_to(tmp_path / "secret.ipynb")
    (search.folder / "folder").symlink_to(tmp_path / "folder")
    os.mkfifo(search.folder / "pipe.ipynb")
    found = search.found()
    assert search.status(found) is Status.NOT_A_NOTEBOOK
    assert "hw.ipynb (is a link" in found.handed.trouble


def test_of_two_notebooks_the_one_that_answers_the_homework_is_graded_and_both_are_named(search: Search) -> None:
    search.put("a.ipynb", OTHER)
    search.put("b/hw.ipynb", GOOD)
    search.put("broken.ipynb", b"<html>")
    found = search.found()
    assert (search.status(found), found.name) == (Status.GRADED, "b/hw.ipynb")
    assert found.notes[0] == "the only one that answers the homework of 3 notebooks"
    assert (
        found.notes[1] == "a.ipynb was not graded: it answers no homework that is known; b/hw.ipynb is graded instead"
    )
    assert found.notes[2].startswith("broken.ipynb was not graded: it is no notebook: broken.ipynb is not JSON")


def test_of_two_answers_to_the_homework_the_one_with_more_of_it_is_graded(search: Search) -> None:
    search.put("a.ipynb", POOR)
    search.put("b.ipynb", GOOD)
    found = search.found()
    assert (found.name, found.notes[0]) == ("b.ipynb", "the one with most answers of 2 notebooks")


def test_without_a_notebook_the_files_that_came_are_named_with_what_to_do(search: Search) -> None:
    for number in range(11):
        search.put(f"{number:02}.png")
    search.put("hw\n.pdf")
    search.put("Homework.PY")
    found = search.found()
    words = found.handed.trouble
    assert search.status(found) is Status.NOT_A_NOTEBOOK
    assert words.startswith("There is no notebook among the files that came: 00.png; 01.png")
    assert " and 3 more." in words
    assert "A PDF shows" in words
    assert "A .py file has" in words
    assert "web page" not in words
    assert "Download .ipynb" in words
    assert words.isprintable()
    assert found.handed.submission.trouble == words


def test_nothing_at_all_is_no_notebook_either(search: Search) -> None:
    assert search.found().handed.trouble.startswith("No file came.")
    search.folder.rmdir()
    assert search.status(search.found()) is Status.NOT_A_NOTEBOOK


def test_a_notebook_that_cannot_be_read_says_why(search: Search) -> None:
    search.put("hw.ipynb", b"<!DOCTYPE html>")
    found = search.found()
    assert search.status(found) is Status.NOT_A_NOTEBOOK
    assert found.handed.trouble.startswith("hw.ipynb is not JSON")


@pytest.mark.parametrize("content", [OTHER, notebook(area=1)])
def test_a_notebook_of_another_homework_is_called_by_the_name_in_it(search: Search, content: bytes) -> None:
    named: dict[str, Any] = json.loads(content) | {"metadata": {"grader": {"homework": "hw7\u202e"}}}
    search.put("hw.ipynb", json.dumps(named).encode())
    found = search.found()
    grade = Grades(search.course, search.course.homework("hw1")).without_run(found.handed)
    assert grade is not None
    assert grade.note == "This notebook answers hw7\N{REPLACEMENT CHARACTER}, not hw1; hand in the right one."


def test_a_notebook_with_the_answers_is_graded_whatever_homework_it_names(search: Search) -> None:
    named: dict[str, Any] = json.loads(GOOD) | {"metadata": {"grader": {"homework": "hw7"}}}
    search.put("hw.ipynb", json.dumps(named).encode())
    assert search.status(search.found()) is Status.GRADED


def test_of_more_notebooks_than_are_looked_at_the_rest_is_counted(search: Search) -> None:
    for number in range(MOST_NOTEBOOKS + 5):
        search.put(f"deep/{number}.ipynb", OTHER + b" " * number)
    search.put("z.ipynb", GOOD)
    found = search.found()
    assert found.name == "z.ipynb"
    assert found.notes[-2:] == ("and 34 more", "6 more notebooks were not looked at")


def test_times_and_names_come_from_the_metadata(search: Search) -> None:
    search.put("hw.ipynb", GOOD)
    jane = Submitter(name="Jane", email="jane@example.com", sid="007")
    about = Metadata(submitted=LATE, due=EARLY, submitters=(jane,))
    submission = search.found(about).handed.submission
    assert (submission.submitted, submission.due) == (LATE, EARLY)
    assert (submission.student, submission.person.number) == ("jane@example.com", "007")


def test_the_homeworks_own_due_date_counts_before_the_assignments_and_an_extension_before_both(search: Search) -> None:
    def due(submitters: tuple[Submitter, ...], own: datetime | None) -> datetime | None:
        """None stands for the homework's own date."""
        return search.found(Metadata(due=EARLY, submitters=submitters), own).handed.submission.due

    search.put("hw.ipynb", GOOD)
    jane, same, later = Submitter(name="Jane"), Submitter(due=EARLY), Submitter(due=LATER)
    assert due((jane,), LATE) is None
    # With every student, everybody's date may be given.
    assert due((same,), LATE) is None
    assert due((same,), None) == EARLY
    assert due((same, later), LATE) == LATER
    assert due((later, jane), None) == LATER

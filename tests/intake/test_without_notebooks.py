"""Who handed in something else waits for a person, and who handed in nothing is listed."""

import os
from pathlib import Path

import pytest

from grader.errors import InputError
from grader.intake import Intake, collect, read_rosters
from tests.intake.downloads import Files, canvas, tree, zip_bytes, zipped

SIX = "student\nada\nbo\ncy\ndee\neve\nfay\n"
FOUR: Files = {f"{one}/hw.ipynb": one.encode() for one in ("ada", "bo", "cy", "dee")}


def taken(tmp_path: Path, files: Files, roster: str = "", reports: Path | None = None) -> Intake:
    folder = tree(tmp_path / "class", files)
    (file := tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
    (unpacked := tmp_path / "unpacked").mkdir()
    return collect(
        [folder], unpacked, reports=(reports,) if reports else (), roster=read_rosters([file]) if roster else None
    )


def states(found: Intake) -> dict[str, str]:
    return {
        one.student: "missing" if one.missing else "waits" if one.trouble else "handed in" for one in found.submissions
    }


ALL_FOUR = dict.fromkeys(("ada", "bo", "cy", "dee"), "handed in")


def test_a_student_whose_folder_holds_other_files_alone_is_not_missing(tmp_path: Path) -> None:
    found = taken(tmp_path, FOUR | {"eve/hw.pdf": b"%PDF"}, SIX)
    assert states(found) == ALL_FOUR | {"eve": "waits", "fay": "missing"}
    eve = next(one for one in found.submissions if one.student == "eve")
    assert eve.trouble == "eve/hw.pdf is no notebook (.ipynb); hand in the notebook itself"
    assert [(one.path, one.why) for one in found.left_out] == [
        (f"{tmp_path}/class/eve/hw.pdf", "is no notebook (.ipynb)")
    ]


def test_such_a_student_is_listed_without_a_roster_too(tmp_path: Path) -> None:
    assert states(taken(tmp_path, FOUR | {"eve/work/hw.pdf": b"%PDF"})) == ALL_FOUR | {"eve": "waits"}


def test_other_files_of_students_with_notebooks_change_nothing(tmp_path: Path) -> None:
    found = taken(tmp_path, FOUR | {"ada/hw.pdf": b"", "ada/data/x.csv": b"", "notes.txt": b""}, SIX)
    assert states(found) == ALL_FOUR | {"eve": "missing", "fay": "missing"}
    assert len(found.left_out) == 3
    assert not found.troubles


def test_data_beside_the_students_is_nobodys_unless_somebody_is_called_so(tmp_path: Path) -> None:
    files = FOUR | {"data/x.csv": b"1"}
    assert states(taken(tmp_path / "1", files)) == ALL_FOUR
    assert states(taken(tmp_path / "2", files, SIX + "data\n"))["data"] == "waits"


def test_what_an_earlier_run_has_left_is_nobodys(tmp_path: Path) -> None:
    files = FOUR | {"out/gradebook.csv": b"", "out/students/ada/executed.ipynb": b""}
    found = taken(tmp_path, files, SIX, tmp_path / "class/out/students")
    assert states(found) == ALL_FOUR | {"eve": "missing", "fay": "missing"}
    assert [one.path for one in found.left_out] == [f"{tmp_path}/class/out/gradebook.csv"]


def test_reports_around_the_class_make_nothing_in_it_theirs(tmp_path: Path) -> None:
    found = taken(tmp_path, FOUR | {"eve/hw.pdf": b""}, SIX, tmp_path / "students")
    assert states(found)["eve"] == "waits"


@pytest.mark.parametrize("unread", ["link", "archive"])
def test_what_cannot_be_looked_into_beside_the_folders_is_the_students_whose_name_it_has(
    tmp_path: Path, unread: str
) -> None:
    folder = tree(tmp_path / "class", FOUR)
    if unread == "link":
        (folder / "eve").symlink_to(tmp_path)
    else:
        (folder / "eve.zip").write_bytes(b"PK\x03\x04")
    assert states(taken(tmp_path, {}, SIX)) == ALL_FOUR | {"eve": "waits", "fay": "missing"}


def test_a_class_that_handed_in_other_files_only_is_listed(tmp_path: Path) -> None:
    found = taken(tmp_path, {"ada/hw.pdf": b"", "bo/hw.docx": b""}, "student\nada\nbo\ncy\n")
    assert states(found) == {"ada": "waits", "bo": "waits", "cy": "missing"}


def test_a_download_without_notebooks_lists_whom_it_names(tmp_path: Path) -> None:
    files = {name: content for name, content in canvas().items() if not name.endswith("ipynb")}
    (unpacked := tmp_path / "unpacked").mkdir()
    found = collect([zipped(tmp_path / "submissions.zip", files)], unpacked)
    assert states(found) == dict.fromkeys(("quaymia", "sternlea", "sterntom"), "waits")


def test_an_empty_folder_and_a_roster_list_everybody_and_the_folder_is_named(tmp_path: Path) -> None:
    found = taken(tmp_path, {}, "student\nada\nbo\n")
    assert states(found) == {"ada": "missing", "bo": "missing"}
    assert found.troubles == (
        f"there is no notebook (.ipynb) in {tmp_path}/class; give the folder that holds the submissions",
    )


def test_an_empty_folder_alone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no notebook"):
        taken(tmp_path, {"data.csv": b""})


@pytest.mark.parametrize("wrong", ["gone", "damaged.zip", "form", "pipe"])
def test_nobody_is_missing_where_something_cannot_be_read(tmp_path: Path, wrong: str) -> None:
    (folder := tmp_path / "class").mkdir()
    (tmp_path / "damaged.zip").write_bytes(zip_bytes({"ada.ipynb": b"{}"})[:20])
    os.mkfifo(folder / "ada.ipynb") if wrong == "pipe" else None
    (file := tmp_path / "roster.csv").write_text(SIX)
    paths = [folder, tmp_path / wrong] if wrong in {"gone", "damaged.zip"} else [folder]
    with pytest.raises(InputError):
        collect(paths, tmp_path, roster=read_rosters([file]), form="moodle" if wrong == "form" else None)


def test_a_file_with_the_name_of_a_student_who_seems_to_be_missing_waits_for_a_person(tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("student,name\nada,Ada Roy\nbo,Bo Li\ncy,Cy O'Neil\ndee,Dee\n", encoding="utf-8")
    class_ = tree(tmp_path / "class", {"ada.ipynb": b"{}", "bo.pdf": b"%PDF", "Cy O'Neil.docx": b"", "x.txt": b""})
    (tmp_path / "unpacked").mkdir()
    found = collect([class_], tmp_path / "unpacked", roster=read_rosters([roster]))
    by_name = {one.student: one for one in found.submissions}
    assert {name: (one.missing, one.has_file) for name, one in by_name.items()} == {
        "ada": (False, True), "bo": (False, False), "cy": (False, False), "dee": (True, False),
    }  # fmt: skip
    assert by_name["bo"].trouble.endswith("bo.pdf is no notebook (.ipynb); hand in the notebook itself")

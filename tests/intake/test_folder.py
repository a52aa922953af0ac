import inspect
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import InputError
from grader.intake import Intake
from grader.intake import collect as collect_into
from grader.intake.names import LONGEST_NAME_BYTES, safe_name
from grader.intake.unpacking import MOST_BYTES_HASHED


def place(root: Path, *names: str) -> Path:
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name, encoding="utf-8")
    return root


def collect(paths: list[Path], reports: Path | None = None) -> Intake:
    """Without archives nothing is unpacked, so that the folder for it need not be there."""
    return collect_into(paths, Path("/nowhere"), reports=(reports,) if reports else ())


def left_out(intake: Intake) -> set[str]:
    return {one.path for one in intake.left_out}


def students(intake: Intake) -> list[str]:
    return [submission.student for submission in intake.submissions]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["bo.ipynb", "al.ipynb"], ["al", "bo"]),
        (["al/hw.ipynb", "bo/hw.ipynb"], ["al", "bo"]),
        (["al/work/hw.ipynb", "bo/work/hw.ipynb"], ["al", "bo"]),
        (["group/al/hw.ipynb", "group/bo/hw.ipynb"], ["al", "bo"]),
        (["group/al.ipynb", "group/bo.ipynb"], ["al", "bo"]),
        (["al/hw.ipynb", "al/draft.ipynb"], ["draft", "hw"]),
        (["al/hw.ipynb", "bo.ipynb", "cy.ipynb"], ["al", "bo", "cy"]),
        (["one/kim.ipynb", "one/lee.ipynb", "two/kim.ipynb", "two/mia.ipynb"], ["lee", "mia", "one-kim", "two-kim"]),
        (["HW.IPYNB"], ["HW"]),
    ],
)
def test_the_topmost_folder_with_one_notebook_names_the_student_or_else_the_file(
    tmp_path: Path, files: list[str], expected: list[str]
) -> None:
    assert students(collect([place(tmp_path, *files)])) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["al/hw.ipynb", "al/draft.ipynb", "bo/hw.ipynb"], ["al", "al", "bo"]),
        (["al/hw.ipynb", "al/draft.ipynb", "bo/hw.ipynb", "bo/draft.ipynb"], ["al", "al", "bo", "bo"]),
        (["al/1.ipynb", "al/2.ipynb", "bo/x.ipynb", "cy/y.ipynb"], ["al", "al", "bo", "cy"]),
        (["al/work/hw.ipynb", "al/a.ipynb", "bo/work/hw.ipynb"], ["al", "al", "bo"]),
        (["monday/al/hw.ipynb", "monday/al/b.ipynb", "monday/bo/hw.ipynb"], ["al", "al", "bo"]),
        (
            ["al/x.ipynb", "bo/y.ipynb", "cy/z.ipynb", "mallory/al/a.ipynb", "mallory/di/b.ipynb"],
            ["al", "bo", "cy", "mallory", "mallory"],
        ),
    ],
)
def test_folders_side_by_side_with_one_notebook_or_the_same_names_are_a_student_each(
    tmp_path: Path, files: list[str], expected: list[str]
) -> None:
    assert students(collect([place(tmp_path, *files)])) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["one/kim.ipynb", "two/lee.ipynb", "two/mia.ipynb"], ["lee", "mia", "one"]),
        (["1/al/hw.ipynb", "1/bo/hw.ipynb", "2/cy/hw.ipynb", "2/di/hw.ipynb"], ["al", "bo", "cy", "di"]),
        (["1/al/hw.ipynb", "2/cy/hw.ipynb", "2/di/hw.ipynb"], ["1", "cy", "di"]),
    ],
)
def test_sections_of_a_class_are_no_students(tmp_path: Path, files: list[str], expected: list[str]) -> None:
    assert students(collect([place(tmp_path, *files)])) == expected


def test_folders_given_one_by_one_are_as_the_folder_around_them(tmp_path: Path) -> None:
    place(tmp_path, "al/hw.ipynb", "al/draft.ipynb", "bo/hw.ipynb", ".hidden/hw.ipynb")
    assert students(collect([tmp_path / "al", tmp_path / "bo"])) == ["al", "al", "bo"]
    assert students(collect([tmp_path / "*"])) == ["al", "al", "bo"]


def test_a_pattern_is_written_out_only_where_no_such_file_exists(tmp_path: Path) -> None:
    place(tmp_path, "al[1].ipynb", "al1.ipynb", "bo.ipynb")
    assert students(collect([tmp_path / "al[1].ipynb"])) == ["al-1"]
    assert students(collect([tmp_path / "[a-b]o.ipynb"])) == ["bo"]
    with pytest.raises(InputError, match=r"x\*\.ipynb cannot be opened"):
        collect([tmp_path / "x*.ipynb"])


@pytest.mark.parametrize(
    "names", [("Kim.ipynb", "kim.ipynb"), ("é.ipynb", "e\u0301.ipynb"), ("a b.ipynb", "a;b.ipynb")]
)
def test_names_that_some_file_system_takes_for_equal_are_told_apart(tmp_path: Path, names: tuple[str, str]) -> None:
    found = students(collect([place(tmp_path, *names)]))
    assert len({unicodedata.normalize("NFC", name).casefold() for name in found}) == len(names)


def test_what_is_given_twice_counts_once(tmp_path: Path) -> None:
    place(tmp_path, "group/al.ipynb", "group/bo.ipynb")
    (tmp_path / "link").symlink_to(tmp_path / "group")
    group = tmp_path / "group"
    assert students(collect([tmp_path, group, group / "al.ipynb", tmp_path / "link"])) == ["al", "bo"]


def test_a_file_that_is_given_is_taken_whatever_its_name(tmp_path: Path) -> None:
    assert students(collect([place(tmp_path, "al.txt") / "al.txt"])) == ["al"]


def test_links_inside_a_folder_are_left_out_and_named(tmp_path: Path) -> None:
    secret = place(tmp_path / "elsewhere", "solution.ipynb") / "solution.ipynb"
    folder = place(tmp_path / "handed", "al/hw.ipynb")
    (folder / "bo.ipynb").symlink_to(secret)
    (folder / "cy").symlink_to(secret.parent)
    (folder / "loop").symlink_to(folder)
    (folder / "gone.ipynb").symlink_to(tmp_path / "nowhere")
    intake = collect([folder])
    assert students(intake) == ["al"]
    assert left_out(intake) == {str(folder / name) for name in ("bo.ipynb", "cy", "loop", "gone.ipynb")}


def test_what_is_no_notebook_is_left_out_and_named(tmp_path: Path) -> None:
    folder = place(tmp_path, "al.ipynb", "data.csv", "sub/al.ipynb.txt")
    os.mkfifo(folder / "pipe.ipynb")
    names = ("data.csv", "sub/al.ipynb.txt", "pipe.ipynb")
    assert left_out(collect([folder])) == {str(folder / name) for name in names}


def test_hidden_files_and_checkpoints_are_ignored(tmp_path: Path) -> None:
    folder = place(
        tmp_path, "al/hw.ipynb", "al/._hw.ipynb", "al/.ipynb_checkpoints/hw-checkpoint.ipynb", "__MACOSX/x.ipynb"
    )
    intake = collect([folder])
    assert (students(intake), intake.left_out) == (["al"], ())


def test_reports_of_an_earlier_run_are_no_submissions(tmp_path: Path) -> None:
    folder = place(tmp_path, "al.ipynb", "out/students/al/executed.ipynb", "students/bo.ipynb", "students/cy.ipynb")
    assert students(collect([folder], reports=folder / "out/students")) == ["al", "bo", "cy"]


def test_folders_nested_deeper_than_python_recurses_are_walked(tmp_path: Path) -> None:
    (tmp_path / "/".join("d" * 400)).mkdir(parents=True)
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 200)
    try:
        assert students(collect([place(tmp_path, "al.ipynb")])) == ["al"]
    finally:
        sys.setrecursionlimit(usual)
        # pytest removes old folders by recursion, which these would stop.
        subprocess.run(["rm", "-rf", "--", str(tmp_path / "d")], check=True)


def test_a_folder_that_cannot_be_read_is_left_out_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place(tmp_path, "al.ipynb", "bo/hw.ipynb")
    real = os.scandir

    def refused(path: Path) -> "os._ScandirIterator[str]":  # the superuser may read everything
        if path.name == "bo":
            raise PermissionError
        return real(path)

    monkeypatch.setattr(os, "scandir", refused)
    intake = collect([tmp_path])
    assert (students(intake), left_out(intake)) == (["al"], {str(tmp_path / "bo")})


def test_a_notebook_that_cannot_be_read_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(tmp_path, "al.ipynb", "bo.ipynb")
    real = Path.open

    def refused(path: Path, mode: str) -> object:
        if path.name == "al.ipynb":
            raise PermissionError(13, "Permission denied")
        return real(path, mode)

    monkeypatch.setattr(Path, "open", refused)
    assert [bool(submission.digest) for submission in collect([tmp_path]).submissions] == [False, True]


def test_a_file_of_a_terabyte_of_nothing_holds_up_nobody(tmp_path: Path) -> None:
    with (tmp_path / "al.ipynb").open("wb") as file:
        file.truncate(MOST_BYTES_HASHED * 10_000)
    assert students(collect([tmp_path])) == ["al"]


@pytest.mark.parametrize("name", ["nowhere", "n" * 300, "loop", "al.ipynb/x"])
def test_a_path_that_cannot_be_opened_is_named_with_the_remedy(tmp_path: Path, name: str) -> None:
    place(tmp_path, "al.ipynb")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(InputError, match=f"{name} cannot be opened .*; give a notebook or a folder of notebooks"):
        collect([tmp_path / name])


@pytest.mark.parametrize("files", [[], ["data.csv"], [".ipynb_checkpoints/al.ipynb"]])
def test_no_notebook_at_all_is_an_error_that_names_the_folder(tmp_path: Path, files: list[str]) -> None:
    with pytest.raises(InputError, match=f"no notebook .* in {tmp_path}; give"):
        collect([place(tmp_path, *files)])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ana María", "Ana-María"),
        ("李小龙", "李小龙"),
        ("हिन्दी", "हिन्दी"),
        ("O'Neil; rm -rf $(HOME)\n", "O-Neil-rm-rf-HOME"),
        ("../../etc/passwd", "etc-passwd"),
        ("=HYPERLINK(1)", "HYPERLINK-1"),
        ("-@+1", "1"),
        ("<script>[red]", "script-red"),
        ("\u202egpj.exe\x1b[31m", "gpj.exe-31m"),
        (os.fsdecode(b"caf\xe9"), "caf"),
        ("nul", "_nul"),
        ("COM1.txt", "_COM1.txt"),
        ("console", "console"),
        ("🤖", "unnamed"),
        ("", "unnamed"),
    ],
)
def test_a_name_keeps_letters_and_loses_what_is_dangerous(name: str, expected: str) -> None:
    assert safe_name(name) == expected


@given(st.text(max_size=300))
def test_a_safe_name_is_short_printable_and_stays_as_it_is(name: str) -> None:
    safe = safe_name(name)
    assert safe_name(safe) == safe
    assert 0 < len(safe.encode()) <= LONGEST_NAME_BYTES + 1
    assert safe.isprintable()
    assert safe[0] not in "-.+@="
    assert not set(safe) & set("/\\:*?\"<>|' ,;&")


def test_a_long_name_fits_every_file_system(tmp_path: Path) -> None:
    place(tmp_path, f"{'𠀀' * 62}.ipynb", f"{'𠀀' * 61}.ipynb", f"{'𠀀' * 60}.ipynb")
    for student in students(collect([tmp_path])):
        (tmp_path / student).mkdir()

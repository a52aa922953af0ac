"""What is wrong with an archive is found before it is uploaded."""

import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import InputError
from grader.gradescope import checking
from grader.gradescope.archive import build
from grader.gradescope.checking import check_archive
from grader.loading import load_course
from tests.courses import write_course

Files = dict[str, bytes]
SOUND = "#!/usr/bin/env bash\nexit 0\n"


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("archive")
    course = load_course(write_course(folder / "course"))
    made = build(course, course.homework("hw1"), folder / "autograder.zip")
    with zipfile.ZipFile(made.path) as archive:
        # Without most of the program, so that packing it again takes no time.
        kept = [one for one in archive.namelist() if not one.startswith("grader/") or "gradescope" in one]
        files = {name: archive.read(name) for name in kept}
    return {"grader/gradescope/supervising.py": b"", **files}


def packed(path: Path, files: Files, mode: int = 0o100755) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            archive.writestr(entry, content)
    return path


def said(path: Path, *, serious: bool = True) -> str:
    return "\n".join(f"{one.place}: {one.words}" for one in check_archive(path) if one.serious is serious)


def scripts(content: bytes) -> Files:
    return {"setup.sh": SOUND.encode(), "run_autograder": content}


def test_an_archive_of_ours_has_nothing_wrong(ours: Files, tmp_path: Path) -> None:
    assert check_archive(packed(tmp_path / "a.zip", ours)) == []


def altered(**keys: object) -> Callable[[Files], None]:
    def alter(files: Files) -> None:
        files["autograder.json"] = json.dumps(json.loads(files["autograder.json"]) | keys).encode()

    return alter


@pytest.mark.parametrize(
    ("alter", "words"),
    [
        (lambda files: files.pop("setup.sh"), "setup.sh: is missing"),
        (lambda files: files.pop("requirements.txt"), "requirements.txt: is missing"),
        (
            lambda files: files.update({"setup.sh": b"\xef\xbb\xbf" + SOUND.encode()}),
            "setup.sh: begins with a byte order mark",
        ),
        (lambda files: files.update({"setup.sh": b"echo\n"}), "setup.sh: names no program in its first line"),
        (lambda files: files.update({"setup.sh": b"#!bash\n"}), "setup.sh: names no program in its first line"),
        (lambda files: files.update({"setup.sh": b"#!/bin/bash\r\n"}), "setup.sh: has line ends of Windows"),
        (lambda files: files.update({"../out": b""}), "../out: leads out of the archive"),
        (lambda files: files.update({"/etc/passwd": b""}), "/etc/passwd: leads out of the archive"),
        (lambda files: files.update({"a\\b": b""}), "a\\b: leads out of the archive"),
        (lambda files: files.update({"course/.env": b""}), "course/.env: looks like a secret"),
        (lambda files: files.update({"id_rsa": b""}), "id_rsa: looks like a secret"),
        (lambda files: files.update({"keys/a.pem": b""}), "keys/a.pem: looks like a secret"),
        (lambda files: files.update({"gradescope_token.txt": b""}), "gradescope_token.txt: looks like a secret"),
        (lambda files: files.update({"submissions/expected.toml": b""}), "expected.toml: looks like work or results"),
        (lambda files: files.update({"autograder.json": b"{"}), "autograder.json: the file: "),
        (altered(format=2), "autograder.json: format: "),
        (altered(course="0"), "autograder.json: speaks of another course"),
        (altered(homework="hw9"), "course/: cannot be loaded: there is no homework 'hw9'"),
        (altered(points={"autograder": 4, "written": 0}), "autograder.json: points: is not what the homework"),
        (
            lambda files: files.update({"course/problems/boxes/problem.toml": b"title = 3"}),
            "course/: cannot be loaded: problems/boxes/problem.toml: ",
        ),
    ],
)
def test_what_does_not_work_is_an_error(
    ours: Files, alter: Callable[[Files], object], words: str, tmp_path: Path
) -> None:
    files = dict(ours)
    alter(files)
    found = said(packed(tmp_path / "a.zip", files))
    assert words in found
    assert str(tmp_path) not in found


@pytest.mark.parametrize(
    ("alter", "words"),
    [
        (altered(grader="0.0.9"), "was built by grader 0.0.9"),
        (lambda files: files.update({"__MACOSX/._setup.sh": b""}), "__MACOSX/._setup.sh: is left over"),
        (lambda files: files.update({"a/.DS_Store": b""}), ".DS_Store: is left over"),
        (lambda files: files.update({"grader/__pycache__/a.pyc": b""}), "a.pyc: is left over"),
        (lambda files: files.update({".git/config": b""}), ".git/config: is left over"),
        (lambda files: files.update({"course/a.ipynb": b""}), "a.ipynb: is a notebook"),
        (lambda files: files.update({"setup.sh": b"#!/usr/bin/env perl\n"}), "is run by '/usr/bin/env perl'"),
    ],
)
def test_what_is_odd_is_a_warning(ours: Files, alter: Callable[[Files], object], words: str, tmp_path: Path) -> None:
    files = dict(ours)
    alter(files)
    path = packed(tmp_path / "a.zip", files)
    assert words in said(path, serious=False)
    assert not said(path)


def test_a_folder_that_was_packed_instead_of_its_files_is_named(ours: Files, tmp_path: Path) -> None:
    found = said(packed(tmp_path / "a.zip", {f"autograder/{name}": content for name, content in ours.items()}))
    assert "setup.sh: lies in autograder/: the folder was packed instead of its files" in found


def test_scripts_that_may_not_be_executed_are_named(ours: Files, tmp_path: Path) -> None:
    found = said(packed(tmp_path / "a.zip", ours, 0o100644), serious=False)
    assert "setup.sh: may not be executed; chmod +x setup.sh" in found
    assert "run_autograder: may not be executed" in found


def test_a_link_is_found(tmp_path: Path) -> None:
    found = said(packed(tmp_path / "a.zip", scripts(SOUND.encode()), stat.S_IFLNK | 0o777))
    assert "setup.sh: is a link" in found


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_found(ours: Files, tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", ours)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("course/reference/boxes.py", "")
    assert "course/reference/boxes.py: is there 2 times" in said(path)


def test_another_tool_s_autograder_is_checked_and_said_not_to_be_ours(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {**scripts(b"#!/bin/bash\n"), "environment.yml": b"", "tests/q1.py": b""})
    assert not said(path)
    assert "is not one of our archives" in said(path, serious=False)


def test_what_is_no_zip_archive_or_is_cut_off_is_said_to_be_none(ours: Files, tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", ours)
    path.write_bytes(path.read_bytes()[:-100])
    assert "a.zip: is no zip archive" in said(path)
    path.write_text("<html>", encoding="utf-8")
    assert "a.zip: is no zip archive" in said(path)


def test_a_damaged_member_is_found(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", scripts(SOUND.encode()))
    path.write_bytes(path.read_bytes().replace(b"exit 0", b"exit 1", 1))
    assert "setup.sh: is damaged" in said(path)


def test_an_encrypted_archive_is_named(tmp_path: Path) -> None:
    content = packed(tmp_path / "a.zip", scripts(SOUND.encode())).read_bytes()
    place = content.index(b"PK\x01\x02") + 8
    (tmp_path / "a.zip").write_bytes(content[:place] + b"\x01" + content[place + 1 :])
    assert "a.zip: is encrypted" in said(tmp_path / "a.zip")


def test_what_is_too_large_is_said(ours: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = packed(tmp_path / "a.zip", ours)
    monkeypatch.setattr(checking, "MOST_BYTES", 10)
    assert "which may take long to upload" in said(path, serious=False)
    monkeypatch.setattr(checking, "MOST_UNPACKED", 10)
    assert "when it is unpacked" in said(path)


def test_an_archive_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.zip cannot be read: No such file"):
        check_archive(tmp_path / "a.zip")

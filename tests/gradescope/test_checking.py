"""What is wrong with an archive is found before it is uploaded."""

import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import InputError
from grader.gradescope.building.archive import build
from grader.gradescope.building.environment import pins
from grader.gradescope.examining import checking
from grader.gradescope.examining.checking import check_archive
from grader.loading import load_course
from tests.courses import write_course

Files = dict[str, bytes]


def wheel_of(package: str, version: str = "1.0") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(f"{package}-{version}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {package}\n")
    return content.getvalue()


WHEEL = wheel_of("one")
SOUND = "#!/usr/bin/env bash\nexit 0\n"


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("archive")
    course = load_course(write_course(folder / "course"))
    made = build(course, course.homework("hw1"), folder / "autograder.zip")
    with zipfile.ZipFile(made.path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


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
            lambda files: files.pop("grader/gradescope/inside/grading.py"),
            "grader/gradescope/inside/grading.py: is missing; build the archive again",
        ),
        (
            lambda files: files.update({"requirements.txt": b"x==1\n"}),
            "requirements.txt: is not what this grader writes",
        ),
        (lambda files: files.update({"setup.sh": b"#!/bin/bash\nif\n"}), "setup.sh: is not what this grader writes"),
        (lambda files: files.update({"constraints.txt": b""}), "constraints.txt: is not what this grader writes"),
        (
            lambda files: files.update({"packages.txt": b"--index-url https://example.org\n"}),
            "packages.txt: is not what this grader writes",
        ),
        (
            lambda files: files.update({name: b"" for name in files if name.startswith("grader/") and ".py" in name}),
            " more: is not what this grader writes",
        ),
        (
            lambda files: files.update({"packages.txt": b"--index-url https://me:word@example.org\n"}),
            "packages.txt: has a name or a password in the address",
        ),
        (
            lambda files: files.update({"wheels/one-1.0-py3-none-any.whl": b"text"}),
            "wheels/one-1.0-py3-none-any.whl: is no wheel, or is damaged",
        ),
        (lambda files: files.update({"wheels/readme": b""}), "wheels/readme: has not the name of a wheel"),
        (lambda files: files.update({"wheels/one-1.0-py3-none-any.whl": WHEEL}), "wheels/: lacks "),
        (lambda files: files.update({"course/problems/boxes/problem.toml/x": b""}), "course/: cannot be loaded: "),
        (
            lambda files: files.update({"course/problems/boxes/problem.toml": b"x = " + b"[" * 100_000}),
            "course/: cannot be loaded: ",
        ),
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
        (lambda files: files.update({"notes.txt": b""}), "notes.txt: is nothing that this grader writes"),
    ],
)
def test_what_is_odd_is_a_warning(ours: Files, alter: Callable[[Files], object], words: str, tmp_path: Path) -> None:
    files = dict(ours)
    alter(files)
    path = packed(tmp_path / "a.zip", files)
    assert words in said(path, serious=False)
    assert not said(path)


def test_nothing_in_an_archive_is_run(ours: Files, tmp_path: Path) -> None:
    trace = tmp_path / "it ran"
    program = f"open({str(trace)!r}, 'w')\n".encode()
    solvers = {name: program for name in ours if name.startswith("course/reference/")}
    own = {name: program for name in ours if name.endswith(".py") and name.startswith("grader/")}
    assert "speaks of another course" in said(packed(tmp_path / "a.zip", {**ours, **own, **solvers}))
    assert not trace.exists()


def test_an_archive_of_another_version_is_not_compared(ours: Files, tmp_path: Path) -> None:
    files = {**ours, "setup.sh": SOUND.encode(), "grader/pipeline.py": b""}
    altered(grader="0.0.9")(files)
    path = packed(tmp_path / "a.zip", files)
    assert "so that its program cannot be compared" in said(path, serious=False)
    assert not said(path)


def test_wheels_that_are_all_there_are_enough(ours: Files, tmp_path: Path) -> None:
    names = {f"{name.replace('-', '_')}": str(pin.specifier)[2:] for name, pin in pins().items()}
    files = {f"wheels/{name}-{version}-py3-none-any.whl": wheel_of(name, version) for name, version in names.items()}
    both = {**ours, **files, "pythons.txt": b"3.14\n3.13\n3.12\n3.11\n"}
    assert check_archive(packed(tmp_path / "a.zip", both)) == []
    assert "pythons.txt: is not what the wheels are for" in said(
        packed(tmp_path / "a.zip", {**both, "pythons.txt": b""})
    )
    del both["wheels/numpy-2.4.6-py3-none-any.whl"]
    assert "wheels/: lacks numpy==2.4.6 for Python 3.12 on x86_64" in said(packed(tmp_path / "a.zip", both))


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
    path = packed(
        tmp_path / "a.zip",
        {**scripts(b"#!/bin/bash\n"), "setup.sh": b"#!/usr/bin/env perl\n", "environment.yml": b"", "tests/q1.py": b""},
    )
    assert not said(path)
    assert "setup.sh: is run by '/usr/bin/env perl'" in said(path, serious=False)
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


@pytest.mark.parametrize(
    ("method", "keeping"), [(zipfile.ZIP_LZMA, 9), (zipfile.ZIP_BZIP2, 4), (zipfile.ZIP_DEFLATED, 0)]
)
def test_whatever_is_wrong_with_a_compressed_member_it_is_damaged(method: int, keeping: int, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as archive:
        archive.writestr("setup.sh", SOUND * 50)
        entry = archive.infolist()[0]
    content = (tmp_path / "a.zip").read_bytes()
    start, end = 30 + len("setup.sh"), 30 + len("setup.sh") + entry.compress_size
    kept = content[start : start + keeping]  # so that what follows is unpacked at all
    (tmp_path / "a.zip").write_bytes(content[:start] + kept + b"\xff" * (end - start - keeping) + content[end:])
    assert "setup.sh: is damaged" in said(tmp_path / "a.zip")


def test_a_name_that_is_no_text_and_a_way_of_packing_that_nobody_knows_are_damages(tmp_path: Path) -> None:
    content = packed(tmp_path / "a.zip", {"n\u00e4me": b"", **scripts(SOUND.encode())}).read_bytes()
    (tmp_path / "a.zip").write_bytes(content.replace("\u00e4".encode(), b"\xff\xff"))
    assert "a.zip: is no zip archive, or is damaged" in said(tmp_path / "a.zip")
    content = packed(tmp_path / "b.zip", scripts(SOUND.encode())).read_bytes()
    place = content.index(b"PK\x01\x02") + 10
    (tmp_path / "b.zip").write_bytes(content[:place] + b"\x63\x00" + content[place + 2 :])
    assert "setup.sh: is damaged" in said(tmp_path / "b.zip")


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

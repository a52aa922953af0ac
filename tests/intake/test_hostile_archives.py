"""Archives that students had a hand in."""

import gzip
import hashlib
import io
import os
import struct
import tarfile
import tempfile
import zipfile
from pathlib import Path
from time import monotonic

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader import notebooks
from grader.errors import InputError
from grader.intake import Intake, archives, collect, unpacking
from tests.intake.downloads import named, tarred, zip_bytes, zipped


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    folder = tmp_path / "unpacked"
    folder.mkdir()
    return folder


def students(intake: Intake) -> list[str]:
    return [submission.student for submission in intake.submissions if submission.has_file]


def reasons(intake: Intake) -> dict[str, str]:
    return {left.path.partition(": ")[2]: left.why for left in intake.left_out}


def everything_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def noise(seed: int) -> bytes:
    """What cannot be packed, and is the same each time."""
    return b"".join(hashlib.sha256(f"{seed} {number}".encode()).digest() for number in range(100))


OUTSIDE = [
    "/etc/evil.ipynb",
    "../evil.ipynb",
    "a/../../evil.ipynb",
    "C:\\evil.ipynb",
    "C:evil.ipynb",
    "..\\evil.ipynb",
    "\\\\server\\share\\evil.ipynb",
]


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_name_that_leads_out_of_the_archive_is_left_out(tmp_path: Path, unpacked: Path, name: str) -> None:
    before = everything_below(tmp_path)
    for number, make in enumerate((zipped, tarred)):
        archive = make(
            tmp_path / f"a{number}.{'zip' if make is zipped else 'tar'}", {name: b"evil", "ada.ipynb": b"{}"}
        )
        found = collect([archive], unpacked)
        assert students(found) == ["ada"]
        assert reasons(found)[name] == "has a name that leads out of its archive"
    new = everything_below(tmp_path) - before - {"a0.zip", "a1.tar"}
    assert all(name.startswith("unpacked/archive-") for name in new)


def test_backslashes_are_folders(tmp_path: Path, unpacked: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"ada\\hw.ipynb": b"{}", "bo\\hw.ipynb": b"[]"})
    assert students(collect([archive], unpacked)) == ["ada", "bo"]


def test_copies_have_names_of_our_own(tmp_path: Path, unpacked: Path) -> None:
    name = "=cmd|' /C calc'!A0 \u202e<b>.ipynb"
    (submission,) = collect([zipped(tmp_path / "a.zip", {name: b"{}"})], unpacked).submissions
    assert submission.path.name == "0001.ipynb"
    assert submission.origin == name
    assert submission.path.read_bytes() == b"{}"


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_a_tar_are_left_out(tmp_path: Path, unpacked: Path, kind: bytes) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        info = tarfile.TarInfo("link.ipynb")
        info.type, info.linkname = kind, "/etc/passwd"
        archive.addfile(info)
        archive.addfile(tarfile.TarInfo("ada.ipynb"), io.BytesIO())
    found = collect([tmp_path / "a.tar"], unpacked)
    assert students(found) == ["ada"]
    link = kind in {tarfile.SYMTYPE, tarfile.LNKTYPE}
    assert reasons(found)["link.ipynb"].startswith("is a link" if link else "is no regular file")


def test_links_in_a_zip_are_left_out(tmp_path: Path, unpacked: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name, mode in (("link.ipynb", 0o120777), ("pipe.ipynb", 0o010644), ("ada.ipynb", 0o100644)):
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, "/etc/passwd")
    found = collect([tmp_path / "a.zip"], unpacked)
    assert students(found) == ["ada"]
    assert reasons(found)["link.ipynb"] == "is a link, which may lead to another student's work"
    assert reasons(found)["pipe.ipynb"] == "is no regular file"


def test_an_encrypted_member_does_not_stop_the_others(tmp_path: Path, unpacked: Path) -> None:
    content = bytearray(zip_bytes({"secret.ipynb": b"{}", "ada.ipynb": b"{}"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(content)
    found = collect([tmp_path / "a.zip"], unpacked)
    assert (students(found), reasons(found)) == (
        ["ada"],
        {"secret.ipynb": "is encrypted; pack it without a password"},
    )


def test_a_damaged_member_does_not_stop_the_others(tmp_path: Path, unpacked: Path) -> None:
    content = bytearray(zip_bytes({"bo.ipynb": os.urandom(300), "ada.ipynb": b"{}"}))
    content[100] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(content)
    found = collect([tmp_path / "a.zip"], unpacked)
    assert students(found) == ["ada"]
    assert reasons(found)["bo.ipynb"].startswith("cannot be unpacked (Bad CRC-32")
    assert "ask for it again" in reasons(found)["bo.ipynb"]


def test_a_notebook_is_copied_no_further_than_it_would_be_read(tmp_path: Path, unpacked: Path) -> None:
    assert unpacking.MOST_NOTEBOOK_BYTES == notebooks.MAX_FILE_BYTES + 1
    archive = zipped(tmp_path / "a.zip", {"ada.ipynb": bytes(30 * 1024**2)})
    (submission,) = collect([archive], unpacked).submissions
    assert submission.path.stat().st_size == unpacking.MOST_NOTEBOOK_BYTES


def test_a_size_that_is_declared_too_small_is_not_believed(tmp_path: Path, unpacked: Path) -> None:
    content = bytearray(zip_bytes({"bo.ipynb": bytes(50 * 1024**2), "ada.ipynb": b"{}"}))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 10)
    (tmp_path / "a.zip").write_bytes(content)
    found = collect([tmp_path / "a.zip"], unpacked)
    assert "ada" in students(found)
    assert sum(path.stat().st_size for path in unpacked.rglob("*.ipynb")) <= unpacking.MOST_NOTEBOOK_BYTES + 2


def test_members_that_overlap_are_left_out(tmp_path: Path, unpacked: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ada.ipynb", b"{}")
        archive.writestr("bo.ipynb", b"x" * 1000)
        for number in range(50):
            twin = zipfile.ZipInfo(f"twin{number}.ipynb")
            source = archive.getinfo("bo.ipynb")
            for field in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
                setattr(twin, field, getattr(source, field))
            archive.filelist.append(twin)
    found = collect([tmp_path / "a.zip"], unpacked)
    assert students(found) == ["ada"]
    assert len([why for why in reasons(found).values() if why.startswith("overlaps")]) == 51


def test_more_than_the_disk_should_take_is_left_out(
    tmp_path: Path, unpacked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "MOST_BYTES", 1000)
    archive = zipped(tmp_path / "a.zip", {f"s{number}.ipynb": bytes(400) for number in range(5)})
    found = collect([archive], unpacked)
    assert students(found) == ["s0", "s1"]
    assert all("grade in parts" in left.why for left in found.left_out)


def test_a_students_archive_takes_no_more_than_its_share(
    tmp_path: Path, unpacked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = zip_bytes({f"{number:03}.ipynb": str(number).encode() for number in range(100)})
    found = collect([zipped(tmp_path / "a.zip", {"ada.zip": many, "bo.ipynb": b"{}"})], unpacked)
    assert students(found) == ["ada"] * unpacking.MOST_NOTEBOOKS_INSIDE + ["bo"]
    assert len(found.left_out) == 100 - unpacking.MOST_NOTEBOOKS_INSIDE
    monkeypatch.setattr(unpacking, "MOST_ARCHIVE_BYTES", 10)
    found = collect([zipped(tmp_path / "b.zip", {"ada.zip": many, "bo.ipynb": b"{}"})], unpacked)
    assert students(found) == ["bo"]
    assert "is an archive of more than" in found.left_out[0].why
    assert not [path for path in unpacked.rglob("*") if path.suffix in {".zip", ".tar"}]


def test_archives_in_archives_in_archives_stay_closed(tmp_path: Path, unpacked: Path) -> None:
    content = zip_bytes({"deep.ipynb": b"{}"})
    for _ in range(20):
        content = zip_bytes({"ada.zip": content})
    found = collect([zipped(tmp_path / "a.zip", {"ada.zip": content, "bo.ipynb": b"{}"})], unpacked)
    assert students(found) == ["bo"]
    assert "archive within an archive" in found.left_out[0].why


def test_too_many_members_stop_the_list_and_not_the_class(
    tmp_path: Path, unpacked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MOST_MEMBERS", 100)
    files = {f"s{number:03}.ipynb": str(number).encode() for number in range(150)}
    for archive in (zipped(tmp_path / "a.zip", files), tarred(tmp_path / "a.tar", files)):
        found = collect([archive], unpacked)
        assert len(found.submissions) == 100
        assert "has more than 100 members" in found.troubles[0]
        assert str(archive) in found.troubles[0]


def test_a_zip_of_a_million_members_is_refused_quickly(tmp_path: Path, unpacked: Path) -> None:
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    count = 1_000_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(entry) * count, 0, 0)
    (tmp_path / "a.zip").write_bytes(entry * count + end)
    started = monotonic()
    with pytest.raises(InputError, match=r"a\.zip cannot be read to its end .*; download it again"):
        collect([tmp_path / "a.zip"], unpacked)
    assert monotonic() - started < 5


def test_a_tar_that_unpacks_to_terabytes_is_stopped(
    tmp_path: Path, unpacked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MOST_UNPACKED_BYTES", 50 * 1024**2)
    with gzip.open(tmp_path / "a.tgz", "wb", compresslevel=1) as file:
        for name, size in (("ada.ipynb", 2), ("bomb.bin", 100 * 1024**2)):
            info = tarfile.TarInfo(name)
            info.size = size
            file.write(info.tobuf() + bytes(512 if size == 2 else size))
    found = collect([tmp_path / "a.tgz"], unpacked)
    assert students(found) == ["ada"]
    assert "unpacks to more than any class hands in" in found.troubles[0]


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tgz"])
def test_a_list_that_takes_too_long_is_stopped(
    tmp_path: Path, unpacked: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(archives, "MOST_SECONDS", -1.0)
    with pytest.raises(InputError, match="takes too long to list"):
        collect([(zipped if name.endswith("zip") else tarred)(tmp_path / name, {"ada.ipynb": b"{}"})], unpacked)


def test_a_header_that_asks_for_gigabytes_gets_no_memory(tmp_path: Path, unpacked: Path) -> None:
    with gzip.open(tmp_path / "a.tgz", "wb") as file:
        first = tarfile.TarInfo("ada.ipynb")
        long_name = tarfile.TarInfo("././@LongLink")
        long_name.type, long_name.size = tarfile.GNUTYPE_LONGNAME, 8 * 1024**3
        file.write(first.tobuf() + long_name.tobuf(tarfile.GNU_FORMAT) + bytes(64 * 1024))
    found = collect([tmp_path / "a.tgz"], unpacked)
    assert students(found) == ["ada"]
    assert "bytes at once" in found.troubles[0]


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz"])
def test_a_tar_that_is_cut_off_gives_what_is_left_of_it(tmp_path: Path, unpacked: Path, name: str) -> None:
    whole = tarred(tmp_path / name, {f"s{number}.ipynb": noise(number) for number in range(9)})
    content = whole.read_bytes()
    whole.write_bytes(content[: len(content) // 2])
    found = collect([whole], unpacked)
    assert "s0" in students(found)
    assert "s8" not in students(found)
    assert "cannot be read to its end" in found.troubles[0]
    assert "download it again, or unpack it and give the folder" in found.troubles[0]


def test_a_tar_with_rubbish_in_the_middle_says_that_something_is_lost(tmp_path: Path, unpacked: Path) -> None:
    archive = tarred(tmp_path / "a.tar", {f"s{number}.ipynb": bytes(512) for number in range(4)})
    content = bytearray(archive.read_bytes())
    content[2048 : 2048 + 512] = b"x" * 512
    archive.write_bytes(content)
    found = collect([archive], unpacked)
    assert students(found) == ["s0", "s1"]
    assert "cut off or damaged" in found.troubles[0]


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x05\x06" + bytes(18), os.urandom(2000)])
@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tgz"])
def test_what_is_no_archive_is_an_error_in_words(tmp_path: Path, unpacked: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=r"download it again, or unpack it|no notebook"):
        collect([tmp_path / name], unpacked)


def test_one_broken_archive_does_not_stop_the_others(tmp_path: Path, unpacked: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04")
    whole = zipped(tmp_path / "whole.zip", {"ada.ipynb": b"{}"})
    found = collect([tmp_path / "broken.zip", whole], unpacked)
    assert students(found) == ["ada"]
    assert "broken.zip cannot be read" in found.troubles[0]


@pytest.mark.parametrize("flagged", [True, False])
def test_names_in_utf8_are_read_whether_or_not_they_say_so(tmp_path: Path, unpacked: Path, *, flagged: bool) -> None:
    content = bytearray(zip_bytes({"Zoë Müller/hw.ipynb": b"{}", "bo/hw.ipynb": b"[]"}))
    if not flagged:
        for mark, at in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
            content[content.index(mark) + at] &= ~8
    (tmp_path / "a.zip").write_bytes(content)
    assert students(collect([tmp_path / "a.zip"], unpacked)) == ["bo", "Zoë-Müller"]


def test_names_in_an_old_code_page_are_read(tmp_path: Path, unpacked: Path) -> None:
    content = zip_bytes({"ZoXX.ipynb": b"{}"}).replace(b"ZoXX", "Zoëü".encode("cp437"))
    (tmp_path / "a.zip").write_bytes(content)
    assert students(collect([tmp_path / "a.zip"], unpacked)) == ["Zoëü"]


def test_a_name_that_is_no_utf8_though_it_says_so_does_not_stop_the_others(tmp_path: Path, unpacked: Path) -> None:
    content = zip_bytes({"Zoë.ipynb": b"{}", "Ünal.ipynb": b"[]"}).replace("Zoë".encode(), b"Zo\xff\xfe")
    (tmp_path / "a.zip").write_bytes(content)
    found = collect([tmp_path / "a.zip"], unpacked)
    assert "Ünal" in students(found)
    assert len(found.submissions) == 2
    assert Intake.model_validate_json(found.model_dump_json()) == found


def test_bytes_in_a_tars_names_do_not_stop_it(tmp_path: Path, unpacked: Path) -> None:
    archive = tarred(tmp_path / "a.tar", {os.fsdecode(b"caf\xe9.ipynb"): b"{}", "ada.ipynb": b"[]"})
    found = collect([archive], unpacked)
    assert len(found.submissions) == 2
    assert Intake.model_validate_json(found.model_dump_json()) == found


def test_names_that_some_file_system_takes_for_equal_are_told_apart(tmp_path: Path, unpacked: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"Kim.ipynb": b"1", "kim.ipynb": b"2", "é.ipynb": b"3", "e\u0301.ipynb": b"4"})
    found = collect([archive], unpacked)
    assert len({submission.student.casefold() for submission in found.submissions}) == 4
    assert len({submission.path for submission in found.submissions}) == 4


def test_two_members_of_one_name_are_one_students(tmp_path: Path, unpacked: Path) -> None:
    content = zip_bytes({"ada.ipynb": b"first", "bob.ipynb": b"second"}).replace(b"bob.ipynb", b"ada.ipynb")
    (tmp_path / "a.zip").write_bytes(content)
    found = collect([tmp_path / "a.zip"], unpacked)
    assert [submission.path.read_text() for submission in found.submissions] == ["first", "second"]
    assert students(found) == ["ada", "ada"]


def test_a_zip64_is_read(tmp_path: Path, unpacked: Path) -> None:
    with (
        zipfile.ZipFile(tmp_path / "a.zip", "w") as archive,
        archive.open("ada.ipynb", "w", force_zip64=True) as member,
    ):
        member.write(b"{}")
    assert students(collect([tmp_path / "a.zip"], unpacked)) == ["ada"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_STORED])
def test_members_are_read_however_they_are_packed(tmp_path: Path, unpacked: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as archive:
        archive.writestr("ada.ipynb", bytes(60 * 1024**2))
    (submission,) = collect([tmp_path / "a.zip"], unpacked).submissions
    assert submission.path.stat().st_size == unpacking.MOST_NOTEBOOK_BYTES


def test_a_folder_that_is_full_leaves_out_and_says_so(
    tmp_path: Path, unpacked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = zipped(tmp_path / "a.zip", {"ada.ipynb": b"{}"})

    def full(**_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "mkdtemp", full)
    with pytest.raises(InputError):
        collect([archive], unpacked)


NAMES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(OUTSIDE),
    st.lists(
        st.sampled_from(["..", ".", "", "ada", "submitted", "hw.ipynb", "x.zip", "é", "\\", "C:"]), max_size=5
    ).map("/".join),
    st.sampled_from(
        ["ada_340934_208490284_hw.ipynb", "Ada_12_assignsubmission_file/hw.ipynb", "submission_metadata.yml"]
    ),
    st.from_regex(r"\A[a-c]{1,2}(/[a-c]{1,2}){0,3}\.ipynb\Z"),
)
CONTENTS = st.one_of(
    st.binary(max_size=50),
    st.sampled_from(
        [zip_bytes({"hw.ipynb": b"{}", "../x.ipynb": b""}), b"PK\x03\x04", b"submission_1:\n  :submitters: [3]"]
    ),
)


def _collect_any(content: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (unpacked := root / "unpacked").mkdir()
        (root / name).write_bytes(content)
        try:
            found = collect([root / name], unpacked)
        except InputError as error:
            assert str(root / name) in str(error) or "no notebook" in str(error)  # noqa: PT017 - either is a fair end
        else:
            for submission in found.submissions:
                assert not submission.has_file or submission.path.resolve().is_relative_to(unpacked.resolve())
            assert Intake.model_validate_json(found.model_dump_json()) == found
        assert {path.name for path in root.iterdir()} == {"unpacked", name}
        allowed = {path.name for path in unpacked.rglob("*") if path.is_file()}
        assert all(file.removesuffix(".ipynb").isdecimal() for file in allowed)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(NAMES, CONTENTS), max_size=8), st.data())
def test_no_zip_of_any_members_does_more_than_to_be_refused(
    members: list[tuple[str, bytes]], data: st.DataObject
) -> None:
    content = bytearray(
        zip_bytes({name: content for name, content in members if "\x00" not in name and _encodes(name)})
    )
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    _collect_any(bytes(content), "a.zip")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(NAMES, CONTENTS, st.sampled_from(b"0123456L")), max_size=8), st.data())
def test_no_tar_of_any_members_does_more_than_to_be_refused(
    members: list[tuple[str, bytes, int]], data: st.DataObject
) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, inside, kind in members:
            info = tarfile.TarInfo(name.replace("\x00", ""))
            info.size, info.type, info.linkname = len(inside), bytes([kind]), "/etc/passwd"
            archive.addfile(info, io.BytesIO(inside))
    content = bytearray(buffer.getvalue()[: data.draw(st.integers(600, 20_000))])
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    _collect_any(bytes(content), "a.tar")


@given(
    st.dictionaries(
        st.from_regex(r"\A[a-c]{1,2}(/[a-c]{1,2}){0,3}\.(ipynb|txt|zip)\Z"), st.binary(max_size=9), max_size=9
    )
)
@settings(max_examples=80, deadline=None)
def test_every_member_is_handed_in_or_left_out(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (unpacked := Path(folder) / "unpacked").mkdir()
        archive = zipped(Path(folder) / "a.zip", {**files, "zz.ipynb": named("zz")})
        found = collect([archive], unpacked)
        handed = [submission.origin for submission in found.submissions if submission.has_file]
        left = [one.path.partition(": ")[2] for one in found.left_out]
        assert sorted([*handed, *left]) == sorted([*files, "zz.ipynb"])


def _encodes(name: str) -> bool:
    try:
        return bool(name.encode())
    except UnicodeEncodeError:
        return False

"""What there is where the grader fails: results that Gradescope takes, in words, made by the standard library alone."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.gradescope import results
from grader.gradescope.inside import faults, supervising
from grader.gradescope.inside.checking_results import MOST_BYTES, check_results
from grader.gradescope.inside.closing import close_folder
from grader.gradescope.inside.deadline import DEFAULT
from grader.gradescope.inside.faults import Fault, fault_results
from grader.gradescope.inside.supervising import Settings, read_settings
from grader.gradescope.results import Results

FAULT = Fault("It <failed>.", "Mend it.")
SOUND = b'{"score": 1.5, "output": "well"}'
NEVER_ENDED = f"""
import sys, time
from contextlib import suppress
from pathlib import Path
from grader.gradescope.inside import supervising

class Done:
    def __init__(self, folder, deadline): pass
    def results(self): return {SOUND!r}
    def end(self): pass

def stuck(pid):  # what is expected while processes are ended is passed over there, too
    while True:
        with suppress(OSError):
            time.sleep(10)

supervising.Child, supervising.kill_all, supervising.SECONDS_TO_KILL = Done, stuck, 1
sys.exit(supervising.main(Path(sys.argv[1])))
"""


def told(metadata: Path) -> Results:
    content = fault_results(FAULT, "hw1", metadata)
    check_results(content)
    return Results.model_validate_json(content)


def test_the_supervisor_needs_the_standard_library_only() -> None:
    program = "import sys; import grader.gradescope.inside.supervising; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", program], check=True, capture_output=True, text=True)
    before = subprocess.run(
        [sys.executable, "-I", "-c", "import sys; print(*sys.modules)"], check=True, capture_output=True, text=True
    )
    packages = {name.partition(".")[0] for name in set(done.stdout.split()) - set(before.stdout.split())}
    assert packages - sys.stdlib_module_names == {"grader"}


def test_both_sides_call_a_fault_by_the_same_name() -> None:
    assert (faults.FAULT, faults.COUNTED) == (results.FAULT, results.COUNTED)


def test_a_fault_is_told_in_words_that_are_escaped(tmp_path: Path) -> None:
    made = told(tmp_path / "none")
    assert made.output.startswith(
        "<p><strong>Not graded yet</strong></p><p>It &lt;failed&gt;. That is no fault of yours"
    )
    assert "Mend it" not in made.model_dump_json()
    assert (made.score, made.extra_data["fault"], made.stdout_visibility) == (0, True, "hidden")


@pytest.mark.parametrize(
    ("extra", "counted"),
    [
        ({"counted": ["a"]}, ["a"]),
        ({"counted": []}, []),
        ({"counted": [1]}, None),
        ({"counted": "a"}, None),
        ({}, None),
        (3, None),
    ],
)
def test_a_fault_hands_on_which_submissions_count(tmp_path: Path, extra: Any, counted: list[str] | None) -> None:
    file = tmp_path / "metadata.json"
    newest = {"submission_time": "2026-11-01T10:00:00-07:00", "results": {"extra_data": extra}}
    older = {
        "submission_time": "2026-11-01T16:59:00",
        "results": {"extra_data": {"counted": ["older"]}},
    }  # UTC is assumed
    later = {"submission_time": "2026-11-01T13:00:00-07:00", "results": {"extra_data": {"counted": ["later"]}}}
    about = {"created_at": "2026-11-01T12:00:00-07:00", "previous_submissions": [later, newest, older]}
    file.write_text(json.dumps(about), encoding="utf-8")
    assert told(file).extra_data.get("counted") == counted


@pytest.mark.parametrize(
    "content",
    ["[" * 100_000, "{}", '{"created_at": "2026-11-01T12:00:00Z", "previous_submissions": []}', '{"created_at": 3}'],
)
def test_without_an_account_a_fault_hands_on_none(tmp_path: Path, content: str) -> None:
    file = tmp_path / "metadata.json"
    file.write_text(content, encoding="utf-8")
    assert "counted" not in told(file).extra_data


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"\xff", b'{"score": NaN, "output": ""}', b'{"score": 1e999, "output": ""}', b'{"score": "1", "output": ""}',
        b'{"score": true, "output": ""}', b'{"score": 1, "output": []}', b'{"score": 1}', b"{} {}", b"[" * 100_000,
        b'{"score": 1, "output": "' + b"x" * MOST_BYTES + b'"}',
    ],
)  # fmt: skip
def test_what_gradescope_would_refuse_is_a_fault(content: bytes) -> None:
    with pytest.raises(Fault):
        check_results(content)


def test_results_that_gradescope_would_refuse_are_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "results").mkdir()
    monkeypatch.setattr(supervising, "_graded", lambda *_: (b'{"score": NaN, "output": ""}', True))
    assert supervising.main(tmp_path) == 1
    assert Results.model_validate_json((tmp_path / "results" / "results.json").read_bytes()).extra_data["fault"] is True


@pytest.fixture
def sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose submission is graded without a fault."""
    (tmp_path / "results").mkdir()
    monkeypatch.setattr(supervising, "_graded", lambda *_: (SOUND, True))
    return tmp_path


def fill_disk(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Every attempt to write to it fails for so many times."""
    left = iter(range(times))

    def fsync(_: int) -> None:
        if next(left, None) is not None:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)


def test_results_for_which_there_is_no_room_are_tried_again(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_disk(monkeypatch, 1)
    assert supervising.main(sound) == 0
    assert [path.name for path in (sound / "results").iterdir()] == ["results.json"]
    assert (sound / "results" / "results.json").read_bytes() == SOUND


def test_results_that_cannot_be_written_at_all_are_left_to_the_script_and_told_to_the_staff(
    sound: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fill_disk(monkeypatch, 9)
    assert supervising.main(sound) == 1
    assert list((sound / "results").iterdir()) == []
    assert "NOT WRITTEN. The results cannot be written ([Errno 28] No space left on device)" in capsys.readouterr().err


def test_a_log_for_which_there_is_no_room_does_not_keep_the_results_back(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from grader.gradescope.inside import supervising; "
        f"supervising._graded = lambda *_: ({SOUND!r}, True); supervising.main(Path(sys.argv[1]))"
    )
    (tmp_path / "results").mkdir()
    with Path("/dev/full").open("wb") as full:
        subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False, stderr=full)
    assert (tmp_path / "results" / "results.json").read_bytes() == SOUND


def test_what_cannot_be_ended_is_a_fault_for_the_staff_and_leaves_the_student_the_results(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", NEVER_ENDED, str(tmp_path)], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 1
    assert "NOT ENDED. Not all processes of the notebook could be ended (some are left after 1 s)" in done.stderr
    assert (tmp_path / "results" / "results.json").read_bytes() == SOUND


def test_a_fault_may_be_left_to_the_platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("results", "source"):
        (tmp_path / folder).mkdir()
    (tmp_path / "source" / "autograder.json").write_text('{"on_fault": "platform"}', encoding="utf-8")
    monkeypatch.setattr(supervising, "_graded", lambda *_: 1 / 0)
    assert supervising.main(tmp_path) == 1
    assert list((tmp_path / "results").iterdir()) == []


def test_what_nobody_foresaw_is_a_fault_with_its_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "results").mkdir()
    monkeypatch.setattr(supervising, "_graded", lambda *_: 1 / 0)
    assert supervising.main(tmp_path) == 1
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert (tmp_path / "results" / "results.json").exists()


def test_sound_results_are_none() -> None:
    assert check_results(b'{"score": 1.5, "output": "\\u0000"}')
    assert not check_results(b'{"score": 1.5, "output": "", "extra_data": {"fault": true}}')


@pytest.mark.parametrize(
    ("content", "settings"),
    [
        (b'{"seconds": 900, "homework": "hw1", "on_fault": "platform"}', Settings("hw1", 900, to_platform=True)),
        (b'{"seconds": "x", "homework": 3, "on_fault": []}', Settings()),
        (b'{"seconds": 1e999}', Settings()),
        (b'{"seconds": -1}', Settings(seconds=DEFAULT)),
        (b'{"seconds": ' + b"9" * 400 + b"}", Settings()),
        (b"[]", Settings()),
        (b"\xff", Settings()),
        (b"[" * 100_000, Settings()),
    ],
)
def test_settings_that_cannot_be_read_are_the_usual_ones(tmp_path: Path, content: bytes, settings: Settings) -> None:
    file = tmp_path / "autograder.json"
    file.write_bytes(content)
    assert read_settings(file) == settings
    assert read_settings(tmp_path / "none") == Settings()


def test_all_that_lies_in_the_folder_is_closed_to_others_and_links_are_left_alone(tmp_path: Path) -> None:
    (folder := tmp_path / "autograder").mkdir()
    (outside := tmp_path / "outside").write_text("x", encoding="utf-8")
    outside.chmod(0o644)
    (folder / "link").symlink_to(outside)
    (folder / "source").mkdir()
    (folder / "run_autograder").write_text("x", encoding="utf-8")
    (folder / "run_autograder").chmod(0o755)
    assert close_folder(folder) == []
    modes = {path.name: path.lstat().st_mode & 0o777 for path in folder.iterdir() if not path.is_symlink()}
    assert modes == {"source": 0o700, "run_autograder": 0o700, "results": 0o700}
    assert outside.stat().st_mode & 0o777 == 0o644

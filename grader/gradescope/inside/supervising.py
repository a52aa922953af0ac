"""What runs in Gradescope's container for each submission: starts the process that grades, and outlives whatever becomes of it.

    python -I -m grader.gradescope.inside.supervising /autograder

The standard library only. results.json is written once, at the very end, when every process is gone that could change it.
Exit codes: 0 it was graded, whatever the marks; 1 the grader has failed, if only in one part, which the results say in words.
"""

import ctypes
import json
import os
import signal
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, NoReturn

from grader.gradescope.inside.checking_results import check_results
from grader.gradescope.inside.child import Child
from grader.gradescope.inside.closing import close_folder
from grader.gradescope.inside.deadline import DEFAULT, seconds_to_grade
from grader.gradescope.inside.faults import RERUN, Fault, fault_results
from grader.sandbox.watching import kill_all
from grader.version import __version__

SECONDS_TO_KILL = 10
"""For all processes that are left; one that is stuck in the system cannot be killed, and must not keep the results back."""
_MOST_SECONDS = 24 * 3600.0
"""Of a timeout; Gradescope's longest is 40 minutes."""
_ATTEMPTS = 2
"""To write the results: what the first has left of itself on a full disk is removed before the second."""
_PR_SET_CHILD_SUBREAPER = 36
_HARDLY_TO_BE_KILLED = "-500"
"""When memory runs out: after the grading process, which comes after every kernel."""


class _StuckError(Exception):
    """There are processes that do not end. No `OSError`, of which many are expected and passed over while they are ended."""


@dataclass(frozen=True)
class Settings:
    """Of autograder.json, what is needed before anything else can be read."""

    homework: str = ""
    seconds: float = DEFAULT
    to_platform: bool = False
    """Whether a fault is left to Gradescope's own words."""


def command(folder: Path) -> list[str]:
    """How it is started for a folder, with the Python that asks."""
    return [sys.executable, "-I", "-m", "grader.gradescope.inside.supervising", str(folder)]


def main(folder: Path) -> int:
    """Grades the submission in a folder shaped like /autograder, and writes its results.

    Returns:
        The exit code.
    """
    started, settings = monotonic(), read_settings(folder / "source" / "autograder.json")
    target = folder / "results" / "results.json"
    try:
        content, is_alone = _graded(folder, target, started + seconds_to_grade(settings.seconds, os.environ))
        # What could not be ended is a fault for the staff; the student's results stand. They were handed over before, and what is
        # left is contained: the folder of the results is closed to it as it was all the time.
        is_well, is_graded = check_results(content) and is_alone, True
    except Exception as error:  # noqa: BLE001 - whatever it is, it is ours, and a student must not be left with a bare zero
        fault = error if isinstance(error, Fault) else _unforeseen(error)
        _say(f"NOT GRADED. {fault.words} {fault.details}\n{RERUN}")
        content = fault_results(fault, settings.homework, folder / "submission_metadata.json")
        is_well = is_graded = False
    _say(f"grader {__version__}: {monotonic() - started:.1f} s")
    if is_graded or not settings.to_platform:
        is_well = _is_written(target, content) and is_well
    return 0 if is_well else 1


def read_settings(file: Path) -> Settings:
    """What the file says, and else what holds without it. Never raises."""
    try:
        read: Any = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        _say(f"{file} cannot be read; build the archive again with grader gradescope build")
        read = {}
    seconds, name = read.get("seconds"), read.get("homework")
    is_time = isinstance(seconds, int | float) and 0 < seconds <= _MOST_SECONDS
    return Settings(
        name if isinstance(name, str) else "",
        float(seconds) if is_time else DEFAULT,
        to_platform=read.get("on_fault") == "platform",
    )


def _graded(folder: Path, target: Path, deadline: float) -> tuple[bytes, bool]:
    """What the grading process hands over, and whether no process is left; where this raises, what can be ended is ended, too."""
    signal.signal(signal.SIGTERM, _asked_to_end)
    for trouble in close_folder(folder):
        _say(trouble)
    target.unlink(missing_ok=True)
    _adopt_orphans()
    try:
        child = Child(folder, deadline)
        try:
            _be_hardly_killed()
            content = child.results()
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the rest takes a moment
            child.end()
    finally:
        is_alone = _all_ended()
    return content, is_alone


def _asked_to_end(*_: object) -> NoReturn:
    """A request to end becomes a fault, so that its words are written."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Fault("Grading was stopped from outside.", "Gradescope, or somebody, has asked the grader to end (SIGTERM).")


def _unforeseen(error: Exception) -> Fault:
    _say("".join(traceback.format_exception(error)))
    return Fault("The grader has failed.", f"{type(error).__name__}: {error}. Mend it, or report these lines.")


def _adopt_orphans() -> None:
    """Become the parent of whatever loses its own, so that nothing can leave; see prctl(2)."""
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def _be_hardly_killed() -> None:
    with suppress(OSError):  # not allowed in most containers
        Path("/proc/self/oom_score_adj").write_text(_HARDLY_TO_BE_KILLED, encoding="ascii")


def _all_ended() -> bool:
    """End every process that is left below this one; whether that was possible."""

    def give_up(*_: object) -> NoReturn:
        raise _StuckError(f"some are left after {SECONDS_TO_KILL} s")

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(SECONDS_TO_KILL)
    try:
        kill_all(os.getpid())
    except (OSError, _StuckError) as error:
        _say(
            f"NOT ENDED. Not all processes of the notebook could be ended ({error}). The results stand; report these lines."
        )
        return False
    finally:
        signal.alarm(0)
    return True


def _is_written(target: Path, content: bytes) -> bool:
    """Write the results, whole or not at all; whether that was possible. Where it was not, `run_autograder` has the last resort."""
    new = target.with_name(f".{target.name}.new")
    for _ in range(_ATTEMPTS):
        try:
            new.unlink(missing_ok=True)
            with new.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            new.replace(target)
        except OSError as error:
            trouble = str(error)
        else:
            return True
    with suppress(OSError):
        new.unlink(missing_ok=True)
    _say(f"NOT WRITTEN. The results cannot be written ({trouble}). Is the disk full? {RERUN}")
    return False


def _say(words: str) -> None:
    """For the staff. What cannot be said must not keep the results back: it may go to a disk that is full."""
    with suppress(OSError):
        print(words, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))

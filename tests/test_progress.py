import io
import logging
import os
import pty
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from threading import Barrier, Semaphore, Thread
from time import monotonic, sleep
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from grader import console
from grader.progress import lines, progress, slowest_words, so_far
from grader.progress.so_far import left_words
from grader.records import Outcome
from grader.reports.standing import Standing, standing
from grader.watching import Ran, Turn, Watch, seconds_left
from tests.reports.grades import grade, homework, verdicts
from tests.terminals import read_to_the_end
from tests.test_terminal import HOSTILE


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def one(student: str) -> Standing:
    return standing(grade(student, *verdicts("hw4_warmup", Outcome.CORRECT, Fraction(1))), homework("hw4_warmup"))


def ran(watch: Watch, clock: Clock, **seconds: float) -> None:
    for student, took in seconds.items():
        with watch(student):
            clock.now += took


# Who is running


def test_a_watch_knows_who_is_running_the_longest_first_and_who_has_run(clock: Clock) -> None:
    watch = Watch(3, clock)
    with watch("otto"):
        clock.now += 4
        with watch("ines"):
            clock.now += 3
            assert watch.running == [Ran("otto", 7.0), Ran("ines", 3.0)]
        assert (watch.running, watch.ended) == ([Ran("otto", 7.0)], [Ran("ines", 3.0)])
    assert (watch.running, watch.ended) == ([], [Ran("otto", 7.0), Ran("ines", 3.0)])


def test_a_notebook_that_is_run_again_after_its_kernel_has_ended_goes_on_where_it_was(clock: Clock) -> None:
    watch = Watch(1, clock)
    ran(watch, clock, otto=4)
    with watch("otto"):
        clock.now += 3
        assert watch.running == [Ran("otto", 7.0)]
        assert watch.ended == []
    assert watch.ended == [Ran("otto", 7.0)]


def test_a_notebook_that_fails_runs_no_longer(clock: Clock) -> None:
    watch = Watch(1, clock)
    with pytest.raises(KeyError), watch("otto"):
        raise KeyError
    assert [student for student, _ in watch.ended] == ["otto"]


def test_a_watch_takes_many_threads() -> None:
    watch, barrier = Watch(40), Barrier(40)

    def runs(student: str) -> None:
        barrier.wait()
        with watch(student):
            barrier.wait()
            assert len(watch.running) == 40
            barrier.wait()

    threads = [Thread(target=runs, args=(str(n),)) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(watch.ended) == 40


def test_who_waits_for_a_turn_is_not_running_yet(clock: Clock) -> None:
    watch, turn = Watch(2, clock), Semaphore(1)
    waiting = Turn(turn, watch, "ines")
    with Turn(turn, watch, "otto"):
        thread = Thread(target=lambda: ExitStack().enter_context(waiting))
        thread.start()
        sleep(0.05)
        assert [student for student, _ in watch.running] == ["otto"]
    thread.join(5)
    assert [student for student, _ in watch.running] == ["ines"]


def test_a_turn_may_be_taken_again_and_is_given_back_where_the_watch_fails() -> None:
    turn, watched = Semaphore(1), []

    @contextmanager
    def watch(student: str) -> Iterator[None]:
        watched.append(student)
        if len(watched) > 2:
            raise KeyError
        yield

    own = Turn(turn, watch, "otto")
    for _ in range(2):
        with own:
            assert not turn.acquire(blocking=False)
    with pytest.raises(KeyError), own:
        pass
    assert turn.acquire(blocking=False)
    assert watched == ["otto"] * 3


# The time left


@pytest.mark.parametrize(
    ("ended", "running", "since", "left"),
    [
        ([], [3.0, 2.0], 3.0, None),  # nothing to tell it by
        ([2.0] * 4, [], 4.0, 6.0),  # 4 of 10 in 4 s, two at a time
        ([5.0], [5.0], 5.0, 20.0),  # the other one is about to end, too
        ([2.0] * 4, [60.0, 1.0], 60.0, 4.5 / 5.5 * 60.0),  # one that hangs holds up a place and adds nothing of its own
        ([2.0] * 4, [60.0, 50.0], 60.0, None),  # all that run hang
        ([2.0] * 9, [1.0], 10.0, 0.5 * 10.0 / 9.5),
        ([2.0] * 9, [2.5], 20.0, None),  # the last one takes longer than usual: nobody can tell
        ([2.0] * 8, [60.0, 2.0], 60.0, None),
        ([2.0] * 10, [], 20.0, None),
        ([0.0] * 4, [0.0], 0.0, 0.0),
    ],
)
def test_the_time_left_is_told_by_the_pace_of_the_runs(
    ended: list[float], running: list[float], since: float, left: float | None
) -> None:
    assert seconds_left(10, ended, running, since) == (None if left is None else pytest.approx(left))


def test_results_from_the_record_do_not_shorten_the_time_left(clock: Clock) -> None:
    watch = Watch(10, clock)
    far = so_far.SoFar(1000, watch)
    far.done = 990  # in no time
    assert far.left == ""
    ran(watch, clock, al=12.0)
    assert far.left == "about 110 s left"


def test_without_runs_the_students_tell_the_time_left(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr(so_far, "monotonic", clock)
    far = so_far.SoFar(100, Watch(0))
    assert far.left == ""
    clock.now += 10
    far.done = 25
    assert far.left == "about 30 s left"
    far.done = 100
    assert far.left == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0.0, "a few seconds left"),
        (4.9, "a few seconds left"),
        (5.1, "about 10 s left"),
        (115.1, "about 2 min left"),
        (121.0, "about 3 min left"),
        (3599.0, "about 1 h 0 min left"),
        (5400.5, "about 1 h 31 min left"),
    ],
)
def test_the_time_left_is_rounded_up_and_never_nothing(seconds: float | None, words: str) -> None:
    assert left_words(seconds) == words


# Who was slow


def test_in_the_end_those_are_named_who_took_out_of_proportion_long(clock: Clock) -> None:
    watch = Watch(9, clock)
    ran(watch, clock, al=0.2, bo=0.3, cy=0.2, otto=12.04, ines=6.0)
    assert slowest_words(watch) == "slowest: otto for 12.0 s, ines for 6.0 s"
    ran(watch, clock, mo=7.0, pi=8.0, dee=0.1, eve=0.1, flo=0.1)
    assert slowest_words(watch) == "slowest: otto for 12.0 s, pi for 8.0 s, mo for 7.0 s and 1 more"


@pytest.mark.parametrize("seconds", [[], [0.1, 4.0], [60.0], [60.0, 70.0, 50.0, 90.0]])
def test_nobody_is_named_who_was_quick_or_as_slow_as_everybody(clock: Clock, seconds: list[float]) -> None:
    watch = Watch(9, clock)
    ran(watch, clock, **{str(number): took for number, took in enumerate(seconds)})
    assert slowest_words(watch) == ""


# Lines, where there is no terminal


def plain(file: io.StringIO) -> Console:
    return Console(file=file, force_terminal=False, width=40, emoji=False)


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_survives_hostile_names(terminal: bool) -> None:  # noqa: FBT001 - a column of the table
    file, watch = io.StringIO(), Watch(2, clock := Clock())
    console = Console(file=file, force_terminal=terminal, force_interactive=terminal, width=80, emoji=False)
    with progress(console, 2, watch, title=HOSTILE) as advance, watch(HOSTILE):
        clock.now += 60
        advance(one(HOSTILE))
        advance(one("bo"))
        sleep(0.25)  # the bar is drawn ten times a second
    assert "\x1b]0;" not in file.getvalue()
    assert "\x1b[2J" not in file.getvalue()
    assert ("has run for 60 s" in file.getvalue()) is terminal


def test_where_there_is_no_terminal_progress_is_a_line_per_student() -> None:
    file = io.StringIO()
    with progress(plain(file), 3) as advance:
        advance(one("al"))
        advance(one("recorded"), shown=False)
        advance(one("bo"))
    assert file.getvalue().splitlines() == ["[1/3] al: graded, 0.0 s, a few seconds left", "[3/3] bo: graded, 0.0 s"]


def test_nothing_is_shown_where_nothing_is_to_be_shown() -> None:
    with progress(None, 1) as advance:
        advance(one("al"))


def test_a_long_silence_is_broken_by_who_is_still_running(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr(lines, "SILENCE_SECONDS", 0.1)
    file, watch = io.StringIO(), Watch(3, clock)
    with progress(plain(file), 9, watch) as advance:
        advance(one("al"))
        with watch("otto"), watch("[red]ines\x1b[2J"):
            clock.now += 31
            _wait_for(file, "still running")
            last = file.getvalue().splitlines()[-1]
        _wait_for(file, "still at work")
    assert last == "[1/9] still running: [red]ines\N{REPLACEMENT CHARACTER}[2J for 31 s, otto for 31 s"
    told = len(file.getvalue())
    sleep(0.3)
    assert len(file.getvalue()) == told  # over is over


def _wait_for(file: io.StringIO, words: str) -> None:
    started = monotonic()
    while words not in file.getvalue():
        assert monotonic() - started < 10
        sleep(0.02)


def test_nobody_is_told_that_something_is_still_going_on_while_results_land(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr(lines, "SILENCE_SECONDS", 0.05)
    monkeypatch.setattr(lines, "monotonic", clock)
    file = io.StringIO()
    with progress(plain(file), 9) as advance:
        for number in range(4):
            clock.now += 0.04
            advance(one(str(number)))
            sleep(0.1)  # so that a silence would be noticed
    assert len(file.getvalue().splitlines()) == 4


# A bar, on a terminal

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def shown_on_a_terminal(**environment: Any) -> str:
    """What a real terminal gets while three of five notebooks have run and two run for long."""
    ours, its = pty.openpty()
    got: list[bytes] = []
    reading = Thread(target=lambda: got.extend(read_to_the_end(ours)))
    reading.start()
    with os.fdopen(its, "w", encoding="utf-8") as terminal:
        watch = Watch(5, clock := Clock())
        with progress(Console(file=terminal, **environment), 8, watch, title="hw5_networks") as advance:
            for name in "abc":
                ran(watch, clock, **{name: 4.0})
                advance(one(name))
            with watch("otto " + "o" * 200), watch("李" * 99):
                sleep(0.25)  # it is drawn ten times a second
                clock.now += 14
                sleep(0.25)
    reading.join(10)
    return b"".join(got).decode()


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_on_a_terminal_a_bar_tells_how_far_it_is_the_time_left_and_who_is_slow(columns: int) -> None:
    got = shown_on_a_terminal(width=columns, _environ={"TERM": "xterm"})
    shown = [ESCAPES.sub("", line).rstrip() for line in re.split(r"[\r\n]+", got)]
    assert all(cell_len(line) <= columns for line in shown)
    assert any(re.fullmatch(r"hw5_networks [━╸╺ ]{20} 3/8 about 10 s left", line) for line in shown)
    (*_, slow) = (line for line in shown if "has run for" in line)
    assert slow.startswith(f"otto {'o' * 18}… has run for 14 s, 李李李李李")
    assert "李" * 11 + " … for 14 s" in slow or columns == 60
    assert got.count("\x1b[?25l") == got.count("\x1b[?25h") == 1  # the cursor is back


def test_a_dumb_terminal_gets_lines() -> None:
    got = shown_on_a_terminal(_environ={"TERM": "dumb"})
    assert "\x1b" not in got
    assert "[3/8] c: graded" in got


def test_a_terminal_without_colours_gets_none() -> None:
    got = shown_on_a_terminal(_environ={"TERM": "xterm", "NO_COLOR": "1"})
    assert "3/8" in got
    assert not re.search(r"\x1b\[[0-9;]*(3[0-7]|4[0-7]|38|48)[0-9;]*m", got)


def test_the_log_stands_above_the_bar_and_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.StringIO()
    terminal = Console(file=file, force_terminal=True, force_interactive=True, width=80, emoji=False)
    monkeypatch.setattr(console, "err_console", terminal)
    log = logging.getLogger("test of the log")
    log.propagate = False
    log.addHandler(console.Log())
    with progress(terminal, 8, title="hw5"):
        log.error("al: not graded: %s", "[red]\x1b[2J\nsecond line")
    shown = ESCAPES.sub("", file.getvalue())
    assert re.search(r"\ral: not graded: \[red\]\N{REPLACEMENT CHARACTER}\[2J\nsecond line\nhw5 ", shown)

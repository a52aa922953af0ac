import asyncio
import tracemalloc
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import InfrastructureError
from grader.execution import execute
from grader.kernels import client as client_module
from grader.kernels.limits import Limits
from grader.records import CellFailure, Execution, FailureKind
from tests.kernels.fake_kernel import Cell, FakeKernel, FakeKernels, Peer, signed
from tests.runs import asked, notebook, printed, values

ANSWER = {"data": {"application/vnd.homework-answers.v1+json": {"values": {"a": {"t": "int", "v": "1"}}}}}


def run(*cells: Cell, **limits: Any) -> Execution:
    """Runs as many cells as there are answers to."""
    return execute(notebook(*["x"] * len(cells)), asked("a"), FakeKernels(*cells), Limits(**limits))


def first_failure(*cells: Cell, **limits: Any) -> CellFailure:
    return run(*cells, **limits).failures[0]


async def prints(peer: Peer) -> None:
    await peer.publish("stream", {"name": "stdout", "text": "printed"})


async def answers(peer: Peer) -> None:
    await peer.publish("display_data", ANSWER)
    await peer.done()


def test_answers_and_outputs_of_a_sound_kernel_are_kept() -> None:
    async def sound(peer: Peer) -> None:
        await prints(peer)
        await answers(peer)

    execution = run(sound)
    assert execution.failures == ()
    assert (values(execution), printed(execution, 0)) == ({"a": 1}, "printed")


def test_a_kernel_that_sends_no_welcome_is_asked_something_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "_SECONDS_TO_WELCOME", 0.05)
    execution = execute(notebook("x"), asked("a"), FakeKernels(answers, welcomes=False), Limits(seconds_to_start=5))
    assert execution.failures == ()
    assert values(execution) == {"a": 1}


def test_the_idle_state_may_come_before_the_reply() -> None:
    async def swapped(peer: Peer) -> None:
        await peer.idle()
        await peer.reply({"status": "ok"})

    assert run(swapped, answers).failures == ()


def test_what_belongs_to_an_earlier_or_to_no_cell_is_passed_over() -> None:
    ids: list[str] = []

    async def first(peer: Peer) -> None:
        ids.append(peer.request)
        await peer.done()

    async def second(peer: Peer) -> None:
        await peer.publish("stream", {"name": "stdout", "text": "late"}, parent=ids[0])
        await peer.publish("stream", {"name": "stdout", "text": "stray"}, parent="nobody")
        await peer.publish("display_data", ANSWER, parent=ids[0])
        await peer.done()

    execution = run(first, second)
    assert execution.failures == ()
    assert (values(execution), printed(execution, 0), printed(execution, 1)) == ({}, "", "")


def test_a_cell_that_was_done_too_early_is_blamed_for_what_the_next_finds_out() -> None:
    ids: list[str] = []

    async def early(peer: Peer) -> None:
        ids.append(peer.request)
        await peer.done()

    async def next_cell(peer: Peer) -> None:
        await prints(peer)
        await peer.idle(parent=ids[-1])
        await asyncio.sleep(60)

    execution = run(answers, early, next_cell)
    assert next(failure.cell for failure in execution.failures if failure.name == "protocol") == 1
    assert execution.left_out[0] == 1


@pytest.mark.parametrize("kind", ["update_display_data", "clear_output", "comm_open", "comm_msg", "../../x", "error "])
def test_messages_that_rewrite_or_mean_nothing_here_are_passed_over(kind: str) -> None:
    async def rewrites(peer: Peer) -> None:
        await prints(peer)
        await peer.publish(kind, {"data": {"text/plain": "x"}, "transient": {"display_id": "1"}, "comm_id": "1"})
        await peer.done()

    execution = run(rewrites)
    assert execution.failures == ()
    assert printed(execution, 0) == "printed"


async def never_idle(peer: Peer) -> None:
    await peer.reply({"status": "ok"})
    await asyncio.sleep(60)


async def idle_too_early(peer: Peer) -> None:
    await peer.idle()
    await asyncio.sleep(60)


async def twice_idle(peer: Peer) -> None:
    await peer.idle()
    await peer.idle()
    await asyncio.sleep(60)


async def twice_replied(peer: Peer) -> None:
    await peer.reply({"status": "ok"})
    await peer.reply({"status": "ok"})
    await asyncio.sleep(60)


async def hangs_up(peer: Peer) -> None:
    peer.iopub_writer.close()
    await asyncio.sleep(60)


def unread(content: Any) -> Cell:
    async def cell(peer: Peer) -> None:
        await peer.publish("stream", content)
        await peer.done()

    return cell


def raw(frames: Sequence[bytes]) -> Cell:
    async def cell(peer: Peer) -> None:
        await peer.iopub.send(frames)
        await peer.done()

    return cell


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (never_idle, "did not say that the cell was done"),
        (idle_too_early, "did not reply"),
        (twice_idle, "said twice that a cell was done"),
        (twice_replied, "replied twice"),
        (unread(b"[]"), "no object"),
        (unread(b"null"), "no object"),
        (unread(b"9" * 5000), "cannot be read (ValueError)"),
        (unread(b"[" * 10**5), "cannot be read (RecursionError)"),
        (unread(b"{"), "cannot be read (JSONDecodeError)"),
        (raw([b"garbage"]), "cannot be read (ValueError)"),
        (raw(signed({"msg_type": 3}, {}, {})), "no text"),
        (raw(signed({}, {}, {})), "cannot be read (KeyError)"),
        (raw(signed({"msg_type": "stream"}, {"msg_id": []}, {})), "no text"),
        (raw(signed(b"x" * 2 * 10**7, {}, {})), "too long a header"),
        (raw([*signed({"msg_type": "stream"}, {}, {})[:-1], b"{ }"]), "not signed"),
        (raw(signed({"msg_type": "stream"}, {}, {})[:-1]), "cannot be read (ValueError)"),
    ],
)
def test_a_breach_of_the_protocol_ends_the_kernel_and_is_told(
    cell: Cell, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "_SECONDS_BETWEEN_REPLY_AND_IDLE", 0.2)
    failure = first_failure(cell)
    assert (failure.kind, failure.name) == (FailureKind.DIED, "protocol")
    assert words in failure.message


def test_a_thread_cannot_reply_to_the_cell_that_comes_next() -> None:
    guesses: list[str] = []

    async def first(peer: Peer) -> None:
        session, _, number = peer.request.rpartition("_")  # as jupyter_client counts its requests
        guesses.extend(f"{session}_{int(number) + step}" for step in (1, 2) if number.isdigit())
        guesses.append(peer.request)
        await peer.done()

    async def later(peer: Peer) -> None:
        for guess in guesses:
            await peer.publish("display_data", ANSWER, parent=guess)
        await prints(peer)
        await peer.done()

    execution = run(first, later)
    assert execution.failures == ()
    assert (values(execution), printed(execution, 1)) == ({}, "printed")


def test_what_comes_with_the_last_message_of_a_cell_is_its_own_fault() -> None:
    async def twice_at_once(peer: Peer) -> None:
        await peer.reply({"status": "ok"})
        await peer.idle()
        await peer.idle()

    failure = first_failure(twice_at_once, answers)
    assert (failure.cell, failure.name) == (0, "protocol")


def test_outputs_may_lag_behind_the_reply_as_long_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "_SECONDS_BETWEEN_REPLY_AND_IDLE", 0.5)

    async def lags(peer: Peer) -> None:
        await peer.reply({"status": "ok"})
        for _ in range(5):
            await asyncio.sleep(0.2)
            await prints(peer)
        await peer.idle()

    execution = run(lags)
    assert execution.failures == ()
    assert printed(execution, 0) == "printed" * 5


def test_what_a_kernel_sent_before_it_died_is_kept() -> None:
    async def dies(peer: Peer) -> None:
        await peer.publish("display_data", ANSWER)
        for _ in range(1000):
            await prints(peer)

    execution = execute(
        notebook("x"), asked("a"), FakeKernels(dies), Limits()
    )  # which ends when nothing is left to say
    assert execution.failures[0].name == "kernel"
    assert (values(execution), printed(execution, 0)) == ({"a": 1}, "printed" * 1000)


def test_a_kernel_that_hangs_up_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "_SECONDS_TO_DIE", 0.2)
    failure = first_failure(hangs_up)
    assert (failure.kind, failure.name, failure.message) == (FailureKind.DIED, "kernel", "ended the kernel")


def test_a_fault_of_ours_while_a_late_cell_is_given_its_grace_stays_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ended(self: FakeKernel) -> str:
        await self.end.wait()
        raise InfrastructureError("the fork server ended")

    async def late(peer: Peer) -> None:
        await peer.publish("status", {"execution_state": "busy"})
        await asyncio.sleep(0.5)

    monkeypatch.setattr(FakeKernel, "ended", ended)
    with pytest.raises(InfrastructureError, match="fork server"):
        run(late, seconds_per_cell=0.1)


def test_too_many_messages_end_the_kernel() -> None:
    async def chatters(peer: Peer) -> None:
        for _ in range(200):
            await peer.publish("status", {"execution_state": "busy"})
        await asyncio.sleep(60)

    failure = first_failure(chatters, messages_per_cell=100)
    assert (failure.kind, failure.name) == (FailureKind.DIED, "messages_per_cell")
    assert failure.message == "sent more than 100 messages (limit messages_per_cell)"


@pytest.mark.parametrize("frame", [b"\x04\x00", b"\x01\x00"], ids=["commands", "parts"])
def test_too_many_empty_frames_end_the_kernel(frame: bytes) -> None:
    async def chops(peer: Peer) -> None:
        while True:
            peer.iopub_writer.write(frame * 1000)
            await peer.iopub_writer.drain()

    failure = first_failure(chops, bytes_received_per_cell=2_000_000)
    assert (failure.kind, failure.name) == (FailureKind.DIED, "bytes_received_per_cell")


def test_as_many_messages_as_are_allowed_in_each_cell_are_no_trouble() -> None:
    async def talks(peer: Peer) -> None:
        for _ in range(90):
            await prints(peer)
        await peer.done()

    assert run(talks, talks, talks, messages_per_cell=100).failures == ()


async def endless_frames(peer: Peer) -> None:
    """One message whose last frame never comes."""
    frame = b"\x03" + (10**6).to_bytes(8) + bytes(10**6)
    while True:
        peer.iopub_writer.write(frame)
        await peer.iopub_writer.drain()


async def one_endless_frame(peer: Peer) -> None:
    peer.iopub_writer.write(b"\x02" + (2**63 - 1).to_bytes(8))
    while True:
        peer.iopub_writer.write(bytes(10**6))
        await peer.iopub_writer.drain()


async def huge_replies(peer: Peer) -> None:
    while True:
        await peer.shell.send(signed({"msg_type": "execute_reply"}, {"msg_id": "x"}, {"x": "x" * 3 * 10**6}))


@pytest.mark.parametrize("flood", [endless_frames, one_endless_frame, huge_replies])
def test_a_flood_ends_the_kernel_and_takes_little_memory(flood: Cell) -> None:
    tracemalloc.start()
    try:
        failure = first_failure(flood, bytes_received_per_cell=100 * 2**20, output_bytes_per_cell=10**6)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (failure.kind, failure.name) == (FailureKind.DIED, "bytes_received_per_cell")
    assert failure.message == "sent more than 100 MiB (limit bytes_received_per_cell)"
    assert peak < 30 * 2**20


def test_an_output_that_is_too_large_is_cut_and_the_cell_goes_on() -> None:
    async def huge(peer: Peer) -> None:
        await prints(peer)
        await peer.publish("display_data", {"data": {"text/html": "x" * 10**7}})
        await prints(peer)
        await answers(peer)

    execution = run(huge)
    assert execution.failures == ()
    assert printed(execution, 0).startswith("printed")
    assert printed(execution, 0).count("output cut here") == 1
    assert execution.cut == (0,)
    assert values(execution) == {"a": 1}


@pytest.mark.parametrize("kind", ["comm_msg", "execute_input", "update_display_data"])
def test_what_is_no_output_cuts_none(kind: str) -> None:
    async def huge(peer: Peer) -> None:
        await peer.publish(kind, {"data": "x" * 10**7})
        await prints(peer)
        await peer.done()

    assert printed(run(huge), 0) == "printed"


def test_an_error_that_is_too_large_is_an_error() -> None:
    async def huge(peer: Peer) -> None:
        await peer.reply({"status": "error", "evalue": "x" * 10**7})
        await peer.idle()

    failure = first_failure(huge)
    assert (failure.kind, failure.message) == (FailureKind.ERROR, "its error is too large to be kept")


@pytest.mark.parametrize("status", [None, 3, [], "aborted", "ok "])
def test_a_reply_that_does_not_say_ok_is_an_error(status: Any) -> None:
    async def replies(peer: Peer) -> None:
        await peer.reply({"status": status, "ename": 5, "evalue": {}, "traceback": "x"})
        await peer.idle()

    assert first_failure(replies).kind is FailureKind.ERROR


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
KINDS = st.sampled_from(["stream", "display_data", "execute_result", "error", "status", "execute_reply", "comm_open"])
FIELDS = st.sampled_from(
    ["name", "text", "data", "metadata", "ename", "evalue", "traceback", "execution_state", "status", "text/plain",
     "transient", "application/vnd.homework-answers.v1+json", "values", "a", "t", "v"]
)  # fmt: skip
CONTENT = st.recursive(
    JSON | st.sampled_from(["idle", "ok", "error", "stdout"]),
    lambda inner: st.dictionaries(FIELDS, inner, max_size=5),
    max_leaves=10,
)
MINE = {"msg_id": "THIS CELL"}
PARENTS: st.SearchStrategy[Any] = st.just(MINE) | st.just({}) | CONTENT
MESSAGES = st.tuples(st.fixed_dictionaries({"msg_type": KINDS}) | CONTENT, PARENTS, CONTENT | st.binary())


@settings(max_examples=150)
@given(st.lists(st.tuples(st.booleans(), MESSAGES), max_size=6), st.booleans())
def test_no_message_at_all_gets_out_of_a_run(messages: list[tuple[bool, Any]], ends_well: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    async def cell(peer: Peer) -> None:
        for on_shell, (header, parent, content) in messages:
            own = {"msg_id": peer.request} if parent == MINE else parent
            await (peer.shell if on_shell else peer.iopub).send(signed(header, own, content))
        if ends_well:
            await peer.done()

    execution = run(cell)
    Execution.model_validate_json(execution.model_dump_json())


@settings(max_examples=150)
@given(st.lists(st.lists(st.binary() | st.just(b"<IDS|MSG>"), min_size=1, max_size=9), max_size=5), st.booleans())
def test_no_frames_at_all_get_out_of_a_run(messages: list[list[bytes]], on_shell: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    async def cell(peer: Peer) -> None:
        for frames in messages:
            await (peer.shell if on_shell else peer.iopub).send(frames)

    run(cell)


@settings(max_examples=150)
@given(
    st.lists(st.binary(max_size=64) | st.sampled_from([b"\x00\x00", b"\x01\x01x", b"\x02" + bytes(7) + b"\x01"])),
    st.booleans(),
)
def test_no_bytes_at_all_get_out_of_a_run(pieces: list[bytes], on_shell: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    async def cell(peer: Peer) -> None:
        (peer.shell_writer if on_shell else peer.iopub_writer).write(b"".join(pieces))

    run(cell)

"""What code of a student can do to its own kernel's messages, and that the grader stands it."""

import subprocess
import sys

import nbformat
import pytest

from grader.kernels import client as client_module
from grader.records import FailureKind
from tests.runs import printed, run, values

pytestmark = pytest.mark.kernel

SEND = "k = get_ipython().kernel; k.session.send(k.iopub_socket, '{}', content={}, parent=k.get_parent())\n"
IDLE = SEND.format("status", {"execution_state": "idle"})


@pytest.mark.parametrize(
    "breach",
    [
        SEND.format("status", b"[]"),
        SEND.format("status", b'{"execution_state": [[]]}') + SEND.format("status", b"null"),
        SEND.format("stream", b"9" * 5000),
        SEND.format("stream", b"[" * 10**5),
        "get_ipython().kernel.session.key = b'x'",
        f"{IDLE}import time; time.sleep(5)",
        "get_ipython().kernel._publish_status = lambda *a, **k: None",
        "import json; json.loads = json.dumps = None",
    ],
    ids=[
        "content is a list", "content is nothing", "huge number", "deep JSON", "bad signature", "early idle", "no idle",
        "broken JSON",
    ],
)  # fmt: skip
def test_a_breach_of_the_protocol_costs_that_cell_only(breach: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "_SECONDS_BETWEEN_REPLY_AND_IDLE", 1)
    execution = run("a = 1", breach, "b = 2", seconds_per_cell=3, seconds_of_grace=1)
    (failure,) = execution.failures
    assert failure.cell == 1
    assert failure.kind in {FailureKind.DIED, FailureKind.TIMEOUT}
    assert values(execution) == {"a": 1, "b": 2}
    nbformat.validate(execution.notebook)


def test_a_cell_that_hides_its_last_output_is_found_out_at_the_latest_by_the_next() -> None:
    execution = run("a = 1", f"b = 2\n{IDLE}", "c = 3", "d = 4")
    (failure,) = execution.failures
    assert (failure.cell, failure.name) == (1, "protocol")
    assert "said twice that a cell was done" in failure.message
    assert values(execution).keys() >= {"a", "c", "d"}


def test_widgets_updates_and_clearing_leave_the_record_as_it_was() -> None:
    show = "from IPython.display import display, update_display, clear_output\n_ = display('first', display_id='x')"
    rewrite = "update_display('second', display_id='x')\nclear_output()\nprint('after')"
    comm = "from comm import create_comm\ncomm = create_comm('jupyter.widget', data={'state': {}})\ncomm.send({})"
    execution = run(show, rewrite, comm, "a = 1")
    assert execution.failures == ()
    (shown,) = execution.notebook["cells"][0]["outputs"]
    assert shown["data"]["text/plain"] == "'first'"
    assert printed(execution, 1) == "after\n"
    assert values(execution) == {"a": 1}


def test_a_sound_kernel_loses_no_output_however_fast_it_comes() -> None:
    execution = run("from IPython.display import display\nfor i in range(5000): display(i)\na = 1")
    outputs = execution.notebook["cells"][0]["outputs"]
    assert [output["data"]["text/plain"] for output in outputs[:5000]] == [str(i) for i in range(5000)]
    assert values(execution) == {"a": 1}


FLOODS = {
    "frames of 20 MB": "from IPython.display import HTML, display\nh = HTML('x' * 20 * 10**6)\nwhile True: display(h)",
    "tiny messages": SEND.replace("k = ", "k = ", 1).format("status", {}).replace("; ", "\nwhile True: "),
    "100 MB of prints": "for _ in range(10**5): print('x' * 1000)",
    "prints past the cap": "import sys\nwrite = type(sys.stdout).write\nfor _ in range(10**5): write(sys.stdout, 'x' * 1000)",
    "empty lists": SEND.format("stream", b'{"a": [' + b"[]," * 10**6 + b"1]}").replace("; ", "\nwhile True: "),
    "a message without an end": (
        "import zmq\nthread = get_ipython().kernel.iopub_thread\nsend = thread.socket.send\n"
        "thread.schedule(lambda: [send(b'x' * 10**6, zmq.SNDMORE) for _ in range(500)])\nimport time; time.sleep(5)"
    ),
}
MEASURES = """
import sys
from pathlib import Path
from tests.runs import run, values

def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))

run("a = 1", "print('x' * 10**6)")
Path("/proc/self/clear_refs").write_text("5")
before = peak()
assert values(run(sys.stdin.read(), "a = 1", seconds_per_cell=5, seconds_of_grace=1)) == {"a": 1}
print((peak() - before) // 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="measures memory in /proc")
@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS.keys())
def test_the_memory_of_the_grader_stays_flat(flood: str) -> None:
    command = [sys.executable, "-c", MEASURES]
    run_apart = subprocess.run(command, input=flood, capture_output=True, text=True, check=True)
    assert int(run_apart.stdout) < 50, "MiB"

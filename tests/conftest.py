"""What holds for all tests: no test is timed, and only a test that says so starts a kernel."""

import signal
import threading

import pytest
from hypothesis import settings
from jupyter_client.manager import AsyncKernelManager

# Speed is measured in benchmarks/; a busy machine must not fail a test.
settings.register_profile("grader", deadline=None)
settings.load_profile("grader")

# Whoever started pytest in the background may have it ignore interrupts, which every grader it starts would inherit.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def no_kernel_by_accident(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting a kernel takes as long as a hundred other tests: whoever needs one is marked."""
    if request.node.get_closest_marker("kernel"):
        return

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("this test starts a kernel; mark it with @pytest.mark.kernel")

    monkeypatch.setattr(AsyncKernelManager, "start_kernel", refused)

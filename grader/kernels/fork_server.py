"""The grader's end of a fork server: started once, asked for a kernel as often as one is wanted."""

import json
import socket

from grader.errors import InfrastructureError, InputError
from grader.kernels.job import Job, pair
from grader.kernels.server_process import give_back, server_process
from grader.sandbox.settings import MOST_BYTES, JobSettings, ServerSettings, early

SECONDS_TO_START = 60
"""Importing torch takes one second, from a cold disk twenty."""


class _Unsuited(InfrastructureError):  # noqa: N818 - caught here, and told in words
    """It could not become what was asked for, and can still become something else."""


class ForkServer:
    """A process that forks kernels; see `grader.sandbox.server`.

    Args:
        settings: what holds for all its kernels.

    Raises:
        InfrastructureError: it cannot be started; the message has its own words.
        InputError: a module to be loaded beforehand cannot be imported.
    """

    def __init__(self, settings: ServerSettings) -> None:
        self._process = server_process(early(settings.preload))
        try:
            self._wait_until_ready(settings)
        except _Unsuited:
            give_back(self._process)
            raise
        except InfrastructureError as error:
            self._process.close()
            words = self._process.last_words
            raise InfrastructureError(f"{error}{words and f' ({words})'}") from None
        except BaseException:
            self._process.close(seconds=0)
            raise

    @property
    def alive(self) -> bool:
        """Whether it can still fork."""
        return self._process.alive

    def job(self, settings: JobSettings, descriptors: list[int]) -> Job:
        """Ask for a kernel; to be called in the event loop that will use it.

        Args:
            settings: what is particular to it.
            descriptors: what is sent along; see `JobSettings.groups`.
        """
        ours, theirs = pair()
        with theirs:
            try:
                socket.send_fds(self._process.control, [b"1"], [theirs.fileno()])
                socket.send_fds(ours, [settings.to_bytes()], descriptors)
            except OSError as error:
                ours.close()
                raise InfrastructureError(f"the fork server has ended ({error}); grade again") from error
        return Job(ours)

    def close(self) -> None:
        """End it and all its kernels."""
        self._process.close()

    def _wait_until_ready(self, settings: ServerSettings) -> None:
        control = self._process.control
        control.settimeout(SECONDS_TO_START)
        try:
            control.send(settings.to_bytes())
            facts = json.loads(control.recv(MOST_BYTES) or b"{}")
        except (OSError, ValueError) as error:
            facts = {"failed": str(error)}
        if facts.get("ready"):
            control.settimeout(None)
            return
        if facts.get("preloading"):
            words = str(facts["failed"]).partition(": ")[2]
            raise InputError(
                f"{words}; install it beside the grader, or take it out of preload in problems/homeworks.toml"
            )
        kind = _Unsuited if facts.get("unchanged") else InfrastructureError
        raise kind(f"the fork server did not start: {facts.get('failed', 'it ended')}")

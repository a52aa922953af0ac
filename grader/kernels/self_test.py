"""Whether kernels are contained as they should be: a canary is run in one, tries what no notebook may do, and tells.

This is done at every start, with the very fork server that will serve the students.
"""

import asyncio
import json
import os
import secrets
import socket
import sys
from collections.abc import Iterable
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from time import monotonic, sleep

from grader.errors import InfrastructureError
from grader.kernels.client import KernelClient
from grader.kernels.messages import Message
from grader.kernels.outputs import error_fields, output_in
from grader.kernels.warm import WarmKernels

SECONDS_FOR_ALL = 60
"""The canary takes a quarter of a second."""
_SECONDS_UNTIL_GONE = 5


def leaks_of(kernels: WarmKernels, secret: Iterable[Path]) -> list[str]:
    """What a notebook in one of these kernels could do and may not, and what it cannot do and should; empty if all is well.

    Args:
        kernels: on trial.
        secret: files and folders that no notebook may open.

    Raises:
        InfrastructureError: no kernel could be started.
    """
    token = secrets.token_hex(16)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        facts = _facts(kernels, secret, listener.getsockname()[1], token)
        said = asyncio.run(_said(kernels, facts))
    found = [f"a notebook can {words}" for words in said["leaks"]]
    found += [f"a notebook cannot {words}" for words in said["lacks"]]
    return found + (["a process can outlive its notebook"] if _still_there(token) else [])


def _facts(kernels: WarmKernels, secret: Iterable[Path], port: int, token: str) -> dict[str, object]:
    secret, means = list(secret), kernels.tier.containment
    namespaces = means.namespaces
    system = [sys.prefix, sys.base_prefix, "/usr", "/etc", *(("/run/job", "/") if namespaces else ())]
    return {
        "secrets": [str(path) for path in secret] + [str(kernels.root), "/etc/shadow"],
        # Landlock keeps nobody from names, but from files; without it, whoever can look one up can read it.
        "hidden": [] if namespaces or means.landlock else [str(path) for path in secret if path.is_dir()],
        "writable": system,
        "process": os.getpid(),
        "port": port,
        "namespaces": namespaces,
        "limits": kernels.limits.model_dump(),
        "processes_are_limited": not kernels.tier.containment.shares_user,
        "token": token,
    }


async def _said(kernels: WarmKernels, facts: dict[str, object]) -> dict[str, list[str]]:
    source = files(__package__).joinpath("canary.py").read_text(encoding="utf-8")
    messages: list[Message] = []
    async with asyncio.timeout(SECONDS_FOR_ALL), kernels.kernel() as kernel:
        client = KernelClient(kernel, kernels.limits)
        try:
            await client.connect()
            reply = await client.run(f"{source}\nmain({facts!r})", messages.append)
        finally:
            await client.close()
    outputs = (output_in(message.kind, message.content) for message in messages)
    printed = "".join(output.get("text", "") for output in outputs if output is not None)
    for line in printed.splitlines():
        with suppress(ValueError):
            said: dict[str, list[str]] = json.loads(line)
            return said
    failed = error_fields(reply.content)
    raise InfrastructureError(f"it said nothing: {failed['name']} {failed['message']}")


def _still_there(token: str) -> bool:
    """Whether a process with the token in its command line is left, a moment after its kernel has ended."""
    deadline = monotonic() + _SECONDS_UNTIL_GONE
    while _runs(token.encode()):
        if monotonic() > deadline:
            return True
        sleep(0.01)
    return False


def _runs(token: bytes) -> bool:
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if token in file.read_bytes():
                return True
    return False

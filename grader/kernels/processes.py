"""Waiting for processes to end, without asking again and again."""

import asyncio


async def until_ended(descriptor: int) -> None:
    """Wait until a process has ended.

    Args:
        descriptor: of the process, as `os.pidfd_open` gives it; stays open.
    """
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_reader(descriptor, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(descriptor)

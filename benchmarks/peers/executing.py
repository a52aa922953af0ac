"""Runs notebooks with nbclient, and no more: a program of its own.

Usage: python -m benchmarks.peers.executing JOBS NOTEBOOKS...
"""

import asyncio
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def main() -> None:
    """Runs each in a kernel of its own, and writes it back with its outputs."""
    jobs, *notebooks = sys.argv[1:]
    asyncio.run(_all([Path(notebook) for notebook in notebooks], int(jobs)))


async def _all(notebooks: list[Path], jobs: int) -> None:
    places = asyncio.Semaphore(jobs)

    async def one(path: Path) -> None:
        async with places:
            notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
            await NotebookClient(notebook).async_execute()
            nbformat.write(notebook, path)  # type: ignore[no-untyped-call]

    await asyncio.gather(*map(one, notebooks))


if __name__ == "__main__":
    main()

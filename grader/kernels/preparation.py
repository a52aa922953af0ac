"""The code that a kernel runs before the first cell of a student."""

import re
from collections.abc import Collection, Iterable
from importlib.resources import files

from grader.records import ANSWERS_MIME

_SEEDED = ("random", "numpy", "torch")


def preparation(sources: Iterable[str], variables: Collection[str], print_characters: int) -> str:
    """One statement that installs capture, stubs, caps and seeds, and leaves no name behind in the student's namespace.

    Args:
        sources: the notebook's code; only libraries that it mentions are imported in order to seed them.
        variables: the names to watch.
        print_characters: how much of what a cell prints is passed on.
    """
    code = "\n".join(sources)
    mentioned = [name for name in _SEEDED if re.search(rf"\b{name}\b", code)]
    return "\n".join(
        (
            _run("inside.py", f"Capture(shell, {ANSWERS_MIME!r}, {sorted(variables)!r}).install()"),
            _run(
                "inside_stubs.py", f"install_stubs(shell)\ncap_prints(shell, {print_characters})\nseed({mentioned!r})"
            ),
        )
    )


def _run(file: str, then: str) -> str:
    text = files(__package__).joinpath(file).read_text(encoding="utf-8")
    return (
        f"exec({text + then + chr(10)!r}, {{'__name__': 'grader_{file.removesuffix('.py')}', 'shell': get_ipython()}})"
    )

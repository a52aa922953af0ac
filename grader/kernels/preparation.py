"""The code that a kernel runs before the first cell of a student."""

import marshal
import re
from binascii import b2a_base64
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from grader.kernels.limits import Limits
from grader.records import ANSWERS_MIME, Asked

_SEEDED = ("random", "numpy", "torch")
_BYTES_OF_A_CHARACTER = 3
"""At most, in a message; rarer ones with more only cut a print shorter."""


def preparation(asked: Mapping[str, Asked], limits: Limits) -> str:
    """Python statements that install capture, stubs and caps, and leave no name behind in the student's namespace.

    They are the same for all notebooks of a homework.

    Args:
        asked: what to watch, by variable.
        limits: how much of what a cell prints is kept.
    """
    characters = limits.output_bytes_per_cell // _BYTES_OF_A_CHARACTER
    prints = f"keep_all_messages(shell)\ncap_prints(shell, {characters})"
    files = {"inside.py": _capture(asked), "inside_stubs.py": "install_stubs(shell)", "inside_prints.py": prints}
    return "".join(f"{_run(file, then)}\n" for file, then in files.items())


def seeding(sources: Iterable[str]) -> str:
    """Python statements that seed random numbers, and leave no name behind either.

    Args:
        sources: the notebook's code; only libraries that it mentions are imported in order to seed them.
    """
    code = "\n".join(sources)
    mentioned = [name for name in _SEEDED if re.search(rf"\b{name}\b", code)]
    return f"{_run('inside_seeds.py', f'seed({mentioned!r})')}\n" if mentioned else ""


def _capture(asked: Mapping[str, Asked]) -> str:
    """What installs the capture; the code that runs networks is only sent where one is asked for."""
    inputs = {variable: one.model_input for variable, one in asked.items() if one.model_input}
    install = f"Capture(shell, {ANSWERS_MIME!r}, {sorted(asked)!r}, describers).install()"
    if not inputs:
        return f"describers = {{}}\n{install}"
    texts = "\n".join(
        f"{name} = {{'__name__': 'grader_{name}'}}\nexec({_compiled(f'{name}.py')}, {name})"
        for name in ("inside_flow", "inside_model")
    )
    describer = "inside_model['Describer'](shape, inside_flow['Flow'])"
    return f"{texts}\ndescribers = {{name: {describer} for name, shape in {inputs!r}.items()}}\n{install}"


def _run(file: str, then: str) -> str:
    return f"exec({_compiled(file, then)}, {{'__name__': 'grader_{file.removesuffix('.py')}', 'shell': get_ipython()}})"


@cache
def _compiled(file: str, then: str = "") -> str:
    """An expression for the code of a file and what follows it: to compile it in every kernel would take longer than to run it."""
    text = files(__package__).joinpath(file).read_text(encoding="utf-8")
    code = compile(f"{text}{then}\n", f"<{file}>", "exec", dont_inherit=True)
    sent = b2a_base64(marshal.dumps(code), newline=False).decode("ascii")
    return f"__import__('marshal').loads(__import__('binascii').a2b_base64({sent!r}))"

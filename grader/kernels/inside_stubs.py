"""What a student's kernel is given before the first cell: a cap on prints, and stubs for Colab, otter and installers.

Sent to the kernel as text, as `inside.py` is; imports the standard library only.
"""

import re
import sys
from collections.abc import Callable
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

# A line such as "!pip install", "%conda install", "!{sys.executable} -m pip", "!uv pip", "!sudo apt-get -y", or
# "pip install" alone, which IPython takes for a magic; with the lines that continue it.
_COMMAND = r"[!%]{1,2}\s*(?:sudo\s+)?(?:\S+\s+-m\s+|uv\s+)?(pip3?|conda|mamba|apt|apt-get)(?=\s|$)"
_INSTALLER = re.compile(
    rf"^([ \t]*)(?:\w+\s*=\s*)?(?:{_COMMAND}|(pip|conda)[ \t]+install\b)(?:[^\\\n]|\\.)*", re.MULTILINE | re.DOTALL
)


def _says(words: str, result: object = None) -> Callable[..., Any]:
    """A function which prints the words, whatever it is given, and returns the result."""

    def function(*_arguments: object, **_options: object) -> Any:
        print(words)  # noqa: T201 - for the student, in the cell's output
        return result

    return function


class _OtterNotebook:
    """Stands for `otter.Notebook`, whose checks the grader does not need."""

    def __init__(self, *_arguments: object, **_options: object) -> None:
        pass

    check = check_all = export = _says("otter: checked after hand-in")


_NOT_COLAB = "google.colab: there is no Drive and no browser here; the notebook goes on"
_STUBS: dict[str, dict[str, Any]] = {
    "google": {},
    "google.colab": {},
    "google.colab.drive": {"mount": _says(_NOT_COLAB), "flush_and_unmount": _says(_NOT_COLAB)},
    "google.colab.files": {"upload": _says(_NOT_COLAB, {}), "download": _says(_NOT_COLAB)},
    "otter": {"Notebook": _OtterNotebook},
}


class _StubFinder(MetaPathFinder, Loader):
    """Comes last, after every real package, and only on import: notebooks look into sys.modules to find out about Colab."""

    def find_spec(self, fullname: str, _path: object, _target: object = None) -> ModuleSpec | None:
        return ModuleSpec(fullname, self, is_package=True) if fullname in _STUBS else None

    def exec_module(self, module: ModuleType) -> None:
        vars(module).update(_STUBS[module.__name__])


def install_stubs(shell: Any) -> None:
    """Make stub modules importable, and have installers print that they do nothing."""
    sys.meta_path.append(_StubFinder())
    shell.input_transformers_cleanup.append(without_installers)


def without_installers(lines: list[str]) -> list[str]:
    """The lines of a cell, those which would install packages replaced by a print."""
    return _INSTALLER.sub(_instead, "".join(lines)).splitlines(keepends=True)


def _instead(match: re.Match[str]) -> str:
    words = f"{match[2] or match[3]}: packages are not installed here; the notebook goes on with those that are there"
    return f"{match[1]}print({words!r})"


def keep_all_messages(shell: Any) -> None:
    """Let what the kernel publishes wait for the grader in the kernel's own memory; libzmq drops all above a thousand messages."""
    publisher = shell.kernel.iopub_thread
    publisher.schedule(lambda: setattr(publisher.socket, "sndhwm", 0))  # a socket belongs to one thread


def cap_prints(shell: Any, characters: int) -> None:
    """Let at most so many characters of stdout and of stderr pass in each cell, and a note in place of the rest.

    The grader cuts output in any case; here it is cut before a runaway loop makes one message too large to be read.
    """
    for stream in (sys.stdout, sys.stderr):
        cap = _Cap(stream, characters)
        shell.events.register("pre_run_cell", cap.before_cell)
        shell.events.register("post_run_cell", cap.after_cell)


class _Cap:
    """Takes over the writing of a stream for the length of a cell, as IPython does itself; cells can be nested."""

    def __init__(self, stream: Any, characters: int) -> None:
        self.stream, self.characters = stream, characters
        self.outer: list[Callable[[str], Any]] = []

    def before_cell(self, *_: object) -> None:
        pass_on, left = self.stream.write, self.characters

        def write(text: str) -> int:
            nonlocal left
            if len(text) <= left:
                left -= len(text)
                pass_on(text)
            elif left >= 0:
                pass_on(f"{text[:left]}\n[grader: output cut here, {self.characters:,} characters are kept per cell]\n")
                left = -1
            return len(text)

        self.outer.append(pass_on)
        self.stream.write = write

    def after_cell(self, *_: object) -> None:
        if self.outer:
            self.stream.write = self.outer.pop()

"""What a student's kernel is given in place of what only another machine has: Colab, otter, progress bars, installers.

Sent to the kernel as text, as `inside.py` is; imports the standard library only.
"""

import re
import sys
from collections.abc import Callable, Iterator
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Self

# An installer such as "pip", "python -m pip", "uv pip", "sudo apt-get -y".
_COMMAND = r"(?:sudo\s+)?(?:\S+\s+-m\s+|uv\s+)?(pip3?|conda|mamba|apt|apt-get)(?=\s|$)"
_TO_THE_END = r"(?:[^\\\n]|\\.)*"  # of the line, and the lines that continue it
# "!pip", "%conda", "!{sys.executable} -m pip", or "pip install" alone, which IPython takes for a magic.
_INSTALLER = re.compile(
    rf"^([ \t]*)(?:\w+\s*=\s*)?(?:[!%]{{1,2}}\s*{_COMMAND}|(pip|conda)[ \t]+install\b){_TO_THE_END}",
    re.MULTILINE | re.DOTALL,
)
_SHELL_SCRIPT = re.compile(r"\s*%%(?:bash|sh|!|script\b)")
_INSTALLER_IN_SCRIPT = re.compile(rf"^([ \t]*){_COMMAND}{_TO_THE_END}", re.MULTILINE | re.DOTALL)
# Other backends need a browser, and leave no picture that anybody could look at afterwards.
_BACKEND = re.compile(r"^([ \t]*%matplotlib)[ \t]+[A-Za-z]\w*[ \t]*$", re.MULTILINE)

_DEBUGGERS = ("pdb", "IPython.core.debugger")


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

    check = check_all = _says("otter: checked after hand-in")
    export = to_pdf = submit = add_plugin_files = _says("otter: nothing is handed in from here; the notebook goes on")


class _Progress:
    """Stands for `tqdm.tqdm` where that is not installed: passes on what it is to show, and shows nothing."""

    def __init__(self, iterable: Any = (), *_arguments: object, **_options: object) -> None:
        self.iterable = iterable

    def __iter__(self) -> Iterator[Any]:
        return iter(self.iterable)

    def __len__(self) -> int:
        return len(self.iterable)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def _nothing(self, *_arguments: object, **_options: object) -> None:
        pass

    update = close = refresh = reset = clear = set_description = set_description_str = _nothing
    set_postfix = set_postfix_str = _nothing
    write = staticmethod(print)


_NOT_CHECKED = "grader: nothing is checked here; the notebook goes on"


class _Told:
    """Stands for what `grader.check` returns, and has all of its face, so that code which looks at it runs on."""

    text, html, judgements = _NOT_CHECKED, "", ()

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f"<p>{self.text}</p>"


class _Check:
    """Stands for `grader.check` where the grader is not installed, or may not be seen."""

    def __call__(self, *_names: object, **_options: object) -> _Told:
        return _Told()

    use = __call__


_NOT_COLAB = "google.colab: there is no Drive and no browser here; the notebook goes on"
_TQDM = {"tqdm": _Progress, "trange": lambda *numbers, **_: _Progress(range(*numbers))}
_STUBS: dict[str, dict[str, Any]] = {
    "google": {},
    "google.colab": {},
    "google.colab.auth": {"authenticate_user": _says(_NOT_COLAB)},
    "google.colab.drive": {"mount": _says(_NOT_COLAB), "flush_and_unmount": _says(_NOT_COLAB)},
    "google.colab.files": {"upload": _says(_NOT_COLAB, {}), "download": _says(_NOT_COLAB)},
    "google.colab.userdata": {"get": _says(_NOT_COLAB, "")},
    "google.colab.output": {"clear": _says(_NOT_COLAB), "enable_custom_widget_manager": _says(_NOT_COLAB)},
    "google.colab.data_table": {"enable_dataframe_formatter": _says(_NOT_COLAB)},
    "google.colab.runtime": {"unassign": _says(_NOT_COLAB)},
    "google.colab.patches": {"cv2_imshow": _says(_NOT_COLAB)},
    "grader": {"check": _Check(), "load_ipython_extension": lambda _shell: None},
    "otter": {"Notebook": _OtterNotebook},
    "tqdm": _TQDM,
    "tqdm.auto": _TQDM,
    "tqdm.autonotebook": _TQDM,
    "tqdm.notebook": _TQDM,
}


class _StubFinder(MetaPathFinder, Loader):
    """Comes last, after every real package, and only on import: notebooks look into sys.modules to find out about Colab."""

    def find_spec(self, fullname: str, _path: object, _target: object = None) -> ModuleSpec | None:
        return ModuleSpec(fullname, self, is_package=True) if fullname in _STUBS else None

    def exec_module(self, module: ModuleType) -> None:
        vars(module).update(_STUBS[module.__name__])


def install_stubs(shell: Any) -> None:
    """Make stub modules importable, and have installers, breakpoints and `quit()` print that they do nothing."""
    sys.meta_path.append(_StubFinder())
    sys.breakpointhook = _says("breakpoint: nobody is here to look; the notebook goes on")
    for module in [sys.modules[name] for name in _DEBUGGERS if name in sys.modules]:
        module.set_trace = sys.breakpointhook  # type: ignore[attr-defined]
    shell.input_transformers_cleanup.append(adapted)
    _must_not_ask(shell)
    shell.register_magic_function(_says(_NOT_CHECKED), "line", "grader")
    shell.ask_exit = _says("quit: the kernel stays for the cells that follow")


def _must_not_ask(shell: Any) -> None:
    """Have `input` and `getpass` fail in words that say why."""
    error = sys.modules["IPython.core.error"].StdinNotImplementedError

    def asks(*_arguments: object, **_options: object) -> str:
        raise error("nobody is here to answer: set the value in the code instead of asking for it")

    shell.kernel.raw_input = shell.kernel.getpass = asks


def adapted(lines: list[str]) -> list[str]:
    """The lines of a cell as they run here: nothing is installed, and figures are shown as pictures."""
    source = "".join(lines)
    if _SHELL_SCRIPT.match(source):
        source = _INSTALLER_IN_SCRIPT.sub(lambda match: f"{match[1]}echo '{_not_installed(match[2])}'", source)
    else:
        source = _INSTALLER.sub(lambda match: f"{match[1]}print({_not_installed(match[2] or match[3])!r})", source)
        source = _BACKEND.sub(r"\1 inline", source)
    return source.splitlines(keepends=True)


def _not_installed(installer: str) -> str:
    return f"{installer}: packages are not installed here; the notebook goes on with those that are there"

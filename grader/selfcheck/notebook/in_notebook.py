"""`from grader import check`: what a student types in a notebook.

Imports the standard library only. All else is loaded when there are sealed keys to check against, so that a notebook which is
graded, where there are none, loses no time. Whatever goes wrong is told in the answer; nothing here ends in a traceback.
"""

import logging
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from grader.errors import GraderError
from grader.selfcheck.keys.key_file import key_files, named_file
from grader.selfcheck.notebook import magic


@dataclass(frozen=True, repr=False)
class Told:
    """What a check says: as a page in a notebook, as text in a terminal."""

    text: str
    html: str = ""
    judgements: tuple[Any, ...] = field(default=())
    """One `grader.selfcheck.judging.judged.Judgement` per answer."""

    def __repr__(self) -> str:
        """The text, of which nothing steers a terminal."""
        return "".join(one if one.isprintable() or one == "\n" else "\N{REPLACEMENT CHARACTER}" for one in self.text)

    def _repr_html_(self) -> str:
        return self.html or f"<p>{escape(self.text)}</p>"


class Check:
    """Checks answers against the sealed keys of the homework: `check()` all, `check("conv1", "conv2")` some."""

    def __init__(self) -> None:
        self._named: Path | None = None

    def __call__(self, *names: str, **others: object) -> Told:
        """What is to be said of the answers as they stand now.

        Args:
            names: of variables or of parts; none means all.
            others: a mistake, which is told.
        """
        if others:
            return Told('check takes names in quotes and nothing else: check("name_of_the_variable").')
        shell = magic.running_shell()
        namespace = sys._getframe(1).f_globals if shell is None else shell.user_ns  # noqa: SLF001 - there is no other way
        return _without_traceback(partial(self._told, names, namespace))

    def use(self, path: str | Path) -> Told:
        """Check against this file of sealed keys from now on."""
        return _without_traceback(partial(self._use, path))

    def __repr__(self) -> str:
        """How to use it."""
        return 'check() checks all answers, check("name") one; check.use("file.seal.json") names the file of keys.'

    def _told(self, names: tuple[Any, ...], namespace: Mapping[str, Any]) -> Told:
        files = (self._named,) if self._named else key_files(Path())
        from grader.selfcheck.notebook import live, showing  # noqa: PLC0415 - see the head of this module

        sealed = live.fitting(files, {*namespace, *(name for name in names if issubclass(type(name), str))})
        remarks, judgements = live.judged(sealed, names, namespace)
        return Told(showing.as_text(judgements, remarks), showing.as_html(judgements, remarks), judgements)

    def _use(self, path: object) -> Told:
        file = named_file(path)
        from grader.selfcheck.notebook import live  # noqa: PLC0415 - see the head of this module

        sealed = live.sealed_in(file)
        self._named = file
        return Told(f"{file.name} is used: {sealed.title}, {len(sealed.parts)} answers.")


def _without_traceback(told: Callable[[], Told]) -> Told:
    try:
        return told()
    except GraderError as error:
        return Told(str(error))
    except KeyboardInterrupt:
        return Told("The check was stopped. Run the cell again.")
    except ImportError as error:
        place = f" (in {error.path})" if error.path else ""
        return Told(
            f"Nothing is checked: {error}{place}. If that is a file of yours, rename it; else install the grader's wheel again. "
            "Then restart the kernel."
        )
    except Exception as error:  # noqa: BLE001 - whatever it is, it is ours and costs the student nothing
        kind = type(error).__name__
        return Told(
            f"The check failed ({kind}: {error}), which is no fault of yours and changes nothing. Tell your teacher."
        )


check = Check()
# What is logged is for staff; students are told in the answer.
logging.getLogger("grader").addHandler(logging.NullHandler())


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext grader`."""
    magic.register(shell, check)


if (_shell := magic.running_shell()) is not None:
    load_ipython_extension(_shell)

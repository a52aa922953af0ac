"""The environment of the container: the pinned packages of the grader, what notebooks may import besides, and where both come from."""

import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from grader.course import Homework
from grader.errors import InputError

LOCK = Path(__file__).parent / "files" / "requirements.txt"


def pins() -> dict[str, Requirement]:
    """What the grader needs, each at one version, by normalised name."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    found = (Requirement(line.removesuffix("\\")) for line in lines if "==" in line and not line.startswith((" ", "#")))
    return {canonicalize_name(one.name): one for one in found}


def constraints() -> bytes:
    """The same without hashes, for what is installed afterwards and has none."""
    return "".join(f"{pin}\n" for pin in pins().values()).encode()


def packages(homework: Homework, *, from_wheels: bool) -> bytes:
    """What notebooks may import besides, as a requirements file."""
    settings = homework.autograder
    # pip would ask the index even where all is there.
    index = [f"--extra-index-url {settings.index}"] if settings.index and not from_wheels else []
    return "".join(f"{line}\n" for line in (*index, *settings.packages)).encode()


def check_packages(homework: Homework) -> None:
    """Whether the container has what the homework's settings speak of.

    Raises:
        InputError: a package is asked for at another version than the grader has, or a module is preloaded that will not be there.
    """
    own, settings = pins(), homework.autograder
    asked = {canonicalize_name(one.name): one for one in map(Requirement, settings.packages)}
    for name in asked.keys() & own.keys():
        if asked[name].specifier != own[name].specifier:
            raise InputError(
                f"problems/homeworks.toml: {homework.name}.gradescope.packages: the grader itself needs {own[name]}; "
                f"leave out {asked[name]}, it is there"
            )
    for module in homework.preload:
        if not _is_there(module, {*own, *asked}):
            raise InputError(
                f"problems/homeworks.toml: {homework.name}.preload: the container has no {module}; add its package and version "
                f'to the homework: gradescope = {{ packages = ["{module}==VERSION"] }}, or do not preload it'
            )


def _is_there(module: str, names: set[str]) -> bool:
    top = module.partition(".")[0]
    return top in sys.stdlib_module_names or any(name in names for name in _names(top))


def _names(module: str) -> Iterator[str]:
    """The packages that may have a module: by their names, and by what is installed here."""
    return map(canonicalize_name, (module, *packages_distributions().get(module, ())))

"""The environment of the container: the pinned packages of the grader, what notebooks may import besides, and where both come from."""

import sys
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from grader.course import Homework
from grader.errors import InputError

LOCK = Path(__file__).parent / "files" / "requirements.txt"
_PACKAGES = {
    "PIL": "pillow", "attr": "attrs", "dateutil": "python-dateutil", "markdown_it": "markdown-it-py", "mpl_toolkits": "matplotlib",
    "pylab": "matplotlib", "rpds": "rpds-py", "sklearn": "scikit-learn", "skimage": "scikit-image", "yaml": "pyyaml", "zmq": "pyzmq",
}  # fmt: skip
"""By what notebooks import, where the package has another name. Written here rather than asked of what is installed, so that a homework
can be built on one machine if it can on another; a test says which of the pinned packages are missing here."""


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
    if absent := [module for module in homework.preload if not _is_there(module, {*own, *asked}, homework)]:
        raise InputError(
            f"problems/homeworks.toml: {homework.name}.preload: the container has no {absent[0]}; add the package that it is in, at one "
            f'version, to the homework: gradescope = {{ packages = ["{package_of(absent[0])}==VERSION"] }}, or do not preload it. A package may '
            "have another name than its module"
        )


def package_of(module: str) -> str:
    """The package that a module comes from, by normalised name: most have its name."""
    top = module.partition(".")[0]
    return canonicalize_name(_PACKAGES.get(top, top))


def _is_there(module: str, names: set[str], homework: Homework) -> bool:
    if module.partition(".")[0] in sys.stdlib_module_names or package_of(module) in names:
        return True
    # Of a package that no module is named after nobody knows here what it has. If not this one, the self-test of the build says so.
    known = {package_of(one) for one in homework.preload}
    return any(canonicalize_name(Requirement(one).name) not in known for one in homework.autograder.packages)

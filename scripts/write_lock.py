"""Writes the environment of Gradescope's container: every package that the grader needs, at one version, with hashes.

    python -m scripts.write_lock

It takes what pyproject.toml asks for in order to grade, at the versions of constraints.txt, and is to be run again after either has
changed; a test says when. It needs the network: uv, which resolves, goes into an environment of its own that is removed afterwards.
"""

import re
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "grader" / "gradescope" / "building" / "files" / "requirements.txt"
UV = "uv>=0.8"
_HEAD = """\
# What the grader needs inside Gradescope's container: CPython 3.11 to 3.14 on Linux, x86_64 or aarch64.
# Written by 'python -m scripts.write_lock' from pyproject.toml and constraints.txt; not to be edited.
"""
_ENVIRONMENTS = """
[tool.uv]
environments = [
    "sys_platform == 'linux' and implementation_name == 'cpython' and python_version < '3.15' and platform_machine == 'x86_64'",
    "sys_platform == 'linux' and implementation_name == 'cpython' and python_version < '3.15' and platform_machine == 'aarch64'",
]
"""
_OPTIONS = (
    "--extra", "grading", "--universal", "--python-version", "3.11", "--only-binary", ":all:", "--generate-hashes", "--constraints", "constraints.txt",
    "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet", "--output-file", "lock.txt",
)  # fmt: skip


def lock() -> str:
    """The environment as a requirements file. Raises CalledProcessError if it cannot be resolved."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = folder / "environment"
        venv.create(environment, with_pip=True)
        subprocess.run([environment / "bin" / "pip", "install", "--quiet", UV], check=True)  # noqa: S603
        project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        (folder / "pyproject.toml").write_text(project + _ENVIRONMENTS, encoding="utf-8")
        (folder / "constraints.txt").write_bytes((ROOT / "constraints.txt").read_bytes())
        command = [str(environment / "bin" / "uv"), "pip", "compile", "pyproject.toml", *_OPTIONS]
        subprocess.run(command, cwd=folder, check=True)  # noqa: S603
        return _HEAD + without_scope((folder / "lock.txt").read_text(encoding="utf-8"))


def without_scope(text: str) -> str:
    """The file without the condition that every package has: what it is for, which the head says once."""
    ((scope, _),) = Counter(re.findall(r" ;[^\\\n]*", text)).most_common(1)
    return text.replace(scope, " ")


if __name__ == "__main__":
    LOCK.write_text(lock(), encoding="utf-8")
    print("wrote", LOCK.relative_to(ROOT), file=sys.stderr)

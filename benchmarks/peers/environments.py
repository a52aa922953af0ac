"""The peers' own environments, made once and kept in the user's cache."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_CONSTRAINTS = ROOT / "constraints.txt"
# What the students import, and what runs it: the same versions as this project's own, from constraints.txt.
_COMMON = ("torch==2.13.0", "numpy", "ipykernel")


def environment(name: str, requirements: Iterable[str]) -> Path:
    """The folder of programs of an environment with these packages and with torch; the first time takes minutes.

    Args:
        name: of the environment.
        requirements: for pip; with exact versions, since the folder is known by them.
    """
    wanted = [*_COMMON, *requirements]
    version = hashlib.sha256("\n".join([sys.version, *wanted, _CONSTRAINTS.read_text(encoding="utf-8")]).encode())
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "deep-learning-grader" / "peers" / f"{name}-{version.hexdigest()[:12]}"
    if not (folder / "complete").exists():
        print(f"installing {' '.join(wanted)} into {folder}", file=sys.stderr)
        for old in folder.parent.glob(f"{name}-*"):  # of other versions, or not completed
            shutil.rmtree(old)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(folder / "bin" / "pip"), "install", "-qq"]
        subprocess.run([*pip, "-c", str(_CONSTRAINTS), *wanted], check=True)
        (folder / "complete").touch()
    return folder / "bin"


def variables(programs: Path, home: Path) -> dict[str, str]:
    """The variables of a process that sees this environment and nothing of the user's own settings.

    Args:
        programs: as from `environment`.
        home: an empty folder.
    """
    kept = {name: os.environ[name] for name in ("LANG", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "HOME": str(home)}

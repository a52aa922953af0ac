"""Finding a course, before anything of it is read."""

from pathlib import Path

from grader.errors import InputError

LISTING = Path("problems", "homeworks.toml")
_LONG_TO_IMPORT = ("numpy", "torch")
"""And importing them leaves no trace outside of the process."""


def find_course(start: Path) -> Path:
    """The nearest folder from `start` upwards that holds `problems/homeworks.toml` and `reference/`.

    Raises:
        InputError: there is none.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / LISTING).is_file() and (folder / "reference").is_dir():
            return folder
    raise InputError(
        f"no course at {start} or above it (a folder with problems/homeworks.toml and reference/); use --course"
    )


def likely_modules(root: Path) -> tuple[str, ...]:
    """Modules that take long to import and that homeworks of a course seem to preload.

    A guess: what is wrong with the file is said by `grader.loading`, which reads it.
    """
    try:
        text = (root / LISTING).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ()
    return tuple(name for name in _LONG_TO_IMPORT if f'"{name}"' in text)

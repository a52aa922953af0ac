"""Finding a course, before anything of it is read."""

import tomllib
from pathlib import Path

from grader.errors import InputError
from grader.sandbox.settings import early

LISTING = Path("problems", "homeworks.toml")


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
    """Modules that may be imported early and that every homework of a course preloads.

    What is wrong with the file is said by `grader.loading`, which reads it in earnest.
    """
    try:
        listing = tomllib.loads((root / LISTING).read_text(encoding="utf-8"))
        preloads = [set(homework["preload"]) for homework in listing.values()]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return ()
    return early(set.intersection(*preloads)) if preloads else ()

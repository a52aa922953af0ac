"""Small courses written to a folder, each from a sound one by replacing some of its texts."""

from collections.abc import Collection
from pathlib import Path

HOMEWORKS = """
[hw1]
title = "One homework"
problems = ["boxes"]
"""

PROBLEM = """
title = "Boxes"

[given]
side = 4

[conventions.unit]
inch = "an inch"
foot = "a foot"

[mistakes.lid_forgotten]
assume = { lid = false }
what = "the lid was left out"

[parts.area]
kind = "integer"
points = 2

[parts.volume]
kind = "real"
rtol = 0.01
points = 1

[parts.sizes]
kind = "table"
rows = ["width", "height"]
cells = { kind = "integer" }
points = 1

[parts.trail]
kind = "path"
atol = 0.1
points = 1
continuation = "continued"
contours = "bowl"
"""

STATEMENT = """# Boxes

About boxes.

## Area {#area}

What is the area?

## Volume {#volume}

What is the volume?

## Sizes {#sizes}

What are the sizes?

## Trail {#trail}

Where do you step?
"""

SOLVER = """
def area(side, lid=True, unit="inch"):
    return side * side * (6 if lid else 5) * (1 if unit == "inch" else 12)


def volume(side, area):
    return side * area / 6


def sizes(side):
    return {"width": side, "height": 2 * side}


def trail(side):
    return [(side, 0.0), (side - 1, 0.0), (side - 2, 0.0)]


def continued(trail):
    return [[(x - 1, y)] for x, y in trail[:-1]]


def bowl(side):
    return lambda point: side * point[0] ** 2
"""


def statement_of(parts: Collection[str]) -> str:
    """A statement that asks for each part in one sentence."""
    return "# Parts\n\n" + "\n\n".join(f"## {part} {{#{part}}}\n\nWhat is it?" for part in parts) + "\n"


def write_course(
    root: Path,
    *,
    homeworks: str = HOMEWORKS,
    problem: str = PROBLEM,
    statement: str | None = STATEMENT,
    solver: str = SOLVER,
) -> Path:
    """Writes a course of one problem, "boxes", below `root`, and returns `root`. Without a statement if that is None."""
    folder = root / "problems" / "boxes"
    folder.mkdir(parents=True)
    (root / "reference").mkdir()
    (root / "problems" / "homeworks.toml").write_text(homeworks, encoding="utf-8")
    (folder / "problem.toml").write_text(problem, encoding="utf-8")
    (root / "reference" / "boxes.py").write_text(solver, encoding="utf-8")
    if statement is not None:
        (folder / "statement.md").write_text(statement, encoding="utf-8")
    return root


def replaced(text: str, old: str, new: str) -> str:
    """The text with its only `old` replaced; a case that does not apply any more must not pass silently."""
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
    return text.replace(old, new)

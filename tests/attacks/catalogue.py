"""All attacks that run in a kernel, and where the rest of the list is tested."""

from tests.attacks.attack import Attack
from tests.attacks.claiming import CLAIMING
from tests.attacks.ending import ENDING
from tests.attacks.exhausting import EXHAUSTING
from tests.attacks.reaching import REACHING
from tests.attacks.running import RUNNING
from tests.attacks.talking import TALKING

THEMES: dict[str, tuple[Attack, ...]] = {
    "exhausting": EXHAUSTING,
    "reaching": REACHING,
    "ending": ENDING,
    "talking": TALKING,
    "claiming": CLAIMING,
    "running": RUNNING,
}
ATTACKS: tuple[Attack, ...] = tuple(attack for attacks in THEMES.values() for attack in attacks)

MOST_KIB = 450 * 1024
"""Of memory that the grader itself may ever have, whatever is done to it; a class of honest notebooks takes a third of it."""
ELSEWHERE: dict[int, tuple[str, str]] = {
    49: (
        "scripts, frames and links in outputs and answers",
        "`tests/reports/test_page_in_browser.py`, in a real browser",
    ),
    50: (
        "Markdown, LaTeX and commands for terminals",
        "`tests/reports/`: reports render none; `tests/kernels/test_outputs.py`",
    ),
    51: (
        "formulas in cells of a table",
        "`tests/intake/test_folder.py`: names of students; no other column has text of theirs",
    ),
    53: ("archives with links, other places, or a bomb in them", "not yet: archives cannot be handed in"),
    59: ("answer cells deleted, doubled, reordered, renamed", "`tests/test_taking.py`"),
    64: ("the memory of a graphics processor", "not yet: kernels have no such device (row 17)"),
}
"""Rows of the list that attack no running notebook, by number: what they are, and where they are tested."""

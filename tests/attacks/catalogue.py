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

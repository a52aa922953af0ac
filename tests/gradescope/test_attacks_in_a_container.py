"""Every attack of the catalogue, handed in to an autograder: it gains nothing, and changes nothing of what is handed out."""

import json
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from tests.attacks.arena import Arena, arena
from tests.attacks.attack import FINE, RIGHT, Attack
from tests.attacks.catalogue import ATTACKS
from tests.attacks.worlds import World
from tests.gradescope.harness.archives import Autograder, autograder, not_as_in_gradescope
from tests.gradescope.harness.containers import no_containers
from tests.gradescope.harness.handed_in import metadata
from tests.gradescope.harness.running import Ran, Submission
from tests.gradescope.harness.sizes import MIDDLE

PACKAGES = '\n[attacked.gradescope]\npackages = ["torch==2.13.0"]\n'
TOLD = re.compile(r"told (\d+)((?: \[[^\]]*\])*)")
SLIPS = ("NameError", "TypeError", "AttributeError", "UnboundLocalError", "IndexError", "KeyError", "ArgumentError")

pytestmark = [not_as_in_gradescope, pytest.mark.kernel, pytest.mark.slow, pytest.mark.long, pytest.mark.timeout(3600)]


@dataclass(frozen=True)
class Attacked:
    """A course with secrets in its archive, under attack."""

    arena: Arena
    autograder: Autograder

    @property
    def places(self) -> dict[str, Any]:
        """What an attacker may know."""
        source = "/autograder/source"
        packages = next((self.autograder.image.folder / "opt").glob("*/lib/python3*/site-packages"))
        installed = f"/{packages.relative_to(self.autograder.image.folder)}"
        return {
            "solver": f"{source}/course/reference/secret.py",
            "problem": f"{source}/course/problems/secret/problem.toml",
            "course": f"{source}/course",
            "checkout": installed,
            "marking": f"{source}/grader/marking.py",
            "home": "/root",
            "private": "/root/private.txt",
            "tmp": "/tmp",
            "submissions": "/autograder/submission",
            "other": "/autograder/submission/zoe.txt",
            "out": "/autograder/results",
            "port": 4711,
            "packets": 4712,
            "abstract": "autograder-neighbour",
            "socket": "/autograder/socket",
        }

    def run(self, attack: Attack) -> Ran:
        """Hands an attack in."""
        notebook = telling(attack.notebook(self.places)).encode("utf-8", errors="surrogatepass")
        return self.autograder.grade(
            Submission(
                {"attack.ipynb": notebook, "zoe.txt": self.arena.secrets["other"].encode()},
                metadata(),
                size=MIDDLE,
                listen=True,
                variables={"GRADER_TOKEN": self.arena.secrets["token"]},
            )
        )

    def gains(self, attack: Attack, ran: Ran) -> list[str]:
        """What an attack got hold of, and what is wrong with its results."""
        known = attack.residual.get(ran.results["extra_data"]["isolation"], frozenset())
        _, told = tried(ran)
        found = [f"gained: {name}" for name in told if name not in known]
        found += [
            f"the secret {name} stands in the results"
            for name, secret in self.arena.secrets.items()
            if secret.encode() in (ran.raw or b"")
        ]
        return [*found, *self.autograder.troubles(ran)]


def tried(ran: Ran) -> tuple[int, list[str]]:
    """How often an attack has tried something, and what it gained, or did not really try."""
    found = TOLD.search(ran.told)
    return (int(found[1]), re.findall(r"\[([^\]]*)\]", found[2])) if found else (0, [])


def telling(notebook: str) -> str:
    """A notebook that tells in an error of its last cell what its attempts came to: of the output nothing is handed to anybody."""
    read = json.loads(notebook)
    cell = read["cells"][1]
    told = "    print(_json.dumps(told), flush=True)\n"
    assert told in cell["source"]
    cell["source"] = "_told = []\n" + cell["source"].replace(told, f"{told}    _told.append(told)\n")
    last = f"""shown = [one["attempt"] for one in _told if "gained" in one or one["refused"].startswith({SLIPS!r})]
raise RuntimeError(f"told {{len(_told)}}" + "".join(f" [{{name}}]" for name in shown))"""
    read["cells"].append({**cell, "id": "last", "source": last})
    return json.dumps(read)


def surprises(attack: Attack, ran: Ran) -> list[str]:
    """How the cell ended and what became of the answers, where that is not expected."""
    failures = dict(re.findall(r"^cell (\d+): (.*)$", ran.stdout, re.MULTILINE))
    kind, _, rest = failures.get("2", "").partition(": ")
    fate = f"{kind} {rest.split()[0]}" if rest else FINE
    found = [] if fate in attack.fates else [f"the cell came to {fate!r}, not {sorted(attack.fates)}"]
    outcomes = ran.outcomes
    wrong = [part for part in RIGHT if outcomes.get(part) not in attack.outcomes(part)]
    found += [f"{part} is {outcomes.get(part)!r}, not {sorted(attack.outcomes(part))}" for part in wrong]
    count, _ = tried(ran)
    return found + ([f"only {count} attempts"] if fate == FINE and count < len(set(attack.attempts)) else [])


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    if why := no_containers():
        pytest.skip(f"attacks are for containers: {why}")
    with arena(World("gradescope", "B", in_container=True), seconds=1) as place:
        course = place.folder / "course"
        with (course / "problems" / "homeworks.toml").open("a", encoding="utf-8") as listing:
            listing.write(PACKAGES)
        folder = tmp_path_factory.mktemp("attacked")
        one = Attacked(place, autograder(course, "attacked", folder, get=True))
        private = one.autograder.image.folder / "root" / "private.txt"
        private.parent.mkdir(exist_ok=True, mode=0o700)
        private.write_text(place.secrets["home"], encoding="utf-8")
        yield one
        shutil.rmtree(folder)


def test_no_attack_gains_anything_or_changes_what_is_handed_out(attacked: Attacked) -> None:
    with ThreadPoolExecutor(2) as pool:
        first = list(zip(ATTACKS, pool.map(attacked.run, ATTACKS), strict=True))
    gained = {attack.name: found for attack, ran in first if (found := attacked.gains(attack, ran))}
    # What came to something else beside another one comes to what is expected alone.
    again = [(attack, attacked.run(attack)) for attack, ran in first if surprises(attack, ran)]
    gained |= {attack.name: found for attack, ran in again if (found := attacked.gains(attack, ran))}
    surprising = {attack.name: found for attack, ran in again if (found := surprises(attack, ran))}
    assert (gained, surprising) == ({}, {})

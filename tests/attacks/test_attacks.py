"""Every attack of the catalogue, through the command line, in every world that this machine has.

A run grades attackers as students of one class, each in a kernel of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from tests.attacks.arena import Arena, Outcome, arena
from tests.attacks.attack import FINE, RIGHT, Attack, notebook_file
from tests.attacks.catalogue import ATTACKS, MOST_KIB
from tests.attacks.worlds import World, worlds

pytestmark = [pytest.mark.kernel, pytest.mark.slow]

SLIPS = ("NameError", "TypeError", "AttributeError", "UnboundLocalError", "IndexError", "KeyError", "ArgumentError")
"""An attempt that fails with one of these has not been made."""
HONEST = {
    "ada": ("before = 51", "claim = 7", "after = 85"),
    "ben": ("before = 50", "claim = 6.9", "after = undefined"),
    "cyd": ("import numpy\nbefore = int(numpy.arange(102).mean() + 0.5)", "print('x' * 1000)", "after = '85'"),
    "dan": ("import torch\ntorch.manual_seed(1)\nprint(torch.rand(3))\nbefore = 51", "claim = torch.tensor(7)"),
    "eve": (
        "from multiprocessing import Pool",
        "with Pool(2) as pool:\n    claim = sum(pool.map(abs, [-3, -4]))",
        "after = 85",
    ),
    "fay": ("open('kept.txt', 'w').write('51')", "before = int(open('kept.txt').read())", "!echo shell\nclaim = 8"),
}


# What some attacks gain where nothing holds them, so that a refusal elsewhere is one.
GAINS = {
    "network": {"a listener on this machine", "a listener in a folder", "a listener in the abstract namespace"},
    "read_answers": {
        "the reference solver",
        "the problem's file",
        "a file in the caller's home",
        "how answers are marked",
    },
    "read_neighbours": {"another submission", "the folder of submissions", "the results"},
    "write_outside": {"the results", "the submissions", "another submission", "the course"},
    "other_memory": {"another's memory as a file", "another's map of memory", "another's open files"},
    "secrets_around": {"the token in an environment"},
    "namespaces": {"a process in new namespaces, the new way"},
    "become_root": {"to gain from programs of root", "to run without a filter of calls"},
    "memory_shared": {"1 GiB of shared memory"},
    "many_files": {"100,000 files"},
}


@pytest.fixture
def place(world: World) -> Iterator[Arena]:
    twin = next((other for other in worlds() if other.in_container and not other.missing), world)
    if world.tier == twin.tier and world is not twin:
        pytest.skip(f"tier {world.tier} is attacked in the {twin.name}, which has less")
    with arena(world) as place:
        yield place


def troubles(attack: Attack, world: World, outcome: Outcome) -> list[str]:
    """What is not as the catalogue expects it."""
    return [*gains(attack, world, outcome), *surprises(attack, outcome)]


def gains(attack: Attack, world: World, outcome: Outcome) -> list[str]:
    """What an attack got hold of, and what it did not even try."""
    told = outcome.marked(attack.name).attempts
    known = attack.residual.get(world.tier, frozenset())
    found = [f"{name}: {what}" for name, what in told.items() if what.startswith("gained") and name not in known]
    found += [f"{name} is no attempt: {what}" for name, what in told.items() if what.startswith(SLIPS)]
    return found + [f"the secret {name} stands in the results" for name in outcome.leaked(attack.name)]


def surprises(attack: Attack, outcome: Outcome) -> list[str]:
    """How the cell ended and what became of the answers, where that is not expected."""
    marked = outcome.marked(attack.name)
    fate = marked.fate(2)
    found = [] if fate in attack.fates else [f"the cell came to {fate!r}, not {sorted(attack.fates)}"]
    wrong = [part for part in RIGHT if marked.outcomes[part] not in attack.outcomes(part)]
    found += [f"{part} is {marked.outcomes[part]!r}, not {sorted(attack.outcomes(part))}" for part in wrong]
    return found + [f"{name}: never tried" for name in attack.attempts if fate == FINE and name not in marked.attempts]


def left(outcome: Outcome, world: World) -> dict[str, object]:
    """What a run left behind, and what became of the machine around it; {} if all is well."""
    report = outcome.report
    heard = [name for name in outcome.heard if (world.tier, name) not in KNOWN_TO_HEAR]
    facts: dict[str, object] = {
        "status": report.status,
        "ran too long": not report.in_time,
        "bystander": report.bystander.replace("S", ""),
        "processes": report.processes,
        "files": report.files,
        "others": report.others,
        "heard": heard,
        "memory in KiB": report.peak_kib if report.peak_kib > MOST_KIB else 0,
        "traceback": "Traceback" in outcome.printed + outcome.complained,
        "output": len(outcome.printed) > 100_000 or len(outcome.complained) > 100_000,
        "ran in the grader": [str(file) for file in outcome.out.parent.rglob("ran")],
    }
    return {name: fact for name, fact in facts.items() if fact}


KNOWN_TO_HEAR = frozenset(
    (tier, {"a listener in a folder": "folder", "a listener in the abstract namespace": "abstract"}[name])
    for attack in ATTACKS
    for tier, names in attack.residual.items()
    for name in names
    if "a listener in" in name
)


def graded(place: Arena, attacks: Sequence[Attack], jobs: int) -> Outcome:
    """What becomes of a class of attackers, and of one student whose notebook has a secret."""
    place.hand_in({attack.name: attack.notebook(place.places) for attack in attacks})
    place.hand_in({"zoe": notebook_file(f"secret = {place.secrets['other']!r}", *HONEST["ada"])})
    return place.grade(jobs=jobs)


def test_every_attack_comes_to_what_the_catalogue_says_and_leaves_nothing(world: World, place: Arena) -> None:
    outcome = graded(place, ATTACKS, jobs=6)
    assert {attack.name: found for attack in ATTACKS if (found := gains(attack, world, outcome))} == {}
    assert left(outcome, world) == {}, outcome.complained
    # Six at a time may be too many for a busy machine; what came to something else by that comes to it alone.
    if again := [attack for attack in ATTACKS if surprises(attack, outcome)]:
        with arena(world, seconds=8) as quiet:
            outcome = graded(quiet, again, jobs=1)
            assert {attack.name: found for attack in again if (found := troubles(attack, world, outcome))} == {}


def results(outcome: Outcome, students: Iterator[str]) -> dict[str, tuple[str, str]]:
    """What is written about students in grade.json and the gradebook."""
    rows = outcome.gradebook()
    return {student: (outcome.marked(student).grade_json, rows[student]) for student in students}


def test_honest_notebooks_come_to_the_same_beside_eight_attackers(world: World, place: Arena) -> None:
    honest = {f"{name}-{number}": notebook_file(*cells) for number in range(2) for name, cells in HONEST.items()}
    place.hand_in(honest)
    alone = results(place.grade(jobs=2), iter(honest))
    loud = [attack for attack in ATTACKS if attack.loud]
    place.hand_in({attack.name: attack.notebook(place.places) for attack in loud})
    outcome = place.grade(jobs=8)
    assert left(outcome, world) == {}, outcome.complained
    assert results(outcome, iter(honest)) == alone


def test_kill_minus_nine_of_the_grader_leaves_nothing_running(place: Arena) -> None:
    waiting = [
        attack
        for attack in ATTACKS
        if attack.name in ("sleeps", "daemon", "forks_and_runs", "stops_itself", "burns_cpu")
    ]
    place.hand_in({attack.name: attack.notebook(place.places) for attack in waiting})
    place.hand_in({"ada": notebook_file(*HONEST["ada"])})
    report = place.grade(jobs=8, kill_on="out/staff/ada/grade.json").report
    assert (report.status, report.processes, report.bystander) == (-9, [], "S")


def test_without_a_sandbox_the_same_attacks_succeed() -> None:
    user = next(world for world in worlds() if world.name == "user")
    if user.missing:
        pytest.skip(f"tier {user.tier} ({user.name}): {user.missing}")
    attacks = [attack for attack in ATTACKS if attack.name in GAINS]
    with arena(replace(user, tier=""), seconds=20) as place:
        outcome = graded(place, attacks, jobs=2)
        gained = {
            attack.name: {
                name for name, what in outcome.marked(attack.name).attempts.items() if what.startswith("gained")
            }
            for attack in attacks
        }
        leaked = {secret for attack in attacks for secret in outcome.leaked(attack.name)}
    assert {name: few - gained[name] for name, few in GAINS.items() if few - gained[name]} == {}
    assert leaked >= {"solver", "problem", "home", "other", "token"}
    assert {"tcp", "folder", "abstract"} <= set(outcome.heard)


def test_two_hundred_hostile_notebooks_at_once_change_nothing_for_an_honest_one() -> None:
    world = next(world for world in worlds() if not world.missing)
    quick = [
        attack
        for attack in ATTACKS
        if attack.name in ("exits", "segfaults", "kills_its_group", "memory_list", "daemon")
    ]
    with arena(world) as place:
        place.hand_in({"ada": notebook_file(*HONEST["ada"])})
        place.hand_in({f"{one.name}-{number}": one.notebook(place.places) for number in range(40) for one in quick})
        outcome = place.grade(jobs=8)
        assert left(outcome, world) == {}, outcome.complained
        assert outcome.gradebook()["ada"] == "ada,1.0,1.0,1.0,,3.0,100.0,0.0,graded"

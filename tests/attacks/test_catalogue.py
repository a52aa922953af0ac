"""The catalogue is whole, and the page that tells of it is up to date."""

from collections import Counter

from scripts.write_attacks import PAGE, page
from tests.attacks.catalogue import ATTACKS, ELSEWHERE
from tests.attacks.handing import HANDED

# The numbers of the list that the sandbox is designed against; some were given up.
LIST = {*range(1, 14), *range(15, 38), 39, *range(41, 48), *range(49, 52), *range(53, 63), 64, 65, 68, 70}
TESTED_AT_ONCE = {70}


def test_every_row_of_the_list_is_tested_or_has_a_reason_why_not_here() -> None:
    here = {attack.number for attack in ATTACKS} | {handed.number for handed in HANDED} | TESTED_AT_ONCE
    assert here | ELSEWHERE.keys() == LIST
    assert not here & ELSEWHERE.keys()


def test_every_attack_has_a_name_of_its_own_and_every_attempt_is_named_once() -> None:
    assert [name for name, count in Counter(attack.name for attack in ATTACKS).items() if count > 1] == []
    for attack in ATTACKS:
        assert len(set(attack.attempts)) == len(attack.attempts)
        for known in attack.residual.values():
            assert known <= set(attack.attempts)


def test_the_page_of_attacks_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python scripts/write_attacks.py"

"""What holds under every rule file of the whole grammar: row order, a folder's round trip, a live recount, symmetry."""

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from contest.rules import Facts, Memory, Rules, compute, outcome_json, read_folder, story, write_folder
from contest.rules.keys import KEYS
from tests.rules.any_facts import some_contest, some_facts
from tests.rules.any_rules import some_file, some_rules

# A seed is all there is of a case: there is nothing in it to shrink.
FAST = settings(deadline=None, max_examples=200, phases=[Phase.explicit, Phase.reuse, Phase.generate])
FILES = 1500


def seeds(test: Callable[[int], None]) -> Callable[[], None]:
    return FAST(given(st.integers(0, 2**32))(test))


def test_the_random_files_are_mostly_valid_and_use_every_key_of_the_grammar():
    chance = random.Random(5)
    keys: set[str] = set()
    valid = 0
    for _ in range(FILES):
        state = chance.getstate()
        if some_rules(chance) is None:
            continue
        valid += 1
        chance.setstate(state)
        keys |= set(re.findall(r'(\w+)"? =', some_file(chance)))
    assert valid > FILES * 0.6
    assert {key for known in KEYS.values() for key in known} - keys == set()


@seeds
def test_an_export_recounts_to_the_same_result(seed: int):
    rules, facts, _ = some_contest(seed)
    result = outcome_json(compute(rules, facts))
    with TemporaryDirectory() as place:
        write_folder(place, facts, rules.data, result)
        again = read_folder(place)
        assert again == facts
        assert outcome_json(compute(rules, again)) == result


@seeds
def test_the_order_of_rows_never_matters(seed: int):
    rules, facts, chance = some_contest(seed)
    mixed = Facts(*(shuffled(chance, getattr(facts, name)) for name in Facts.__slots__))
    assert outcome_json(compute(rules, mixed)) == outcome_json(compute(rules, facts))


def shuffled(chance: random.Random, rows: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(chance.sample(rows, len(rows)))


@seeds
def test_a_recount_that_remembers_equals_one_from_nothing(seed: int):
    rules, facts, chance = some_contest(seed)
    memory = Memory()
    for _ in range(4):
        cold = outcome_json(compute(rules, facts))
        assert outcome_json(compute(rules, facts, memory)) == cold
        facts = with_a_change(chance, rules, facts)


def with_a_change(chance: random.Random, rules: Rules, facts: Facts) -> Facts:
    """The facts with one row fewer, or with the marks of another contest under the same rules."""
    name = chance.choice(["marks", "adjustments", "rulings", "appearances", "assignments", "entries"])
    rows = getattr(facts, name)
    if not rows or chance.random() < 0.2:
        return some_facts(chance, rules)
    at = chance.randrange(len(rows))
    return replace(facts, **{name: (*rows[:at], *rows[at + 1 :])})


@seeds
def test_every_step_has_its_sentence_in_both_languages(seed: int):
    rules, facts, _ = some_contest(seed)
    outcome = compute(rules, facts)
    for standing in outcome.standings:
        for lang in ("zh", "en"):
            told = story(standing.steps, lang)
            assert told and "None" not in told and "{" not in told


@seeds
def test_places_go_by_score_and_are_shared_by_equals_only(seed: int):
    """A shared place means an equal score, whatever the rules; a jury may of course rule otherwise."""
    rules, facts, _ = some_contest(seed)
    facts = replace(facts, rulings=tuple(ruling for ruling in facts.rulings if ruling.kind != "place"))
    for id, round in compute(rules, facts).rounds.items():
        scores: dict[tuple[str | None, int], Counter[str]] = {}
        for standing in round.standings:
            if standing.place is not None:
                scores.setdefault((standing.division, standing.place), Counter())[str(standing.score)] += 1
        assert all(len(found) == 1 for found in scores.values()), id
